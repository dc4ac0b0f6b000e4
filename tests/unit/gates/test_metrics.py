"""Every metric in the catalogue is scikit-learn's, and its resampled form agrees with it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from sklearn import metrics as sk

from modelsync.core.checks import Label
from modelsync.gates import catalogue
from modelsync.gates.metrics import metric
from modelsync.gates.question import GateError, Question
from modelsync.gates.scoring import Seen, see, truth


def _seen(table: Any, model: Any, label: Label) -> Seen:
    question = Question("g", "performance", table=table, label=label)
    return see(question, truth(question), model, "model")


@pytest.fixture
def binary(cancer: Any) -> Seen:
    return _seen(cancer.test, cancer.champion, Label("diagnosis", "malignant"))


@pytest.fixture
def several(wine: Any) -> Seen:
    return _seen(wine.test, wine.champion, Label("kind"))


@pytest.fixture
def number(diabetes: Any) -> Seen:
    return _seen(diabetes.test, diabetes.model, Label("progression"))


def test_classification_values(binary: Seen) -> None:
    true, said, score = binary.truth.is_positive, binary.is_positive, binary.scores
    expected = {
        "accuracy": sk.accuracy_score(true, said),
        "balanced_accuracy": sk.balanced_accuracy_score(true, said),
        "f1": sk.f1_score(true, said),
        "precision": sk.precision_score(true, said),
        "recall": sk.recall_score(true, said),
        "roc_auc": sk.roc_auc_score(true, score),
        "average_precision": sk.average_precision_score(true, score),
        "brier_score_loss": sk.brier_score_loss(true, score),
        "log_loss": sk.log_loss(true, score),
        "matthews_corrcoef": sk.matthews_corrcoef(true, said),
        "f1_macro": sk.f1_score(true, said, average="macro"),
    }
    assert {name: metric(name).measure(binary) for name in expected} == pytest.approx(expected)


def test_regression_values(number: Seen) -> None:
    true, said = number.truth.numbers, number.numbers
    expected = {
        "r2": sk.r2_score(true, said),
        "mae": sk.mean_absolute_error(true, said),
        "rmse": sk.mean_squared_error(true, said) ** 0.5,
        "mape": sk.mean_absolute_percentage_error(true, said),
        "max_error": sk.max_error(true, said),
    }
    assert {name: metric(name).measure(number) for name in expected} == pytest.approx(expected)


BINARY = ("f1", "precision", "recall", "roc_auc", "average_precision", "brier_score_loss")


@pytest.mark.parametrize("name", catalogue.CLASSIFICATION_METRICS + catalogue.REGRESSION_METRICS)
def test_resamples_lie_around_the_value(name: str, request: pytest.FixtureRequest) -> None:
    kind = "number" if name in catalogue.REGRESSION_METRICS else "binary" if name in BINARY else "several"
    seen: Seen = request.getfixturevalue(kind)
    entry = metric(name)
    value = entry.measure(seen)
    drawn = entry.resampled(entry.truth(seen.truth, seen), [entry.said(seen)], None, 500, np.random.default_rng(0))[0]
    assert drawn.shape == (500,)
    low, high = np.quantile(drawn, [0.01, 0.99])
    assert low - 1e-9 <= value <= high + 1e-9
    assert drawn.std() > 0


def test_which_way_is_better() -> None:
    less = {"brier_score_loss", "log_loss", "mae", "mape", "max_error", "median_absolute_error", "mse", "rmse"}
    for name in catalogue.METRICS:
        entry = metric(name)
        assert entry.greater is (entry.name not in less)
        assert entry.direction == (">=" if entry.greater else "<=")


def test_other_names() -> None:
    assert metric("mean_absolute_error").name == "mae"
    assert metric("roc_auc_score").name == "roc_auc"


def test_a_class_that_only_the_model_names_is_no_warning(wine: Any) -> None:
    """Slices often lack a class; scikit-learn warns of that, and a warning on a terminal is no finding."""
    rows = np.flatnonzero(wine.test["kind"] != "barolo")
    seen = _seen(wine.test, wine.champion, Label("kind"))
    table = seen.part(rows)
    assert 0 < metric("balanced_accuracy").measure(table) < 1


@pytest.mark.parametrize(("name", "positives", "said"), [("recall", 0, 5), ("f1", 0, 5), ("precision", 5, 0)])
def test_a_share_of_no_rows_says_nothing(name: str, positives: int, said: int) -> None:
    class Says:
        feature_names_in_ = ("said",)
        classes_ = (0, 1)

        def predict(self, inputs: Any) -> Any:
            return inputs["said"].to_numpy()

    table = pd.DataFrame({"y": [1] * (positives + 1) + [0] * 20, "said": 0})
    table.loc[:said, "said"] = 1
    seen = _seen(table, Says(), Label("y", 1))
    assert metric(name).says_something(seen)
    chosen = table.index[1:] if positives == 0 else table.index[said + 1 :]
    assert not metric(name).says_something(seen.part(np.asarray(chosen)))
    assert metric("accuracy").says_something(seen.part(np.asarray(chosen)))


def test_no_such_metric() -> None:
    with pytest.raises(GateError, match="did you mean `roc_auc`"):
        metric("rocauc")
    with pytest.raises(GateError, match=r"`zzzz` is no metric$"):
        metric("zzzz")


def test_one_class_alone_has_no_ranking(cancer: Any) -> None:
    table = cancer.test[cancer.test["diagnosis"] == "malignant"]
    seen = _seen(table, cancer.model, Label("diagnosis", "malignant"))
    for name in ("roc_auc", "average_precision"):
        with pytest.raises(GateError, match="only one class"):
            metric(name).measure(seen)


def test_a_class_that_the_model_does_not_know(wine: Any) -> None:
    table = wine.test.assign(kind=wine.test["kind"].replace({"barolo": "nebbiolo"}))
    with pytest.raises(GateError, match="no probability for 'nebbiolo'"):
        metric("log_loss").measure(_seen(table, wine.model, Label("kind")))


@pytest.mark.filterwarnings("ignore:R.2 score is not well-defined")
def test_a_value_that_is_not_defined(diabetes: Any) -> None:
    seen = _seen(diabetes.test.head(1), diabetes.model, Label("progression"))
    with pytest.raises(GateError, match="r2 is not defined on these rows"):
        metric("r2").measure(seen)
