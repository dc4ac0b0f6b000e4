"""A column before and now, from tables, from a stored profile, or from what a model says."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from modelsync.core.checks import Label
from modelsync.gates.page.columns import Levels, Numbers, column
from modelsync.gates.page.scene import Scene
from modelsync.gates.profile import Profile
from modelsync.gates.question import Question


def test_numbers_and_levels(before: pd.DataFrame, now: pd.DataFrame) -> None:
    scene = Scene(Question("g", "drift", table=now, reference=before))
    age = column(scene, "drift", "age")
    assert isinstance(age, Numbers)
    assert (len(age.before), len(age.now), age.missing) == (600, 540, (0.0, 0.1))
    assert (np.diff(age.now) >= 0).all()
    job = column(scene, "drift", "job")
    assert isinstance(job, Levels)
    assert set(job.before) == {"clerk", "cook"}
    assert sum(job.now.values()) == pytest.approx(1)


def test_the_contract_says_what_a_column_is(before: pd.DataFrame) -> None:
    coded = before.assign(code=np.arange(len(before)) % 3)
    question = Question("g", "drift", table=coded, reference=coded, columns={"code": {"type": "category"}})
    found = column(Scene(question), "drift", "code")
    assert isinstance(found, Levels)
    assert found.before.keys() == {"0", "1", "2"}


def test_a_stored_profile_is_drawn_like_its_table(before: pd.DataFrame, now: pd.DataFrame) -> None:
    scene = Scene(Question("g", "drift", table=now, reference_profile=Profile.of_table(before)))
    age, job = (column(scene, "drift", name) for name in ("age", "job"))
    assert isinstance(age, Numbers)
    assert np.median(age.before) == pytest.approx(before["age"].median(), abs=0.1)
    assert isinstance(job, Levels)
    assert job.before["clerk"] == pytest.approx((before["job"] == "clerk").mean())


def test_what_is_not_there_on_both_sides_is_not_drawn(before: pd.DataFrame, now: pd.DataFrame) -> None:
    assert (
        column(Scene(Question("g", "drift", table=now.drop(columns="age"), reference=before)), "drift", "age") is None
    )
    assert column(Scene(Question("g", "drift", table=now, reference=before[["job"]])), "drift", "age") is None
    assert column(Scene(Question("g", "drift", table=now)), "drift", "age") is None


def test_a_label_that_is_a_class_and_what_a_model_says(cancer: Any) -> None:
    question = Question(
        "g",
        "target_drift",
        table=cancer.test,
        reference=cancer.train,
        model=cancer.model,
        label=Label("diagnosis", "malignant"),
    )
    assert isinstance(column(Scene(question), "target_drift", "diagnosis"), Levels)
    scores = column(Scene(question), "prediction_drift", "prediction")
    assert isinstance(scores, Numbers)
    assert 0 <= scores.now[0] <= scores.now[-1] <= 1
