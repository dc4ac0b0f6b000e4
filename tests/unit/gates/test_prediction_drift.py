"""What a model says of a table against what it says of the reference."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.svm import LinearSVC

from modelsync.core.checks import DriftCheck, Label
from modelsync.core.verdict import Outcome, Verdict
from modelsync.gates import prediction_drift
from modelsync.gates.judging import judge
from modelsync.gates.profile import Profile
from modelsync.gates.question import Question


def _rows(seed: int, shift: float = 0.0) -> pd.DataFrame:
    random = np.random.default_rng(seed)
    return pd.DataFrame({"a": random.normal(shift, 1, size=1000), "b": random.normal(size=1000)})


def _truth(rows: pd.DataFrame, *classes: str) -> Any:
    place = np.digitize(rows["a"] + 0.3 * rows["b"], np.linspace(-1, 1, len(classes) - 1)) if len(classes) > 1 else 0
    return np.array(classes)[place]


@pytest.fixture(scope="module")
def models() -> dict[str, Any]:
    rows = _rows(0)
    return {
        "binary": LogisticRegression().fit(rows, _truth(rows, "no", "yes")),
        "three": LogisticRegression().fit(rows, _truth(rows, "x", "y", "z")),
        "margin": LinearSVC().fit(rows, _truth(rows, "no", "yes")),
        "regression": LinearRegression().fit(rows, rows["a"] * 3),
    }


def _judge(model: Any, now: pd.DataFrame, *checks: DriftCheck, **more: Any) -> Verdict:
    given = {"reference": _rows(1), **more}
    return judge(Question("p", "prediction_drift", table=now, model=model, checks=checks, **given))


@pytest.mark.parametrize(("shift", "expected"), [(0.0, Outcome.PASS), (1.0, Outcome.FAIL)])
@pytest.mark.parametrize(
    ("name", "test", "what"),
    [
        ("binary", "ks", "probability of `yes`"),
        ("regression", "wasserstein", "numbers"),
        ("three", "tvd", "classes"),
        ("margin", "chi2", "classes"),
    ],
)
def test_every_kind_of_model(
    models: dict[str, Any], name: str, test: str, what: str, shift: float, expected: Outcome
) -> None:
    """No table has a label, and none is needed."""
    verdict = _judge(models[name], _rows(2, shift), DriftCheck(test, 0.15))
    assert verdict.outcome is expected, verdict.reason
    assert [check.id for check in verdict.checks] == [f"{test}.prediction"]
    assert verdict.params["predictions"] == what


def test_the_positive_class_is_the_one_that_is_named(models: dict[str, Any]) -> None:
    verdict = _judge(models["binary"], _rows(2), DriftCheck("ks", 0.1), label=Label("y", "no"))
    assert verdict.params["predictions"] == "probability of `no`"


def test_numbers_that_are_classes(models: dict[str, Any]) -> None:
    class Coded:
        def predict(self, rows: pd.DataFrame) -> Any:
            return (rows["a"] > 0).astype(int)

    columns = {"y": {"type": "category", "role": "label"}}
    as_classes = _judge(Coded(), _rows(2), DriftCheck("tvd", 0.1), label=Label("y"), columns=columns)
    assert (as_classes.outcome, as_classes.params["predictions"]) == (Outcome.PASS, "classes")
    assert _judge(Coded(), _rows(2), DriftCheck("tvd", 0.1)).params["predictions"] == "numbers"


def test_a_profile_of_predictions_will_do(models: dict[str, Any]) -> None:
    rows = _rows(1)
    question = Question("p", "prediction_drift", table=rows, model=models["binary"])
    profile = Profile.of_table(prediction_drift.said(question, rows, "reference").frame)
    for shift, expected in ((0.0, Outcome.PASS), (1.0, Outcome.FAIL)):
        found = _judge(
            models["binary"], _rows(2, shift), DriftCheck("ks", 0.1), reference=None, reference_profile=profile
        )
        assert found.outcome is expected


def test_what_is_not_there(models: dict[str, Any]) -> None:
    check = DriftCheck("ks", 0.1)
    assert "no model" in _judge(None, _rows(2), check).reason
    lacking = _judge(models["binary"], _rows(2), check, reference=_rows(1)[["a"]])
    assert lacking.outcome is Outcome.ERROR
    assert "'b'" in lacking.reason
    assert "(the reference)" in lacking.reason
    assert "without rows" in _judge(models["binary"], _rows(2), check, reference=_rows(1)[:0]).reason
    assert _judge(models["binary"], _rows(2), check, reference=None).outcome is Outcome.FAIL


class _Short:
    """A model that answers for the first rows only, or for none of them."""

    feature_names_in_ = ("a", "b")
    classes_: tuple[str, ...] = ("no", "yes")

    def __init__(self, rows: int, value: float = 0.3) -> None:
        self.rows, self.value = rows, value

    def predict_proba(self, inputs: pd.DataFrame) -> Any:
        return np.full((min(self.rows, len(inputs)), 2), self.value)


class _ShortNumbers(_Short):
    classes_ = ()

    def __getattribute__(self, name: str) -> Any:
        if name == "predict_proba":
            raise AttributeError(name)
        return super().__getattribute__(name)

    def predict(self, inputs: pd.DataFrame) -> Any:
        return np.full(min(self.rows, len(inputs)), self.value)


@pytest.mark.parametrize("kind", [_Short, _ShortNumbers])
def test_a_model_that_does_not_answer_for_each_row(kind: type[_Short]) -> None:
    verdict = _judge(kind(60), _rows(2), DriftCheck("psi", 0.2))
    assert verdict.outcome is Outcome.ERROR
    assert "the model predicts 60 values for 1,000 rows; expected one for each row" in verdict.reason
    silent = _judge(kind(1000, np.nan), _rows(2), DriftCheck("psi", 0.2))
    assert silent.outcome is Outcome.ERROR
    assert "1,000 of 1,000 rows" in silent.reason
