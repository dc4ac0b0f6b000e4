from __future__ import annotations

import warnings
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from sklearn.compose import ColumnTransformer
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

from modelsync.serving.model import ServedModel
from modelsync.serving.rows import Column
from modelsync.usercode.models import load_model

NUMBERS = pd.DataFrame({"a": [1.0, 2.0, 3.0, 4.0], "b": [1, 0, 1, 0]})
LABEL = [False, False, True, True]
AB = (Column("a", "float"), Column("b", "int"))
ROWS: dict[str, list[Any]] = {"a": [1.5, 3.5], "b": [0, 1]}


def served(model: Any, columns: tuple[Column, ...] = AB, classes: list[Any] | None = None) -> ServedModel:
    return ServedModel("m", "1.0.0", model, columns, classes, {})


def test_numbers_go_bare_and_mean_the_same(cancer: Path) -> None:
    loaded = load_model(cancer)
    columns = tuple(Column(field.name, field.type) for field in loaded.card.inputs)
    model = ServedModel("cancer", "1", loaded.model, columns, loaded.card.classes, loaded.card.example)
    row = {name: [value] for name, value in loaded.card.example.items()}
    as_table = model.predict(row)
    assert model.try_out(row) > 0
    assert model._bare
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        warnings.filterwarnings("ignore", message="X does not have valid feature names")  # as the try-out does
        assert model.predict(row) == as_table
    expected = loaded.model.predict_proba(pd.DataFrame(row))[0]
    assert as_table.probabilities is not None
    assert list(as_table.probabilities[0]) == ["0", "1"]
    assert list(as_table.probabilities[0].values()) == pytest.approx(list(expected))


def test_a_model_that_wants_names_gets_them() -> None:
    pipeline = make_pipeline(ColumnTransformer([("a", StandardScaler(), ["a"])]), LogisticRegression())
    model = served(pipeline.fit(NUMBERS, LABEL), classes=[False, True])
    model.try_out(ROWS)
    assert not model._bare
    answer = model.predict(ROWS)
    assert answer.values == [False, True]
    assert answer.probabilities is not None and set(answer.probabilities[0]) == {"false", "true"}


def test_words_times_and_gaps_reach_the_model_as_a_table() -> None:
    seen: list[pd.DataFrame] = []

    class Looking:
        def predict(self, table: Any) -> Any:
            seen.append(table)
            return table["n"]

    columns = (Column("w", "string"), Column("t", "datetime"), Column("n", "float"), Column("f", "bool"))
    rows: dict[str, list[Any]] = {
        "w": ["x", None],
        "t": [datetime(2024, 3, 1), None],
        "n": [1.0, float("nan")],
        "f": [True, False],
    }
    model = served(Looking(), columns)
    model.try_out(rows)
    assert model.predict(rows).values == [1.0, None]
    assert model.predict(rows).probabilities is None
    table = seen[-1]
    assert list(table.columns) == ["w", "t", "n", "f"]
    assert table["t"].dtype.kind == "M"
    assert table["f"].dtype == bool
    assert bool(table["w"].isna()[1])


def test_a_pipeline_of_words() -> None:
    table = pd.DataFrame({"w": ["x", "y", "x", "y"], "a": [1.0, 2.0, 3.0, 4.0]})
    encode = ColumnTransformer([("w", OneHotEncoder(handle_unknown="ignore"), ["w"])], remainder="passthrough")
    model = served(
        make_pipeline(encode, LogisticRegression()).fit(table, ["no", "yes", "no", "yes"]),
        (Column("w", "string"), Column("a", "float")),
        ["no", "yes"],
    )
    model.try_out({"w": ["x"], "a": [1.0]})
    answer = model.predict({"w": ["y", "unseen"], "a": [2.0, 1.0]})
    assert answer.values[0] == "yes"
    assert answer.probabilities is not None and (answer.probabilities[0]["yes"] or 0.0) > 0.5


def test_a_model_fitted_without_names_gets_none() -> None:
    bare = LinearRegression().fit(np.array([[1.0, 1], [2, 0], [3, 1]]), [1.0, 2.0, 3.0])
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert served(bare).predict(ROWS).values == pytest.approx([1.5, 3.5])


def test_several_values_a_row_and_plain_lists() -> None:
    class Pairs:
        def predict(self, table: Any) -> Any:
            return [[1.0, float("inf")], ["x", np.datetime64("2024-03-01")]]

    assert served(Pairs()).predict(ROWS).values == [[1.0, None], ["x", "2024-03-01"]]


def test_what_a_model_raises_comes_through() -> None:
    class Broken:
        def predict(self, table: Any) -> Any:
            raise RuntimeError("no")

    with pytest.raises(RuntimeError, match="no"):
        served(Broken()).try_out(ROWS)
