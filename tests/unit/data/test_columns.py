"""A column takes the contract's type whole, or stays as the file has it."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import pytest

from modelsync.core.contract import ColumnType
from modelsync.data import columns

INT, FLOAT, BOOL = ColumnType.INT, ColumnType.FLOAT, ColumnType.BOOL
TEXT, CATEGORY, TIME = ColumnType.STRING, ColumnType.CATEGORY, ColumnType.DATETIME


def _chunked(values: list[Any], type_: pa.DataType | None = None) -> pa.ChunkedArray:
    return pa.chunked_array([pa.array(values, type_)])


@pytest.mark.parametrize(
    ("values", "wanted", "expected"),
    [
        (["12", " 7 ", "+3", "-4", "5.0"], INT, [12, 7, 3, -4, 5]),
        (["12", "", "NA", "null"], INT, [12, None, None, None]),
        (["9007199254740993"], INT, [9007199254740993]),  # beyond what a float holds exactly
        ([1.0, 2.0, None], INT, [1, 2, None]),
        (["1.5", "inf", "NaN"], FLOAT, [1.5, float("inf"), None]),
        ([1, 2], FLOAT, [1.0, 2.0]),
        (["true", "FALSE", "1", "0", ""], BOOL, [True, False, True, False, None]),
        ([1, 0, None], BOOL, [True, False, None]),
        ([1.0, 0.0], BOOL, [True, False]),
        ([True, False], BOOL, [True, False]),
        (["NA", "EU", ""], TEXT, ["NA", "EU", None]),
        ([None, None], TEXT, [None, None]),
        ([1, 2], CATEGORY, ["1", "2"]),
        ([1.0, None], CATEGORY, ["1", None]),
        ([True], CATEGORY, ["true"]),
    ],
)
def test_what_fits_is_converted(values: list[Any], wanted: ColumnType, expected: list[Any]) -> None:
    assert columns.convert(_chunked(values), wanted).to_pylist() == expected


@pytest.mark.parametrize(
    ("values", "wanted"),
    [
        (["12", "many"], INT),
        (["12.5"], INT),
        (["0x1F"], INT),
        (["99999999999999999999"], INT),
        ([1.5], INT),
        ([1e17], INT),
        ([True], INT),
        ([float("inf")], INT),
        (["a"], FLOAT),
        ([True], FLOAT),
        (["yes"], BOOL),
        ([2, 1], BOOL),
        ([1, None, -1], BOOL),
        ([1], TEXT),
        ([1.5], CATEGORY),
        (["31/01/2026"], TIME),
        ([1700000000], TIME),
        (["2026-01-01", "2026-01-01T00:00:00Z"], TIME),
    ],
)
def test_what_does_not_fit_stays(values: list[Any], wanted: ColumnType) -> None:
    before = _chunked(values)
    assert columns.convert(before, wanted).equals(before)


def test_times() -> None:
    local = columns.convert(_chunked(["2026-01-31", "2026-01-31 10:00:00.5"]), TIME)
    assert local.type == pa.timestamp("us")
    zoned = columns.convert(_chunked(["2026-01-31T10:00:00+02:00"]), TIME)
    assert zoned.type == pa.timestamp("us", tz="UTC")
    assert zoned.to_pylist()[0].hour == 8
    day = columns.convert(_chunked([None], pa.date32()), TIME)
    assert day.type == pa.timestamp("us")
    assert columns.convert(local, TIME) is local


def test_dictionaries_become_plain_text() -> None:
    encoded = _chunked(["a", "b", "a"]).dictionary_encode()
    assert columns.convert(encoded, TEXT).to_pylist() == ["a", "b", "a"]
    assert columns.convert(encoded, CATEGORY).type == pa.string()


@pytest.mark.parametrize(
    ("values", "type_", "expected"),
    [
        (["1", "2", ""], pa.int64(), [1, 2, None]),
        (["1", "2.5"], pa.float64(), [1.0, 2.5]),
        (["true", "False", ""], pa.bool_(), [True, False, None]),
        (["0", "1"], pa.int64(), [0, 1]),
        (["007", "8"], pa.string(), ["007", "8"]),
        (["a", "", "NA"], pa.string(), ["a", None, "NA"]),
        (["", ""], pa.string(), [None, None]),
    ],
)
def test_inference(values: list[Any], type_: pa.DataType, expected: list[Any]) -> None:
    found = columns.infer(_chunked(values))
    assert found.type == type_
    assert found.to_pylist() == expected


def test_only_text_is_inferred() -> None:
    before = _chunked([1, 2])
    assert columns.infer(before) is before


def test_nullable_types_only_where_something_is_missing() -> None:
    assert str(columns.to_series(_chunked([1, 2])).dtype) == "int64"
    assert str(columns.to_series(_chunked([1, None])).dtype) == "Int64"
    assert str(columns.to_series(_chunked([True, False])).dtype) == "bool"
    assert str(columns.to_series(_chunked([True, None])).dtype) == "boolean"
    assert str(columns.to_series(_chunked([1.5, None])).dtype) == "float64"


def test_a_fraction_written_whole_stays_a_fraction_without_a_contract() -> None:
    assert columns.infer(pa.chunked_array([["127.0", "98.0"]])).type == pa.float64()
    assert columns.infer(pa.chunked_array([["127", "98"]])).type == pa.int64()
