from __future__ import annotations

import json

import pytest

from modelsync.core.verdict import Check, GateSeverity, Outcome, Verdict, worst


@pytest.mark.parametrize(
    ("outcomes", "whole"),
    [
        ([], Outcome.SKIPPED),
        ([Outcome.SKIPPED, Outcome.PASS], Outcome.PASS),
        ([Outcome.PASS, Outcome.INCONCLUSIVE], Outcome.INCONCLUSIVE),
        ([Outcome.INCONCLUSIVE, Outcome.FAIL, Outcome.PASS], Outcome.FAIL),
        ([Outcome.FAIL, Outcome.ERROR], Outcome.ERROR),
    ],
)
def test_the_worst_part_is_the_whole(outcomes: list[Outcome], whole: Outcome) -> None:
    assert worst(outcomes) is whole


@pytest.mark.parametrize("outcome", list(Outcome))
@pytest.mark.parametrize("severity", list(GateSeverity))
def test_only_critical_failures_and_errors_block(outcome: Outcome, severity: GateSeverity) -> None:
    blocks = severity is GateSeverity.CRITICAL and outcome in (Outcome.FAIL, Outcome.ERROR)
    assert Verdict("g", "drift", severity, outcome, "").blocks is blocks


def test_a_verdict_comes_back_from_json_whole() -> None:
    checks = (
        Check("a", "age", "psi", Outcome.FAIL, 0.3, 0.2, "<=", "10 bins", (0.1, 0.5), 0.01, 700, 900, 3),
        Check("b", "", "rows", Outcome.PASS),
    )
    verdict = Verdict(
        "drift", "drift", GateSeverity.WARNING, Outcome.FAIL, "why", checks, {"bins": 10}, {"target": {}}, 1.5, "x"
    )
    assert Verdict.from_json(json.loads(json.dumps(verdict.to_json()))) == verdict


@pytest.mark.parametrize(
    ("check", "said"),
    [
        (Check("a", "age", "psi", Outcome.FAIL, 0.3, 0.2, "<="), "psi of age is 0.3, must be <= 0.2"),
        (Check("a", "age", "psi", Outcome.PASS, 0.1), "psi of age is 0.1"),
        (Check("a", "", "rows", Outcome.ERROR, note="no table"), "rows (no table)"),
    ],
)
def test_a_check_in_words(check: Check, said: str) -> None:
    assert check.sentence() == said
