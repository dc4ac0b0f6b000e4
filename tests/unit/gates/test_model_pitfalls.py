"""What breaks the numbers of a model gate is an error in every kind, and never a pass."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest

from modelsync.core.checks import (
    CalibrationCheck,
    ChampionCheck,
    FairnessCheck,
    Label,
    PerformanceCheck,
    ResidualCheck,
    Slices,
    StabilityCheck,
)
from modelsync.core.verdict import Outcome, Verdict
from modelsync.gates.judging import judge
from modelsync.gates.question import Question

PASS, ERROR = Outcome.PASS, Outcome.ERROR
KINDS: dict[str, Any] = {
    "performance": PerformanceCheck("roc_auc", min=0.0),
    "champion": ChampionCheck("roc_auc", margin=1.0),
    "stability": StabilityCheck("roc_auc", folds=3, max_std=1.0),
    "calibration": CalibrationCheck("ece", 1.0),
    "fairness": FairnessCheck("roc_auc", worst_to_best=0.0),
}


def _judge(cancer: Any, kind: str, **more: Any) -> Verdict:
    settings = {
        "table": cancer.test,
        "model": cancer.model,
        "champion": cancer.model,
        "label": Label("diagnosis", "malignant"),
        "slices": Slices(("site",), 20),
        **more,
    }
    verdict = judge(Question("g", kind, checks=(KINDS[kind],), **settings))
    json.dumps(verdict.to_json(), allow_nan=False)
    return verdict


@pytest.mark.parametrize("kind", KINDS)
def test_each_of_these_gates_passes_on_sound_rows(cancer: Any, kind: str) -> None:
    """Every bound is as wide as can be: what fails below fails for the reason that is given."""
    verdict = _judge(cancer, kind)
    assert verdict.outcome is PASS, verdict.reason
    assert all(check.asked == 0 for check in verdict.checks)


SPOILT: dict[str, tuple[Callable[[pd.DataFrame], pd.DataFrame], str]] = {
    "empty": (lambda table: table.head(0), "without rows"),
    "no label": (lambda table: table.assign(diagnosis=None), "every value of the label `diagnosis` is missing"),
    "no such label": (lambda table: table.drop(columns="diagnosis"), "no column `diagnosis`"),
    "one class": (lambda table: table[table["diagnosis"] == "benign"], "no row of `diagnosis` is 'malignant'"),
    "no column": (lambda table: table.drop(columns="mean area"), "needs 'mean area'"),
    "missing input": (lambda table: table.assign(**{"mean area": np.nan}), "NaN"),
    "infinite input": (lambda table: table.assign(**{"mean area": np.inf}), "infinity"),
}


@pytest.mark.parametrize("spoilt", SPOILT)
@pytest.mark.parametrize("kind", KINDS)
def test_spoilt_rows_are_an_error(cancer: Any, kind: str, spoilt: str) -> None:
    spoil, said = SPOILT[spoilt]
    verdict = _judge(cancer, kind, table=spoil(cancer.test))
    assert verdict.outcome is ERROR, verdict
    if kind != "stability":  # which trains anew, and so meets the trouble in other words
        assert said in verdict.reason


class _Wild:
    """A model that gives no probabilities worth the name."""

    classes_ = ("benign", "malignant")

    def __init__(self, value: float) -> None:
        self.value = value

    def predict_proba(self, inputs: pd.DataFrame) -> Any:
        return np.full((len(inputs), 2), self.value)


@pytest.mark.parametrize("kind", sorted(KINDS.keys() - {"stability"}))
@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_probabilities_that_are_no_numbers_are_an_error(cancer: Any, kind: str, value: float) -> None:
    model = _Wild(value)
    assert _judge(cancer, kind, model=model, features=tuple(cancer.features)).outcome is ERROR


@pytest.mark.parametrize("kind", KINDS)
def test_no_model_is_an_error(cancer: Any, kind: str) -> None:
    verdict = _judge(cancer, kind, model=None)
    assert verdict.outcome is ERROR
    assert "was given no model" in verdict.reason


@pytest.mark.parametrize("value", [np.inf, -np.inf])
def test_infinite_numbers_are_an_error(diabetes: Any, value: float) -> None:
    table = diabetes.test.assign(progression=diabetes.test["progression"].where(diabetes.test.index > 2, value))
    for kind, check in (("residuals", ResidualCheck("bias", 100.0)), ("performance", PerformanceCheck("mae", max=1e9))):
        settings = {"table": table, "model": diabetes.model, "label": Label("progression")}
        verdict = judge(Question("g", kind, checks=(check,), **settings))
        assert verdict.outcome is ERROR
        assert "the label `progression` is infinite in 3 rows" in verdict.reason
        json.dumps(verdict.to_json(), allow_nan=False)
