"""Performance: a model's metrics on a table, within bounds or against the champion on the same rows."""

from __future__ import annotations

import math
from typing import Any

from modelsync.core.checks import PerformanceCheck, of_kind
from modelsync.core.verdict import Check, Outcome
from modelsync.gates import metrics, scoring
from modelsync.gates.comparison import Difference, compare
from modelsync.gates.question import WHEN_ABSENT, Answer, GateError, Question, first_line, numbered

NO_CHAMPION = "no champion yet"


def answer(question: Question) -> Answer:
    """One check for each bound, and one for each comparison with the champion."""
    import sklearn

    rows = scoring.truth(question)
    candidate = scoring.see(question, rows, question.model, "model")
    checks: list[Check] = []
    absent: set[str] = set()
    for wanted, id_ in zip(
        of_kind(question.checks, PerformanceCheck),
        numbered(map(_name, of_kind(question.checks, PerformanceCheck))),
        strict=True,
    ):
        if wanted.versus is not None and question.champion is None:
            checks.append(_without_champion(question, wanted, id_))
            absent.add(id_)
        else:
            checks.extend(_checked(question, wanted, id_, candidate))
    return Answer(tuple(checks), _params(question), f"scikit-learn {sklearn.__version__}", absent=frozenset(absent))


def _checked(question: Question, wanted: PerformanceCheck, id_: str, candidate: scoring.Seen) -> list[Check]:
    """A metric that can't be computed is an error of its own and leaves the others standing."""
    try:
        if wanted.versus is None:
            return _bounds(wanted, id_, candidate)
        return [_versus(question, wanted, id_, candidate)]
    except GateError as error:
        note = str(error)
    except Exception as error:  # whatever the user's model raises when it predicts
        note = first_line(error)
    return [Check(id_, "", _statistic(wanted), Outcome.ERROR, note=note)]


def _bounds(wanted: PerformanceCheck, id_: str, candidate: scoring.Seen) -> list[Check]:
    value = metrics.metric(wanted.metric).measure(candidate)
    checks = []
    for which, bound, direction in (("min", wanted.min, ">="), ("max", wanted.max, "<=")):
        if bound is not None:
            held = value >= bound if which == "min" else value <= bound
            checks.append(
                Check(
                    id=f"{id_}.{which}",
                    subject="the model",
                    statistic=wanted.metric,
                    outcome=Outcome.PASS if held else Outcome.FAIL,
                    value=value,
                    threshold=bound,
                    direction=direction,
                    n=candidate.truth.n,
                    n_missing=candidate.truth.n_missing,
                )
            )
    if not checks:
        raise GateError(f"the check of {wanted.metric} has neither `min`, `max` nor `versus`")
    return checks


def _versus(question: Question, wanted: PerformanceCheck, id_: str, candidate: scoring.Seen) -> Check:
    metric = metrics.metric(wanted.metric)
    champion = scoring.see(question, candidate.truth, question.champion, "champion")
    ours, theirs = metric.measure(candidate), _champion_value(metric, champion)
    found = compare(metric, candidate, champion, wanted.method, wanted.confidence, question.seed)
    outcome = decide(found, wanted.min_delta)
    said = [f"model {ours:.4f}, champion {theirs:.4f}", wanted.method]
    if found.interval is not None:
        low, high = found.interval
        said.append(f"{wanted.confidence:.0%} interval {low:+.4f} to {high:+.4f}")
    if found.note:
        said.append(found.note)
    if outcome is Outcome.INCONCLUSIVE:
        said.append("the interval holds the threshold: these rows can't tell")
    return Check(
        id=id_,
        subject="",
        # Positive is always better: where less is better, the candidate is taken from the champion.
        statistic=f"{metric.name} minus the champion's"
        if metric.greater
        else f"the champion's {metric.name} minus ours",
        outcome=outcome,
        value=found.value,
        threshold=wanted.min_delta,
        direction=">=",
        note="; ".join(said),
        interval=found.interval,
        p_value=found.p_value,
        n=candidate.truth.n,
        n_missing=candidate.truth.n_missing,
    )


def decide(found: Difference, min_delta: float) -> Outcome:
    """Pass when even the low end of the interval is allowed, fail when not even the high end is, else undecided."""
    low, high = found.interval or (found.value, found.value)
    if not (math.isfinite(low) and math.isfinite(high)):
        raise GateError("the difference has no finite interval on these rows")
    if low >= min_delta:
        return Outcome.PASS
    return Outcome.FAIL if high < min_delta else Outcome.INCONCLUSIVE


def _champion_value(metric: metrics.Metric, champion: scoring.Seen) -> float:
    try:
        return metric.measure(champion)
    except GateError:
        raise
    except Exception as error:  # the champion was trained on other rows, by other code
        raise GateError(f"the champion can't predict on these rows: {first_line(error)}") from error


def _without_champion(question: Question, wanted: PerformanceCheck, id_: str) -> Check:
    note = f"{NO_CHAMPION}; `no_reference: {question.no_reference}` decides"
    return Check(id_, "", _statistic(wanted), WHEN_ABSENT[question.no_reference], note=note)


def _statistic(wanted: PerformanceCheck) -> str:
    return wanted.metric if wanted.versus is None else f"{wanted.metric} against the {wanted.versus}"


def _name(wanted: PerformanceCheck) -> str:
    return wanted.metric if wanted.versus is None else f"{wanted.metric}.{wanted.versus}"


def _params(question: Question) -> dict[str, Any]:
    checks: list[dict[str, Any]] = []
    for wanted in of_kind(question.checks, PerformanceCheck):
        if wanted.versus is None:
            bounds = {"min": wanted.min, "max": wanted.max}
            checks.append({"metric": wanted.metric, **{key: at for key, at in bounds.items() if at is not None}})
        else:
            checks.append(
                {
                    "metric": wanted.metric,
                    "versus": wanted.versus,
                    "min_delta": wanted.min_delta,
                    "method": wanted.method,
                    "confidence": wanted.confidence,
                }
            )
    label = question.label
    known = {"column": label.column, "positive": label.positive} if label else None
    return {"checks": checks, "label": known, "seed": question.seed}
