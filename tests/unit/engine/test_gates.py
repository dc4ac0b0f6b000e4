from __future__ import annotations

import os
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from modelsync.core.checks import WhenAbsent
from modelsync.core.clock import now
from modelsync.core.diagnostics import Pos
from modelsync.core.errors import StepError
from modelsync.core.verdict import Outcome
from modelsync.engine import gates
from modelsync.engine.context import Run
from modelsync.engine.results import Status
from modelsync.gates.judging import judge
from modelsync.language.model import CHAMPION, Gate, Ref, RefKind
from tests.unit.engine.conftest import Place


def test_a_validator_that_can_not_be_imported_is_an_error_of_its_gate(monkeypatch: pytest.MonkeyPatch) -> None:
    def ask(*_: object) -> None:
        raise StepError("`validators/x.py` can't be imported: ModuleNotFoundError")

    monkeypatch.setattr(gates, "ask", ask)
    at = Pos(Path("modelsync.yaml"), 1, 1, 1, 2)
    run: Any = None  # nothing of it is reached
    verdict, page = gates._judged(run, Gate("floor", "custom", Ref(RefKind.MODEL, ("m",), at), at), None)
    assert (verdict.gate, verdict.outcome, page) == ("floor", Outcome.ERROR, None)
    assert verdict.blocks
    assert "can't be imported" in verdict.reason


SPEC = """\
    contract: {columns: {x: {type: int, role: label}, t: {type: datetime}}}
gates:
  fresh: {kind: freshness, target: datasets.rows, report: true, checks: [{column: t, max_age: 2d}]}
  own: {kind: custom, target: datasets.rows, uses: validators/own.py:check, with: {least: 2}, timeout: 20s}
  slow: {kind: custom, target: datasets.rows, uses: validators/own.py:slow, timeout: 300ms}
"""
OWN = """\
import os, time

def check(data, label, least):
    return {"passed": len(data) >= least, "value": len(data), "note": f"{label}, {os.getpid()}"}

def slow():
    time.sleep(60)
"""


@pytest.fixture
def judging(place: Place) -> Run:
    """A run whose dataset is there, and whose gates can be asked."""
    place.write("rows.csv", f"x,t\n1,{datetime.now(UTC).isoformat()}\n2,2020-01-01T00:00:00+00:00\n")
    place.write("validators/own.py", OWN)
    place.declare("rows.csv", SPEC)
    result = place.run()
    assert result.status is Status.DONE, result.detail
    return place.last


def test_a_question_knows_the_time_and_how_long_it_may_take(judging: Run) -> None:
    before = now()
    question = gates.ask(judging, judging.spec.gates["fresh"], None)
    assert question.now is not None
    assert before <= question.now <= now()
    assert (question.timeout, gates.ask(judging, judging.spec.gates["own"], None).timeout) == (None, 20.0)
    assert judge(question).outcome is Outcome.PASS


def test_a_team_s_own_check_is_asked_in_a_process_of_its_own(judging: Run) -> None:
    verdict = judge(gates.ask(judging, judging.spec.gates["own"], None))
    (check,) = verdict.checks
    assert (verdict.outcome, check.value, verdict.engine) == (Outcome.PASS, 2, "validators/own.py:check")
    label, pid = check.note.split(", ")
    assert label == "x"
    assert int(pid) != os.getpid()
    assert judging.children == set()  # nothing is left to end


def test_it_is_stopped_when_it_takes_too_long(judging: Run) -> None:
    verdict = judge(gates.ask(judging, judging.spec.gates["slow"], None))
    assert verdict.outcome is Outcome.ERROR
    assert "stopped after 0.3 s" in verdict.reason
    assert judging.children == set()


@pytest.mark.parametrize(
    ("kind", "table"), [("prediction_drift", "datasets.seen"), ("drift", "models.m"), ("outliers", "models.m")]
)
def test_the_champion_s_table_is_that_which_its_run_had(kind: str, table: str) -> None:
    at = Pos(Path("modelsync.yaml"), 1, 1, 1, 2)
    gate = Gate(
        "g", kind, Ref(RefKind.MODEL, ("m",), at), at, data=Ref(RefKind.DATASET, ("seen",), at), reference=CHAMPION
    )
    run: Any = None  # what is compared with is the champion's own
    champion: Any = SimpleNamespace(artifacts={name: name for name in ("datasets.seen", "models.m")})
    found: Any = gates._reference(run, gate, champion)
    assert found == table
    assert gates._reference(run, gate, None) is None


@pytest.mark.parametrize("kind", ["outliers", "custom"])
def test_without_the_champion_that_a_gate_names_nothing_is_judged(judging: Run, kind: str) -> None:
    asked = replace(judging.spec.gates["own"], kind=kind, no_reference=WhenAbsent.PASS)
    assert not gates.ask(judging, asked, None).asks_reference
    question = gates.ask(judging, replace(asked, reference=CHAMPION), None)
    verdict = judge(question)
    assert (verdict.outcome, verdict.checks) == (Outcome.PASS, ())
    assert verdict.reason == "no reference to compare with; `no_reference: pass` decides"
