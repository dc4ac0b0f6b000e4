"""`graph` as people call it."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

import pytest

from modelsync.cli import invoke
from tests.unit.plan.drawing.conftest import FLOW, WIDE


@pytest.fixture(autouse=True)
def _project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "modelsync.yaml").write_text(WIDE)
    (tmp_path / "flow.py").write_text(FLOW)
    monkeypatch.chdir(tmp_path)


def test_it_lists_what_is_made_also_of_what_no_run_can_do_yet(capsys: pytest.CaptureFixture[str]) -> None:
    assert invoke(["graph"]) == 0
    said = capsys.readouterr()
    assert said.out.startswith("wide: 2 datasets, 5 steps in 2 pipelines")
    assert "step     train.fit ×3" in said.out
    assert said.out.endswith("← m\n")
    assert said.err == ""


@pytest.mark.parametrize(
    ("arguments", "start"),
    [
        (["--format", "mermaid"], "flowchart LR\n"),
        (["--format", "dot"], 'digraph "wide" {\n'),
        (["--format", "svg"], "<svg xmlns="),
    ],
)
def test_each_form_goes_to_standard_output(
    capsys: pytest.CaptureFixture[str], arguments: list[str], start: str
) -> None:
    assert invoke(["graph", "modelsync.yaml", *arguments]) == 0
    assert capsys.readouterr().out.startswith(start)


def test_the_name_of_the_file_asks_for_the_form(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert invoke(["graph", "-o", "a.svg"]) == 0
    said = capsys.readouterr()
    assert (said.out, said.err) == ("", "drew a.svg\n")
    ElementTree.parse(tmp_path / "a.svg")
    assert invoke(["graph", "-o", "a.mmd"]) == 0
    assert (tmp_path / "a.mmd").read_text().startswith("flowchart LR\n")
    assert invoke(["graph", "--format", "dot", "-o", "a.mmd"]) == 0
    assert (tmp_path / "a.mmd").read_text().startswith("digraph")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.mmd", "a.svg", "flow.py", "modelsync.yaml"]


def test_faults_are_told_and_nothing_is_drawn(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    (tmp_path / "modelsync.yaml").write_text(WIDE.replace("steps.fit.model, table", "steps.fitt.model, table"))
    assert invoke(["graph", "-o", "a.svg"]) == 3
    assert "MS201" in capsys.readouterr().err
    assert not (tmp_path / "a.svg").exists()
    assert invoke(["graph", "none.yaml"]) == 2
    assert invoke(["graph", "-p", "x=1"]) == 3  # the fault of the spec comes first
    (tmp_path / "modelsync.yaml").write_text(WIDE)
    assert invoke(["graph", "-p", "x=1"]) == 2
    assert invoke(["graph", "-o", str(tmp_path / "none" / "x" / "a.svg")]) == 0  # folders are made


def test_the_lines_are_as_wide_as_the_terminal(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    widest = {}
    for columns in (80, 100):
        monkeypatch.setenv("COLUMNS", str(columns))
        assert invoke(["graph"]) == 0
        widest[columns] = max(map(len, capsys.readouterr().out.splitlines()))
    assert widest[80] <= 80 < widest[100] <= 100
