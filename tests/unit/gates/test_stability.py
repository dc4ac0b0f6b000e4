"""Stability gates: what trainings differ in, each shown, the spread and the worst judged."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.model_selection import RepeatedStratifiedKFold, cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.tree import DecisionTreeRegressor

from modelsync.core.checks import Label, StabilityCheck
from modelsync.core.verdict import Check, Outcome, Verdict
from modelsync.gates.judging import judge
from modelsync.gates.question import Question

PASS, FAIL, ERROR = Outcome.PASS, Outcome.FAIL, Outcome.ERROR


def _judge(cancer: Any, *checks: StabilityCheck, **more: Any) -> Verdict:
    settings = {"table": cancer.test, "model": cancer.model, "label": Label("diagnosis", "malignant"), **more}
    return judge(Question("s", "stability", checks=checks, **settings))


def _by_id(verdict: Verdict) -> dict[str, Check]:
    return {check.id: check for check in verdict.checks}


def test_folds_are_those_of_scikit_learn(cancer: Any) -> None:
    verdict = _judge(
        cancer,
        StabilityCheck("roc_auc", folds=4, repeats=2, max_std=0.05, max_cv=0.05, max_range=0.05, min=0.9, max=1.0),
        seed=3,
    )
    features = list(cancer.model.feature_names_in_)
    cv = RepeatedStratifiedKFold(n_splits=4, n_repeats=2, random_state=3)
    known = cross_val_score(
        cancer.model, cancer.test[features], cancer.test["diagnosis"] == "malignant", cv=cv, scoring="roc_auc"
    )
    found = _by_id(verdict)
    shown = [check for check in verdict.checks if not check.decides]
    assert [check.value for check in shown] == pytest.approx(known)
    assert [check.subject for check in shown][:2] == ["fold 1 of repeat 1", "fold 2 of repeat 1"]
    assert sum(check.n or 0 for check in shown) == 2 * len(cancer.test)
    assert found["roc_auc.max_std"].value == pytest.approx(known.std(ddof=1))
    assert found["roc_auc.max_cv"].value == pytest.approx(known.std(ddof=1) / known.mean())
    assert found["roc_auc.max_range"].value == pytest.approx(np.ptp(known))
    assert found["roc_auc.min"].value == pytest.approx(known.min())
    assert found["roc_auc.max"].value == pytest.approx(known.max())
    assert found["roc_auc.min"].note == shown[int(known.argmin())].subject
    assert verdict.outcome is PASS
    assert {check.asked for check in verdict.checks} == {0}


def test_an_unstable_model_is_named_with_its_numbers(cancer: Any) -> None:
    verdict = _judge(cancer, StabilityCheck("accuracy", folds=5, max_std=0.001, min=0.99))
    assert verdict.outcome is FAIL
    assert verdict.reason.startswith("standard deviation of accuracy is 0.0")
    assert "must be <= 0.001 (mean 0.9" in verdict.reason
    assert "least of accuracy is" in verdict.reason
    shown = [check for check in verdict.checks if not check.decides]
    assert len(shown) == 5
    assert all(check.outcome is PASS for check in shown)


def test_a_model_that_learns_by_heart_has_a_gap(diabetes: Any) -> None:
    table, label = diabetes.test, Label("progression")
    tree = DecisionTreeRegressor().fit(table.drop(columns="progression"), table["progression"])
    asked = StabilityCheck("rmse", folds=4, max_gap=20.0)
    by_heart = judge(Question("s", "stability", table=table, model=tree, label=label, checks=(asked,)))
    gap = by_heart.checks[0]
    assert gap.outcome is FAIL
    assert gap.value is not None and gap.value > 50  # less is better for rmse: the gap is positive all the same
    assert "own 0, held out" in gap.note
    assert by_heart.checks[1].note == "0 on its own rows"
    line = LinearRegression().fit(table.drop(columns="progression"), table["progression"])
    assert judge(Question("s", "stability", table=table, model=line, label=label, checks=(asked,))).outcome is PASS


def test_seeds_change_what_takes_one(cancer: Any) -> None:
    asked = StabilityCheck("roc_auc", seeds=(1, 2, 3), max_std=0.2)
    forest = RandomForestClassifier(3, random_state=0).fit(cancer.test[cancer.features], cancer.test["diagnosis"])
    verdict = _judge(cancer, asked, model=make_pipeline(forest), features=tuple(cancer.features))
    values = [check.value or 0.0 for check in verdict.checks if not check.decides]
    assert [check.id for check in verdict.checks][1:] == [f"roc_auc.seed {seed}" for seed in (1, 2, 3)]
    assert len(set(values)) > 1
    assert verdict.checks[0].value == pytest.approx(np.std(values, ddof=1))
    again = _judge(cancer, asked, model=make_pipeline(forest), features=tuple(cancer.features))
    assert again.checks == verdict.checks
    assert forest.random_state == 0


def test_seeds_without_anything_that_takes_one(diabetes: Any) -> None:
    verdict = judge(
        Question(
            "s",
            "stability",
            table=diabetes.test,
            model=diabetes.model,
            label=Label("progression"),
            checks=(StabilityCheck("r2", seeds=(1, 2), max_range=0.0),),
        )
    )
    assert verdict.outcome is PASS
    assert "nothing in the model takes a `random_state`" in verdict.checks[0].note


def test_members_of_a_matrix() -> None:
    members = {
        "seed=1": {"roc_auc": 0.80, "profit": 10.0},
        "seed=2": {"roc_auc_score": 0.82, "profit": 12.0},
        "seed=3": {"roc_auc": 0.90, "profit": 11.0},
    }
    asked = (
        StabilityCheck("roc_auc", across="train.evaluate", max_std=0.04, max_range=0.11, min=0.81),
        StabilityCheck("profit", across="train.evaluate", max_cv=0.1),
    )
    verdict = judge(Question("s", "stability", checks=asked, members=members))
    found = _by_id(verdict)
    assert found["roc_auc.max_std"].value == pytest.approx(0.0529, abs=1e-4)
    assert found["roc_auc.max_std"].outcome is FAIL
    assert found["roc_auc.max_range"].outcome is PASS
    assert found["roc_auc.max_range"].note == "seed=1 0.8, seed=3 0.9"
    assert (found["roc_auc.min"].outcome, found["roc_auc.min"].note) == (FAIL, "seed=1")
    assert found["profit.max_cv"].value == pytest.approx(1 / 11)
    assert found["roc_auc.seed=2"].value == 0.82
    assert [check.asked for check in verdict.checks] == [0] * 6 + [1] * 4


@pytest.mark.parametrize(
    ("members", "said"),
    [
        (None, "was given no members of `t.e` to compare"),
        ({"a": {"f1": 1.0}}, "`t.e` has one member"),
        ({"a": {"f1": 1.0}, "b": {"f_1": 1.0}}, "member `b` has no metric `f1`; did you mean `f_1`"),
        ({"a": {"f1": 1.0}, "b": {"f1": float("nan")}}, "member `b` has nan as its f1"),
        ({"a": {"f1": 1.0}, "b": {"f1": -1.0}}, "the mean over the trainings is 0"),
    ],
)
def test_members_that_cannot_be_compared(members: Any, said: str) -> None:
    asked = (StabilityCheck("f1", across="t.e", max_cv=0.1),)
    verdict = judge(Question("s", "stability", checks=asked, members=members))
    assert verdict.outcome is ERROR
    assert said in verdict.reason


def test_rows_of_one_person_leak_unless_they_stay_together() -> None:
    """The pitfall: with rows of one person on both sides, a model that knows persons by heart looks good."""
    generator = np.random.default_rng(0)
    person = np.repeat(np.arange(60), 5)
    table = pd.DataFrame({"x": person + generator.normal(size=300) / 100, "person": person})
    table["y"] = generator.integers(0, 2, 60)[person]
    forest = RandomForestClassifier(20, random_state=0).fit(table[["x"]], table["y"])
    settings = {"table": table, "model": forest, "label": Label("y", 1)}
    asked = (
        StabilityCheck("roc_auc", folds=4, min=0.9),
        StabilityCheck("roc_auc", folds=4, min=0.9, splitter="group", group="person"),
    )
    verdict = judge(Question("s", "stability", checks=asked, **settings))
    found = _by_id(verdict)
    assert found["roc_auc.min"].outcome is PASS
    assert found["roc_auc[2].min"].outcome is FAIL


def test_what_cannot_be_judged(cancer: Any) -> None:
    verdict = _judge(
        cancer,
        StabilityCheck("roc_auc", max_std=1.0),
        StabilityCheck("roc_auc", folds=3, seeds=(1, 2), max_std=1.0),
        StabilityCheck("roc_auc", folds=3),
        StabilityCheck("roc_auc", folds=1, max_std=1.0),
        StabilityCheck("roc_auc", seeds=(1, 1), max_std=1.0),
        StabilityCheck("roc_auc", across="t.e", max_gap=1.0),
        StabilityCheck("roc_auc", folds=3, splitter="weekly", max_std=1.0),
        StabilityCheck("rocauc", folds=3, max_std=1.0),
        StabilityCheck("roc_auc", folds=3, splitter="time_series", group="site", max_std=1.0),
        StabilityCheck("roc_auc", folds=3, max_std=1.0),
    )
    said = (
        "needs exactly one of `across`, `folds` and `seeds`",
        "needs exactly one of `across`, `folds` and `seeds`",
        "none of `max_std`",
        "`folds` must be at least 2",
        "at least two different seeds",
        "`max_gap` needs the rows of each training",
        "`weekly` is no splitter",
        "did you mean `roc_auc`",
        "rows have no `site`, so they have no place in time",
    )
    broken = [check for check in verdict.checks if check.outcome is ERROR]
    assert [check.asked for check in broken] == list(range(9))
    for check, part in zip(broken, said, strict=True):
        assert part in check.note
    assert verdict.checks[9].outcome is PASS


def test_a_fold_without_both_classes_is_named() -> None:
    table = pd.DataFrame({"x": np.arange(60.0), "y": [0, 1] * 15 + [0] * 30, "day": range(60)})
    model = LogisticRegression().fit(table[["x"]], table["y"])
    asked = (StabilityCheck("roc_auc", folds=3, splitter="time_series", group="day", max_std=1.0),)
    settings = {"table": table, "model": model, "label": Label("y", 1), "checks": asked}
    verdict = judge(Question("s", "stability", features=("x",), **settings))
    assert verdict.outcome is ERROR
    assert "fold 2: the label holds only one class" in verdict.reason
