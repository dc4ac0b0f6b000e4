"""judge: one verdict for every question, whatever happens inside."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

import pandas as pd
import pytest

from modelsync.core.checks import DriftCheck, WhenAbsent
from modelsync.core.verdict import Check, GateSeverity, Outcome, Verdict
from modelsync.gates import judging
from modelsync.gates.question import Answer, GateError, Question

PASS, FAIL, ERROR = Outcome.PASS, Outcome.FAIL, Outcome.ERROR
SKIPPED, OPEN = Outcome.SKIPPED, Outcome.INCONCLUSIVE


def _answering(
    monkeypatch: pytest.MonkeyPatch, *outcomes: Outcome, aside: tuple[int, ...] = (), **more: Any
) -> Verdict:
    checks = tuple(
        Check(f"c{place}", "", f"c{place}", outcome, 2.0, 1.0, "<=") for place, outcome in enumerate(outcomes)
    )
    answer = Answer(checks, {"looked_at": 1}, "engine 1.0", frozenset(f"c{place}" for place in aside))
    monkeypatch.setitem(judging.KINDS, "quality", lambda question: answer)
    return judging.judge(Question("g", "quality", table=pd.DataFrame({"a": [1]}), **more))


@pytest.mark.parametrize(
    ("outcomes", "expected"),
    [
        ((PASS, PASS), PASS),
        ((PASS, SKIPPED), PASS),
        ((PASS, FAIL), FAIL),
        ((PASS, OPEN), OPEN),
        ((OPEN, FAIL), FAIL),
        ((FAIL, ERROR), ERROR),
        ((SKIPPED,), OPEN),
        ((), ERROR),
    ],
)
def test_the_worst_check_decides(
    monkeypatch: pytest.MonkeyPatch, outcomes: tuple[Outcome, ...], expected: Outcome
) -> None:
    verdict = _answering(monkeypatch, *outcomes)
    assert verdict.outcome is expected
    assert verdict.reason
    json.dumps(verdict.to_json(), allow_nan=False)


def test_checks_aside_do_not_decide(monkeypatch: pytest.MonkeyPatch) -> None:
    verdict = _answering(monkeypatch, PASS, FAIL, aside=(1,))
    assert verdict.outcome is PASS
    assert verdict.reason == "1 of 2 checks hold"
    assert [check.decides for check in verdict.checks] == [True, False]


def test_what_is_skipped_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    assert _answering(monkeypatch, PASS, SKIPPED, SKIPPED).reason == "1 of 3 checks hold, 2 skipped"


def test_checks_that_say_so_themselves_do_not_decide(monkeypatch: pytest.MonkeyPatch) -> None:
    shown = Check("shown", "", "shown", FAIL, decides=False)
    answer = Answer((Check("held", "", "held", PASS), shown))
    monkeypatch.setitem(judging.KINDS, "quality", lambda question: answer)
    verdict = judging.judge(Question("g", "quality", seed=7))
    assert verdict.outcome is PASS
    assert verdict.checks[1] == shown
    assert verdict.seed == 7
    assert verdict.libraries["great-expectations"].startswith("1.")


@pytest.mark.parametrize(
    ("setting", "expected"), [(WhenAbsent.PASS, PASS), (WhenAbsent.FAIL, FAIL), (WhenAbsent.HOLD, OPEN)]
)
def test_inconclusive(monkeypatch: pytest.MonkeyPatch, setting: WhenAbsent, expected: Outcome) -> None:
    verdict = _answering(monkeypatch, PASS, OPEN, inconclusive=setting)
    assert verdict.outcome is expected
    assert verdict.checks[1].outcome is OPEN
    assert verdict.reason.startswith("undecided")
    assert _answering(monkeypatch, SKIPPED, inconclusive=setting).outcome is expected


def test_the_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    verdict = _answering(monkeypatch, FAIL, PASS, ERROR)
    assert verdict.reason == "c2 is 2, must be <= 1 [error]; c0 is 2, must be <= 1"
    many = _answering(monkeypatch, *[FAIL] * 8)
    assert many.reason.endswith("; and 3 more")


def test_what_travels_with_a_verdict(monkeypatch: pytest.MonkeyPatch) -> None:
    verdict = _answering(monkeypatch, PASS, severity=GateSeverity.WARNING)
    assert (verdict.gate, verdict.kind, verdict.severity) == ("g", "quality", GateSeverity.WARNING)
    assert verdict.params == {"looked_at": 1, "asked": [], "inconclusive": "hold", "no_reference": "fail"}
    assert verdict.engine == "engine 1.0"
    assert verdict.data == {"data": {"rows": 1}}
    assert verdict.seconds > 0


@pytest.mark.parametrize(
    ("raised", "said"),
    [
        (GateError("no label"), "no label"),
        (ValueError("bad\nworse"), "the check broke: ValueError: bad"),
        (KeyError(), "the check broke: KeyError: (no message)"),
    ],
)
def test_a_check_that_breaks_is_an_error(monkeypatch: pytest.MonkeyPatch, raised: Exception, said: str) -> None:
    def breaks(question: Question) -> Answer:
        raise raised

    monkeypatch.setitem(judging.KINDS, "quality", breaks)
    verdict = judging.judge(Question("g", "quality"))
    assert (verdict.outcome, verdict.reason) == (ERROR, said)
    assert verdict.blocks


def test_an_unknown_kind() -> None:
    verdict = judging.judge(Question("g", "horoscope"))
    assert verdict.outcome is ERROR
    assert f"`horoscope` is no kind of gate; known: {', '.join(judging.KINDS)}" == verdict.reason


@pytest.mark.parametrize("kind", ["outliers", "custom", "target_drift", "prediction_drift"])
def test_whoever_names_a_reference_and_has_none_gets_what_no_reference_says(kind: str) -> None:
    verdict = judging.judge(Question("g", kind, asks_reference=True, no_reference=WhenAbsent.PASS))
    assert (verdict.outcome, verdict.reason[:12]) == (PASS, "no reference")


def test_a_function_may_compare_with_the_champion_alone() -> None:
    question = Question(
        "g", "custom", asks_reference=True, champion=object(), function=lambda champion: champion is not None
    )
    assert judging.judge(question).reason == "1 of 1 checks hold"
    assert judging.judge(Question("g", "custom", function=lambda: True)).reason == "1 of 1 checks hold"


def test_no_reference_is_decided_before_anything_is_looked_at() -> None:
    verdict = judging.judge(Question("g", "drift", checks=(DriftCheck("psi", 1),), no_reference=WhenAbsent.PASS))
    assert verdict.outcome is PASS


def test_the_room_is_cheap_to_enter() -> None:
    """Listing and planning import it; none of the libraries may come along."""
    code = (
        "import sys, modelsync.gates, modelsync.gates.catalogue as c, modelsync.gates.report, modelsync.data.tables;"
        "c.expectation_shapes();"
        "heavy = {'numpy', 'pandas', 'scipy', 'sklearn', 'great_expectations', 'evidently', 'pyarrow'};"
        "print(sorted(heavy & set(sys.modules)))"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert said.strip() == "[]"
