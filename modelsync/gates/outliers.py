"""Outliers: the share of values that lie far outside, by limits of the reference when there is one."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from modelsync.core.checks import OutlierCheck
from modelsync.core.nearest import nearest
from modelsync.core.verdict import Check, Outcome
from modelsync.gates import selection
from modelsync.gates.question import Answer, GateError, Question, numbered
from modelsync.gates.selection import Array

if TYPE_CHECKING:
    import pandas as pd

FACTORS = {"iqr": 1.5, "zscore": 3.0, "mad": 3.5}
"""What `factor` is when it is not given: Tukey (1977), three standard deviations, Iglewicz and Hoaglin (1993)."""

MIN_VALUES = 5  # quartiles and deviations of fewer values are those of single values
_NORMAL_MAD = 0.6745  # the median absolute deviation of a normal distribution, in its standard deviations
_NORMAL_QUARTILE = 0.6745  # its upper quartile, in the same unit


@dataclass(frozen=True, slots=True)
class _Limits:
    """Outside is below `low` or above `high`; `why` says why there are none, `constant` is the only value there was."""

    low: float = -math.inf
    high: float = math.inf
    why: str = ""
    constant: float | None = None


def answer(question: Question) -> Answer:
    """One check for each number column: the share of its values outside; infinities always are."""
    table, reference = selection.tables(question)
    question = replace(question, table=table, reference=reference)
    if reference is not None and not len(reference):
        raise GateError(f"gate `{question.gate}` has a reference without rows, from which no limits can be taken")
    wanted = [
        (place, check, name)
        for place, check in question.asked(OutlierCheck)
        for name in (check.columns if check.columns is not None else _features(question, table))
    ]
    ids = numbered(f"{check.method}.{name}" for _, check, name in wanted)
    checks = tuple(
        _check(question, table, id_, place, check, name) for id_, (place, check, name) in zip(ids, wanted, strict=True)
    )
    return Answer(checks, _params(question), _engine())


def _features(question: Question, table: pd.DataFrame) -> list[str]:
    """What `columns: all` means: neither keys nor labels."""
    return [name for name in table.columns if question.is_feature(name)]


def _check(question: Question, table: pd.DataFrame, id_: str, place: int, wanted: OutlierCheck, name: str) -> Check:
    said: dict[str, Any] = {"statistic": f"share outside by {wanted.method}", "asked": place}
    named = wanted.columns is not None
    fault = _unknown(wanted.method) or selection.absent(table, name)
    if fault:
        return Check(id_, name, outcome=Outcome.ERROR, note=fault, **said)
    unfit = selection.not_a_number(question, table[name])
    if unfit:
        return Check(id_, name, outcome=Outcome.ERROR if named else Outcome.SKIPPED, note=unfit, **said)
    values, missing = selection.numbers(table[name])
    said |= {
        "threshold": wanted.max_share,
        "bound": "max_share",
        "direction": "<=",
        "n": len(values),
        "n_missing": missing,
    }
    if not len(values):
        return Check(id_, name, outcome=Outcome.ERROR, note="every value is missing", **said)
    before = _reference(question, name)
    if isinstance(before, str):
        return Check(id_, name, outcome=Outcome.ERROR, note=before, **said)
    if before is not None:
        said["n_reference"] = len(before)
    limits = _limits(wanted, values if before is None else before, own=before is None)
    if limits.why:
        outcome = Outcome.INCONCLUSIVE if named else Outcome.SKIPPED
        return Check(id_, name, outcome=outcome, note=limits.why, **said)
    return _judged(wanted, id_, name, values, limits, said)


def _judged(wanted: OutlierCheck, id_: str, name: str, values: Array, limits: _Limits, said: dict[str, Any]) -> Check:
    count = int(((values < limits.low) | (values > limits.high)).sum())
    share = count / len(values)
    held = share <= wanted.max_share
    source = "the reference" if said.get("n_reference") is not None else "the table itself"
    if limits.constant is not None:
        note = f"constant {limits.constant:g} in {source}, every other value is outside"
    else:
        note = f"{limits.low:.4g} to {limits.high:.4g} by {source}"
    note = f"{count:,} of {len(values):,} values; {note}"
    if count:
        note += f"; furthest {_furthest(values, limits):.4g}"
    usual = _usual(wanted)
    if not held and share <= usual:
        note += f"; normally distributed values show {usual:.2%} as well"
    outcome = Outcome.PASS if held else Outcome.FAIL
    return Check(id_, name, outcome=outcome, value=share, note=note, **said)


def _unknown(method: str) -> str:
    if method in FACTORS:
        return ""
    near = nearest(method, FACTORS)
    return f"`{method}` is no method; known: {', '.join(FACTORS)}" + (f"; did you mean `{near}`?" if near else "")


def _reference(question: Question, name: str) -> Array | str | None:
    """The values that the limits come from: None without a reference, a sentence when they can't be had."""
    if question.reference is None:
        return None
    fault = selection.absent(question.reference, name, "the reference")
    if fault:
        return fault
    unfit = selection.not_a_number(question, question.reference[name])
    if unfit:
        return f"the reference can't be measured: {unfit}"
    values, _ = selection.numbers(question.reference[name])
    return values if len(values) else "every value of the reference is missing"


def _limits(wanted: OutlierCheck, values: Array, *, own: bool) -> _Limits:
    """`own`: the values that are judged set the limits themselves, and may hide among themselves."""
    import numpy as np

    values = values[np.isfinite(values)]
    factor = _factor(wanted)
    n = len(values)
    if n < MIN_VALUES:
        return _Limits(why=f"{n} finite values set no limits, {MIN_VALUES} are needed")
    if values.min() == values.max():
        return _Limits(low=float(values[0]), high=float(values[0]), constant=float(values[0]))
    if wanted.method == "iqr":
        low, high = (float(part) for part in np.quantile(values, (0.25, 0.75)))
        return _around(low, high, factor * (high - low), "the interquartile range is 0")
    if wanted.method == "mad":
        middle = float(np.median(values))
        spread = float(np.median(np.abs(values - middle))) / _NORMAL_MAD
        return _around(middle, middle, factor * spread, "the median absolute deviation is 0")
    # Shiffler (1988): no value of n lies further from their mean than (n - 1) / sqrt(n) standard deviations.
    reach = (n - 1) / math.sqrt(n)
    if own and reach <= factor:
        return _Limits(why=f"no value of {n} can lie {factor:g} standard deviations from their own mean")
    middle, spread = float(values.mean()), float(values.std(ddof=1))
    return _around(middle, middle, factor * spread, "the standard deviation is 0")


def _around(low: float, high: float, reach: float, nothing: str) -> _Limits:
    if not math.isfinite(reach):
        return _Limits(why="the values are too large to be measured")
    if reach <= 0:
        return _Limits(why=f"{nothing}, because most values are {low:g}: use `method: zscore` for this column")
    return _Limits(low - reach, high + reach)


def _factor(wanted: OutlierCheck) -> float:
    return FACTORS[wanted.method] if wanted.factor is None else wanted.factor


def _usual(wanted: OutlierCheck) -> float:
    """The share of a normal distribution that lies outside the same limits."""
    factor = _factor(wanted)
    reach = _NORMAL_QUARTILE * (1 + 2 * factor) if wanted.method == "iqr" else factor
    return math.erfc(reach / math.sqrt(2))


def _furthest(values: Array, limits: _Limits) -> float:
    least, most = float(values.min()), float(values.max())
    return most if most - limits.high >= limits.low - least else least


def _params(question: Question) -> dict[str, Any]:
    return {
        "checks": [
            {
                "columns": "all" if check.columns is None else list(check.columns),
                "method": check.method,
                "factor": _factor(check) if check.method in FACTORS else check.factor,
                "max_share": check.max_share,
            }
            for _, check in question.asked(OutlierCheck)
        ],
        "limits": "table" if question.reference is None else "reference",
        "min_values": MIN_VALUES,
    }


def _engine() -> str:
    import numpy as np

    return f"numpy {np.__version__}"
