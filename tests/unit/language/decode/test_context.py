"""Paths stay inside the root."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

Spoil = Callable[..., list[str]]


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        (["source: data/customers.csv", "source: /etc/x.csv"], ["MS601 /etc/x.csv"]),
        (["source: data/customers.csv", "source: ~/x.csv"], ["MS601 ~/x.csv"]),
        (["source: data/customers.csv", "source: data\\x.csv"], ["MS601 data\\x.csv"]),
        (["source: data/customers.csv", "source: data/../../x.csv"], ["MS601 data/../../x.csv"]),
        (["source: data/customers.csv", "source: data/../data/customers.csv"], []),
    ],
)
def test_the_good_spec_spoilt(spoil: Spoil, changes: list[str], found: list[str]) -> None:
    assert spoil(*changes) == found


@pytest.mark.parametrize("path", ["x" * 300 + ".csv", "x/" * 600 + "a.csv"])
def test_a_path_longer_than_file_systems_take_is_refused(spoil: Spoil, path: str) -> None:
    assert spoil("source: data/customers.csv", f"source: {path}") == [f"MS104 {path}"]


def test_a_link_that_leads_out_is_refused(spoil: Spoil, project: Path) -> None:
    (project / "data/out").symlink_to("/")
    assert spoil("source: data/customers.csv", "source: data/out/x.csv") == ["MS601 data/out/x.csv"]


def test_a_circle_of_links_is_refused(spoil: Spoil, project: Path) -> None:
    (project / "data/a").symlink_to(project / "data/b")
    (project / "data/b").symlink_to(project / "data/a")
    assert spoil("source: data/customers.csv", "source: data/a/x.csv")[0][:5] in ("MS601", "MS205")
