from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from sklearn.base import BaseEstimator
from sklearn.cluster import Birch, KMeans
from sklearn.compose import ColumnTransformer, make_column_selector
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import FunctionTransformer, OneHotEncoder, StandardScaler

from modelsync.core.errors import DamageError, StepError
from modelsync.usercode import models
from modelsync.usercode.models import Field


def table() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "plan": ["basic", None, "pro", "pro"],
            "level": pd.Categorical(["a", "b", "a", "b"]),
            "age": [20, 30, 40, 50],
            "score": [0.5, 1.5, None, 2.5],
            "flag": [True, False, True, False],
            "since": pd.to_datetime(["2024-01-01"] * 4),
            "churned": ["no", "yes", "no", "yes"],
        }
    )


def pipeline() -> Pipeline:
    rows = table().dropna()
    encode = ColumnTransformer(
        [
            ("words", OneHotEncoder(), make_column_selector(dtype_include=["object", "string", "category"])),
            ("numbers", StandardScaler(), ["age", "score"]),
        ]
    )
    model = make_pipeline(encode, LogisticRegression())
    return model.fit(rows.drop(columns="churned"), rows["churned"])


def files(folder: Path) -> dict[str, bytes]:
    return {each.name: each.read_bytes() for each in folder.iterdir()}


def test_the_same_model_is_the_same_folder(tmp_path: Path) -> None:
    for name in ("one", "two"):
        models.save_model(pipeline(), tmp_path / name, [table()])
    assert files(tmp_path / "one") == files(tmp_path / "two")
    assert files(tmp_path / "one").keys() == {"model.skops", "model.json"}


def test_a_card_says_what_goes_in_and_comes_out(tmp_path: Path) -> None:
    other = pd.DataFrame({"plan": [1]})
    card = models.save_model(pipeline(), tmp_path, [other, table()])
    assert card.task == "classification"
    assert card.classes == ["no", "yes"]
    assert card.inputs == (
        Field("plan", "string"),
        Field("level", "string"),
        Field("age", "int"),
        Field("score", "float"),
        Field("flag", "bool"),
        Field("since", "datetime"),
    )
    assert card.outputs == (Field("prediction", "string"), Field("probability", "float"))
    assert card.example == {
        "plan": "basic",
        "level": "a",
        "age": 20,
        "score": 0.5,
        "flag": True,
        "since": "2024-01-01 00:00:00",
    }
    assert card.libraries.keys() == {"scikit-learn", "skops", "numpy"}


def test_what_is_read_is_what_was_written(tmp_path: Path) -> None:
    model = pipeline()
    card = models.save_model(model, tmp_path, [table()])
    loaded = models.load_model(tmp_path)
    assert loaded.card == card == models.read_card(tmp_path)
    rows = table().dropna().drop(columns="churned")
    assert (loaded.model.predict(rows) == model.predict(rows)).all()
    written = json.loads((tmp_path / "model.json").read_text())
    assert written["signature"]["inputs"][2] == {"name": "age", "type": "int"}
    assert written["format"] == "skops"


def test_a_model_without_names_of_columns(tmp_path: Path) -> None:
    card = models.save_model(LinearRegression().fit([[0.0, 1.0], [1.0, 2.0]], [0.0, 1.0]), tmp_path, [table()])
    assert card.inputs == (Field("x0", "float"), Field("x1", "float"))
    assert card.outputs == (Field("prediction", "float"),)
    assert (card.task, card.classes, card.example) == ("regression", None, {})


def test_a_model_whose_table_was_not_seen(tmp_path: Path) -> None:
    assert {field.type for field in models.save_model(pipeline(), tmp_path).inputs} == {"unknown"}


def test_other_tasks(tmp_path: Path) -> None:
    card = models.save_model(KMeans(1).fit([[0.0], [1.0]]), tmp_path / "a")
    assert (card.task, card.outputs) == ("other", (Field("prediction", "int"),))
    assert models.save_model(StandardScaler().fit([[0.0], [1.0]]), tmp_path / "b").outputs == ()


@pytest.mark.parametrize(
    ("classes", "kind"), [([0, 1], "int"), ([0.5, 1.5], "unknown"), ([True, False], "bool"), (["a", "b"], "string")]
)
def test_classes_of_every_type(tmp_path: Path, classes: list[Any], kind: str) -> None:
    if kind == "unknown":  # scikit-learn learns no classes from fractions
        assert models.save_model(LinearRegression().fit([[0.0], [1.0]], classes), tmp_path).classes is None
        return
    card = models.save_model(RandomForestClassifier(2).fit([[0.0], [1.0]], classes), tmp_path)
    assert card.classes == sorted(classes)
    assert card.outputs[0].type == kind


def test_several_targets_have_no_one_list_of_classes(tmp_path: Path) -> None:
    model = RandomForestClassifier(2).fit([[0.0], [1.0]], [[0, 1], [1, 0]])
    assert models.save_model(model, tmp_path).classes is None


def test_an_example_prefers_a_row_without_gaps(tmp_path: Path) -> None:
    rows = pd.DataFrame({"a": [None, 2.0], "b": [1, 2]})
    model = LinearRegression().fit(rows.fillna(0), [0, 1])
    assert models.save_model(model, tmp_path / "1", [rows]).example == {"a": 2.0, "b": 2}
    assert models.save_model(model, tmp_path / "2", [rows[:1]]).example == {"a": None, "b": 1}
    assert models.save_model(model, tmp_path / "3", [rows[:0]]).example == {}


def test_columns_of_other_kinds() -> None:
    assert models.kind(pd.Series([1 + 2j])) == "unknown"
    assert models.kind(pd.Series(["a"], dtype="object")) == "string"
    assert models.kind(pd.Series([1, None], dtype="Int64")) == "int"


class Own(BaseEstimator):  # type: ignore[misc]  # scikit-learn ships no types
    """A model of a user's own class."""

    def fit(self) -> Own:
        self.fitted_ = True
        return self


def formula(x: Any) -> Any:
    return x


@pytest.mark.parametrize(
    ("model", "said", "help"),
    [
        ({"a": 1}, "dict is not a scikit-learn model", "`folder`"),
        (None, "NoneType is not a scikit-learn model", "`folder`"),
        (LogisticRegression(), "the LogisticRegression is not fitted", "fit()"),
        (Own().fit(), "types that are not safe to load again", "ColumnTransformer"),
        (FunctionTransformer(formula).fit([[1]]), "types that are not safe to load again", "ColumnTransformer"),
        (KNeighborsClassifier(algorithm="kd_tree").fit(np.zeros((9, 2)), [0, 1, 0] * 3), "KDTree", 'algorithm="brute"'),
    ],
)
def test_what_can_not_be_kept_says_why_and_a_way_out(tmp_path: Path, model: Any, said: str, help: str) -> None:
    with pytest.raises(StepError) as info:
        models.save_model(model, tmp_path / "m")
    assert said in info.value.message
    assert help in info.value.help
    assert not (tmp_path / "m").exists()


def test_a_model_that_skops_can_not_write(tmp_path: Path) -> None:
    model = Birch(n_clusters=None).fit([[0.0], [1.0], [5.0]])
    with pytest.raises(StepError, match="can't be written safely"):
        models.save_model(model, tmp_path / "m")


@pytest.mark.parametrize("text", [None, "", "[]", "{}", '{"signature": 1}', "\ud800"])
def test_a_folder_that_is_no_model(tmp_path: Path, text: str | None) -> None:
    if text is not None:
        (tmp_path / "model.json").write_bytes(text.encode("utf-8", "surrogatepass"))
    with pytest.raises(DamageError, match="holds no model that ModelSync wrote"):
        models.load_model(tmp_path)
