"""Residuals: what a regression leaves over has no bias, no skew, no pattern in its size and none in its order."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from modelsync.core.checks import ResidualCheck
from modelsync.core.nearest import nearest
from modelsync.core.verdict import Check, Outcome
from modelsync.gates import scoring
from modelsync.gates.groups import groups, need_column
from modelsync.gates.question import Answer, GateError, Question, first_line, numbered
from modelsync.gates.scoring import Array

if TYPE_CHECKING:
    import pandas as pd

_LEAST_ROWS = 8  # below, a skewness or a regression of squares is a play of chance
_CONFIDENCE = 0.95
_NOISE = 0.05  # so often at most an unbiased model shows more than the floor, in any of the segments
_LOUD = 1.0  # standard deviations of the truth: where chance alone shows such a bias, nothing could be found


@dataclass(frozen=True, slots=True, eq=False)
class _Rows:
    """Truth minus prediction, and the prediction, of some rows; `spread` is the deviation of the whole truth."""

    frame: pd.DataFrame
    residuals: Array
    said: Array
    spread: float

    @property
    def n(self) -> int:
        """How many there are."""
        return len(self.residuals)

    def part(self, rows: Array) -> _Rows:
        """Some of them, by a flag for each or by position."""
        frame = self.frame[rows] if rows.dtype == bool else self.frame.iloc[rows]
        return _Rows(frame, self.residuals[rows], self.said[rows], self.spread)


@dataclass(frozen=True, slots=True)
class _Found:
    """One statistic of some rows; None where it is not defined on them."""

    value: float | None
    note: str = ""
    interval: tuple[float, float] | None = None
    p_value: float | None = None
    effect: float | None = None
    noise: Callable[[float], float] | None = None  # what chance shows with a probability, where it has a known law


def answer(question: Question) -> Answer:
    """One check for each bound: the whole table, or the worst segment with each segment beside it."""
    asked = question.asked(ResidualCheck)
    rows, n_missing = _rows(question)
    checks: list[Check] = []
    for (place, wanted), id_ in zip(asked, numbered(wanted.test for _, wanted in asked), strict=True):
        try:
            found = list(_checked(wanted, id_, rows))
        except GateError as error:
            found = [Check(id_, "", wanted.test, Outcome.ERROR, note=str(error))]
        checks.extend(replace(check, asked=place, n_missing=n_missing) for check in found)
    return Answer(tuple(checks), _params(question), _engine())


def _rows(question: Question) -> tuple[_Rows, int]:
    truth = scoring.truth(question)
    seen = scoring.see(question, truth, question.model, "model")
    try:
        said = seen.numbers
    except GateError:
        raise
    except Exception as error:  # whatever the user's model raises when it predicts
        raise GateError(first_line(error)) from error
    spread = float(truth.numbers.std(ddof=1)) if truth.n > 1 else 0.0
    return _Rows(truth.frame, truth.numbers - said, said, spread), truth.n_missing


def _checked(wanted: ResidualCheck, id_: str, rows: _Rows) -> Iterator[Check]:
    """For each bound the check that decides; then every segment that was looked at."""
    measure = _MEASURES.get(wanted.test)
    if measure is None:
        near = nearest(wanted.test, _MEASURES)
        hint = f"; did you mean `{near}`?" if near else f"; there are {', '.join(_MEASURES)}"
        raise GateError(f"`{wanted.test}` is no test of residuals{hint}")
    bounds = [(which, bound) for which, bound in (("min", wanted.min), ("max", wanted.max)) if bound is not None]
    if not bounds:
        raise GateError(f"the check of {wanted.test} has neither `min` nor `max`")
    if wanted.order_by is not None:
        need_column(rows.frame, wanted.order_by)
    if wanted.by is None:
        found = measure(wanted, rows)
        for which, bound in bounds:
            yield _decided(wanted, f"{id_}.{which}", "the model", which, bound, found, rows.n, _NOISE)
        return
    segments = list(_segments(wanted, rows, measure))
    for which, bound in bounds:
        yield _worst(wanted, f"{id_}.{which}", which, bound, segments)
    for segment in segments:
        yield segment.shown(wanted, id_)


def _decided(
    wanted: ResidualCheck, id_: str, subject: str, which: str, bound: float, found: _Found, rows: int, level: float
) -> Check:
    """The bound held against the value; a most gives way to what chance shows in a share `level` of such checks."""
    if found.value is None or rows < _LEAST_ROWS:
        note = found.note or f"{rows} rows are too few"
        return Check(id_, subject, wanted.test, Outcome.INCONCLUSIVE, found.value, note=note, n=rows)
    noise = _noise(found, which, level)
    threshold = bound if noise is None else max(bound, noise)
    outcome = Outcome.PASS if _beyond(found, which, bound, level) <= 0 else Outcome.FAIL
    notes = [found.note] if found.note else []
    if threshold > bound:
        notes.append(f"max {bound:g} raised to what an unbiased model shows on so few rows")
    if threshold >= _LOUD and bound < found.value <= threshold:
        outcome = Outcome.INCONCLUSIVE
        notes.append("nothing could be found on them")
    return Check(
        id=id_,
        subject=subject,
        statistic=_WORDS[wanted.test],
        outcome=outcome,
        value=found.value,
        threshold=threshold,
        direction=">=" if which == "min" else "<=",
        note="; ".join(notes),
        interval=found.interval,
        p_value=found.p_value,
        n=rows,
        effect=found.effect,
        noise=noise,
        bound=which,
    )


def _noise(found: _Found, which: str, level: float) -> float | None:
    return None if found.noise is None or which == "min" else found.noise(level)


def _beyond(found: _Found, which: str, bound: float, level: float) -> float:
    """How far a value lies beyond its bound, and beyond chance; at most 0 where it holds."""
    assert found.value is not None, "looked at before"
    return bound - found.value if which == "min" else found.value - max(bound, _noise(found, which, level) or bound)


@dataclass(frozen=True, slots=True)
class _Segment:
    """The rows with one value of a column; `why` they are not judged, or nothing."""

    name: str
    n: int
    found: _Found
    why: str

    def shown(self, wanted: ResidualCheck, id_: str) -> Check:
        """What was measured, which by itself decides nothing."""
        return Check(
            id=f"{id_}.{wanted.by}.{self.name}",
            subject=f"{wanted.by} = {self.name}",
            statistic=_WORDS[wanted.test],
            outcome=Outcome.SKIPPED if self.why else Outcome.PASS,
            value=self.found.value,
            note=self.why or self.found.note,
            interval=self.found.interval,
            p_value=self.found.p_value,
            n=self.n,
            effect=self.found.effect,
            decides=False,
        )


def _segments(
    wanted: ResidualCheck, rows: _Rows, measure: Callable[[ResidualCheck, _Rows], _Found]
) -> Iterator[_Segment]:
    """One for each value of the column."""
    assert wanted.by is not None, "asked before"
    least = max(wanted.min_rows, _LEAST_ROWS)
    for name, chosen in groups(rows.frame, wanted.by).items():
        part = rows.part(chosen)
        found = measure(wanted, part) if part.n > 1 else _Found(None, "one row")
        why = ""
        if part.n < least:
            why = f"not judged: fewer than {least} rows"
        elif found.value is None:
            why = f"not judged: {found.note}"
        yield _Segment(name, part.n, found, why)


def _worst(wanted: ResidualCheck, id_: str, which: str, bound: float, segments: list[_Segment]) -> Check:
    """The segment that lies farthest beyond its bound; chance is shared out among them (Bonferroni)."""
    judged = [segment for segment in segments if not segment.why]
    left = len(segments) - len(judged)
    aside = f"{left} segment{'s' if left != 1 else ''} not judged" if left else ""
    if not judged:
        note = f"no segment of {wanted.by} with {wanted.min_rows} rows; {aside}"
        return Check(id_, str(wanted.by), _WORDS[wanted.test], Outcome.INCONCLUSIVE, note=note)
    level = _NOISE / len(judged)
    worst = max(judged, key=lambda segment: _beyond(segment.found, which, bound, level))
    said = filter(None, (f"the worst of {len(judged)} segments", worst.found.note, aside))
    found = replace(worst.found, note="; ".join(said))
    return _decided(wanted, id_, f"{wanted.by} = {worst.name}", which, bound, found, worst.n, level)


def _bias(wanted: ResidualCheck, rows: _Rows) -> _Found:
    """The absolute mean in standard deviations of the whole truth; `effect` is the mean itself with its sign."""
    from scipy.special import stdtr, stdtrit

    if rows.spread == 0:
        return _Found(None, "the truth is one number, so a bias has no unit")
    mean, error = float(rows.residuals.mean()), float(rows.residuals.std(ddof=1)) / rows.n**0.5
    reach = float(stdtrit(rows.n - 1, (1 + _CONFIDENCE) / 2)) * error / rows.spread
    middle = mean / rows.spread
    p_value = float(2 * stdtr(rows.n - 1, -abs(mean) / error)) if error > 0 else (1.0 if mean == 0 else 0.0)
    side = "too low" if mean > 0 else "too high"
    note = f"predictions are {abs(mean):.4g} {side} on average" if mean else ""

    def noise(level: float) -> float:
        """What the mean of so few residuals is off by, by Student's law."""
        return abs(float(stdtrit(rows.n - 1, level / 2))) * float(error) / float(rows.spread)

    return _Found(abs(middle), note, _absolute(middle - reach, middle + reach), p_value, mean, noise)


def _absolute(low: float, high: float) -> tuple[float, float]:
    """The interval of an absolute value from that of the value."""
    return (0.0 if low <= 0 <= high else min(abs(low), abs(high))), max(abs(low), abs(high))


def _skew(wanted: ResidualCheck, rows: _Rows) -> _Found:
    """The absolute third standardised moment; `effect` has the sign."""
    around = rows.residuals - rows.residuals.mean()
    variance = float((around**2).mean())
    if variance <= (1e-12 * rows.spread) ** 2:
        return _Found(0.0, "the residuals are all alike", effect=0.0)
    value = float((around**3).mean()) / variance**1.5
    tail = "above" if value > 0 else "below"
    return _Found(abs(value), f"the longer tail: truth far {tail} the prediction", effect=value)


def _heteroscedasticity(wanted: ResidualCheck, rows: _Rows) -> _Found:
    """R² of the squared residuals on the predictions; n times it is the LM statistic in Koenker's form (1981)."""
    import numpy as np
    from scipy.special import chdtrc

    squared = rows.residuals**2
    said = rows.said - rows.said.mean()
    if not said.any():
        return _Found(None, "the model predicts one number for all rows")
    spread = float(((squared - squared.mean()) ** 2).sum())
    if spread == 0:
        return _Found(0.0, "the squared residuals are all alike", p_value=1.0)
    slope = float(said @ squared) / float(said @ said)
    value = min(1.0, slope**2 * float(said @ said) / spread)
    statistic = rows.n * value
    grow = "grow" if slope > 0 else "shrink"
    note = f"errors {grow} with the prediction; LM {statistic:.4g}"
    return _Found(value, note, p_value=float(chdtrc(1, statistic)) if np.isfinite(statistic) else None)


def _autocorrelation(wanted: ResidualCheck, rows: _Rows) -> _Found:
    """Squared steps from row to row over squared residuals: 2 without, 0 with full positive correlation."""
    import numpy as np

    note = "in the order of the table"
    residuals = rows.residuals
    if wanted.order_by is not None:
        keys = rows.frame[wanted.order_by].reset_index(drop=True)
        unplaced = int(keys.isna().sum())
        order = keys.dropna().sort_values(kind="stable").index.to_numpy()
        residuals = residuals[order]
        note = f"in the order of {wanted.order_by}" + (f", {unplaced:,} rows without it left out" if unplaced else "")
    total = float((residuals**2).sum())
    if len(residuals) < 2 or total == 0:
        return _Found(None, "there is nothing left over whose order could say something")
    value = float((np.diff(residuals) ** 2).sum()) / total
    return _Found(value, note, effect=1 - value / 2)


_MEASURES: dict[str, Callable[[ResidualCheck, _Rows], _Found]] = {
    "bias": _bias,
    "skew": _skew,
    "heteroscedasticity": _heteroscedasticity,
    "autocorrelation": _autocorrelation,
}
TESTS = tuple(_MEASURES)
_WORDS = {
    "bias": "bias in standard deviations",
    "skew": "skewness of the residuals",
    "heteroscedasticity": "Breusch-Pagan R²",
    "autocorrelation": "Durbin-Watson statistic",
}


def _engine() -> str:
    import numpy as np

    return f"numpy {np.__version__}"


def _params(question: Question) -> dict[str, Any]:
    names = ("test", "min", "max", "by", "order_by")
    checks = []
    for _, wanted in question.asked(ResidualCheck):
        entry = {name: getattr(wanted, name) for name in names if getattr(wanted, name) is not None}
        checks.append({**entry, **({"min_rows": wanted.min_rows} if wanted.by is not None else {})})
    label = question.label
    return {"checks": checks, "label": {"column": label.column} if label else None}
