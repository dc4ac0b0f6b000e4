"""Database types become Arrow types by declaration, never by guessing from the first rows."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import pyarrow as pa
import pytest

from modelsync.data.sources import sql_types


@pytest.mark.parametrize(
    ("column", "values", "type_", "held"),
    [
        (("b", 16, None, 1, None, None), [True, None], pa.bool_(), [True, None]),
        (("i", 21, None, 2, None, None), [None, None], pa.int64(), [None, None]),
        (("f", 700, None, 4, None, None), [1.5], pa.float64(), [1.5]),
        (("n", 1700, None, -1, 12, 2), [Decimal("1.5")], pa.decimal128(12, 2), [Decimal("1.50")]),
        (("n", 1700, None, -1, None, None), [Decimal("1.5")], pa.float64(), [1.5]),
        (("u", 2950, None, 16, None, None), [UUID(int=1)], pa.string(), [str(UUID(int=1))]),
        (("j", 3802, None, -1, None, None), [{"b": 1, "a": "é"}], pa.string(), ['{"a": "é", "b": 1}']),
        (("d", 1082, None, 4, None, None), [date(2026, 1, 2)], pa.date32(), [date(2026, 1, 2)]),
        (("t", 1184, None, 8, None, None), [], pa.timestamp("us", tz="UTC"), []),
        (("e", 99999, None, 4, None, None), ["open"], pa.string(), ["open"]),
        (("x", 99999, None, 4, None, None), [date(2026, 1, 2)], pa.string(), ["2026-01-02"]),
        (("a", 1007, None, -1, None, None), [[1, 2]], pa.list_(pa.int64()), [[1, 2]]),
        (("y", 17, None, -1, None, None), [b"\0\1"], pa.binary(), [b"\0\1"]),
    ],
)
def test_postgresql(column: tuple[Any, ...], values: list[Any], type_: pa.DataType, held: list[Any]) -> None:
    kind = sql_types.of_postgresql(column)
    array = kind.array(values)
    assert (array.type, array.to_pylist()) == (type_, held)
    assert bool(sql_types.notes([kind])) is (type_ == pa.float64() and column[1] == 1700)


@pytest.mark.parametrize(
    ("declared", "values", "type_", "held"),
    [
        ("INTEGER", [1, None], pa.int64(), [1, None]),
        ("INTEGER", ["x"], pa.string(), ["x"]),
        ("varchar(20)", ["x", None], pa.string(), ["x", None]),
        ("DECIMAL(10,2)", [1, 2.5], pa.float64(), [1.0, 2.5]),
        ("BOOLEAN", [0, 1, None], pa.bool_(), [False, True, None]),
        ("BOOLEAN", [0, 2], pa.int64(), [0, 2]),
        ("DATE", ["2026-01-02"], pa.date32(), [date(2026, 1, 2)]),
        ("DATE", ["soon"], pa.string(), ["soon"]),
        ("DATETIME", ["2026-01-02 03:04:05"], pa.timestamp("us"), [datetime(2026, 1, 2, 3, 4, 5)]),
        ("TIMESTAMP", ["2026-01-02T03:04:05Z"], pa.string(), ["2026-01-02T03:04:05Z"]),
        ("", [1, None], pa.int64(), [1, None]),
        ("GEOMETRY", [b"x"], pa.binary(), [b"x"]),
        ("TEXT", [], pa.string(), []),
    ],
)
def test_sqlite(declared: str, values: list[Any], type_: pa.DataType, held: list[Any]) -> None:
    array = sql_types.of_sqlite(declared).array(values)
    assert (array.type, array.to_pylist()) == (type_, held)


def test_values_of_two_types_are_no_column() -> None:
    with pytest.raises(pa.ArrowInvalid):
        sql_types.UNKNOWN.array([1, "x"])


def test_a_column_without_a_type_is_text() -> None:
    schema = pa.schema([("a", pa.null()), ("b", pa.timestamp("us", tz=str(UTC)))])
    assert sql_types.without_null(schema).types == [pa.string(), pa.timestamp("us", tz="UTC")]
