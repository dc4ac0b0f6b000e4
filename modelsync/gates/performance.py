"""Performance: a model's metrics on a table, within bounds or against the champion on the same rows."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from modelsync.core.checks import PerformanceCheck
from modelsync.core.verdict import Check, Outcome
from modelsync.gates import intervals, metrics, scoring
from modelsync.gates.comparison import Difference, compare, difference_of, finite_interval, in_words
from modelsync.gates.groups import groups
from modelsync.gates.intervals import Interval
from modelsync.gates.question import WHEN_ABSENT, Answer, GateError, Question, first_line, numbered
from modelsync.gates.scoring import Array, Seen

_NOISE = 0.05  # of gates on a model that is as good in every slice, at most this share may fail for one of them
NO_CHAMPION = "no champion yet"
_FEW = f"it rests on fewer than {intervals.LEAST_ROWS} rows, too few to tell"


def answer(question: Question) -> Answer:
    """One check for each bound, one for each bound in each slice, and one for each comparison with the champion."""
    import sklearn

    rows = scoring.truth(question)
    candidate = scoring.see(question, rows, question.model, "model")
    slices = list(_slices(question, rows.frame))
    asked = question.asked(PerformanceCheck)
    alike = _NOISE / max(1, _judged(question, slices) * sum(wanted.versus is None for _, wanted in asked))
    checks: list[Check] = []
    absent: set[str] = set()
    for (place, wanted), id_ in zip(asked, numbered(_name(wanted) for _, wanted in asked), strict=True):
        if wanted.versus is not None and question.champion is None:
            found = [_without_champion(question, wanted, id_)]
            absent.add(id_)
        else:
            found = _checked(question, wanted, id_, candidate, slices, alike)
        checks.extend(replace(check, asked=place) for check in found)
    return Answer(tuple(checks), _params(question), f"scikit-learn {sklearn.__version__}", absent=frozenset(absent))


def _slices(question: Question, frame: Any) -> Iterator[tuple[str, str, Array]]:
    """The column, its value and the rows of each slice."""
    for column in question.slices.by if question.slices else ():
        for value, rows in groups(frame, column).items():
            yield column, value, rows


def _checked(
    question: Question,
    wanted: PerformanceCheck,
    id_: str,
    candidate: Seen,
    slices: list[tuple[str, str, Array]],
    alike: float,
) -> list[Check]:
    """A metric that can't be computed is an error of its own and leaves the others standing."""
    try:
        if wanted.versus is not None:
            return [_versus(question, wanted, id_, candidate)]
        checks = _bounds(question, wanted, id_, candidate, "the model")
        for column, value, rows in slices:
            name, subject = f"{id_}.{column}.{value}", f"{column} = {value}"
            checks += _in_slice(question, wanted, name, candidate, subject, rows, alike)
        return checks
    except GateError as error:
        note = str(error)
    except Exception as error:  # whatever the user's model raises when it predicts
        note = first_line(error)
    return [Check(id_, "", _statistic(wanted), Outcome.ERROR, note=note)]


def _in_slice(
    question: Question,
    wanted: PerformanceCheck,
    id_: str,
    candidate: Seen,
    subject: str,
    rows: Array,
    alike: float,
) -> list[Check]:
    """The bounds in one slice; a slice with too few rows is shown and not judged.

    A bound of the value itself gives way to what slices like this show by chance in a share `alike` of the cases.
    """
    assert question.slices is not None, "slices were read from it"
    part = candidate.part(rows)
    metric = metrics.metric(wanted.metric)
    value, note = None, ""
    try:
        if metric.says_something(part):
            value = metric.measure(part)
        else:
            note = f"not judged: {metric.name} counts none of its rows"
    except GateError as error:  # it was defined on all rows
        note = f"not judged: {error}"
    if part.truth.n < question.slices.min_rows:
        note = f"not judged: fewer than {question.slices.min_rows} rows"
    elif not note and (behind := intervals.rows_behind(metric, part)) < intervals.LEAST_COUNTED:
        note = f"not judged: {metric.name} rests on only {behind} of its rows"
    if not note:
        checks = _bounds(question, wanted, id_, part, subject)
        if wanted.decide_on == "interval":
            return checks
        chance = intervals.of_slice(metric, candidate, rows, alike, question.seed)
        return [_allowed(check, *chance) for check in checks]
    return [Check(id_, subject, metric.name, Outcome.SKIPPED, value, note=note, n=part.truth.n, decides=False)]


def _allowed(check: Check, low: float, high: float) -> Check:
    """The check of a slice, with its bound where chance alone takes slices of a model that is as good everywhere."""
    assert check.value is not None and check.threshold is not None, "a bound that was judged"
    least = check.bound == "min"
    noise = low if least else high
    if not math.isfinite(noise):
        return check
    threshold = min(check.threshold, noise) if least else max(check.threshold, noise)
    held = check.value >= threshold if least else check.value <= threshold
    moved = f"{check.bound} {check.threshold:g} {'lowered' if least else 'raised'} to what so few rows show by chance"
    return replace(
        check,
        outcome=Outcome.PASS if held else Outcome.FAIL,
        threshold=threshold,
        noise=noise,
        note=moved if threshold != check.threshold else check.note,
    )


def _judged(question: Question, slices: list[tuple[str, str, Array]]) -> int:
    """How many slices have the rows to be judged."""
    return sum(int(rows.sum()) >= question.slices.min_rows for *_, rows in slices) if question.slices else 0


def _bounds(question: Question, wanted: PerformanceCheck, id_: str, seen: Seen, subject: str) -> list[Check]:
    metric = metrics.metric(wanted.metric)
    bounds = [(which, bound) for which, bound in (("min", wanted.min), ("max", wanted.max)) if bound is not None]
    if not bounds:
        raise GateError(f"the check of {wanted.metric} has neither `min`, `max` nor `versus`")
    if wanted.decide_on not in ("point", "interval"):
        raise GateError(f"`decide_on: {wanted.decide_on}` is unknown; expected point or interval")
    value = metric.measure(seen)
    by_interval = wanted.decide_on == "interval"
    interval = None
    if by_interval or intervals.is_cheap(metric, seen.truth.n):
        interval = intervals.of_metric(metric, seen, wanted.confidence, question.seed)
    ends = interval if interval is not None and by_interval else (value, value)
    few = by_interval and intervals.rows_behind(metric, seen) < intervals.LEAST_ROWS
    return [
        Check(
            id=f"{id_}.{which}",
            subject=subject,
            statistic=wanted.metric,
            outcome=(outcome := Outcome.INCONCLUSIVE if few else _within(which, bound, ends)),
            value=value,
            threshold=bound,
            direction=">=" if which == "min" else "<=",
            note=_said(wanted, metric, interval, outcome, few) if by_interval else "",
            interval=interval,
            n=seen.truth.n,
            n_missing=seen.truth.n_missing,
            bound="" if few else which,  # no other bound would decide
        )
        for which, bound in bounds
    ]


def _within(which: str, bound: float, ends: tuple[float, float]) -> Outcome:
    """Pass when the whole interval is on the right side of the bound, fail when none of it is."""
    held = [end >= bound if which == "min" else end <= bound for end in ends]
    return Outcome.PASS if all(held) else Outcome.INCONCLUSIVE if any(held) else Outcome.FAIL


def _said(
    wanted: PerformanceCheck, metric: metrics.Metric, interval: Interval | None, outcome: Outcome, few: bool
) -> str:
    assert interval is not None, "an interval that decides is always computed"
    kind = intervals.kind_of(metric)
    said = f"{100 * wanted.confidence:.4g}% {kind} interval {interval[0]:.4f} to {interval[1]:.4f}"
    if few:
        return f"{said}; {_FEW}"
    return f"{said}; it holds the bound: these rows can't tell" if outcome is Outcome.INCONCLUSIVE else said


def _versus(question: Question, wanted: PerformanceCheck, id_: str, candidate: Seen) -> Check:
    metric = metrics.metric(wanted.metric)
    champion = scoring.see(question, candidate.truth, question.champion, "champion")
    found = compare(metric, candidate, champion, wanted.method, wanted.confidence, question.seed)
    outcome = decide(found, wanted.min_delta)
    pairs = metric.ranks or wanted.method == "delong"
    rows = intervals.pairs_behind(candidate) if pairs else candidate.truth.n
    few = found.interval is not None and rows < intervals.LEAST_ROWS
    outcome = Outcome.INCONCLUSIVE if few else outcome
    said = [in_words(found), wanted.method]
    if found.interval is not None:
        low, high = found.interval
        said.append(f"{100 * wanted.confidence:.4g}% interval {low:+.4f} to {high:+.4f}")
    if found.note:
        said.append(found.note)
    if few:
        said.append(_FEW)
    elif outcome is Outcome.INCONCLUSIVE:
        said.append("the interval holds the threshold: these rows can't tell")
    return Check(
        id=id_,
        subject="",
        statistic=difference_of(metric),
        outcome=outcome,
        value=found.value,
        threshold=wanted.min_delta,
        direction=">=",
        note="; ".join(said),
        interval=found.interval,
        p_value=found.p_value,
        n=candidate.truth.n,
        n_missing=candidate.truth.n_missing,
        bound="" if few else "min_delta",
    )


def decide(found: Difference, min_delta: float) -> Outcome:
    """Pass when even the low end of the interval is allowed, fail when not even the high end is, else undecided."""
    low, high = finite_interval(found)
    if low >= min_delta:
        return Outcome.PASS
    return Outcome.FAIL if high < min_delta else Outcome.INCONCLUSIVE


def _without_champion(question: Question, wanted: PerformanceCheck, id_: str) -> Check:
    note = f"{NO_CHAMPION}; `no_reference: {question.no_reference}` decides"
    return Check(id_, "", _statistic(wanted), WHEN_ABSENT[question.no_reference], note=note)


def _statistic(wanted: PerformanceCheck) -> str:
    return wanted.metric if wanted.versus is None else f"{wanted.metric} against the {wanted.versus}"


def _name(wanted: PerformanceCheck) -> str:
    return wanted.metric if wanted.versus is None else f"{wanted.metric}.{wanted.versus}"


def _params(question: Question) -> dict[str, Any]:
    checks: list[dict[str, Any]] = []
    for _, wanted in question.asked(PerformanceCheck):
        if wanted.versus is None:
            bounds = {"min": wanted.min, "max": wanted.max}
            kept = {key: at for key, at in bounds.items() if at is not None}
            how = {"decide_on": "interval", "confidence": wanted.confidence} if wanted.decide_on == "interval" else {}
            checks.append({"metric": wanted.metric, **kept, **how})
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
    slices, known = question.slices, scoring.label_of(question)
    by = {"by": list(slices.by), "min_rows": slices.min_rows} if slices else {}
    return {"checks": checks, "label": known, "seed": question.seed, "resamples": intervals.RESAMPLES, **by}
