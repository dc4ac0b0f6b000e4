"""A description holds what a table is, in plain values that survive JSON."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd

from modelsync.core.contract import Column, ColumnType, Contract
from modelsync.data import schema

FRAME = pd.DataFrame(
    {
        "n": pd.array([3, 1, None, 1], dtype="Int64"),
        "x": [1.0, np.inf, np.nan, 3.0],
        "flag": [True, False, True, True],
        "level": ["b", "a", None, "b"],
        "cat": pd.Categorical(["u", "v", "v", "u"]),
        "t": pd.Series(["2026-01-02", "2026-01-01", None, "2026-01-02"], dtype="datetime64[us]"),
        "empty": [np.nan] * 4,
        "never": pd.Series([None] * 4, dtype="datetime64[us]"),
        "one": [7.0, np.nan, np.nan, np.nan],
        "huge": [1e200, -1e200, 1e200, 0.0],
    }
)


def test_every_kind_of_column() -> None:
    described = schema.describe(FRAME, Contract({"level": Column("level", ColumnType.CATEGORY)}))
    assert described.rows == 4
    facts = {column.name: column for column in described.columns}
    assert facts["n"] == schema.ColumnFacts("n", "int", 1, 2, 1, 3, 5 / 3, facts["n"].std)
    assert facts["n"].std is not None
    assert round(facts["n"].std, 9) == round(2 / 3**0.5, 9)
    assert (facts["x"].min, facts["x"].max, facts["x"].mean, facts["x"].infinite, facts["x"].nulls) == (1, 3, 2, 1, 1)
    assert facts["x"].distinct == 3
    assert facts["flag"].top == (("True", 3), ("False", 1))
    assert facts["level"].type == "category"
    assert facts["level"].top == (("b", 2), ("a", 1))
    assert facts["cat"].top == (("u", 2), ("v", 2))
    assert facts["cat"].type == "category"
    assert facts["t"].type == "datetime"
    assert facts["t"].min == "2026-01-01T00:00:00"
    assert facts["empty"] == schema.ColumnFacts("empty", "float", 4, 0)
    assert facts["never"].min is None
    assert facts["one"].std is None
    assert facts["huge"].std is None  # it overflows, and JSON knows no infinity


def test_it_survives_json() -> None:
    described = schema.describe(FRAME)
    text = json.dumps(described.to_json(), allow_nan=False)
    assert schema.Description.from_json(json.loads(text)) == described
