"""Fairness gates: groups side by side, small ones shown and not judged, missing values a group of their own."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from modelsync.core.checks import FairnessCheck, Label, Slices
from modelsync.core.verdict import Check, Outcome, Verdict
from modelsync.gates.judging import judge
from modelsync.gates.question import Question

PASS, FAIL, ERROR = Outcome.PASS, Outcome.FAIL, Outcome.ERROR
SKIPPED, OPEN = Outcome.SKIPPED, Outcome.INCONCLUSIVE


class _Says:
    """A model that says what stands in the column `said`."""

    feature_names_in_ = ("said",)
    classes_ = (0, 1)

    def predict(self, inputs: pd.DataFrame) -> Any:
        return inputs["said"].to_numpy()

    def predict_proba(self, inputs: pd.DataFrame) -> Any:
        said = inputs["said"].to_numpy()
        return np.column_stack([1 - said, said])


def _table(**groups: tuple[int, int, int, int]) -> pd.DataFrame:
    """Rows by group: true positives, missed ones, false alarms, true negatives."""
    parts = []
    for name, counts in groups.items():
        rows = [(1, 1)] * counts[0] + [(1, 0)] * counts[1] + [(0, 1)] * counts[2] + [(0, 0)] * counts[3]
        parts.append(pd.DataFrame(rows, columns=["y", "said"]).assign(group=None if name == "missing" else name))
    return pd.concat(parts, ignore_index=True)


ALIKE = {"a": (40, 10, 10, 40), "b": (30, 20, 5, 45)}
MANY = {"a": (800, 200, 200, 800), "b": (600, 400, 100, 900)}  # the same shares, and hardly any chance in them


def _judge(table: pd.DataFrame, *checks: FairnessCheck, by: tuple[str, ...] = ("group",), **more: Any) -> Verdict:
    settings: dict[str, Any] = {"model": _Says(), "slices": Slices(by, 50), "label": Label("y", 1), **more}
    return judge(Question("f", "fairness", table=table, checks=checks, **settings))


def _by_id(verdict: Verdict) -> dict[str, Check]:
    return {check.id: check for check in verdict.checks}


@pytest.mark.parametrize(
    ("metric", "a", "b"),
    [
        ("recall", 0.8, 0.6),
        ("fnr", 0.2, 0.4),
        ("fpr", 0.2, 0.1),
        ("precision", 0.8, 30 / 35),
        ("accuracy", 0.8, 0.75),
        ("selection_rate", 0.5, 0.35),
        ("roc_auc", 0.8, 0.75),
        ("recall_score", 0.8, 0.6),
    ],
)
def test_every_metric_by_hand(metric: str, a: float, b: float) -> None:
    verdict = _judge(_table(**MANY), FairnessCheck(metric, worst_to_best=0.9, max_difference=0.15))
    found = _by_id(verdict)
    assert found[f"{metric}.group.a"].value == pytest.approx(a)
    assert found[f"{metric}.group.b"].value == pytest.approx(b)
    ratio, gap = found[f"{metric}.group"], found[f"{metric}.group.difference"]
    assert ratio.value == pytest.approx(min(a, b) / max(a, b))
    assert gap.value == pytest.approx(abs(a - b))
    assert ratio.outcome is (PASS if min(a, b) / max(a, b) >= 0.9 else FAIL)
    assert gap.outcome is (PASS if abs(a - b) <= 0.15 else FAIL)
    assert ratio.n == 4000


def test_equalized_odds_is_the_worse_of_two_gaps() -> None:
    """Recall .8 and .6, false positive rate .2 and .1: the gap is .2 and the ratio .5, each from another rate."""
    verdict = _judge(_table(**MANY), FairnessCheck("equalized_odds", worst_to_best=0.7, max_difference=0.1))
    found = _by_id(verdict)
    assert found["equalized_odds.group"].value == pytest.approx(0.5)
    assert found["equalized_odds.group.difference"].value == pytest.approx(0.2)
    assert found["equalized_odds.group"].note == "recall: b 0.600, a 0.800; fpr: b 0.100, a 0.200"
    assert found["equalized_odds.group.a.recall"].value == pytest.approx(0.8)
    assert found["equalized_odds.group.b.fpr"].value == pytest.approx(0.1)
    assert verdict.outcome is FAIL
    assert {check.asked for check in verdict.checks} == {0}


@pytest.mark.parametrize(
    ("synonym", "metric"), [("demographic_parity", "selection_rate"), ("equal_opportunity", "recall")]
)
def test_the_field_has_other_names(synonym: str, metric: str) -> None:
    ours, theirs = (_judge(_table(**ALIKE), FairnessCheck(name, 0.8, 0.1)) for name in (synonym, metric))
    assert [check.value for check in ours.checks] == [check.value for check in theirs.checks]
    assert ours.checks[0].statistic == f"ratio of the lowest to the highest {synonym}"


def test_odds_that_can_be_compared_only_in_part_are_undecided_unless_they_fail() -> None:
    """Two groups without positive rows: their false alarms can be compared, their recall can't."""
    table = _table(a=(0, 0, 10, 50), b=(0, 0, 20, 40))
    table.loc[0, "y"] = 1  # one positive row in all of them, so that the class is known
    (open_,) = (
        check for check in _judge(table, FairnessCheck("equalized_odds", max_difference=0.5)).checks if check.decides
    )
    assert open_.outcome is OPEN
    assert "recall: 0 groups with enough rows" in open_.note
    (failed,) = (
        check for check in _judge(table, FairnessCheck("equalized_odds", max_difference=0.1)).checks if check.decides
    )
    assert failed.outcome is FAIL


def test_groups_show_how_sure_they_are() -> None:
    found = _by_id(_judge(_table(**ALIKE), FairnessCheck("recall", 0.5), FairnessCheck("roc_auc", 0.5)))
    group = found["recall.group.a"]
    assert group.interval == pytest.approx((0.6696, 0.8876), abs=1e-4)  # Wilson for 40 of 50
    assert group.note == "of 50 rows"
    assert (group.n, group.decides) == (100, False)
    assert found["roc_auc.group.a"].interval is None


def test_a_share_of_a_handful_of_rows_is_not_judged() -> None:
    """The pitfall: 100 rows are enough and hold 3 positive ones; a recall of 0 of 3 says nothing of the group."""
    found = _by_id(verdict := _judge(_table(**ALIKE, rare=(0, 3, 10, 87)), FairnessCheck("recall", 0.7)))
    assert verdict.outcome is PASS
    assert found["recall.group.rare"].outcome is SKIPPED
    assert found["recall.group.rare"].note == "not judged: recall counts only 3 of its rows"


def test_the_reason_names_the_groups() -> None:
    verdict = _judge(_table(**MANY), FairnessCheck("recall", worst_to_best=0.8))
    assert verdict.outcome is FAIL
    assert verdict.reason == (
        "ratio of the lowest to the highest recall of group is 0.75, must be >= 0.8 (b 0.600, a 0.800)"
    )
    assert verdict.params["checks"] == [{"metric": "recall", "worst_to_best": 0.8}]
    assert (verdict.params["by"], verdict.params["min_rows"]) == (["group"], 50)


def test_a_small_group_is_shown_and_not_judged() -> None:
    """One row makes a group with recall 0: a gate must not stop for it."""
    found = _by_id(verdict := _judge(_table(**ALIKE, tiny=(0, 1, 0, 0)), FairnessCheck("recall", worst_to_best=0.7)))
    assert verdict.outcome is PASS
    assert found["recall.group.tiny"].outcome is SKIPPED
    assert (found["recall.group.tiny"].value, found["recall.group.tiny"].n) == (0.0, 1)
    assert "fewer than 50 rows" in found["recall.group.tiny"].note
    assert "1 group not judged" in found["recall.group"].note


def test_missing_values_are_a_group() -> None:
    found = _by_id(_judge(_table(a=(40, 10, 10, 40), missing=(0, 50, 0, 10)), FairnessCheck("recall", 0.8)))
    assert found["recall.group.(missing)"].value == 0.0
    assert found["recall.group"].outcome is FAIL


def test_a_group_without_the_rows_a_metric_counts() -> None:
    table = _table(**ALIKE, never=(0, 0, 10, 50), only=(60, 0, 0, 0))
    found = _by_id(_judge(table, FairnessCheck("recall", 0.5), FairnessCheck("roc_auc", 0.5)))
    assert found["recall.group.never"].outcome is SKIPPED
    assert "not defined in this group" in found["recall.group.never"].note
    assert found["roc_auc.group.only"].outcome is SKIPPED
    assert "2 groups not judged" in found["roc_auc.group"].note


def test_one_group_alone_is_undecided() -> None:
    verdict = _judge(_table(a=(40, 10, 10, 40)), FairnessCheck("recall", 0.8))
    assert verdict.outcome is OPEN
    assert "1 group with enough rows, and two are needed" in verdict.reason


def test_groups_that_are_all_at_zero_are_alike() -> None:
    table = _table(a=(0, 50, 0, 10), b=(0, 50, 0, 10), c=(0, 0, 1, 1))
    assert _by_id(_judge(table, FairnessCheck("recall", 0.8)))["recall.group"].value == 1.0


def test_each_column_by_itself() -> None:
    table = _table(**ALIKE).assign(half=[0, 1] * 100)
    verdict = _judge(table, FairnessCheck("accuracy", 0.5), by=("group", "half"))
    assert [check.id for check in verdict.checks] == [
        "accuracy.group",
        "accuracy.group.a",
        "accuracy.group.b",
        "accuracy.half",
        "accuracy.half.0",
        "accuracy.half.1",
    ]


def test_what_cannot_be_judged() -> None:
    table = _table(**ALIKE).assign(number=range(200))
    verdict = _judge(
        table,
        FairnessCheck("recal", 0.8),
        FairnessCheck("zzzzzz", 0.8),
        FairnessCheck("recall"),
        FairnessCheck("accuracy", 0.5),
    )
    assert [check.outcome for check in verdict.checks[:3]] == [ERROR] * 3
    assert "did you mean `recall`" in verdict.checks[0].note
    assert "there are accuracy" in verdict.checks[1].note
    assert "neither `worst_to_best` nor `max_difference`" in verdict.checks[2].note
    assert verdict.checks[3].outcome is PASS
    assert "no column `grp`; did you mean `group`" in _judge(table, FairnessCheck("recall", 0.8), by=("grp",)).reason
    assert "200 different values" in _judge(table, FairnessCheck("recall", 0.8), by=("number",)).reason
    assert "names no groups" in _judge(table, FairnessCheck("recall", 0.8), slices=None).reason


def test_a_model_that_raises() -> None:
    class Raises(_Says):
        def predict(self, inputs: pd.DataFrame) -> Any:
            raise RuntimeError("no memory")

    verdict = _judge(_table(**ALIKE), FairnessCheck("recall", 0.8), model=Raises())
    assert verdict.outcome is ERROR
    assert "RuntimeError: no memory" in verdict.reason


def test_a_real_model(cancer: Any) -> None:
    verdict = judge(
        Question(
            "f",
            "fairness",
            table=cancer.test,
            model=cancer.model,
            label=Label("diagnosis", "malignant"),
            slices=Slices(("site",), 50),
            checks=(FairnessCheck("recall", worst_to_best=0.8),),
        )
    )
    assert verdict.outcome is PASS
    assert {check.subject for check in verdict.checks[1:]} == {"site = a", "site = b", "site = (missing)"}


def _drawn(seed: int, rows: int, *rates: float) -> pd.DataFrame:
    """Groups whose positive rows are found with these rates, as chance has it."""
    random = np.random.default_rng(seed)
    group = np.repeat(np.arange(len(rates)), rows)
    y = random.integers(0, 2, len(group))
    right = random.random(len(group)) < np.array(rates)[group]
    return pd.DataFrame({"y": y, "said": np.where(right, y, 1 - y), "group": group})


@pytest.mark.parametrize(
    "check",
    [
        FairnessCheck("equal_opportunity", max_difference=0.1),
        FairnessCheck("recall", worst_to_best=0.8),
        FairnessCheck("equalized_odds", max_difference=0.1),
        FairnessCheck("accuracy", worst_to_best=0.9, max_difference=0.05),
        FairnessCheck("roc_auc", max_difference=0.05),
    ],
    ids=lambda check: check.metric,
)
def test_a_fair_model_fails_in_one_case_of_twenty(check: FairnessCheck) -> None:
    """Six groups of 60 rows and one rate of 0.8: as measured, `max_difference: 0.1` fails in 9 of 10 cases."""
    fails = sum(_judge(_drawn(seed, 60, *[0.8] * 6), check).outcome is not PASS for seed in range(60))
    assert fails <= 8  # 3 of 60 are expected; more than 8 are seen in 1 of 250 runs of so many


@pytest.mark.parametrize(
    ("bound", "direction"), [({"worst_to_best": 0.8}, ">="), ({"max_difference": 0.1}, "<=")], ids=["ratio", "gap"]
)
def test_the_bound_gives_way_to_chance_and_says_so(bound: dict[str, float], direction: str) -> None:
    check, *_ = _judge(_table(a=(35, 5, 10, 10), b=(28, 12, 5, 15)), FairnessCheck("recall", **bound)).checks
    assert (check.outcome, check.direction) == (PASS, direction)
    assert check.noise is not None and check.noise == check.threshold
    assert (check.noise < 0.8) if direction == ">=" else (check.noise > 0.1)
    assert "to what groups that are alike show by chance" in check.note
    assert check.bound == next(iter(bound))
    many, *_ = _judge(_table(**MANY), FairnessCheck("recall", **bound)).checks
    assert (many.outcome, many.threshold) == (FAIL, next(iter(bound.values())))
    assert many.noise is not None  # a replay needs it under other bounds


@pytest.mark.parametrize("metric", ["recall", "selection_rate", "equalized_odds", "roc_auc"])
def test_gross_unfairness_is_no_chance(metric: str) -> None:
    """0.3 against 0.8 in 200 rows."""
    table = (
        _table(a=(40, 10, 40, 10), b=(15, 35, 15, 35))
        if metric != "roc_auc"
        else _table(a=(48, 2, 2, 48), b=(25, 25, 25, 25))
    )
    verdict = _judge(table, FairnessCheck(metric, worst_to_best=0.8, max_difference=0.1))
    assert [check.outcome for check in verdict.checks if check.decides] == [FAIL, FAIL]


def test_where_chance_is_too_loud_nothing_is_said() -> None:
    """Five false alarms in 100 rows against none: equal groups show as much, and so do groups of one to five."""
    table = _table(a=(10, 0, 3, 57), b=(10, 0, 0, 60))
    ratio, gap, *_ = _judge(table, FairnessCheck("fpr", worst_to_best=0.8, max_difference=0.1)).checks
    assert (ratio.outcome, ratio.bound) == (OPEN, "worst_to_best")
    assert ratio.note.endswith("on so few rows, nothing could be found")
    assert gap.outcome is PASS
    small = Slices(("group",), 20)
    some = _judge(_drawn(1, 24, *[0.5] * 12), FairnessCheck("recall", max_difference=0.1), slices=small).checks[0]
    assert some.noise is not None and some.noise >= 0.5
    assert some.outcome is OPEN
