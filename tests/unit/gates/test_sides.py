"""One column becomes sorted numbers or counted levels."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from modelsync.gates import sides


def test_numbers_are_sorted_and_the_rest_is_counted() -> None:
    found = sides.numbers(pd.Series([3.0, np.nan, -np.inf, 1.0, np.inf, np.inf, 2.0]))
    assert np.asarray(found.values).tolist() == [1.0, 2.0, 3.0]
    assert (found.rows, found.n_missing, found.n_infinite) == (7, 1, 3)


@pytest.mark.parametrize("values", [[], [np.nan, np.nan], [np.inf]])
def test_no_number_at_all(values: list[float]) -> None:
    found = sides.numbers(pd.Series(values, dtype=float))
    assert len(np.asarray(found.values)) == 0
    assert found.n_missing + found.n_infinite == len(values)


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (pd.Series(["a", "b", "a", None], dtype="str"), {"a": 2, "b": 1}),
        (pd.Series(["True", "true", "x"], dtype="str"), {"true": 2, "x": 1}),
        (pd.Series([True, False, True]), {"true": 2, "false": 1}),
        (pd.Series([1.0, 2.0, 1.0]), {"1": 2, "2": 1}),
        (pd.Series([1, "1", 1.0], dtype=object), {"1": 3}),
        (pd.Series(pd.Categorical(["a", "b"], categories=["a", "b", "never"])), {"a": 1, "b": 1}),
        (pd.Series([], dtype="str"), {}),
    ],
)
def test_levels_are_counted_as_text(values: Any, expected: dict[str, int]) -> None:
    found = sides.levels(values)
    assert dict(zip(found.levels.to_pylist(), found.counts.tolist(), strict=True)) == expected
    assert found.n_missing == len(values) - sum(expected.values())
    assert found.distinct == len(expected)


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([1, 2], sides.NUMBER),
        ([True], sides.CATEGORY),
        (["a"], sides.CATEGORY),
        (pd.to_datetime(["2026-01-01"]), sides.TIME),
        (pd.Series([None, None], dtype=object), sides.NOTHING),
    ],
)
def test_kinds(values: Any, expected: str) -> None:
    assert sides.kind(pd.Series(values)) == expected


@pytest.mark.parametrize(
    ("values", "dtype", "rounded"),
    [
        ([2**53, -(2**53)], "int64", False),
        ([2**53 + 1], "int64", True),
        ([-(2**53) - 1, None], "Int64", True),
        ([2**53 + 2, 2**60, -(2**63)], "int64", False),
        ([2**64 - 1], "uint64", True),
        ([2**64 - 2048], "uint64", False),
        ([2.0**60], "float64", False),
    ],
)
def test_integers_that_a_float_rounds(values: list[Any], dtype: str, rounded: bool) -> None:
    column = pd.Series(values, dtype=pd.api.types.pandas_dtype(dtype))
    if rounded:
        with pytest.raises(OverflowError, match="beyond 2\\^53"):
            sides.numbers(column)
    else:
        assert sides.numbers(column).rows == len(values)


def test_names_are_text_and_different() -> None:
    frame = pd.DataFrame({0: [1], "a": [2]})
    assert sides.named(frame, "table").columns.tolist() == ["0", "a"]
    assert frame.columns.tolist() == [0, "a"]
    with pytest.raises(ValueError, match="the table has two columns `0`: rename or drop one of them"):
        sides.named(pd.DataFrame({0: [1], "0": [2]}), "table")
