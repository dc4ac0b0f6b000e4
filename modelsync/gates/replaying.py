"""Verdicts from numbers alone: what a gate says of measurements that are given or recorded, without any data."""

from __future__ import annotations

import dataclasses
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
    WhenAbsent,
)
from modelsync.core.errors import UsageError
from modelsync.core.nearest import nearest
from modelsync.core.verdict import Check, Outcome, Verdict
from modelsync.gates import drift
from modelsync.gates.judging import conclude
from modelsync.gates.question import Answer, Question, numbered

_SHARE = "failing_share"
_BOTH = ("min_value", "max_value")  # one check of an expectation holds its value against both

DECIDED = (Outcome.PASS, Outcome.FAIL, Outcome.INCONCLUSIVE)


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

    def settle(self, numbers: Numbers) -> tuple[Outcome, float]:
        """What the numbers mean, and the threshold that was used: never below what chance alone shows."""
        least = self.direction == ">="
        threshold = self.threshold if least or numbers.noise is None else max(self.threshold, numbers.noise)
        low, high = (numbers.value, numbers.value)
        if self.by_interval and numbers.interval is not None:
            low, high = numbers.interval
        worse, better = (low, high) if least else (-high, -low)
        holds = operator.gt if self.strict else operator.ge
        bound = threshold if least else -threshold
        if holds(worse, bound):
            return Outcome.PASS, threshold
        if holds(better, bound):
            return Outcome.INCONCLUSIVE, threshold
        if self.alpha is not None and (numbers.p_adjusted is None or numbers.p_adjusted >= self.alpha):
            return Outcome.PASS, threshold
        return Outcome.FAIL, threshold


def replay(verdict: Verdict, checks: tuple[Asked, ...], inconclusive: WhenAbsent, no_reference: WhenAbsent) -> Verdict:
    """What a gate that asks `checks` would have said where `verdict` was measured.

    What it asks now and was not measured then is `skipped`, and what broke or was skipped then stays so.
    """
    question = Question(
        verdict.gate,
        verdict.kind,
        severity=verdict.severity,
        inconclusive=inconclusive,
        no_reference=no_reference,
        checks=checks,
    )
    if not verdict.checks:
        return verdict
    before = verdict.params.get("checks", ())
    measured = [again for check in verdict.checks if (again := _again(check, checks, before)) is not None]
    found = conclude(question, Answer((*_shared(measured, checks), *_unmeasured(checks, measured))))
    return replace(found, data=verdict.data, seed=verdict.seed, libraries=verdict.libraries)


def given(question: Question, numbers: Mapping[str, Numbers]) -> Verdict:
    """What the gate of a question without data says of numbers by the ids of its checks.

    UsageError for an id that the gate has no check for.
    """
    names = numbered(map(name_of, question.checks))
    found: list[Check] = []
    for id_, said in numbers.items():
        fitting = [at for at, name in enumerate(names) if id_ == name or id_.startswith(f"{name}.")]
        place = max(fitting, key=lambda at: len(names[at]), default=None)  # `roc_auc.champion` is not `roc_auc`
        if place is None:
            near = nearest(id_, names)
            help = f"did you mean `{near}`?" if near else f"its checks: {', '.join(names) or 'none'}"
            raise UsageError(f"gate `{question.gate}` has no check `{id_}`", help=help)
        found.extend(_made(id_, place, names[place], question.checks[place], said))
    return conclude(question, Answer(tuple(_shared(found, question.checks))))


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


def limits(check: Asked) -> tuple[Limit, ...]:
    """Every bound that a check sets."""
    return tuple(_LIMITS[type(check)](check))


def _drift(check: DriftCheck) -> Iterator[Limit]:
    yield Limit("max", "<=", check.max, alpha=check.alpha)


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
    if "mostly" in arguments or "_values_" in check.name:
        yield Limit("mostly", "<=", round(1 - float(arguments.get("mostly", 1)), 12))
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


def _again(check: Check, checks: tuple[Asked, ...], before: Sequence[Mapping[str, Any]]) -> Check | None:
    """A check under the limits that hold now; None when nobody asks it any more."""
    if check.asked is None:
        return check
    place = _place(check, checks, before)
    if place is None:
        return None
    now = replace(check, asked=place)
    if check.value is None or check.outcome not in DECIDED or not check.bound or check.bound == _SHARE:
        return now
    bounds = [limit for limit in limits(checks[place]) if limit.key == check.bound or check.bound in _BOTH]
    if not bounds:
        return None
    numbers = Numbers(check.value, check.interval, check.p_adjusted, check.noise)
    settled = [(limit, *limit.settle(numbers)) for limit in bounds]
    limit, outcome, threshold = next((each for each in settled if each[1] is not Outcome.PASS), settled[-1])
    if check.outcome is Outcome.INCONCLUSIVE and check.noise is not None and check.value > limit.threshold:
        outcome = Outcome.INCONCLUSIVE  # chance alone is so loud there that nothing could be found
    direction = limit.direction.replace("=", "") if limit.strict and check.bound in _BOTH else limit.direction
    return replace(now, outcome=outcome, threshold=threshold, direction=direction, bound=limit.key)


def _shared(measured: Sequence[Check], checks: tuple[Asked, ...]) -> Iterator[Check]:
    """All checks, with the share of failing columns counted again where a share may fail."""
    shares = {place for place, check in enumerate(checks) if isinstance(check, DriftCheck) and check.failing_share > 0}
    names = numbered(map(name_of, checks))
    moved = {check.subject for check in measured if check.asked is None and check.outcome is Outcome.FAIL}
    for place in sorted(shares):
        asked = checks[place]
        assert isinstance(asked, DriftCheck), "found as one"
        columns = [check for check in measured if check.asked == place and check.bound != _SHARE]
        if columns:
            yield drift.share(asked, place, names[place], columns, moved)
    for check in measured:
        if check.bound == _SHARE:
            continue
        yield replace(check, decides=False) if check.asked in shares else check


def _place(check: Check, checks: tuple[Asked, ...], before: Sequence[Mapping[str, Any]]) -> int | None:
    """Which entry asks now what this one asked: the one in its place, else the first of the same name."""
    assert check.asked is not None, "only what answers an entry has a place"
    then = before[check.asked] if check.asked < len(before) else {}
    name = next((str(then[key]) for key in ("test", "metric", "method", "column") if key in then), "")
    places = [check.asked, *range(len(checks))] if check.asked < len(checks) else list(range(len(checks)))
    return next((place for place in places if not name or name in _names(checks[place])), None)


def _names(check: Asked) -> tuple[str, ...]:
    return (name_of(check), *(getattr(check, key, "") for key in ("metric", "column")))


def _unmeasured(checks: tuple[Asked, ...], measured: Sequence[Check]) -> Iterator[Check]:
    """What is asked now and was not measured then."""
    seen = {(check.asked, check.bound) for check in measured}
    whole = {check.asked for check in measured if not check.bound or check.bound in _BOTH}  # says all of its entry
    for place, check in enumerate(checks):
        for limit in limits(check) if place not in whole else ():
            if (place, limit.key) not in seen:
                note = "not measured then"
                yield Check(f"{name_of(check)}.{limit.key}", "", limit.key, Outcome.SKIPPED, note=note, asked=place)


def _made(id_: str, place: int, name: str, asked: Asked, numbers: Numbers) -> Iterator[Check]:
    """The checks that one given number answers: both bounds of a metric, or the one that is named."""
    rest = id_.removeprefix(name).removeprefix(".")
    bounds = limits(asked)
    meant = [limit for limit in bounds if rest == limit.key or rest.startswith(f"{limit.key}.")] or list(bounds)
    for limit in meant:
        outcome, threshold = limit.settle(numbers)
        yield Check(
            id=id_ if len(meant) == 1 else f"{id_}.{limit.key}",
            subject=rest if rest != limit.key else "",
            statistic=name,
            outcome=outcome,
            value=numbers.value,
            threshold=threshold,
            direction=limit.direction,
            interval=numbers.interval,
            p_adjusted=numbers.p_adjusted,
            noise=numbers.noise,
            bound=limit.key,
            asked=place,
        )


def _with(check: Asked, key: str, text: str) -> Asked:
    """The check with one of its keys changed; the arguments of an expectation are its own."""
    if isinstance(check, Expectation):
        return replace(check, arguments={**check.arguments, key: _value(text)})
    keys = [field.name for field in dataclasses.fields(check)]
    if key not in keys:
        near = nearest(key, keys)
        help = f"did you mean `{near}`?" if near else f"its keys: {', '.join(keys)}"
        raise UsageError(f"`{name_of(check)}` has no key `{key}`", help=help)
    return replace(check, **{key: _value(text)})


def _value(text: str) -> Any:
    try:
        return float(text)
    except ValueError:
        return text
