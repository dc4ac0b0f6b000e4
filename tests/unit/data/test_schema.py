"""A description holds what a table is, in plain values that survive JSON."""

from __future__ import annotations

import dataclasses
import json
import time
from typing import Any

import numpy as np
import pandas as pd
import pytest

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
    assert facts["n"] == schema.ColumnFacts("n", "int", 1, 2, 1, 3, 5 / 3, facts["n"].std, histogram=(2, 0, 1))
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
    assert facts["t"].histogram == (1, *[0] * 18, 2)
    assert facts["empty"] == schema.ColumnFacts("empty", "float", 4, 0)
    assert facts["never"].min is None
    assert facts["one"].std is None
    assert facts["huge"].std is None  # it overflows, and JSON knows no infinity


def test_it_survives_json() -> None:
    described = schema.describe(FRAME)
    text = json.dumps(described.to_json(), allow_nan=False)
    assert schema.Description.from_json(json.loads(text)) == described


@pytest.mark.parametrize(
    ("values", "bars"),
    [
        ([0, 1, 1, 2], (1, 2, 1)),
        ([5, 5], (2,)),
        ([1.5, np.nan, np.inf], (1,)),
        ([0.0, 1.0, 1.0, 0.49, 0.5], (1, *[0] * 8, 1, 1, *[0] * 8, 2)),
        ([-1.7e308, 1.7e308], (1, *[0] * 18, 1)),
        ([0.0, 5e-324], (2,)),
        ([-(2**63), 2**63 - 1], (1, *[0] * 18, 1)),
        (list(range(100)), (5,) * 20),
        ([], ()),
        (["a", "b"], ()),
        ([True, False], ()),
        (pd.to_datetime(["2026-01-01", "2026-01-02"], utc=True), (1, *[0] * 18, 1)),
    ],
)
def test_histograms(values: Any, bars: tuple[int, ...]) -> None:
    (facts,) = schema.describe(pd.DataFrame({"x": values})).columns
    assert facts.histogram == bars


def test_a_description_of_before_there_were_histograms() -> None:
    described = schema.describe(FRAME)
    old = described.to_json()
    for column in old["columns"]:
        del column["histogram"]
    assert schema.Description.from_json(old).columns[0] == dataclasses.replace(described.columns[0], histogram=())


def test_levels_of_long_columns() -> None:
    many = pd.Series([f"user-{number:05}" for number in range(20_000)] + ["b", "b", "é", "é", "a"])
    mixed = pd.Series([1, "1", 2.5, None, "\ud800"], dtype=object)
    (facts,) = schema.describe(many.to_frame("x")).columns
    assert facts.distinct == 20_003
    assert facts.top[:4] == (("b", 2), ("é", 2), ("a", 1), ("user-00000", 1))
    assert len(facts.top) == 10
    (odd,) = schema.describe(mixed.to_frame("x")).columns
    assert (odd.distinct, odd.top[0], odd.nulls) == (3, ("1", 2), 1)
    unused = pd.Series(pd.Categorical(["u"], categories=["u", "v"]))
    assert schema.describe(unused.to_frame("x")).columns[0].distinct == 1


def test_many_rows_are_described_at_once() -> None:
    generator = np.random.default_rng(7)
    frame = pd.DataFrame({"f": generator.normal(size=200_000), "t": [f"{n}" for n in range(200_000)]})
    start = time.process_time()
    described = schema.describe(frame)
    assert sum(described.columns[0].histogram) == 200_000
    assert time.process_time() - start < 2  # a fifth of the rows in the time that all may take


def test_columns_without_a_value() -> None:
    frame = pd.DataFrame(
        {"text": pd.Series([None, None], dtype=object), "words": pd.Series([None, None], dtype="string")}
    )
    for table in (frame, frame.head(0)):
        assert [(each.distinct, each.top) for each in schema.describe(table).columns] == [(0, ()), (0, ())]
