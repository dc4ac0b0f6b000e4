from __future__ import annotations

from modelsync.core.verdict import Check, GateSeverity, Outcome, Verdict
from modelsync.engine.gate_pages import gate_markdown
from modelsync.engine.results import NodeResult, Status
from modelsync.plan.model import NodeKind, Task

TASK = Task(NodeKind.GATE, "drifted", "gate: drifted")


def page(*checks: Check, reason: str = "psi of age is 0.3, must be <= 0.2", report: str | None = None) -> str:
    verdict = Verdict("drifted", "drift", GateSeverity.CRITICAL, Outcome.FAIL, reason, checks, engine="numpy 2")
    return gate_markdown(NodeResult(TASK, Status.FAILED, verdict=verdict, report=report))


def test_the_verdict_comes_first_then_why_then_the_numbers() -> None:
    said = page(Check("a", "age", "psi", Outcome.FAIL, 0.3, 0.2, "<=", "a | b"), report="reports/run-1/drifted.html")
    lines = said.splitlines()
    assert lines[0] == "# drifted: fail"
    assert "severity critical, decided by numpy 2" in lines[2]
    assert "**psi of age is 0.3, must be <= 0.2**" in said
    assert "| fail | psi of age | 0.3 | <= 0.2 | a \\| b |" in said
    assert lines[-1] == "Report: `reports/run-1/drifted.html`"


def test_an_interval_stands_beside_its_value_and_nothing_is_made_up() -> None:
    said = page(
        Check("a", "", "delta", Outcome.PASS, 0.01, -0.05, ">=", interval=(-0.02, 0.04)),
        Check("b", "", "rows", Outcome.PASS),
    )
    assert "| pass | delta | 0.01 (-0.02 to 0.04) | >= -0.05 |  |" in said
    assert "| pass | rows |  |  |  |" in said


def test_a_wide_table_is_cut_and_says_so() -> None:
    said = page(
        *(Check(str(number), f"c{number}", "psi", Outcome.PASS, 0.1, 0.2, "<=") for number in range(100)), reason=""
    )
    assert "40 more checks are in the journal." in said
    assert "**" not in said
