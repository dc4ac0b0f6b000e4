"""Performance gates: bounds, comparisons, and what happens when one can't be made."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from modelsync.core.checks import Label, PerformanceCheck, Slices, WhenAbsent
from modelsync.core.verdict import Check, Outcome, Verdict
from modelsync.gates.comparison import Difference
from modelsync.gates.judging import judge
from modelsync.gates.performance import decide
from modelsync.gates.question import GateError, Question

PASS, FAIL, ERROR, OPEN = Outcome.PASS, Outcome.FAIL, Outcome.ERROR, Outcome.INCONCLUSIVE


def _judge(cancer: Any, *checks: PerformanceCheck, **more: Any) -> Verdict:
    settings = {
        "table": cancer.test,
        "model": cancer.model,
        "champion": cancer.champion,
        "label": Label("diagnosis", "malignant"),
        **more,
    }
    return judge(Question("p", "performance", checks=checks, **settings))


def _versus(metric: str = "roc_auc", **more: Any) -> PerformanceCheck:
    return PerformanceCheck(metric, versus="champion", **more)


def test_bounds(cancer: Any) -> None:
    verdict = _judge(
        cancer,
        PerformanceCheck("roc_auc", min=0.9),
        PerformanceCheck("brier_score_loss", max=0.01),
        PerformanceCheck("recall", min=0.5, max=0.6),
    )
    found = {check.id: check for check in verdict.checks}
    assert [check.outcome for check in verdict.checks] == [PASS, FAIL, PASS, FAIL]
    assert found["brier_score_loss.max"].direction == "<="
    assert found["recall.min"].value == found["recall.max"].value
    assert found["roc_auc.min"].n == 284
    assert verdict.outcome is FAIL
    assert verdict.reason.startswith("brier_score_loss of the model is 0.02241, must be <= 0.01; recall of the model")
    assert verdict.engine.startswith("scikit-learn ")
    assert verdict.params["label"] == {"column": "diagnosis", "positive": "malignant"}


def test_against_the_champion(cancer: Any) -> None:
    verdict = _judge(cancer, _versus(min_delta=-0.02, method="paired_bootstrap"), seed=3)
    (check,) = verdict.checks
    assert verdict.outcome is PASS
    assert check.interval is not None
    assert check.interval[0] >= -0.02
    assert "model 0.9924, champion" in check.note
    assert "seed 3" in check.note
    assert verdict.params["checks"][0]["min_delta"] == -0.02


def test_a_better_number_alone_proves_nothing(cancer: Any) -> None:
    """The candidate is ahead, and these rows can't tell whether that is more than chance."""
    check = _versus(method="delong")
    held = _judge(cancer, check)
    assert held.outcome is OPEN
    assert held.reason.startswith("undecided: roc_auc minus the champion's is 0.00")
    assert "these rows can't tell" in held.reason
    passed = _judge(cancer, check, inconclusive=WhenAbsent.PASS)
    assert passed.outcome is PASS
    assert "`inconclusive: pass` decides" in passed.reason
    assert _judge(cancer, check, inconclusive=WhenAbsent.FAIL).outcome is FAIL
    assert _judge(cancer, _versus()).outcome is PASS  # `point` asks for no more than the number


def test_worse_is_worse(cancer: Any) -> None:
    swapped = {"model": cancer.champion, "champion": cancer.model}
    verdict = _judge(cancer, _versus("accuracy", method="mcnemar"), **swapped)
    assert verdict.outcome is FAIL
    assert verdict.checks[0].value is not None
    assert verdict.checks[0].value < 0
    less = _judge(cancer, _versus("log_loss", method="paired_bootstrap"), **swapped)
    assert less.outcome is FAIL
    assert less.reason.startswith("the champion's log_loss minus ours is -")


@pytest.mark.parametrize(
    ("no_reference", "expected"), [(WhenAbsent.PASS, PASS), (WhenAbsent.FAIL, FAIL), (WhenAbsent.HOLD, OPEN)]
)
def test_without_a_champion(cancer: Any, no_reference: WhenAbsent, expected: Outcome) -> None:
    verdict = _judge(
        cancer,
        PerformanceCheck("roc_auc", min=0.9),
        _versus(),
        _versus(method="delong"),
        champion=None,
        no_reference=no_reference,
        inconclusive=WhenAbsent.PASS,
    )
    assert verdict.outcome is expected
    assert [check.outcome for check in verdict.checks] == [PASS, expected, expected]
    assert "no champion yet" in verdict.reason
    assert len({check.id for check in verdict.checks}) == 3


def test_a_champion_that_cannot_predict(cancer: Any) -> None:
    verdict = _judge(
        cancer,
        PerformanceCheck("roc_auc", min=0.9),
        _versus(),
        table=cancer.test.rename(columns={"mean area": "area"}),
        model=_Broken(fine=True),
        features=("area",),
    )
    assert [check.outcome for check in verdict.checks] == [ERROR, ERROR]
    assert "the champion needs 'mean area'" in verdict.checks[1].note
    broken = _judge(cancer, PerformanceCheck("roc_auc", min=0.9), _versus(), champion=_Broken())
    assert [check.outcome for check in broken.checks] == [PASS, ERROR]
    assert broken.outcome is ERROR
    margin = _judge(cancer, _versus("brier_score_loss"), champion=cancer.margin)
    assert "the champion (Pipeline) gives no probabilities" in margin.reason
    assert "the champion can't predict on these rows: ValueError: input has 3 features" in broken.reason


class _Broken:
    """A model whose prediction raises."""

    classes_ = ("benign", "malignant")

    def __init__(self, fine: bool = False) -> None:
        self.fine = fine

    def predict_proba(self, inputs: pd.DataFrame) -> Any:
        if self.fine:
            return np.full((len(inputs), 2), np.nan)
        raise ValueError("input has 3 features\nand more lines")


def test_one_broken_metric_leaves_the_others(cancer: Any) -> None:
    verdict = _judge(
        cancer,
        PerformanceCheck("roc_auc", min=0.9),
        PerformanceCheck("rocauc", min=0.9),
        PerformanceCheck("mae", max=1),
        PerformanceCheck("roc_auc"),
    )
    assert [check.outcome for check in verdict.checks] == [PASS, ERROR, ERROR, ERROR]
    assert "neither `min`, `max` nor `versus`" in verdict.reason
    broken = _judge(cancer, PerformanceCheck("roc_auc", min=0.9), model=_Broken())
    assert "ValueError: input has 3 features" in broken.reason


def test_a_model_with_columns_that_are_not_there(cancer: Any) -> None:
    verdict = _judge(cancer, PerformanceCheck("roc_auc", min=0.9), table=cancer.test.drop(columns="mean area"))
    assert verdict.outcome is ERROR
    assert "the model needs 'mean area'" in verdict.reason


def test_regression(diabetes: Any) -> None:
    verdict = judge(
        Question(
            "p",
            "performance",
            table=diabetes.test,
            model=diabetes.model,
            champion=diabetes.champion,
            label=Label("progression"),
            checks=(
                PerformanceCheck("r2", min=0.4),
                _versus("rmse", method="paired_bootstrap", min_delta=-5.0),
                PerformanceCheck("mean_absolute_error", max=100),
            ),
        )
    )
    assert verdict.outcome is PASS
    assert verdict.reason == "3 of 3 checks hold"


def test_several_classes(wine: Any) -> None:
    verdict = judge(
        Question(
            "p",
            "performance",
            table=wine.test,
            model=wine.model,
            champion=wine.champion,
            label=Label("kind"),
            checks=(PerformanceCheck("f1_macro", min=0.9), _versus("f1_macro", method="paired_bootstrap")),
        )
    )
    assert verdict.outcome is PASS


@pytest.mark.parametrize(
    ("interval", "expected"),
    [((0.0, 0.1), PASS), ((-0.1, -0.01), FAIL), ((-0.1, 0.0), OPEN), ((-0.1, 0.1), OPEN), (None, PASS)],
)
def test_the_decision(interval: tuple[float, float] | None, expected: Outcome) -> None:
    assert decide(Difference(0.05, interval), 0.0) is expected


def test_no_decision_without_a_finite_interval() -> None:
    with pytest.raises(GateError, match="no finite interval"):
        decide(Difference(0.0, (float("nan"), 1.0)), 0.0)


def test_every_metric_shows_how_sure_it_is(cancer: Any) -> None:
    checks = _judge(cancer, PerformanceCheck("roc_auc", min=0.9), PerformanceCheck("f1", min=0.5, max=0.99)).checks
    for check in checks:
        assert check.interval is not None and check.value is not None
        assert check.interval[0] <= check.value <= check.interval[1]
        assert check.interval[0] < check.interval[1]
    assert [check.asked for check in checks] == [0, 1, 1]
    assert [check.bound for check in checks] == ["min", "min", "max"]


@pytest.mark.parametrize(
    ("bound", "expected"),
    [({"min": 0.8}, PASS), ({"min": 0.93}, OPEN), ({"min": 0.99}, FAIL), ({"max": 0.99}, PASS), ({"max": 0.8}, FAIL)],
)
def test_the_whole_interval_must_hold_the_bound(cancer: Any, bound: dict[str, Any], expected: Outcome) -> None:
    verdict = _judge(
        cancer, PerformanceCheck("accuracy", **bound, decide_on="interval", confidence=0.9), model=cancer.champion
    )
    (check,) = verdict.checks
    assert check.value is not None and check.interval is not None
    assert check.outcome is expected, check
    assert "90% Wilson interval 0.9" in check.note
    assert verdict.params["checks"][0]["decide_on"] == "interval"
    assert ("it holds the bound: these rows can't tell" in check.note) is (expected is OPEN)


def test_a_point_just_above_the_bound_is_undecided_when_the_interval_decides(cancer: Any) -> None:
    at = _judge(cancer, PerformanceCheck("accuracy", min=0.0)).checks[0].value
    assert at is not None
    assert _judge(cancer, PerformanceCheck("accuracy", min=at)).outcome is PASS
    assert _judge(cancer, PerformanceCheck("accuracy", min=at, decide_on="interval")).outcome is OPEN
    unknown = _judge(cancer, PerformanceCheck("accuracy", min=at, decide_on="luck"))
    assert "`decide_on: luck` is unknown" in unknown.reason


class _Flags:
    """A model that says what stands in the column `said`."""

    feature_names_in_ = ("said",)
    classes_ = (0, 1)

    def __init__(self) -> None:
        self.asked = 0

    def predict(self, inputs: pd.DataFrame) -> Any:
        self.asked += 1
        return inputs["said"].to_numpy()

    def predict_proba(self, inputs: pd.DataFrame) -> Any:
        said = inputs["said"].to_numpy()
        return np.column_stack([1 - said, said])


def _sliced(*checks: PerformanceCheck, min_rows: int = 50, model: Any = None) -> Verdict:
    """Two plans, of which one is served badly, one without positive rows, a tiny one and rows without a plan."""
    parts = {
        "good": (90, 10, 10, 90),
        "bad": (20, 40, 5, 35),
        "none": (0, 0, 10, 60),
        "tiny": (0, 3, 0, 0),
        None: (40, 10, 5, 5),
    }
    rows = [
        (plan, y, said)
        for plan, counts in parts.items()
        for (y, said), count in zip(((1, 1), (1, 0), (0, 1), (0, 0)), counts, strict=True)
        for _ in range(count)
    ]
    table = pd.DataFrame(rows, columns=["plan", "y", "said"])
    return judge(
        Question(
            "p",
            "performance",
            table=table,
            model=model or _Flags(),
            label=Label("y", 1),
            slices=Slices(("plan",), min_rows),
            checks=checks,
        )
    )


def test_a_good_whole_can_hide_a_bad_slice() -> None:
    verdict = _sliced(PerformanceCheck("recall", min=0.6), PerformanceCheck("accuracy", min=0.4))
    found = {check.id: check for check in verdict.checks}
    assert found["recall.min"].outcome is PASS
    bad = found["recall.plan.bad.min"]
    assert (bad.outcome, bad.n, bad.subject) == (FAIL, 100, "plan = bad")
    assert bad.value == pytest.approx(20 / 60)
    assert bad.interval is not None
    assert found["recall.plan.good.min"].outcome is PASS
    assert found["recall.plan.(missing).min"].value == pytest.approx(0.8)
    assert found["accuracy.plan.none.min"].value == pytest.approx(60 / 70)
    assert verdict.reason == (
        "recall of plan = bad is 0.3333, must be >= 0.55 (min 0.6 lowered to what so few rows show by chance)"
    )
    assert verdict.params["by"] == ["plan"]
    assert {check.asked for check in verdict.checks if check.id.startswith("accuracy")} == {1}


def test_slices_that_say_nothing_are_shown_and_not_judged() -> None:
    """Without positive rows scikit-learn calls a recall 0: a gate must not stop for it."""
    checks = tuple(PerformanceCheck(name, min=0.1) for name in ("recall", "precision", "f1", "roc_auc"))
    found = {check.id: check for check in _sliced(*checks).checks}
    for name in ("recall", "f1"):
        none = found[f"{name}.plan.none"]
        assert (none.outcome, none.value, none.decides) == (Outcome.SKIPPED, None, False)
        assert none.note == f"not judged: {name} counts none of its rows"
    assert "only one class" in found["roc_auc.plan.none"].note
    assert found["precision.plan.none.min"].outcome is FAIL  # ten alarms, all of them false
    assert found["precision.plan.tiny"].note == "not judged: fewer than 50 rows"
    assert found["recall.plan.tiny"].value == 0.0


def test_the_model_is_asked_once_for_all_slices() -> None:
    model = _Flags()
    _sliced(PerformanceCheck("recall", min=0.6), PerformanceCheck("accuracy", min=0.4), model=model)
    assert model.asked == 1


def test_slices_by_interval_and_of_columns_that_are_not_there(cancer: Any) -> None:
    verdict = _sliced(PerformanceCheck("recall", min=0.85, decide_on="interval"))
    found = {check.id: check.outcome for check in verdict.checks}
    assert found["recall.plan.good.min"] is OPEN
    assert found["recall.plan.bad.min"] is FAIL
    lacking = _judge(cancer, PerformanceCheck("roc_auc", min=0.9), slices=Slices(("sit",), 50))
    assert lacking.outcome is ERROR
    assert "no column `sit`; did you mean `site`" in lacking.reason


def test_ids_are_unique(cancer: Any) -> None:
    verdict = _judge(
        cancer, _versus(), _versus(method="delong"), PerformanceCheck("f1", min=0), PerformanceCheck("f1", min=0)
    )
    assert [check.id for check in verdict.checks] == ["roc_auc.champion", "roc_auc.champion[2]", "f1.min", "f1[2].min"]


def test_it_survives_json(cancer: Any) -> None:
    verdict: Verdict = _judge(cancer, _versus(method="delong"))
    assert Verdict.from_json(verdict.to_json()) == verdict
    assert isinstance(verdict.checks[0], Check)


def _of(right: int, wrong: int, *checks: PerformanceCheck) -> Verdict:
    """Rows of both classes in turn, the first of them right."""
    y = np.arange(right + wrong) % 2
    table = pd.DataFrame({"y": y, "said": np.where(np.arange(right + wrong) < right, y, 1 - y), "other": 1 - y})
    return judge(
        Question(
            "p",
            "performance",
            table=table,
            model=_Flags(),
            champion=_Wrong(),
            label=Label("y", 1),
            checks=checks,
        )
    )


class _Wrong(_Flags):
    """A model that is wrong in every row."""

    feature_names_in_ = ("other",)

    def predict(self, inputs: pd.DataFrame) -> Any:
        return inputs["other"].to_numpy()

    def predict_proba(self, inputs: pd.DataFrame) -> Any:
        said = inputs["other"].to_numpy()
        return np.column_stack([1 - said, said])


@pytest.mark.parametrize("metric", ["accuracy", "recall", "precision", "f1", "roc_auc", "balanced_accuracy"])
def test_rows_that_are_all_right_leave_doubt(metric: str) -> None:
    """The pitfall: every resample of perfect rows is perfect, so a bootstrap calls three of them certain."""
    check = PerformanceCheck(metric, min=0.95, decide_on="interval")
    for rows in (2, 3, 10, 18):
        (few,) = _of(rows, 0, check).checks
        assert (few.outcome, few.bound) == (OPEN, ""), few
        assert few.note.endswith("it rests on fewer than 20 rows, too few to tell")
    (some,) = _of(60, 0, check).checks
    assert (some.outcome, some.bound) == (OPEN, "min")
    assert some.interval is not None and some.interval[0] < 0.95 < some.interval[1] <= 1
    assert _of(400, 0, check).checks[0].outcome is PASS


def test_a_share_has_the_interval_of_wilson() -> None:
    """45 of 50: statsmodels' proportion_confint(45, 50, method="wilson") is 0.7864 to 0.9565."""
    (check,) = _of(45, 5, PerformanceCheck("accuracy", min=0.7, decide_on="interval")).checks
    assert check.interval == pytest.approx((0.78640, 0.95652), abs=1e-5)
    assert check.note.startswith("95% Wilson interval 0.7864 to 0.9565")
    assert check.outcome is PASS


def test_a_model_that_is_too_bad_passes_by_luck_in_few_cases() -> None:
    """True accuracy 0.90 against a least of 0.95: by bootstrap 59 % passed with 5 rows and 12 % with 20."""
    check = PerformanceCheck("accuracy", min=0.95, decide_on="interval")
    drawn = np.random.default_rng(0).binomial(20, 0.9, 100).tolist()
    passes = sum(_of(right, 20 - right, check).outcome is PASS for right in drawn)
    assert passes <= 5


@pytest.mark.parametrize(("metric", "method"), [("accuracy", "paired_bootstrap"), ("roc_auc", "delong")])
def test_four_rows_prove_no_advance(metric: str, method: str) -> None:
    advance = _versus(metric, min_delta=0.5, method=method)
    (few,) = _of(4, 0, advance).checks
    assert (few.outcome, few.bound) == (OPEN, "")
    assert few.note.endswith("it rests on fewer than 20 rows, too few to tell")
    assert _of(40, 0, advance).checks[0].outcome is PASS
    assert _of(4, 0, _versus(metric, min_delta=0.5)).outcome is PASS  # `point` asks for no more than the number


def test_predictions_that_are_missing_are_an_error() -> None:
    """The pitfall: a third of the predictions missing counted as negative, and precision and recall passed."""

    class Silent(_Flags):
        def predict(self, inputs: pd.DataFrame) -> Any:
            return np.where(np.arange(len(inputs)) % 3 == 0, np.nan, inputs["said"])

    for name in ("precision", "recall", "f1", "accuracy", "f1_macro"):
        verdict = _sliced(PerformanceCheck(name, min=0.1), model=Silent())
        assert verdict.outcome is ERROR
        assert "the model predicts nothing for 145 of 433 rows" in verdict.reason


def _areas(seed: int, *spreads: float) -> pd.DataFrame:
    """Slices of 55 rows; 0.37 times a spread of 1 is an area under the curve of 0.91."""
    random = np.random.default_rng(seed)
    slice_ = np.repeat(np.arange(len(spreads)), 55)
    x = random.random(len(slice_))
    steep = np.clip((x - 0.5) * 1.35 * np.array(spreads)[slice_] + 0.5, 0, 1)
    y = (random.random(len(slice_)) < steep).astype(int)
    return pd.DataFrame({"said": x, "y": y, "plan": slice_})


def _in_slices(table: pd.DataFrame, *checks: PerformanceCheck) -> Verdict:
    settings: dict[str, Any] = {"model": _Flags(), "label": Label("y", 1), "slices": Slices(("plan",), 50)}
    return judge(Question("p", "performance", table=table, checks=checks, **settings))


def test_a_model_that_is_as_good_everywhere_fails_in_one_slice_by_chance_in_one_case_of_twenty() -> None:
    """An area of 0.91 in every one of ten slices: as measured, a least of 0.85 fails in 54 % of such gates."""
    check = PerformanceCheck("roc_auc", min=0.85)
    fails = sum(_in_slices(_areas(seed, *[1.0] * 10), check).outcome is FAIL for seed in range(10))
    assert fails <= 2  # half a gate of 10 is expected at most
    bad = _in_slices(_areas(1, *[1.0] * 9, 0.0), check)
    assert bad.outcome is FAIL
    assert [check.subject for check in bad.checks if check.outcome is FAIL] == ["plan = 9"]


def test_a_bound_of_a_slice_gives_way_to_chance_and_says_so() -> None:
    for check in _in_slices(_areas(3, *[1.0] * 10), PerformanceCheck("roc_auc", min=0.88)).checks[1:]:
        assert check.noise is not None and check.noise < 0.88
        assert (check.threshold, check.outcome, check.bound) == (check.noise, PASS, "min")
        assert check.note == "min 0.88 lowered to what so few rows show by chance"
    for check in _in_slices(_areas(3, *[1.0] * 10), PerformanceCheck("brier_score_loss", max=0.12)).checks[1:]:
        assert check.noise is not None and check.noise > 0.12
        assert (check.threshold, check.outcome) == (check.noise, PASS)
        assert check.note == "max 0.12 raised to what so few rows show by chance"
    loose, *_ = _in_slices(_areas(3, *[1.0] * 10), PerformanceCheck("roc_auc", min=0.5)).checks[1:]
    assert (loose.threshold, loose.note) == (0.5, "")
    assert loose.noise is not None  # a replay needs it under other bounds


def test_a_slice_with_a_handful_of_the_rows_that_count_is_not_judged() -> None:
    table = pd.DataFrame({"plan": np.repeat(["a", "b"], 100), "said": 0, "y": [1, 0] * 50 + [1] * 3 + [0] * 97})
    table.loc[:90, "said"] = table["y"]
    found = {check.id: check for check in _in_slices(table, PerformanceCheck("recall", min=0.5)).checks}
    assert found["recall.plan.a.min"].outcome is PASS
    assert found["recall.plan.b"].outcome is Outcome.SKIPPED
    assert found["recall.plan.b"].note == "not judged: recall rests on only 3 of its rows"
