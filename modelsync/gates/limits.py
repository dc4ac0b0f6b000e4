"""The limits that a check sets: how a number stands to each, and which of them can be set anew over the past."""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from modelsync.core.cases import Numbers
from modelsync.core.checks import (
    Asked,
    CalibrationCheck,
    ChampionCheck,
    DriftCheck,
    Expectation,
    FairnessCheck,
    FreshnessCheck,
    MissingCheck,
    OutlierCheck,
    PerformanceCheck,
    ResidualCheck,
    StabilityCheck,
)
from modelsync.core.errors import UsageError
from modelsync.core.nearest import nearest
from modelsync.core.verdict import Outcome
from modelsync.gates import chance
from modelsync.gates.catalogue import expectation_shapes
from modelsync.gates.question import numbered

BOTH = ("min_value", "max_value")  # one check of an expectation holds its value against both


@dataclass(frozen=True, slots=True)
class Limit:
    """One bound of a check: its key in the spec, and how a value stands to it.

    `by_interval`: the whole interval must hold it. `alpha`: beyond the bound it fails only with a p value below that.
    """

    key: str
    direction: str
    threshold: float
    by_interval: bool = False
    alpha: float | None = None
    strict: bool = False  # the threshold itself does not hold it
    loud: float = math.inf  # from so much chance on nothing could be found between the threshold and that
    slack: float = 0.0  # what rounding may add to a share of whole rows

    def settle(self, numbers: Numbers) -> tuple[Outcome, float]:
        """What the numbers mean, and the threshold that was used: never below what chance alone shows."""
        least, noise = self.direction == ">=", numbers.noise
        threshold = self.threshold
        if noise is not None:
            threshold = min(threshold, noise) if least else max(threshold, noise)
            if not least and noise >= self.loud and self.threshold < numbers.value <= noise:
                return Outcome.INCONCLUSIVE, threshold
        low, high = (numbers.value, numbers.value)
        if self.by_interval and numbers.interval is not None:
            low, high = numbers.interval
        worse, better = (low, high) if least else (-high, -low)
        holds = operator.gt if self.strict else operator.ge
        bound = (threshold if least else -threshold) - self.slack
        if holds(worse, bound):
            return Outcome.PASS, threshold
        if holds(better, bound):
            return Outcome.INCONCLUSIVE, threshold
        if self.alpha is not None and (numbers.p_adjusted is None or numbers.p_adjusted >= self.alpha):
            return Outcome.PASS, threshold
        return Outcome.FAIL, threshold


def adjusted(checks: tuple[Asked, ...], settings: Sequence[str]) -> tuple[Asked, ...]:
    """The checks with settings such as `psi.max=0.3` put over them; UsageError for what does not exist."""
    changed = list(checks)
    names = numbered(map(name_of, checks))
    for setting in settings:
        path, sign, text = setting.partition("=")
        name, _, key = path.strip().rpartition(".")
        if not sign or not name:
            raise UsageError(f"`--set {setting}` is not CHECK.KEY=VALUE", help="write it as `psi.max=0.3`")
        if name not in names:
            near = nearest(name, names)
            help = f"did you mean `{near}`?" if near else f"its checks: {', '.join(names)}"
            raise UsageError(f"the gate has no check `{name}`", help=help)
        place = names.index(name)
        changed[place] = _with(changed[place], key, text.strip())
    return tuple(changed)


def name_of(check: Asked) -> str:
    """How the ids of the checks begin that answer one entry of `checks:`."""
    match check:
        case DriftCheck() | ResidualCheck():
            return check.test
        case PerformanceCheck():
            return check.metric if check.versus is None else f"{check.metric}.{check.versus}"
        case MissingCheck():
            return "missing"
        case OutlierCheck():
            return check.method
        case FreshnessCheck():
            return "age"
        case Expectation():
            return check.name
    return check.metric


def is_by_value(name: str) -> bool:
    """Whether an expectation looks at values one by one, so that `mostly` may spare some of them."""
    return "mostly" in expectation_shapes().get(name, ((), ()))[0]


def limits(check: Asked) -> tuple[Limit, ...]:
    """Every bound that a check sets."""
    return tuple(_LIMITS[type(check)](check))


def _drift(check: DriftCheck) -> Iterator[Limit]:
    yield Limit("max", "<=", check.max, alpha=check.alpha, loud=chance.LOUD.get(check.test, math.inf))


def _performance(check: PerformanceCheck) -> Iterator[Limit]:
    if check.versus is not None:
        yield Limit("min_delta", ">=", check.min_delta, by_interval=check.method != "point")
    by_interval = check.decide_on == "interval"
    yield from _bounds(check, (("min", ">="), ("max", "<=")), by_interval=by_interval)


def _champion(check: ChampionCheck) -> Iterator[Limit]:
    sign = 1 if check.rule == "superior" else -1
    is_superior = check.rule == "superior"
    yield Limit("margin", ">=", sign * check.margin, by_interval=check.rule != "guardrail", strict=is_superior)


def _fairness(check: FairnessCheck) -> Iterator[Limit]:
    yield from _bounds(check, (("worst_to_best", ">="), ("max_difference", "<=")))


def _stability(check: StabilityCheck) -> Iterator[Limit]:
    most = (("max_std", "<="), ("max_cv", "<="), ("max_range", "<="), ("max_gap", "<="))
    yield from _bounds(check, (*most, ("min", ">="), ("max", "<=")))


def _most(key: str) -> Callable[[Any], Iterator[Limit]]:
    def found(check: Any) -> Iterator[Limit]:
        yield from _bounds(check, ((key, "<="),))

    return found


def _residual(check: ResidualCheck) -> Iterator[Limit]:
    yield from _bounds(check, (("min", ">="), ("max", "<=")))


def _expectation(check: Expectation) -> Iterator[Limit]:
    """Of values one by one the share that is not as expected counts, of anything else what was observed."""
    arguments = check.arguments
    if is_by_value(check.name):
        yield Limit("mostly", "<=", round(1 - float(arguments.get("mostly", 1)), 12), slack=1e-9)
        return
    for key, direction, strictly in (("min_value", ">=", "strict_min"), ("max_value", "<=", "strict_max")):
        value = arguments.get(key)
        if isinstance(value, int | float) and not isinstance(value, bool):
            yield Limit(key, direction, value, strict=bool(arguments.get(strictly)))


def _bounds(check: Any, keys: Iterable[tuple[str, str]], *, by_interval: bool = False) -> Iterator[Limit]:
    for key, direction in keys:
        value = getattr(check, key)
        if value is not None:
            yield Limit(key, direction, value, by_interval)


_LIMITS: Mapping[type, Callable[[Any], Iterator[Limit]]] = {
    Expectation: _expectation,
    MissingCheck: _most("max_share"),
    OutlierCheck: _most("max_share"),
    FreshnessCheck: _most("max_age"),
    DriftCheck: _drift,
    PerformanceCheck: _performance,
    ChampionCheck: _champion,
    FairnessCheck: _fairness,
    StabilityCheck: _stability,
    CalibrationCheck: _most("max"),
    ResidualCheck: _residual,
}


def _with(check: Asked, key: str, text: str) -> Asked:
    """The check with one of its limits changed; what was measured with another method or on other rows stays so."""
    keys = _settable(check)
    if key not in keys:
        near = nearest(key, keys)
        help = f"did you mean `{near}`?" if near else f"a replay knows other limits only: {', '.join(keys) or 'none'}"
        raise UsageError(f"`{name_of(check)}` has no key `{key}` that a replay can change", help=help)
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    low, high = _REACH.get(key, (-math.inf, math.inf))
    if not math.isfinite(value) or not low <= value <= high:
        within = f" from {low:g} to {high:g}" if high < math.inf else f" of at least {low:g}" if low > -math.inf else ""
        raise UsageError(f"`{name_of(check)}.{key}` can't be `{text}`", help=f"give a number{within}")
    if isinstance(check, Expectation):
        return replace(check, arguments={**check.arguments, key: value})
    changed: dict[str, Any] = {key: value}
    return replace(check, **changed)


def _settable(check: Asked) -> tuple[str, ...]:
    if isinstance(check, Expectation):
        known = expectation_shapes().get(check.name, ((), ()))[0]
        return ("mostly",) if is_by_value(check.name) else tuple(key for key in BOTH if key in known)
    if isinstance(check, PerformanceCheck):
        return ("min", "max") if check.versus is None else ("min_delta",)
    return FREE[type(check).__name__]


OF_EXPECTATIONS = ("mostly", "min_value", "max_value", "strict_min", "strict_max")
FREE: Mapping[str, tuple[str, ...]] = {
    "MissingCheck": ("max_share",),
    "OutlierCheck": ("max_share",),
    "FreshnessCheck": ("max_age",),
    "DriftCheck": ("max", "failing_share", "alpha"),
    "PerformanceCheck": ("min", "max", "min_delta"),
    "ChampionCheck": ("margin",),
    "FairnessCheck": ("worst_to_best", "max_difference"),
    "StabilityCheck": ("max_std", "max_cv", "max_range", "max_gap", "min", "max"),
    "CalibrationCheck": ("max",),
    "ResidualCheck": ("max", "min"),
}
"""The limits of each form: other ones can be held against the same numbers."""

_SHARES = ("mostly", "max_share", "failing_share", "alpha", "worst_to_best")
_NEVER_NEGATIVE = ("margin", "max_age", "max_difference", "max_std", "max_cv", "max_range", "max_gap")
_REACH = {**dict.fromkeys(_SHARES, (0.0, 1.0)), **dict.fromkeys(_NEVER_NEGATIVE, (0.0, math.inf))}
