from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

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
from modelsync.core.diagnostics import Pos
from modelsync.language.model import Gate, Ref, RefKind
from modelsync.plan.difference.asks import METHOD, Ask, asks, pairs
from modelsync.plan.difference.parts import Way, moved
from tests.unit.plan.difference.conftest import Desk

AT = Pos(Path("x"), 1, 1, 1, 1)


def gate(kind: str, *checks: Any) -> Gate:
    return Gate("g", kind, Ref(RefKind.MODEL, ("m",), AT), AT, checks=checks)


def ways(one: Gate, other: Gate) -> list[tuple[str, Way]]:
    """What is asked no longer, as well, or otherwise."""
    found: list[tuple[str, Way]] = []
    for old, new in pairs(asks(one), asks(other)):
        if old is None or new is None:
            found.append(("all", Way.WEAKER if new is None else Way.TIGHTER))
        else:
            found += [(each.name, each.way) for each in moved(old.values, new.values, {**old.rules, **new.rules})]
    return found


def test_limits_are_the_same_in_one_check_and_in_several() -> None:
    one = gate("performance", PerformanceCheck("auc", min=0.8, max=0.9), PerformanceCheck("auc", versus="champion"))
    other = gate("performance", PerformanceCheck("auc", min=0.8, versus="champion"), PerformanceCheck("auc", max=0.9))
    assert ways(one, other) == []
    assert ways(other, one) == []


def test_equal_asks_find_each_other_before_those_about_the_same() -> None:
    one = gate("drift", DriftCheck("psi", 0.2, ("a",)), DriftCheck("psi", 0.1, ("b",)))
    other = gate("drift", DriftCheck("psi", 0.1, ("b",)), DriftCheck("psi", 0.3, ("a",)))
    assert ways(one, other) == [("max", Way.WEAKER)]
    assert ways(one, gate("drift", DriftCheck("psi", 0.1, ("b",)))) == [("all", Way.WEAKER)]


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        (DriftCheck("psi", 0.1), DriftCheck("psi", 0.1, ("a",)), [("columns", Way.WEAKER)]),
        (DriftCheck("psi", 0.1), DriftCheck("psi", 0.1, None, 0.2), [("failing_share", Way.WEAKER)]),
        (PerformanceCheck("a", min=0.5), PerformanceCheck("b", min=0.5), [("all", Way.WEAKER), ("all", Way.TIGHTER)]),
        (
            PerformanceCheck("a", versus="champion", min_delta=-0.1),
            PerformanceCheck("a", versus="champion", min_delta=-0.2),
            [("min_delta", Way.WEAKER)],
        ),
        (
            PerformanceCheck("a", versus="champion", method="delong", confidence=0.95),
            PerformanceCheck("a", versus="champion", method="delong", confidence=0.9),
            [("confidence", Way.WEAKER)],
        ),
        (
            PerformanceCheck("a", versus="champion", method="delong"),
            PerformanceCheck("a", versus="champion", method="point"),
            [("method", Way.WEAKER), ("confidence", Way.NEUTRAL)],
        ),
        (
            PerformanceCheck("a", versus="champion", confidence=0.9),
            PerformanceCheck("a", versus="champion", confidence=0.8),
            [],  # a point has no interval
        ),
        (
            DriftCheck("ks", 0.1),
            DriftCheck("ks", 0.1, alpha=0.05),
            [("alpha", Way.WEAKER), ("correction", Way.NEUTRAL)],
        ),
        (DriftCheck("ks", 0.1, alpha=0.05), DriftCheck("ks", 0.1, alpha=0.01), [("alpha", Way.WEAKER)]),
        (
            DriftCheck("ks", 0.1, alpha=0.05, correction="none"),
            DriftCheck("ks", 0.1, alpha=0.05, correction="bh"),
            [("correction", Way.WEAKER)],
        ),
        (
            DriftCheck("ks", 0.1, alpha=0.05),
            DriftCheck("ks", 0.1, alpha=0.05, correction="bonferroni"),
            [("correction", Way.WEAKER)],
        ),
        (MissingCheck(0.1), MissingCheck(0.2), [("max_share", Way.WEAKER)]),
        (MissingCheck(0.1), MissingCheck(0.1, ("a",)), [("columns", Way.WEAKER)]),
        (OutlierCheck(0.1), OutlierCheck(0.2), [("max_share", Way.WEAKER)]),
        (OutlierCheck(0.1), OutlierCheck(0.1, factor=1.5), []),
        (OutlierCheck(0.1), OutlierCheck(0.1, factor=3), [("factor", Way.WEAKER)]),
        (OutlierCheck(0.1), OutlierCheck(0.1, method="mad"), [("all", Way.WEAKER), ("all", Way.TIGHTER)]),
        (FreshnessCheck("t", 60), FreshnessCheck("t", 90), [("max_age", Way.WEAKER)]),
        (FreshnessCheck("t", 60), FreshnessCheck("u", 60), [("all", Way.WEAKER), ("all", Way.TIGHTER)]),
        (
            PerformanceCheck("a", min=0.5, decide_on="interval"),
            PerformanceCheck("a", min=0.5),
            [("decide_on", Way.WEAKER), ("confidence", Way.NEUTRAL)],
        ),
        (
            PerformanceCheck("a", min=0.5, decide_on="interval"),
            PerformanceCheck("a", min=0.5, decide_on="interval", confidence=0.9),
            [("confidence", Way.WEAKER)],
        ),
        (ChampionCheck("a", "superior", 0.02), ChampionCheck("a", "superior", 0.01), [("margin", Way.WEAKER)]),
        (ChampionCheck("a", margin=0.01), ChampionCheck("a", margin=0.02), [("margin", Way.WEAKER)]),
        (
            ChampionCheck("a", "superior", 0.02),
            ChampionCheck("a", "non_inferior", 0.01),
            [("rule", Way.WEAKER), ("margin", Way.NEUTRAL)],
        ),
        (ChampionCheck("a", confidence=0.95), ChampionCheck("a", confidence=0.9), [("confidence", Way.WEAKER)]),
        (ChampionCheck("a"), ChampionCheck("a", method="paired_bootstrap"), [("method", Way.LOOK)]),
        (ChampionCheck("a", folds=5), ChampionCheck("a", folds=3), [("folds", Way.LOOK)]),
        (ChampionCheck("a", folds=5), ChampionCheck("a", folds=5, repeats=3), [("repeats", Way.LOOK)]),
        (ChampionCheck("a", "guardrail", 0.1), ChampionCheck("a", "guardrail", 0.2), [("margin", Way.WEAKER)]),
        (
            ChampionCheck("a", "guardrail", 0.1),
            ChampionCheck("a", margin=0.1),
            [("all", Way.WEAKER), ("all", Way.TIGHTER)],
        ),
        (CalibrationCheck("ece", 0.1), CalibrationCheck("ece", 0.2), [("max", Way.WEAKER)]),
        (CalibrationCheck("ece", 0.1), CalibrationCheck("ece", 0.1, 20), [("bins", Way.LOOK)]),
        (CalibrationCheck("brier", 0.1), CalibrationCheck("brier", 0.1, 20), []),
        (ResidualCheck("bias", 0.1), ResidualCheck("bias", 0.2), [("max", Way.WEAKER)]),
        (ResidualCheck("autocorrelation", min=1.5), ResidualCheck("autocorrelation", min=1), [("min", Way.WEAKER)]),
        (ResidualCheck("bias", 0.1, by="a"), ResidualCheck("bias", 0.1, by="b"), [("by", Way.LOOK)]),
        (
            ResidualCheck("bias", 0.1, by="a"),
            ResidualCheck("bias", 0.1, by="a", min_rows=90),
            [("min_rows", Way.WEAKER)],
        ),
        (
            StabilityCheck("a", folds=5, max_cv=0.1, max_gap=0.1),
            StabilityCheck("a", folds=5, max_cv=0.2, max_gap=0.2),
            [("max_cv", Way.WEAKER), ("max_gap", Way.WEAKER)],
        ),
        (StabilityCheck("a", folds=5, min=0.1), StabilityCheck("a", folds=9, min=0.1), [("folds", Way.LOOK)]),
        (StabilityCheck("a", seeds=(1, 2), min=0.1), StabilityCheck("a", seeds=(1, 3), min=0.1), [("seeds", Way.LOOK)]),
        (FairnessCheck("r", 0.8, 0.1), FairnessCheck("r", 0.7, 0.1), [("worst_to_best", Way.WEAKER)]),
        (FairnessCheck("r", 0.8, 0.1), FairnessCheck("r", 0.8), [("all", Way.WEAKER)]),
        (StabilityCheck("a", "t.e", max_std=0.1), StabilityCheck("a", "t.e", max_std=0.2), [("max_std", Way.WEAKER)]),
        (StabilityCheck("a", "t.e", max_std=0.1), StabilityCheck("a", "t.f", max_std=0.1), [("across", Way.LOOK)]),
    ],
)
def test_each_limit_has_its_direction(old: Any, new: Any, found: list[tuple[str, Way]]) -> None:
    kinds = {
        DriftCheck: "drift",
        PerformanceCheck: "performance",
        FairnessCheck: "fairness",
        StabilityCheck: "stability",
        MissingCheck: "missing",
        OutlierCheck: "outliers",
        FreshnessCheck: "freshness",
        ChampionCheck: "champion",
        CalibrationCheck: "calibration",
        ResidualCheck: "residuals",
    }
    kind = kinds[type(old)]
    assert ways(gate(kind, old), gate(kind, new)) == found
    back = {Way.WEAKER: Way.TIGHTER, Way.TIGHTER: Way.WEAKER, Way.LOOK: Way.LOOK, Way.NEUTRAL: Way.NEUTRAL}
    assert set(ways(gate(kind, new), gate(kind, old))) == {(name, back[way]) for name, way in found}


@pytest.mark.parametrize(
    ("name", "old", "new", "found"),
    [
        ("expect_x", {"column": "a", "mostly": 0.9}, {"column": "a", "mostly": 0.8}, [("mostly", Way.WEAKER)]),
        ("expect_x", {"column": "a"}, {"column": "a", "mostly": 0.9}, [("mostly", Way.WEAKER)]),
        ("expect_x", {"column": "a"}, {"column": "b"}, [("all", Way.WEAKER), ("all", Way.TIGHTER)]),
        ("expect_x", {"min_value": 1}, {"min_value": 0}, [("min_value", Way.WEAKER)]),
        ("expect_x", {"max_value": 1}, {}, [("max_value", Way.WEAKER)]),
        ("expect_x", {"strict_min": True}, {}, [("strict_min", Way.WEAKER)]),
        ("expect_x", {"or_equal": False}, {"or_equal": True}, [("or_equal", Way.WEAKER)]),
        ("expect_x", {"regex": "a"}, {"regex": "b"}, [("regex", Way.LOOK)]),
        ("expect_values_to_be_in_set", {"value_set": [1]}, {"value_set": [1, 2]}, [("value_set", Way.WEAKER)]),
        ("expect_values_to_not_be_in_set", {"value_set": [1, 2]}, {"value_set": [1]}, [("value_set", Way.WEAKER)]),
        ("expect_to_contain_set", {"value_set": [1, 2]}, {"value_set": [1]}, [("value_set", Way.WEAKER)]),
        ("expect_to_equal_set", {"value_set": [1, 2]}, {"value_set": [1]}, [("value_set", Way.LOOK)]),
        (
            "expect_table_columns_to_match_ordered_list",
            {"column_list": ["a", "b"]},
            {"column_list": ["b", "a"]},
            [("column_list", Way.LOOK)],
        ),
    ],
)
def test_arguments_of_expectations_have_a_direction_where_it_is_known(
    name: str, old: dict[str, Any], new: dict[str, Any], found: list[tuple[str, Way]]
) -> None:
    one, other = gate("quality", Expectation(name, old)), gate("quality", Expectation(name, new))
    assert ways(one, other) == found
    assert ways(one, one) == []


def test_no_method_is_stricter_than_another_test(desk: Desk) -> None:
    assert METHOD("point", "delong") is Way.TIGHTER
    assert METHOD("delong", "paired_bootstrap") is Way.LOOK
    asked = [ask for item in desk.subject().spec.gates.values() for ask in asks(item)]
    assert all(isinstance(ask, Ask) and ask.values.keys() >= ask.rules.keys() for ask in asked)
    assert {ask.index for ask in asked} == {0, 1, 2}
