"""The pages of a gate in a run: drawn, stored, recorded, linked; and a run never ends because of one."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from modelsync.core.checks import Report
from modelsync.core.diagnostics import Pos
from modelsync.core.digest import Digest
from modelsync.core.verdict import GateSeverity, Outcome, Verdict
from modelsync.engine import gate_reports, gates
from modelsync.engine.context import Run
from modelsync.engine.results import NodeResult
from modelsync.gates.question import Question
from modelsync.gates.report import Drawing, Peer
from modelsync.language.model import Param
from tests.unit.engine.conftest import Place

SPEC = """\
    contract: {columns: {x: {type: int}}}
gates:
  whole:
    description: no holes
    kind: missing
    target: datasets.rows
    report: true
    checks: [{columns: all, max_share: 0}]
  plain: {kind: missing, target: datasets.rows, checks: [{columns: all, max_share: 0}]}
  theirs: {kind: missing, target: datasets.rows, report: evidently, checks: [{columns: all, max_share: 0.9}]}
pipelines:
  p:
    steps:
      one:
        uses: builtin/split
        inputs: {data: datasets.rows}
        with: {test_size: 0.5}
        outputs: {train: table, test: table}
"""
BROKEN = Verdict("whole", "missing", GateSeverity.CRITICAL, Outcome.ERROR, "it could not even be asked")


@pytest.fixture
def run(place: Place) -> Run:
    """A run whose dataset is there."""
    place.write("rows.csv", 'x\n1\n""\n3\n4\n')
    place.declare("rows.csv", SPEC)
    place.run()
    return place.last


def _perform(run: Run, gate: str) -> NodeResult:
    return gates.perform(run, run.plan.node(f"gate:{gate}").task)


def test_our_page_is_stored_recorded_and_linked(run: Run) -> None:
    result = _perform(run, "whole")
    page = run.workspace.reports / "run-0" / "whole.html"
    assert result.report == str(page) == str(run.reports["whole"])
    text = page.read_text(encoding="utf-8")
    record = run.workspace.state().last_gate["whole"]
    assert record.report is not None
    assert run.workspace.store.read_bytes(Digest(record.report)).decode() == text
    for part in (
        "no holes",
        "datasets.rows",
        "modelsync gate run whole --spec modelsync.yaml",
        "stops what comes after",
    ):
        assert part in text
    content = run.content(run.spec.gates["whole"].target)
    assert str(content) in text
    assert run.drawings == []


def test_a_gate_without_a_report_has_no_page(run: Run) -> None:
    assert _perform(run, "plain").report is None
    assert run.workspace.state().last_gate["plain"].report is None
    assert not run.workspace.reports.exists()


def test_the_page_of_another_library_is_left_for_later(run: Run) -> None:
    result = _perform(run, "theirs")
    (drawing,) = run.drawings
    assert (drawing.label, drawing.path.name) == ("report: theirs", "theirs.evidently.html")
    assert not drawing.path.exists()
    assert 'href="theirs.evidently.html"' in Path(str(result.report)).read_text(encoding="utf-8")

    def draw(_: Question, verdict: Verdict, path: Path) -> None:
        path.write_text(verdict.gate)

    quick = Peer("evidently", "evidently", draw, is_sampled=True)
    path = gate_reports.carry_out(run, replace(drawing, peer=quick))
    assert path == str(drawing.path)
    record = run.workspace.state().last_gate["theirs"]
    assert run.workspace.store.read_bytes(Digest(record.pages["evidently"])) == b"theirs"


def test_a_gate_that_could_not_be_asked_has_a_page(run: Run) -> None:
    gate = replace(run.spec.gates["whole"], report=Report.EVIDENTLY)
    assert gate_reports.draw(run, gate, "key", None, BROKEN) is not None
    assert "it could not even be asked" in run.reports["whole"].read_text(encoding="utf-8")
    assert run.drawings == []


def test_a_page_that_can_not_be_written_is_a_notice(run: Run) -> None:
    run.workspace.reports.parent.mkdir(exist_ok=True)
    run.workspace.reports.write_text("a file where the folder should be")
    result = _perform(run, "whole")
    assert result.verdict is not None
    assert result.report is None
    assert run.workspace.state().last_gate["whole"].verdict.outcome is Outcome.FAIL
    assert "the page of gate `whole` could not be drawn" in run.notices[0]


def test_what_a_gate_guards(run: Run) -> None:
    whole = run.spec.gates["whole"]
    assert list(gate_reports.guarded(run, whole)) == ["one"]
    assert list(gate_reports.guarded(run, replace(whole, severity=GateSeverity.WARNING))) == []


def test_the_command_names_what_was_overridden(run: Run) -> None:
    at = Pos(Path("modelsync.yaml"), 1, 1, 1, 2)
    same, changed = Param("a", "int", 1, 1, at), Param("how", "string", "two words", "one", at)
    asked = replace(run, spec=replace(run.spec, params={"a": same, "how": changed}))
    said = gate_reports.command(asked, run.spec.gates["whole"])
    assert said == "modelsync gate run whole --spec modelsync.yaml --param 'how=two words'"


def test_a_drawing_of_a_large_table_does_not_keep_it(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("modelsync.gates.page.scene.SAMPLE_ROWS", 2)
    _perform(run, "theirs")
    kept: Drawing = run.drawings[0]
    assert isinstance(kept.question, Question)
    assert kept.question.table is not None
    assert len(kept.question.table) == 2
