"""The pictures of every kind, and that what can't be drawn is said."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from modelsync.core.checks import Label
from modelsync.core.verdict import Check, Outcome, Verdict
from modelsync.gates.page import pictures
from modelsync.gates.page.scene import Scene
from modelsync.gates.page.topics import topics
from modelsync.gates.question import Question
from tests.unit.gates.page.conftest import check, verdict, words


def _drawn(question: Question, made: Verdict) -> str:
    return str(pictures.draw(topics(made)[0], made, Scene(question)) or "")


def test_drift_of_numbers_and_of_categories(before: pd.DataFrame, now: pd.DataFrame) -> None:
    question = Question("g", "drift", table=now, reference=before)
    age = _drawn(question, verdict([check()]))
    assert age.count("<svg") == 3
    assert "D = " in words(age)
    assert "Missing values" in words(age)
    assert "pilot" in words(_drawn(question, verdict([check("psi.job", "job")])))


GROUPS = (
    check("recall.sex", "sex", "ratio of the lowest to the highest recall", direction=">="),
    check("recall.sex.f", "sex = f", "recall", value=0.4, threshold=None, interval=(0.3, 0.5), n=90, decides=False),
    check("recall.sex.m", "sex = m", "recall", value=0.8, threshold=None, interval=(0.7, 0.9), n=80, decides=False),
)
SLICES = tuple(replace(one, asked=0, id=f"{one.id}.min") for one in GROUPS)
FOLDS = (
    check("std", "roc_auc", "standard deviation", asked=0),
    *(
        check(f"fold {i}", f"fold {i}", "roc_auc", value=0.7 + i / 50, threshold=None, asked=0, decides=False)
        for i in (1, 2)
    ),
)
CHAMPION = check(
    "auc", "", "roc_auc minus the champion's", note="better: x; model 0.7790, champion 0.7708; delong", asked=0
)
BRIER = check("ece", "the model", "expected calibration error", asked=0)
BINS = {"reliability": [{"low": 0.0, "high": 0.5, "n": 9, "mean_predicted": 0.2, "share_positive": 0.3}]}
AGE = check("null", "age", "unexpected share by expect_column_values_to_be_between", n=100, n_missing=10, value=0.1)


@pytest.mark.parametrize(
    ("kind", "checks", "params", "said"),
    [
        ("fairness", GROUPS, {}, "sex = m: 0.8"),
        ("performance", SLICES, {"checks": [{"metric": "recall"}]}, "sex = m: 0.8"),
        ("stability", FOLDS, {"checks": [{"metric": "roc_auc"}]}, "fold 2: 0.74"),
        ("champion", (CHAMPION,), {}, "champion: 0.7708"),
        ("calibration", (BRIER,), BINS, "30.0 % positive where 20.0 % is predicted"),
        ("calibration", (BRIER,), {"reliability": {"0": BINS["reliability"]}}, "Reliability"),
        ("quality", (AGE,), {}, "9.0 % unexpected, 10.0 % missing, 81.0 % as they should be"),
        ("missing", (check("m", "age", "missing share", n=100, value=0.3),), {}, "30.0 % missing"),
    ],
)
def test_what_a_verdict_alone_is_enough_for(
    kind: str, checks: tuple[Check, ...], params: dict[str, Any], said: str
) -> None:
    assert said in words(_drawn(Question("g", kind), verdict(checks, kind, params=params)))


def test_residuals_and_outliers_are_drawn_from_rows(diabetes: Any) -> None:
    question = Question("g", "residuals", table=diabetes.test, model=diabetes.model, label=Label("progression"))
    drawn = _drawn(question, verdict([check("bias", "the model", "bias", asked=0)], "residuals"))
    assert f"Residuals of {len(diabetes.test):,} rows" in words(drawn)
    table = pd.DataFrame({"pay": [*np.arange(50.0), 1e4]})
    note = "1 of 51 values; -3e+01 to 2.5e+02 by the table itself"
    outside = check("iqr.pay", "pay", "share outside by iqr", note=note)
    drawn = _drawn(Question("g", "outliers", table=table), verdict([outside], "outliers"))
    assert drawn.count('class="bad-bar"') == 1
    assert drawn.count('class="limit"') == 2


@pytest.mark.parametrize(
    ("question", "kind", "why"),
    [
        (Question("g", "residuals", table=pd.DataFrame({"a": [1.0]})), "residuals", "knows no label"),
        (
            Question("g", "residuals", table=pd.DataFrame({"a": [1.0]}), model=object(), label=Label("a")),
            "residuals",
            "AttributeError",
        ),
        (
            Question("g", "drift", table=pd.DataFrame({"age": ["x"]}), columns={"age": {"type": "int"}},
                     reference=pd.DataFrame({"age": ["y"]})),
            "drift",
            "ValueError",
        ),
    ],
)  # fmt: skip
def test_odd_data_break_a_picture_and_nothing_else(question: Question, kind: str, why: str) -> None:
    drawn = _drawn(question, verdict([check(asked=0)], kind))
    assert drawn.startswith("<p")
    assert "There is no picture: " in drawn
    assert why in drawn


def test_nothing_to_draw_is_no_fault() -> None:
    assert _drawn(Question("g", "custom"), verdict([check()], "custom")) == ""
    assert _drawn(Question("g", "drift"), verdict([check()])) == ""
    lone = check(outcome=Outcome.ERROR, value=None, threshold=None)
    assert _drawn(Question("g", "quality"), verdict([lone], "quality")) == ""
