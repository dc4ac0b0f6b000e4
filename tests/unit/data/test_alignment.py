"""Equal values have equal numbers, whatever their types, and nothing else has."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from modelsync.data import alignment


def _column(values: list[Any], type_: Any = None) -> pa.ChunkedArray:
    return pa.chunked_array([pa.array(values, type=type_)])


@pytest.mark.parametrize(
    ("left", "right", "same"),
    [
        (_column([1]), _column([1.0]), True),
        (_column([2**53 + 1]), _column([2.0**53]), False),
        (_column([2**53 + 1, 2])[1:], _column([2.0]), True),
        (_column([True]), _column([1]), True),
        (_column([1]), _column(["1"]), True),
        (_column([1]), _column(["01"]), False),
        (_column(["a"]), _column(["a"]).dictionary_encode(), True),
        (_column([float("nan")]), _column([None], pa.float64()), True),
        (_column([0.0]), _column([-0.0]), True),
        (_column([None]), _column([None], pa.int64()), True),
        (_column([None], pa.string()), _column([""]), False),
        (_column([[1, 2]]), _column([[1, 2]]), True),
        (_column([[1, 2]]), _column([[2, 1]]), False),
        (_column([b"x"]), _column([b"x"]), True),
        (_column([1], pa.timestamp("us")), _column([1000], pa.timestamp("ns")), True),
    ],
)
def test_one_value(left: pa.ChunkedArray, right: pa.ChunkedArray, same: bool) -> None:
    first, second = alignment.codes([left, right])
    assert (first[0] == second[0]) is np.bool_(same)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.lists(st.one_of(st.none(), st.integers(0, 3), st.sampled_from([0.5, 1.0]))), min_size=1, max_size=3))
def test_numbers_are_equal_when_values_are(tables: list[list[Any]]) -> None:
    numbers = np.concatenate(alignment.codes([_column(values, pa.float64()) for values in tables]))
    values = [value for column in tables for value in column]
    for place, value in enumerate(values):
        assert [bool(each) for each in numbers == numbers[place]] == [other == value for other in values]


def test_folding_and_counting() -> None:
    folded = alignment.fold([np.array([0, 0, 1])], [np.array([0, 1, 0])])
    assert len(set(folded[0].tolist())) == 3
    assert alignment.occurrences(np.array([3, 1, 3, 3, 1])).tolist() == [0, 0, 1, 2, 1]
    assert alignment.occurrences(np.array([], dtype="int64")).tolist() == []


def test_places() -> None:
    assert alignment.places([np.array([1, 0]), np.array([1, 2])]).tolist() == [[1, -1], [0, 0], [-1, 1]]
    assert alignment.places([np.array([], dtype="int64")]).shape == (0, 1)


@pytest.mark.parametrize(
    ("types", "wanted"),
    [
        ([pa.int64(), pa.float64()], pa.float64()),
        ([pa.null(), pa.int64()], pa.int64()),
        ([pa.null()], pa.string()),
        ([pa.bool_(), pa.int64()], pa.int64()),
        ([pa.string(), pa.large_string()], pa.large_string()),
        ([pa.dictionary(pa.int32(), pa.string()), pa.string()], pa.string()),
        ([pa.string(), pa.int64()], None),
    ],
)
def test_the_type_that_holds_all(types: list[pa.DataType], wanted: pa.DataType | None) -> None:
    assert alignment.same_type(types) == wanted


def test_a_cast_never_changes_a_value() -> None:
    assert alignment.cast(_column([1.5]), pa.int64()) is None
    assert alignment.cast(_column([2**53 + 1]), pa.float64()) is None
    made = alignment.cast(_column([2, None]), pa.float64())
    assert made is not None and made.to_pylist() == [2.0, None]
    assert alignment.cast(_column(["x"]), pa.int64()) is None
    assert alignment.cast(_column([2**53 + 1]).dictionary_encode(), pa.float64()) is None
    levels = alignment.cast(_column([2, 3, 2]).dictionary_encode(), pa.float64())
    assert levels is not None and levels.to_pylist() == [2.0, 3.0, 2.0]
