"""What a gate asks, taken apart into things that can be held against those of another gate one by one."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from modelsync.core.checks import (
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
from modelsync.core.records import record
from modelsync.language.model import Gate
from modelsync.plan.difference.parts import Rule, Seconds, Way, cap, floor, look, narrow, ranked, say, whole

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


def _missing(check: MissingCheck, index: int) -> Iterator[Ask]:
    values = {"max_share": check.max_share, "columns": check.columns}
    yield Ask(("missing",), "missing values", index, values, {"max_share": cap, "columns": whole})


def _outliers(check: OutlierCheck, index: int) -> Iterator[Ask]:
    values = {"max_share": check.max_share, "columns": check.columns, "factor": _factor(check)}
    rules: dict[str, Rule] = {"max_share": cap, "columns": whole, "factor": cap}
    yield Ask(("outliers", check.method), f"outliers by `{check.method}`", index, values, rules)


def _factor(check: OutlierCheck) -> float | None:
    return _FACTORS.get(check.method) if check.factor is None else check.factor


def _freshness(check: FreshnessCheck, index: int) -> Iterator[Ask]:
    values = {"max_age": Seconds(check.max_age)}
    yield Ask(("freshness", check.column), f"the age of `{check.column}`", index, values, {"max_age": cap})


def _drift(check: DriftCheck, index: int) -> Iterator[Ask]:
    values: dict[str, Any] = {
        "max": check.max,
        "columns": check.columns,
        "failing_share": check.failing_share,
        "alpha": check.alpha,
    }
    rules: dict[str, Rule] = {"max": cap, "columns": whole, "failing_share": cap, "alpha": _alpha}
    if check.alpha is not None:
        values["correction"] = check.correction
        rules["correction"] = _correction
    yield Ask(("drift", check.test), f"test `{check.test}`", index, values, rules)


def _alpha(old: Any, new: Any) -> Way:
    """A p value must lie below it before a column fails: less of it is weaker, none at all the strictest."""
    return floor(math.inf if old is None else old, math.inf if new is None else new)


def _correction(old: Any, new: Any) -> Way:
    """Only two corrections can be compared; that there are p values at all is told of `alpha`."""
    return Way.NEUTRAL if old is None or new is None else _CORRECTIONS(old, new)


def _performance(check: PerformanceCheck, index: int) -> Iterator[Ask]:
    limits = {"min": (check.min, floor), "max": (check.max, cap)}
    certain: dict[str, Any] = {"decide_on": check.decide_on}
    rules: dict[str, Rule] = {"decide_on": _DECIDE_ON}
    if check.decide_on == "interval":
        certain["confidence"] = check.confidence
        rules["confidence"] = _confidence
    for ask in _limits(check.metric, index, limits):
        yield Ask(ask.about, ask.said, index, {**ask.values, **certain}, {**ask.rules, **rules})
    if check.versus is None:
        return
    values = {"min_delta": check.min_delta, "method": check.method}
    rules = {"min_delta": floor, "method": METHOD}
    if check.method != "point":  # a point has no interval
        values["confidence"] = check.confidence
        rules["confidence"] = _confidence
    said = f"`{check.metric}` against the {check.versus}"
    yield Ask((check.metric, "versus", check.versus), said, index, values, rules)


def _confidence(old: Any, new: Any) -> Way:
    """Only two intervals can be compared; that there is one at all is told of the method."""
    return Way.NEUTRAL if old is None or new is None else floor(old, new)


class _ToWin(float):
    """A margin by which to be better."""


class _ToLose(float):
    """A margin by which to be worse."""


def _champion(check: ChampionCheck, index: int) -> Iterator[Ask]:
    if check.rule == "guardrail":
        values: dict[str, Any] = {"margin": check.margin}
        yield Ask((check.metric, "guardrail"), f"guardrail `{check.metric}`", index, values, {"margin": cap})
        return
    values = {
        "rule": check.rule,
        "margin": (_ToWin if check.rule == "superior" else _ToLose)(check.margin),
        "method": check.method,
        "confidence": check.confidence,
        "folds": check.folds or None,
    }
    rules: dict[str, Rule] = {"rule": _RULE, "margin": _margin, "method": look, "confidence": floor, "folds": look}
    if check.folds:
        values["repeats"] = check.repeats
        rules["repeats"] = look
    yield Ask((check.metric, "champion"), f"`{check.metric}` against the champion", index, values, rules)


def _margin(old: Any, new: Any) -> Way:
    """Only two margins of one rule can be compared; that it is another rule is told of `rule`."""
    if type(old) is not type(new):
        return Way.NEUTRAL
    return floor(old, new) if isinstance(old, _ToWin) else cap(old, new)


def _fairness(check: FairnessCheck, index: int) -> Iterator[Ask]:
    limits = {"worst_to_best": (check.worst_to_best, floor), "max_difference": (check.max_difference, cap)}
    yield from _limits(check.metric, index, limits)


def _stability(check: StabilityCheck, index: int) -> Iterator[Ask]:
    limits = {
        "max_std": (check.max_std, cap),
        "max_cv": (check.max_cv, cap),
        "max_range": (check.max_range, cap),
        "max_gap": (check.max_gap, cap),
        "min": (check.min, floor),
        "max": (check.max, cap),
    }
    trainings: dict[str, Any] = {
        "across": check.across or None,
        "folds": check.folds or None,
        "seeds": check.seeds or None,
    }
    if check.folds:
        trainings |= {"repeats": check.repeats, "splitter": check.splitter, "group": check.group or None}
    rules: dict[str, Rule] = dict.fromkeys(trainings, look)
    for ask in _limits(check.metric, index, limits):
        yield Ask(ask.about, ask.said, index, {**ask.values, **trainings}, {**ask.rules, **rules})


def _calibration(check: CalibrationCheck, index: int) -> Iterator[Ask]:
    for ask in _limits(check.metric, index, {"max": (check.max, cap)}):
        bins = {} if check.metric == "brier" else {"bins": check.bins}
        yield Ask(ask.about, ask.said, index, {**ask.values, **bins}, {**ask.rules, **dict.fromkeys(bins, look)})


def _residuals(check: ResidualCheck, index: int) -> Iterator[Ask]:
    limits = {"max": (check.max, cap), "min": (check.min, floor)}
    for ask in _limits(check.test, index, limits):
        values: dict[str, Any] = {**ask.values, "by": check.by, "order_by": check.order_by}
        rules: dict[str, Rule] = {**ask.rules, "by": look, "order_by": look}
        if check.by is not None:
            values["min_rows"] = check.min_rows
            rules["min_rows"] = _min_rows
        yield Ask(ask.about, f"{ask.said} of the residuals", index, values, rules)


def _min_rows(old: Any, new: Any) -> Way:
    """Only two limits can be compared; that there are groups at all is told of their column."""
    return Way.NEUTRAL if old is None or new is None else cap(old, new)


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


_FACTORS = {"iqr": 1.5, "zscore": 3.0, "mad": 3.5}  # what holds without one
_CORRECTIONS = ranked("bonferroni", "bh", "none")  # the more is corrected, the less is found
_DECIDE_ON = ranked("point", "interval")
_RULE = ranked("non_inferior", "superior")
_TAKEN: Mapping[type, Callable[[Any, int], Iterator[Ask]]] = {
    Expectation: _expectation,
    MissingCheck: _missing,
    OutlierCheck: _outliers,
    FreshnessCheck: _freshness,
    DriftCheck: _drift,
    PerformanceCheck: _performance,
    ChampionCheck: _champion,
    FairnessCheck: _fairness,
    StabilityCheck: _stability,
    CalibrationCheck: _calibration,
    ResidualCheck: _residuals,
}
