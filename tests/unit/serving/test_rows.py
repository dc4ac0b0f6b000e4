from __future__ import annotations

import json
from datetime import datetime
from math import isnan
from typing import Any

import pytest

from modelsync.serving.rows import Column, decode
from modelsync.serving.web import RefusedError

AGE, INCOME = Column("age", "int"), Column("income", "float")
TWO = (AGE, INCOME)
EXPECTED = {"age": [30, 41], "income": [1.5, 2.0]}


def read(payload: Any, columns: tuple[Column, ...] = TWO) -> dict[str, list[Any]]:
    return decode(payload if isinstance(payload, bytes) else json.dumps(payload).encode(), columns)


def refused(payload: Any, columns: tuple[Column, ...] = TWO) -> RefusedError:
    with pytest.raises(RefusedError) as caught:
        read(payload, columns)
    return caught.value


@pytest.mark.parametrize(
    "payload",
    [
        {"rows": [{"age": 30, "income": 1.5}, {"income": 2, "age": 41}]},
        {"dataframe_records": [{"age": 30, "income": 1.5}, {"income": 2, "age": 41}]},
        {"features": [[30, 1.5], [41, 2]]},
        {"dataframe_split": {"columns": ["income", "age"], "data": [[1.5, 30], [2, 41]], "index": [0, 1]}},
        {"dataframe_split": {"data": [[30, 1.5], [41, 2]]}},
        {"inputs": [{"age": 30, "income": 1.5}, {"age": 41, "income": 2}]},
        {"inputs": [[30, 1.5], [41, 2]]},
        {"inputs": {"age": [30, 41], "income": [1.5, 2]}},
    ],
)
def test_every_form_means_the_same(payload: Any) -> None:
    assert read(payload) == EXPECTED
    assert list(read(payload)) == ["age", "income"]


@pytest.mark.parametrize("payload", [{"age": 30, "income": 1.5}, {"inputs": {"age": 30, "income": 1.5}}])
def test_one_row_alone(payload: Any) -> None:
    assert read(payload) == {"age": [30], "income": [1.5]}


def test_a_single_column_needs_no_inner_lists() -> None:
    assert read({"inputs": [1, 2]}, (AGE,)) == {"age": [1, 2]}
    assert read({"features": [1, 2]}, (AGE,)) == {"age": [1, 2]}
    assert read({"features": [[1], [2]]}, (AGE,)) == {"age": [1, 2]}


def test_a_column_may_have_the_name_of_a_form() -> None:
    assert read({"rows": 3}, (Column("rows", "int"),)) == {"rows": [3]}
    assert read({"rows": [{"rows": 3}]}, (Column("rows", "int"),)) == {"rows": [3]}


@pytest.mark.parametrize(
    ("type", "given", "read_as"),
    [
        ("int", 5.0, 5),
        ("int", -(2**63), -(2**63)),
        ("float", 5, 5.0),
        ("bool", True, True),
        ("string", "x", "x"),
        ("string", None, None),
        ("datetime", "2024-03-01T12:00:00", datetime(2024, 3, 1, 12)),
        ("datetime", "2024-03-01 12:00:00+02:00", datetime(2024, 3, 1, 10)),
        ("datetime", None, None),
        ("unknown", "x", "x"),
        ("unknown", 3, 3),
    ],
)
def test_values_of_each_type(type: str, given: Any, read_as: Any) -> None:
    value = read({"rows": [{"c": given}]}, (Column("c", type),))["c"][0]
    assert value == read_as
    assert value.__class__ is read_as.__class__


def test_a_missing_number_is_nan() -> None:
    assert isnan(read({"rows": [{"c": None}]}, (Column("c", "float"),))["c"][0])


@pytest.mark.parametrize(
    ("type", "given"),
    [
        ("int", b"1.5"),
        ("int", b"true"),
        ("int", b'"1"'),
        ("int", b"null"),
        ("int", b"1e999"),
        ("int", b"9223372036854775808"),
        ("float", b"true"),
        ("float", b'"x"'),
        ("float", b"1e999"),
        ("float", b"1" + b"0" * 400),
        ("bool", b"1"),
        ("string", b"1"),
        ("datetime", b'"yesterday"'),
        ("datetime", b"5"),
        ("unknown", b"[1]"),
        ("unknown", b"{}"),
    ],
)
def test_a_wrong_value_is_named_with_row_and_column(type: str, given: bytes) -> None:
    error = refused(b'{"rows": [{"c": %s}]}' % given, (Column("c", type),))
    assert error.status == 422
    assert error.message.startswith("row 0 column `c`: expected ")
    assert error.more["faults"][0]["row"] == 0
    assert error.more["faults"][0]["column"] == "c"


def test_missing_and_extra_columns_are_named() -> None:
    error = refused({"rows": [{"age": 1, "income": 2.0}, {"age": 1, "incom": 2.0}]})
    assert error.status == 422
    assert error.message == "row 1 column `income`: expected float, got nothing (and 1 more)"
    assert error.more["faults"] == [
        {"row": 1, "column": "income", "expected": "float", "got": "nothing"},
        {"row": 1, "column": "incom", "expected": "no such column", "got": "2.0"},
    ]


def test_many_faults_are_counted_and_some_shown() -> None:
    error = refused({"rows": [{"age": "x", "income": 1.0}] * 50})
    assert error.message.endswith("(and 49 more)")
    assert len(error.more["faults"]) == 20
    assert error.more["faults"][7]["row"] == 7


@pytest.mark.parametrize(
    ("payload", "words"),
    [
        ({"rows": []}, "there is no row"),
        ({"rows": {"age": 1}}, "expected a list of rows"),
        ({"rows": [1]}, "row 0: expected an object of columns, got 1"),
        ({"features": [[1]]}, "row 0: expected a list of 2 values, got 1 values"),
        ({"features": [[1, 2], 3]}, "row 1: expected a list of 2 values, got 3"),
        ({"dataframe_split": [1]}, "needs `columns` and `data`"),
        ({"dataframe_split": {"columns": ["age"]}}, "needs `columns` and `data`"),
        ({"dataframe_split": {"columns": ["age", "age"], "data": []}}, "different names"),
        ({"dataframe_split": {"columns": "age", "data": []}}, "different names"),
        ({"dataframe_split": {"columns": ["age", "income"], "data": [[1]]}}, "row 0: expected a list of 2 values"),
        ({"inputs": {"age": [1, 2], "income": [1.0]}}, "column `income`: expected a list of 2 values"),
        ({"inputs": {"age": [1, 2], "income": 1.0}}, "column `income`: expected a list of 2 values"),
        ({"inputs": {"age": [], "income": []}}, "there is no row"),
        ({}, "row 0 column `age`: expected int, got nothing"),
    ],
)
def test_a_wrong_shape_is_said(payload: Any, words: str) -> None:
    error = refused(payload)
    assert error.status == 422
    assert words in error.message


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"[1]", b"3", b"\xff\xfe", b'{"rows": [{"age": NaN}]}', b'{"a":' * 100_000, b"1" * 5000, b"null"],
)
def test_what_is_not_a_json_object(body: bytes) -> None:
    error = refused(body)
    assert error.status == 400
    assert '{"rows"' in error.help


def test_too_many_rows() -> None:
    assert read({"features": [[1]] * 10_000}, (AGE,))["age"][-1] == 1
    error = refused({"features": [[1]] * 10_001}, (AGE,))
    assert error.status == 413


def test_long_values_are_cut() -> None:
    assert len(refused({"rows": [{"age": "x" * 900, "income": 1.0}]}).message) < 200
