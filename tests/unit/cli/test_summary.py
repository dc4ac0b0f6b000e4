from __future__ import annotations

from pathlib import Path
from typing import Any

import click
import pytest

from modelsync.cli.summary import summary_lines
from modelsync.core.errors import ExitCode
from modelsync.core.verdict import Check, GateSeverity, Outcome, Verdict
from modelsync.core.version import Bump, Version
from modelsync.engine.results import ModelOutcome, NodeResult, RunResult, Status
from modelsync.plan.model import NodeKind, Task
from modelsync.release.bumps import Decision

FIT = Task(NodeKind.STEP, "train.fit", "fit")
GATE = Task(NodeKind.GATE, "fair", "gate: fair")
DECISION = Decision(
    Version(0, 2, 0), Bump.MINOR, "minor when changed(params.learner)", {"changed(params.learner)": True}
)


def said(**changes: Any) -> str:
    whole: dict[str, Any] = {
        "project": "credit", "number": 3, "run": "r", "nodes": (), "models": (), "exit": ExitCode.DONE, "seconds": 12.3,
    }  # fmt: skip
    return click.unstyle("\n".join(summary_lines(RunResult(**{**whole, **changes}))))


def gate(outcome: Outcome, *checks: Check, reason: str = "", report: str | None = None) -> NodeResult:
    verdict = Verdict("fair", "fairness", GateSeverity.CRITICAL, outcome, reason, checks)
    status = Status.FAILED if verdict.blocks else Status.DONE
    return NodeResult(GATE, status, exit=ExitCode.DONE, verdict=verdict, report=report)


def test_a_new_version_says_its_rule_its_stages_and_how_to_call_it() -> None:
    text = said(
        models=(ModelOutcome("credit", "0.2.0", True, DECISION, ("staging", "production"), ("http://x:1",)),),
        links={"prefect": "http://p"},
    )
    assert "credit 0.2.0  staging, production" in text
    assert "version: minor when changed(params.learner); changed(params.learner) = true" in text
    assert "curl -s http://x:1/example | curl -s http://x:1/predict/credit -d @-" in text
    assert "prefect: http://p" in text
    assert text.endswith("run #3: done in 12.3 s ()")


def test_a_passed_gate_shows_the_numbers_nearest_to_their_limits(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    checks = [Check(str(i), f"c{i}", "psi", Outcome.PASS, i / 100, 0.2, "<=") for i in range(1, 8)]
    text = said(nodes=(gate(Outcome.PASS, *checks, report=str(tmp_path / "r/fair.html")),))
    assert "7 checks hold, closest: psi of c7 0.07 (<= 0.2), psi of c6 0.06 (<= 0.2), psi of c5" in text
    assert "report: r/fair.html" in text
    few = said(nodes=(gate(Outcome.PASS, Check("a", "the model", "auc", Outcome.PASS, 0.8, 0.7, ">=")),))
    assert "fair  auc 0.8 (>= 0.7)" in few
    none = said(nodes=(gate(Outcome.PASS, reason="no reference to compare with"),))
    assert "no reference to compare with" in none


def test_a_failed_gate_says_why() -> None:
    text = said(nodes=(gate(Outcome.FAIL, reason="ratio of sex is 0.5, must be >= 0.8"),), exit=ExitCode.GATE_FAILED)
    assert "fail           fair  ratio of sex is 0.5, must be >= 0.8" in text
    assert "run #3: a gate said no" in text


def test_a_warning_that_blocks_nothing_is_told_apart() -> None:
    verdict = Verdict("fair", "fairness", GateSeverity.WARNING, Outcome.FAIL, "why")
    text = said(nodes=(NodeResult(GATE, Status.WARNED, verdict=verdict),))
    assert "fail (warning) fair  why" in text


def test_a_failed_step_shows_the_users_frames_and_the_way_out() -> None:
    node = NodeResult(
        FIT, Status.FAILED, "boom", 1.0, ExitCode.STEP_FAILED, "mend it", "File flows/x.py, line 3\n  raise"
    )
    text = said(nodes=(node,), exit=ExitCode.STEP_FAILED)
    assert "fit failed: boom" in text
    assert "  | File flows/x.py, line 3" in text
    assert "help: mend it" in text
    assert "a step failed" in text


def test_a_held_stage_and_a_notice_are_said() -> None:
    held = NodeResult(Task(NodeKind.PROMOTE, "m", "promote: production", stage="production"), Status.HELD, "auc is low")
    text = said(nodes=(held,), exit=ExitCode.HELD, notices=("MLflow is behind",))
    assert "promote: production held: auc is low" in text
    assert "note: MLflow is behind" in text


def test_nothing_to_do_is_said_in_two_lines() -> None:
    text = said(number=None, models=(ModelOutcome("credit", "0.1.0", False, None, ()),))
    assert text.startswith("credit: nothing changed, nothing to do")
    assert "in no stage yet" in text
    assert "no new version" in text


def test_nothing_changed_but_it_still_fails() -> None:
    text = said(number=None, nodes=(gate(Outcome.FAIL, reason="why"),), exit=ExitCode.GATE_FAILED)
    assert "it still ends the same way" in text
    assert text.endswith("a gate said no")


@pytest.mark.parametrize("code", [ExitCode.ROLLED_BACK, ExitCode.SURROUNDINGS, ExitCode.INTERNAL])
def test_every_exit_code_has_words(code: ExitCode) -> None:
    assert said(exit=code).split(": ")[1].split(" in ")[0]
