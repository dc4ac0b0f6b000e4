"""One question to one verdict: the table of kinds, and what no kind may get wrong."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import asdict, replace

from modelsync.core.checks import WhenAbsent
from modelsync.core.verdict import Check, Outcome, Verdict, worst
from modelsync.gates import (
    calibration,
    champion,
    custom,
    drift,
    fairness,
    freshness,
    libraries,
    missing,
    outliers,
    performance,
    prediction_drift,
    quality,
    residuals,
    stability,
    target_drift,
)
from modelsync.gates.question import WHEN_ABSENT, Answer, GateError, Question, first_line

KINDS: dict[str, Callable[[Question], Answer]] = {
    "quality": quality.answer,
    "missing": missing.answer,
    "outliers": outliers.answer,
    "freshness": freshness.answer,
    "drift": drift.answer,
    "target_drift": target_drift.answer,
    "prediction_drift": prediction_drift.answer,
    "performance": performance.answer,
    "champion": champion.answer,
    "stability": stability.answer,
    "calibration": calibration.answer,
    "residuals": residuals.answer,
    "fairness": fairness.answer,
    "custom": custom.answer,
}

_DRIFT = ("drift", "target_drift", "prediction_drift")  # always compare, with a table or with its profile

# Whose version a number may depend on, by kind; all others compute with these four.
_LIBRARIES = {
    "quality": ("great-expectations", "pandas", "numpy"),
    "missing": ("pandas",),
    "outliers": ("numpy", "pandas"),
    "freshness": ("pandas",),
}
_MOSTLY = ("numpy", "pandas", "scipy", "scikit-learn")

_SENTENCES = 5  # a reason is read on one line of a terminal; the rest stands in the table of checks


def judge(question: Question) -> Verdict:
    """The verdict of one gate. Never raises: a check that breaks is the outcome `error` with its reason."""
    started = time.perf_counter()
    verdict = _decide(question)
    return replace(verdict, seconds=time.perf_counter() - started)


def _decide(question: Question) -> Verdict:
    kind = KINDS.get(question.kind)
    if kind is None:
        return _broken(question, f"`{question.kind}` is no kind of gate; known: {', '.join(KINDS)}")
    if _lacks_reference(question):
        return _without_reference(question)
    try:
        answer = kind(question)
    except GateError as error:
        return _broken(question, str(error))
    except Exception as error:  # whatever a library or a user's model raises is this gate's error, never the run's end
        return _broken(question, f"the check broke: {first_line(error)}")
    return conclude(question, answer)


def conclude(question: Question, answer: Answer) -> Verdict:
    """The verdict that follows from what a kind found."""
    checks = tuple(replace(check, decides=check.decides and check.id not in answer.aside) for check in answer.checks)
    if not checks:
        return _broken(question, "there was nothing to check: no check of this gate applies to any column")
    deciding = [check for check in checks if check.decides]
    outcome = worst(_settled(check, question, answer) for check in deciding)
    if outcome is Outcome.SKIPPED:
        outcome = _settle(Outcome.INCONCLUSIVE, question)
    return Verdict(
        gate=question.gate,
        kind=question.kind,
        severity=question.severity,
        outcome=outcome,
        reason=_reason(outcome, checks, deciding, question, answer.absent),
        checks=checks,
        params={
            **answer.params,
            **({"absent": sorted(answer.absent)} if answer.absent else {}),
            "asked": [{"type": type(check).__name__, **asdict(check)} for check in question.checks],
            "inconclusive": str(question.inconclusive),
            "no_reference": str(question.no_reference),
        },
        data=_rows(question),
        engine=answer.engine,
        seed=question.seed,
        libraries=libraries.versions(_LIBRARIES.get(question.kind, _MOSTLY)),
    )


def _settled(check: Check, question: Question, answer: Answer) -> Outcome:
    return check.outcome if check.id in answer.absent else _settle(check.outcome, question)


def _settle(outcome: Outcome, question: Question) -> Outcome:
    """`inconclusive` of the gate says what an undecided check means."""
    return WHEN_ABSENT[question.inconclusive] if outcome is Outcome.INCONCLUSIVE else outcome


def _reason(
    outcome: Outcome, checks: tuple[Check, ...], deciding: list[Check], question: Question, absent: frozenset[str]
) -> str:
    telling = [check for wanted in (Outcome.ERROR, Outcome.FAIL) for check in deciding if check.outcome is wanted]
    undecided = [check for check in deciding if check.outcome is Outcome.INCONCLUSIVE]
    if outcome is not Outcome.PASS and telling:
        return _sentences(telling)
    if undecided:
        said = _sentences(undecided)
        if question.inconclusive is WhenAbsent.HOLD or any(check.id in absent for check in undecided):
            return f"undecided: {said}"
        return f"undecided, and `inconclusive: {question.inconclusive}` decides: {said}"
    if outcome is not Outcome.PASS:
        return "no check could be decided"
    notes = [check.note for check in deciding if check.note.startswith("no champion")]
    held = sum(check.outcome is Outcome.PASS for check in checks)
    skipped = sum(check.outcome is Outcome.SKIPPED for check in checks)
    said = f"{held} of {len(checks)} checks hold" + (f", {skipped} skipped" if skipped else "")
    return f"{said} ({notes[0]})" if notes else said


def _sentences(checks: list[Check]) -> str:
    said = "; ".join(
        f"{check.sentence()}{' [error]' if check.outcome is Outcome.ERROR else ''}" for check in checks[:_SENTENCES]
    )
    return f"{said}; and {len(checks) - _SENTENCES} more" if len(checks) > _SENTENCES else said


def _lacks_reference(question: Question) -> bool:
    """Whether the gate names something to compare with, and there is none: for a function, the model counts too."""
    found = question.reference, question.reference_profile, question.champion if question.kind == "custom" else None
    return (question.asks_reference or question.kind in _DRIFT) and all(each is None for each in found)


def _without_reference(question: Question) -> Verdict:
    return Verdict(
        gate=question.gate,
        kind=question.kind,
        severity=question.severity,
        outcome=WHEN_ABSENT[question.no_reference],
        reason=f"no reference to compare with; `no_reference: {question.no_reference}` decides",
        params={"no_reference": str(question.no_reference)},
        data=_rows(question),
    )


def _broken(question: Question, reason: str) -> Verdict:
    return Verdict(
        gate=question.gate,
        kind=question.kind,
        severity=question.severity,
        outcome=Outcome.ERROR,
        reason=reason,
        data=_rows(question),
    )


def _rows(question: Question) -> dict[str, dict[str, int]]:
    tables = {"data": question.table, "reference": question.reference}
    return {role: {"rows": len(table)} for role, table in tables.items() if table is not None}
