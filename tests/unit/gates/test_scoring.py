"""What a model says of a table, and why it can't when it can't."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from modelsync.core.checks import Label
from modelsync.gates.question import GateError, Question
from modelsync.gates.scoring import Seen, positive_class, see, truth


def _question(table: pd.DataFrame | None, label: Label | None = None, **more: Any) -> Question:
    return Question("g", "performance", table=table, label=label or Label("diagnosis", "malignant"), **more)


def _see(table: pd.DataFrame, model: Any, label: Label | None = None, **more: Any) -> Seen:
    question = _question(table, label, **more)
    return see(question, truth(question), model, "model")


def test_a_classifier(cancer: Any) -> None:
    seen = _see(cancer.test, cancer.model)
    features = cancer.test[cancer.features]
    assert (seen.labels == cancer.model.predict(features)).all()
    place = list(cancer.model.classes_).index("malignant")
    assert (seen.scores == cancer.model.predict_proba(features)[:, place]).all()
    assert (seen.truth.is_positive == (cancer.test["diagnosis"] == "malignant")).all()
    assert (seen.is_positive == (seen.labels == "malignant")).all()


@pytest.mark.parametrize("positive", ["malignant", "benign"])
def test_a_decision_function_points_to_the_positive_class(cancer: Any, positive: str) -> None:
    from sklearn.metrics import roc_auc_score

    seen = _see(cancer.test, cancer.margin, Label("diagnosis", positive))
    assert roc_auc_score(seen.truth.is_positive, seen.scores) > 0.9
    with pytest.raises(GateError, match="gives no probabilities"):
        _ = seen.positive_probability


def test_a_decision_function_of_several_classes(wine: Any) -> None:
    class Several:
        classes_ = wine.model.classes_

        def decision_function(self, inputs: Any) -> Any:
            return wine.model.decision_function(inputs)

    names = [name for name in wine.test.columns if name != "kind"]
    seen = _see(wine.test, Several(), Label("kind", "barolo"), features=tuple(names))
    place = list(wine.model.classes_).index("barolo")
    assert (seen.scores == wine.model.decision_function(wine.test[names])[:, place]).all()


def test_a_model_without_scores(diabetes: Any) -> None:
    seen = _see(diabetes.test.assign(y=[0, 1] * 71), diabetes.model, Label("y"))
    with pytest.raises(GateError, match="gives no scores"):
        _ = seen.scores


def test_rows_without_a_label_are_left_out(cancer: Any) -> None:
    table = cancer.test.assign(diagnosis=cancer.test["diagnosis"].where(cancer.test.index >= 10))
    found = truth(_question(table))
    assert (found.n, found.n_missing) == (len(table) - 10, 10)


class _Counts:
    """A model that counts how often it is asked."""

    classes_ = ("benign", "malignant")

    def __init__(self, model: Any) -> None:
        self.model = model
        self.feature_names_in_ = model.feature_names_in_
        self.asked = 0

    def predict(self, inputs: pd.DataFrame) -> Any:
        self.asked += 1
        return self.model.predict(inputs)

    def predict_proba(self, inputs: pd.DataFrame) -> Any:
        self.asked += 1
        return self.model.predict_proba(inputs)


def test_a_part_is_what_the_model_would_say_of_these_rows(cancer: Any) -> None:
    model = _Counts(cancer.model)
    seen = _see(cancer.test, model)
    whole = (seen.scores, seen.labels, seen.is_positive)
    before = model.asked
    flags = (cancer.test["site"] == "a").to_numpy()
    for rows in (flags, np.flatnonzero(flags)):
        part = seen.part(rows)
        for ours, all_rows in zip((part.scores, part.labels, part.is_positive), whole, strict=True):
            assert (ours == all_rows[rows]).all()
        assert (part.truth.label == seen.truth.label[rows]).all()
        assert len(part.inputs) == part.truth.n == flags.sum()
    assert model.asked == before
    unasked = _see(cancer.test, _Counts(cancer.model)).part(flags)
    assert (unasked.scores == whole[0][flags]).all()


def test_a_part_without_the_positive_class_still_knows_it(cancer: Any) -> None:
    rows = np.flatnonzero(cancer.test["diagnosis"] == "benign")
    part = _see(cancer.test, cancer.model).part(rows)
    assert not part.truth.is_positive.any()
    assert part.truth.positive_class == "malignant"
    assert part.scores.max() <= 1


def test_what_is_no_question(cancer: Any) -> None:
    table = cancer.test
    with pytest.raises(GateError, match="was given no table"):
        truth(_question(None))
    with pytest.raises(GateError, match="without rows"):
        truth(_question(table.head(0)))
    with pytest.raises(GateError, match="knows no label"):
        truth(Question("g", "performance", table=table))
    with pytest.raises(GateError, match="no column `nope`"):
        truth(_question(table, Label("nope")))
    with pytest.raises(GateError, match="is missing"):
        truth(_question(table.assign(diagnosis=None)))
    with pytest.raises(GateError, match="no model"):
        _see(table, None)
    with pytest.raises(GateError, match="'mean area', 'mean radius', which the table does not have"):
        _see(table.drop(columns=["mean radius", "mean area"]), _Named(["mean area", "mean radius"]))
    with pytest.raises(GateError, match=r"'c3', 'c4', 'c5', \.\.\."):
        _see(table, _Named([f"c{number}" for number in range(1, 9)]))


class _Named:
    """A model that says nothing but what it was trained on."""

    def __init__(self, names: list[str]) -> None:
        self.feature_names_in_ = names


class _Says:
    """A model without names that gives back one constant, and remembers what it was given."""

    def __init__(self, value: Any) -> None:
        self.value = value
        self.seen: list[str] = []

    def predict(self, inputs: pd.DataFrame) -> Any:
        self.seen = list(inputs.columns)
        return np.array([self.value] * len(inputs), dtype=object)


def test_which_columns_a_model_gets() -> None:
    table = pd.DataFrame({"id": [1], "a": [1], "b": [2], "y": [1]})
    model = _Says(1)
    assert _see(table, model, Label("y"), features=("b",)).labels.tolist() == [1]
    assert model.seen == ["b"]
    columns = {"id": {"type": "int", "role": "id"}}
    assert _see(table, model, Label("y"), columns=columns).labels.tolist() == [1]
    assert model.seen == ["a", "b"]


def test_predictions_that_have_nothing_to_do_with_the_label() -> None:
    with pytest.raises(GateError, match=r"predicts 'x' and the label `y` holds 1"):
        _ = _see(pd.DataFrame({"a": [1], "y": [1]}), _Says("x"), Label("y")).labels


def test_numbers() -> None:
    table = pd.DataFrame({"a": [1, 2], "y": [1, 2]})
    assert _see(table, _Says("3"), Label("y")).numbers.tolist() == [3, 3]
    assert truth(_question(table, Label("y"))).numbers.tolist() == [1, 2]
    with pytest.raises(GateError, match="predicts no numbers"):
        _ = _see(table, _Says("x"), Label("y")).numbers
    with pytest.raises(GateError, match="missing or infinite numbers for 2 rows"):
        _ = _see(table, _Says(float("nan")), Label("y")).numbers
    with pytest.raises(GateError, match="holds no numbers"):
        _ = truth(_question(table.assign(y="x"), Label("y"))).numbers


@pytest.mark.parametrize(
    ("positive", "labels", "expected"),
    [
        (None, [0, 1], 1),
        (None, [False, True], True),
        ("bad", ["bad", "good"], "bad"),
        (1, ["0", "1"], "1"),
        ("true", [True, False], True),
        (True, [0, 1], 1),
    ],
)
def test_the_positive_class(positive: Any, labels: list[Any], expected: Any) -> None:
    assert positive_class(positive, np.array(labels, dtype=object), "y") == expected


def test_no_positive_class() -> None:
    with pytest.raises(GateError, match="which class of `y` is positive"):
        positive_class(None, np.array(["a", "b"], dtype=object), "y")
    with pytest.raises(GateError, match="no row of `y` is 'c'"):
        positive_class("c", np.array(["a", "b"], dtype=object), "y")


def test_a_model_that_never_saw_the_positive_class(cancer: Any) -> None:
    class Others:
        classes_ = ("x", "y")

        def predict_proba(self, inputs: Any) -> Any:
            return np.full((len(inputs), 2), 0.5)

    with pytest.raises(GateError, match="knows the classes 'x', 'y', of which none is 'malignant'"):
        _ = _see(cancer.test, Others()).scores


class _Answers:
    """A model that gives what it was given, whatever it is asked."""

    feature_names_in_ = ("x",)
    classes_ = (0, 1)

    def __init__(self, said: Any) -> None:
        self.said = np.asarray(said)

    def predict(self, inputs: pd.DataFrame) -> Any:
        return self.said

    def predict_proba(self, inputs: pd.DataFrame) -> Any:
        said = np.asarray(self.said, dtype=float)
        return np.column_stack([1 - said, said])


class _Decides(_Answers):
    predict_proba = None  # type: ignore[assignment]

    def __getattribute__(self, name: str) -> Any:
        if name == "predict_proba":
            raise AttributeError(name)
        return super().__getattribute__(name)

    def decision_function(self, inputs: pd.DataFrame) -> Any:
        return self.said


FOUR = pd.DataFrame({"x": [0.0, 1, 0, 1], "y": [0, 1, 0, 1]})
ASKED = ("labels", "numbers", "predictions", "probabilities", "positive_probability", "scores", "is_positive")


@pytest.mark.parametrize("said", [[1.0], [0, 1, 0], [0, 1, 0, 1, 0]], ids=["one", "fewer", "more"])
@pytest.mark.parametrize("name", ASKED)
def test_one_answer_for_each_row(name: str, said: list[float]) -> None:
    """The pitfall: one number for all rows is broadcast, and compared with rows it was never said of."""
    with pytest.raises(GateError, match=f"the model predicts {len(said)} values for 4 rows; expected one for each row"):
        getattr(_see(FOUR, _Answers(said), Label("y", 1)), name)
    with pytest.raises(GateError, match="values for 4 rows"):
        _ = _see(FOUR, _Decides(said), Label("y", 1)).scores
    assert len(getattr(_see(FOUR, _Answers([0, 1, 0, 1]), Label("y", 1)), name)) == 4


@pytest.mark.parametrize(
    ("name", "lacks"),
    [
        ("labels", "predicts nothing for 1 of 4 rows; make it answer"),
        ("is_positive", "predicts nothing for 1 of 4 rows"),
        ("predictions", "predicts nothing for 1 of 4 rows"),
        ("numbers", "predicts missing or infinite numbers for 1 rows"),
        ("scores", "gives no probability for 1 of 4 rows"),
    ],
)
def test_a_missing_prediction_is_no_negative_one(name: str, lacks: str) -> None:
    with pytest.raises(GateError, match=lacks):
        getattr(_see(FOUR, _Answers([0, 1, 0, np.nan]), Label("y", 1)), name)
    with pytest.raises(GateError, match="gives no score for 1 of 4 rows"):
        _ = _see(FOUR, _Decides([0, 1, 0, np.nan]), Label("y", 1)).scores
    text = np.array(["a", None, "b", "a"], dtype=object)
    with pytest.raises(GateError, match="predicts nothing for 1 of 4 rows"):
        _ = _see(FOUR.assign(y=["a", "a", "b", "b"]), _Answers(text), Label("y", "a")).labels


def test_probabilities_need_a_column_for_each_class() -> None:
    class Flat(_Answers):
        def predict_proba(self, inputs: pd.DataFrame) -> Any:
            return self.said

    with pytest.raises(GateError, match=r"probabilities of shape \(4,\); expected a column a class"):
        _ = _see(FOUR, Flat([0, 1, 0, 1]), Label("y", 1)).scores


def test_a_column_of_predictions_is_taken_as_one_value_a_row() -> None:
    seen = _see(FOUR, _Answers([[0], [1], [0], [1]]), Label("y", 1))
    assert list(seen.numbers) == list(seen.labels) == list(seen.predictions) == [0, 1, 0, 1]


def test_a_class_that_gaps_have_turned_into_a_float_is_named_in_the_way_out() -> None:
    with pytest.raises(GateError, match=r"no row of `y` is '1', .* there are 0.0, 1.0; write `positive: 1.0`"):
        positive_class("1", {0.0, 1.0}, "y")
    with pytest.raises(GateError, match=r"there are 0.0, 1.0$"):
        positive_class("yes", {0.0, 1.0}, "y")
