from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from modelsync.core.errors import StepError
from modelsync.usercode.kinds import plots


def figure() -> Any:
    from matplotlib.figure import Figure

    drawn = Figure()
    drawn.subplots().plot([1, 2], [3, 4])
    return drawn


def bars() -> Any:
    go = pytest.importorskip("plotly.graph_objects")  # it ships no types
    return go.Figure(go.Bar(x=[1], y=[2]))


@pytest.mark.parametrize(("draw", "start"), [(figure, b"\x89PNG"), (bars, b"<html>")])
def test_the_same_figure_is_the_same_bytes(tmp_path: Path, draw: Callable[[], Any], start: bytes) -> None:
    one, _ = plots.write(draw(), tmp_path / "one" / "curve")
    two, _ = plots.write(draw(), tmp_path / "two" / "curve")
    assert one.read_bytes() == two.read_bytes()
    assert one.read_bytes().startswith(start)


def test_a_picture_does_not_name_the_release_that_drew_it(tmp_path: Path) -> None:
    path, _ = plots.write(figure(), tmp_path / "curve")
    assert b"Software" not in path.read_bytes()


def test_a_page_of_plotly_needs_no_network(tmp_path: Path) -> None:
    path, _ = plots.write(bars(), tmp_path / "curve")
    assert "<script src=" not in path.read_text(encoding="utf-8")


def test_axes_stand_for_their_figure(tmp_path: Path) -> None:
    path, _ = plots.write(figure().axes[0], tmp_path / "curve")
    assert path.name == "curve.png"


def test_a_figure_of_pyplot_is_closed(tmp_path: Path) -> None:
    import matplotlib as mpl

    mpl.use("agg")
    import matplotlib.pyplot as plt

    drawn, _ = plt.subplots()
    plots.write(drawn, tmp_path / "curve")
    assert plt.get_fignums() == []


def test_html_and_pictures(tmp_path: Path) -> None:
    path, _ = plots.write("\n<!doctype html><p>ü</p>", tmp_path / "page")
    assert path.name == "page.html"
    (tmp_path / "made.SVG").write_text("<svg/>")
    path, _ = plots.write(tmp_path / "made.SVG", tmp_path / "page")
    assert path.name == "page.svg"


def test_what_is_no_plot_is_named(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("")
    for value, said in [
        (3, "an int was returned"),
        (None, "nothing"),
        ("some text", "is not HTML"),
        (tmp_path / "none.png", "there is no file"),
        (tmp_path / "a.txt", "is no picture"),
    ]:
        with pytest.raises(StepError, match=said):
            plots.write(value, tmp_path / "x")
