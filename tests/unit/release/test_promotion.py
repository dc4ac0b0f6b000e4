from __future__ import annotations

import pytest

from modelsync.core.expression import parse
from modelsync.core.verdict import GateSeverity, Outcome, Verdict
from modelsync.release.promotion import Permission, decide, say_evidence


def verdict(outcome: Outcome, severity: GateSeverity = GateSeverity.CRITICAL) -> Verdict:
    return Verdict("fair", "fairness", severity, outcome, "ratio of sex is 0.5, must be >= 0.8")


@pytest.mark.parametrize(
    ("outcome", "severity", "permission"),
    [
        (Outcome.PASS, GateSeverity.CRITICAL, Permission.ALLOWED),
        (Outcome.FAIL, GateSeverity.CRITICAL, Permission.BLOCKED),
        (Outcome.ERROR, GateSeverity.CRITICAL, Permission.BLOCKED),
        (Outcome.INCONCLUSIVE, GateSeverity.CRITICAL, Permission.HELD),
        (Outcome.SKIPPED, GateSeverity.CRITICAL, Permission.ALLOWED),
        (Outcome.FAIL, GateSeverity.WARNING, Permission.ALLOWED),
        (Outcome.INCONCLUSIVE, GateSeverity.INFO, Permission.ALLOWED),
    ],
)
def test_outcome_and_severity_decide(outcome: Outcome, severity: GateSeverity, permission: Permission) -> None:
    assert decide(["fair"], {"fair": verdict(outcome, severity)}, None, {}).permission is permission


def test_a_gate_that_was_not_judged_blocks() -> None:
    answer = decide(["fair"], {}, None, {})
    assert answer.permission is Permission.BLOCKED
    assert answer.reasons == ("gate fair was not judged",)


def test_a_condition_that_is_false_holds_with_the_numbers() -> None:
    answer = decide([], {}, parse("metrics.auc >= 0.9"), {"metrics.auc": 0.85})
    assert answer.permission is Permission.HELD
    assert answer.reasons == ("`metrics.auc >= 0.9` does not hold: metrics.auc = 0.85",)
    assert answer.evidence == (("metrics.auc", 0.85),)


def test_all_gates_are_looked_at_and_a_block_outranks_a_hold() -> None:
    verdicts = {"fair": verdict(Outcome.FAIL), "drift": verdict(Outcome.INCONCLUSIVE)}
    answer = decide(["drift", "fair"], verdicts, parse("metrics.auc > 1"), {"metrics.auc": 0.5})
    assert answer.permission is Permission.BLOCKED
    assert len(answer.reasons) == 3


def test_a_condition_may_ask_for_a_verdict() -> None:
    when = parse('gate(fair) == "pass"')
    assert decide([], {"fair": verdict(Outcome.PASS)}, when, {}).permission is Permission.ALLOWED
    assert decide([], {"fair": verdict(Outcome.FAIL)}, when, {}).permission is Permission.HELD


def test_evidence_is_said_for_people() -> None:
    evidence = {"a": None, "b": True, "c": False, "d": 0.123456, "e": ["x"]}
    assert say_evidence(evidence) == "a: none, b = true, c = false, d = 0.1235, e = ['x']"
