"""What a gate asks, taken apart into things that can be held against those of another gate one by one."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from modelsync.core.checks import DriftCheck, Expectation, FairnessCheck, PerformanceCheck, StabilityCheck
from modelsync.core.records import record
from modelsync.language.model import Gate
from modelsync.plan.difference.parts import Rule, Way, cap, floor, look, narrow, ranked, say, whole

METHOD = ranked("point", ("paired_bootstrap", "delong", "mcnemar"))
"""A point estimate passes by luck; of the tests each fits other metrics."""


@record
class Ask:
    """One thing that is asked: about what, with which values, and how each of them is compared.

    `index` is the check that asks it, in the order of the gate.
    """

    about: tuple[Any, ...]
    said: str
    index: int
    values: Mapping[str, Any]
    rules: Mapping[str, Rule]


def asks(gate: Gate) -> list[Ask]:
    """Everything that a gate's checks ask, in their order."""
    checks: tuple[Any, ...] = gate.checks
    return [ask for index, check in enumerate(checks) for ask in _TAKEN[type(check)](check, index)]


def pairs(old: list[Ask], new: list[Ask]) -> Iterator[tuple[Ask | None, Ask | None]]:
    """Each old ask with the new one about the same: equal ones first, then in the order written; None without one."""
    left, right = list(old), list(new)
    for fits in (_equal, _alike, _same):
        for one in list(left):
            other = next((each for each in right if fits(one, each)), None)
            if other is not None:
                left.remove(one)
                right.remove(other)
                yield one, other
    yield from ((one, None) for one in left)
    yield from ((None, other) for other in right)


def _equal(one: Ask, other: Ask) -> bool:
    return one.about == other.about and one.values == other.values


def _alike(one: Ask, other: Ask) -> bool:
    return one.about == other.about and one.values.get("columns") == other.values.get("columns")


def _same(one: Ask, other: Ask) -> bool:
    return one.about == other.about


def _drift(check: DriftCheck, index: int) -> Iterator[Ask]:
    values = {"max": check.max, "columns": check.columns, "failing_share": check.failing_share}
    rules: dict[str, Rule] = {"max": cap, "columns": whole, "failing_share": cap}
    yield Ask(("drift", check.test), f"test `{check.test}`", index, values, rules)


def _performance(check: PerformanceCheck, index: int) -> Iterator[Ask]:
    yield from _limits(check.metric, index, {"min": (check.min, floor), "max": (check.max, cap)})
    if check.versus is None:
        return
    values = {"min_delta": check.min_delta, "method": check.method}
    rules: dict[str, Rule] = {"min_delta": floor, "method": METHOD}
    if check.method != "point":  # a point has no interval
        values["confidence"] = check.confidence
        rules["confidence"] = _confidence
    said = f"`{check.metric}` against the {check.versus}"
    yield Ask((check.metric, "versus", check.versus), said, index, values, rules)


def _confidence(old: Any, new: Any) -> Way:
    """Only two intervals can be compared; that there is one at all is told of the method."""
    return Way.NEUTRAL if old is None or new is None else floor(old, new)


def _fairness(check: FairnessCheck, index: int) -> Iterator[Ask]:
    limits = {"worst_to_best": (check.worst_to_best, floor), "max_difference": (check.max_difference, cap)}
    yield from _limits(check.metric, index, limits)


def _stability(check: StabilityCheck, index: int) -> Iterator[Ask]:
    limits = {
        "max_std": (check.max_std, cap),
        "max_range": (check.max_range, cap),
        "min": (check.min, floor),
        "max": (check.max, cap),
    }
    for ask in _limits(check.metric, index, limits):
        yield Ask(ask.about, ask.said, index, {**ask.values, "across": check.across}, {**ask.rules, "across": look})


def _limits(metric: str, index: int, limits: Mapping[str, tuple[float | None, Rule]]) -> Iterator[Ask]:
    """One ask for each limit, so that it does not matter whether they stand in one check or in several."""
    for name, (value, rule) in limits.items():
        if value is not None:
            yield Ask((metric, name), f"`{metric}`", index, {name: value}, {name: rule})


def _expectation(check: Expectation, index: int) -> Iterator[Ask]:
    names = () if check.name == _ORDERED else _ABOUT
    about = [say(check.arguments[name]) for name in names if name in check.arguments]
    values = {**_DEFAULTS, **{name: value for name, value in check.arguments.items() if name not in names}}
    rules = {name: _rule(check, name) for name in values}
    said = f"`{check.name}`" + (f" of {', '.join(about)}" if about else "")
    yield Ask((check.name, *about), said, index, values, rules)


_ABOUT = ("column", "column_A", "column_B", "column_list")
_ORDERED = "expect_table_columns_to_match_ordered_list"  # its list is the answer, not the question
_DEFAULTS: Mapping[str, Any] = {"mostly": 1.0, "strict_min": False, "strict_max": False, "exact_match": True}
_MORE, _LESS = ranked(False, True), ranked(True, False)
_ARGUMENTS: Mapping[str, Rule] = {
    "mostly": floor,
    "min_value": floor,
    "max_value": cap,
    "threshold": cap,
    "strict_min": _MORE,
    "strict_max": _MORE,
    "strictly": _MORE,
    "exact_match": _MORE,
    "or_equal": _LESS,
    "ties_okay": _LESS,
}
_LISTS = ("value_set", "value_pairs_set", "type_list", "regex_list", "like_pattern_list")


def _rule(check: Expectation, argument: str) -> Rule:
    if argument not in _LISTS:
        return _ARGUMENTS.get(argument, look)
    if "_not_" in check.name or check.name.endswith("contain_set"):
        return whole  # of what must not be, or must be there, more is stricter
    is_closed = check.name.endswith("equal_set") or "match_on" in check.arguments
    return look if is_closed else narrow


_TAKEN: Mapping[type, Callable[[Any, int], Iterator[Ask]]] = {
    DriftCheck: _drift,
    PerformanceCheck: _performance,
    FairnessCheck: _fairness,
    StabilityCheck: _stability,
    Expectation: _expectation,
}
