"""Trainings anew: folds that hold out every row once, clones that leave the model alone, seeds that decide."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd
import pytest
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.model_selection import RepeatedStratifiedKFold
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from modelsync.core.checks import Label
from modelsync.gates import folds
from modelsync.gates.metrics import metric
from modelsync.gates.question import GateError, Question
from modelsync.gates.scoring import Seen, Truth, see, truth

AUC, RMSE = metric("roc_auc"), metric("rmse")


def _rows(table: pd.DataFrame, label: Label) -> Truth:
    return truth(Question("g", "stability", table=table, label=label))


def _seen(table: pd.DataFrame, model: Any, label: Label) -> Seen:
    question = Question("g", "stability", table=table, label=label)
    return see(question, truth(question), model, "model")


@pytest.fixture
def rows(cancer: Any) -> Truth:
    return _rows(cancer.test, Label("diagnosis", "malignant"))


def test_classes_keep_their_shares_and_every_row_is_held_out_once_a_repeat(rows: Truth) -> None:
    splits = folds.cross_validation(rows, AUC, 5, 2, seed=3)
    assert [split.name for split in splits][4:6] == ["fold 5 of repeat 1", "fold 1 of repeat 2"]
    for repeat in (splits[:5], splits[5:]):
        assert sorted(np.concatenate([split.test for split in repeat])) == list(range(rows.n))
    for split in splits:
        assert not set(split.train) & set(split.test)
        assert rows.is_positive[split.test].mean() == pytest.approx(rows.is_positive.mean(), abs=0.02)


def test_folds_are_those_of_scikit_learn(rows: Truth) -> None:
    """Whoever wants to redo it calls `RepeatedStratifiedKFold` with the seed of the gate."""
    known = RepeatedStratifiedKFold(n_splits=4, n_repeats=2, random_state=9).split(np.zeros(rows.n), rows.is_positive)
    ours = folds.cross_validation(rows, AUC, 4, 2, seed=9)
    for split, (_, test) in zip(ours, known, strict=True):
        assert (split.test == test).all()


def test_a_number_has_no_classes(diabetes: Any) -> None:
    rows = _rows(diabetes.test, Label("progression"))
    splits = folds.cross_validation(rows, RMSE, 3, 1)
    assert sorted(np.concatenate([split.test for split in splits])) == list(range(rows.n))


def test_rows_of_one_group_stay_together() -> None:
    table = pd.DataFrame({"a": range(60), "y": [0, 1] * 30, "person": np.repeat(range(12), 5)})
    splits = folds.cross_validation(_rows(table, Label("y")), AUC, 4, 2, "group", "person")
    assert len(splits) == 8
    for split in splits:
        assert not set(table["person"][split.train]) & set(table["person"][split.test])


def test_time_series_never_trains_on_what_comes_later() -> None:
    day = np.random.default_rng(0).permutation(50)
    table = pd.DataFrame({"a": day, "y": [0, 1] * 25, "day": day})
    splits = folds.cross_validation(_rows(table, Label("y")), AUC, 4, 1, "time_series", "day")
    for split in splits:
        assert day[split.train].max() < day[split.test].min()
    for before, after in pairwise(splits):
        assert len(after.train) > len(before.train)


def test_rows_of_one_time_are_never_on_both_sides() -> None:
    day = np.random.default_rng(1).permutation(np.repeat(range(8), [3, 40, 1, 30, 26, 5, 60, 35]))
    table = pd.DataFrame({"a": range(200), "y": [0, 1] * 100, "day": day})
    splits = folds.cross_validation(_rows(table, Label("y")), AUC, 5, 1, "time_series", "day")
    assert [sorted(set(day[split.test])) for split in splits] == [[3], [4], [5], [6], [7]]
    for split in splits:
        assert day[split.train].max() < day[split.test].min()
        assert len(split.train) + len(split.test) == (day <= day[split.test].max()).sum()


def test_folds_that_cannot_be_made(rows: Truth) -> None:
    table = pd.DataFrame({"y": [0] * 20 + [1] * 3, "g": [1, None] + [2] * 21})
    few = _rows(table, Label("y"))
    for said, more in (
        ("`monthly` is no splitter; expected auto", {"splitter": "monthly"}),
        ("a class of `y` has 3 rows, too few for 5 folds", {}),
        ("23 rows are too few for 30 folds", {"splitter": "kfold", "folds": 30}),
        ("`splitter: group` needs `group`, the column to split by", {"splitter": "group"}),
        ("no column `gg`; did you mean `g`", {"splitter": "group", "group": "gg"}),
        ("1 rows have no `g`", {"splitter": "group", "group": "g"}),
        ("`splitter: time_series` needs `group`, the column to sort by", {"splitter": "time_series"}),
        ("1 rows have no `g`", {"splitter": "time_series", "group": "g"}),
        ("one order; leave `repeats` out", {"splitter": "time_series", "group": "g", "repeats": 2}),
        ("`y` has 2 different times, too few for 23 folds", {"splitter": "time_series", "group": "y", "folds": 23}),
    ):
        given: dict[str, Any] = {"folds": 5, "repeats": 1, **more}
        with pytest.raises(GateError, match=said):
            folds.cross_validation(few, AUC, **given)
    with pytest.raises(GateError, match="has 2 values, too few for 5 folds"):
        folds.cross_validation(_rows(table.fillna(1), Label("y")), AUC, 5, 1, "group", "g")
    with pytest.raises(GateError, match="too few rows with a value of `y`"):
        folds.one_split(_rows(table.head(21), Label("y")), AUC, 0)


def test_one_split_holds_a_quarter_out(rows: Truth) -> None:
    split = folds.one_split(rows, AUC, 5)
    assert len(split.test) == pytest.approx(rows.n / 4, abs=1)
    assert rows.is_positive[split.test].mean() == pytest.approx(rows.is_positive[split.train].mean(), abs=0.02)
    assert (folds.one_split(rows, AUC, 5).test == split.test).all()


def test_a_pipeline_is_trained_whole_and_the_model_itself_is_left_alone(cancer: Any) -> None:
    """The scaler is fitted on the rows of the fold too: fitted on all rows, it would know the held-out ones."""
    seen = _seen(cancer.test, cancer.model, Label("diagnosis", "malignant"))
    before = cancer.model[0].mean_.copy()
    (split, *_) = folds.cross_validation(seen.truth, AUC, 3, 1)
    held_out, own = folds.trained(seen, AUC, split, 0)
    fresh = make_pipeline(StandardScaler(), LogisticRegression(max_iter=500))
    fresh.fit(seen.inputs.iloc[split.train], seen.truth.label[split.train].tolist())
    place = list(fresh.classes_).index("malignant")
    assert held_out.scores == pytest.approx(fresh.predict_proba(seen.inputs.iloc[split.test])[:, place])
    assert (own.truth.n, held_out.truth.n) == (len(split.train), len(split.test))
    assert (cancer.model[0].mean_ == before).all()
    assert held_out.model is not cancer.model


def test_a_free_random_state_gets_the_seed_and_a_fixed_one_is_kept(cancer: Any) -> None:
    seen = _seen(cancer.test, RandomForestClassifier(3), Label("diagnosis", "malignant"))
    seen = Seen(seen.truth, seen.model, seen.inputs[cancer.features], "model")
    split = folds.one_split(seen.truth, AUC, 0)
    one, two, other = (AUC.measure(folds.trained(seen, AUC, split, seed)[0]) for seed in (1, 1, 2))
    assert one == two != other
    assert folds.trained(seen, AUC, split, 1)[0].model.random_state == 1
    fixed = folds.reseeded(seen, 7)
    assert folds.trained(fixed, AUC, split, 1)[0].model.random_state == 7
    assert folds.takes_a_seed(seen)
    assert not folds.takes_a_seed(_seen(cancer.test, make_pipeline(LinearRegression()), Label("diagnosis")))


class _Frozen:
    """Predicts, and is nothing that scikit-learn could train."""

    def predict(self, inputs: pd.DataFrame) -> Any:
        return np.zeros(len(inputs))


class _Fits(_Frozen):
    def fit(self, inputs: Any, targets: Any) -> Any:
        raise MemoryError("no memory")


class _Breaks(LogisticRegression):  # type: ignore[misc]  # scikit-learn ships no types
    def fit(self, inputs: Any, targets: Any) -> Any:
        raise ValueError("no data today")


@pytest.mark.parametrize(
    ("model", "said"),
    [
        (_Frozen(), r"the model \(_Frozen\) has no `fit`: training anew needs an estimator of scikit-learn's kind"),
        (_Fits(), r"the model \(_Fits\) can't be cloned"),
        (_Breaks(), "the model can't be trained on the split: ValueError: no data today"),
    ],
)
def test_what_cannot_be_trained_is_told(cancer: Any, model: Any, said: str) -> None:
    seen = _seen(cancer.test, model, Label("diagnosis", "malignant"))
    with pytest.raises(GateError, match=said):
        folds.trained(seen, AUC, folds.one_split(seen.truth, AUC, 0), 0)


def test_labels_keep_their_type_for_training() -> None:
    table = pd.DataFrame({"a": np.arange(40.0), "y": [False, True] * 20})
    held_out, _ = folds.trained(
        seen := _seen(table, LogisticRegression(), Label("y", True)), AUC, folds.one_split(seen.truth, AUC, 0), 0
    )
    assert list(held_out.model.classes_) == [False, True]
    assert 0 <= AUC.measure(held_out) <= 1
