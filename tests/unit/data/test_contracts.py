"""A table keeps its contract or every broken promise is counted; a contract changes for better or worse."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from modelsync.core.contract import Column, ColumnType, Contract, Role
from modelsync.core.verdict import Outcome
from modelsync.data.contracts import ContractChange, compare, violations

INT, FLOAT, TEXT, CATEGORY = ColumnType.INT, ColumnType.FLOAT, ColumnType.STRING, ColumnType.CATEGORY


def _broken(values: Any, column: Column, key: tuple[str, ...] = ()) -> dict[str, tuple[float | None, str]]:
    frame = pd.DataFrame({column.name: values})
    found = violations(frame, Contract({column.name: column}, key))
    assert all(check.outcome is Outcome.FAIL for check in found)
    return {check.id: (check.value, check.note) for check in found}


def test_a_table_that_keeps_its_contract() -> None:
    frame = pd.DataFrame({"id": ["a", "b"], "n": [1, 2], "plan": ["basic", None], "extra": [0, 0]})
    contract = Contract(
        {
            "id": Column("id", TEXT, nullable=False),
            "n": Column("n", FLOAT, min=1, max=2),
            "plan": Column("plan", CATEGORY, values=("basic", "pro")),
        },
        key=("id",),
    )
    assert violations(frame, contract) == ()


@pytest.mark.parametrize(
    ("values", "column", "expected"),
    [
        ([1, 5, 9], Column("c", INT, min=2), {"c.min": (1, "e.g. row 1: 1")}),
        ([1, 5, 9], Column("c", INT, max=4), {"c.max": (2, "e.g. row 2: 5, row 3: 9")}),
        ([np.inf, 1.0], Column("c", FLOAT, max=4), {"c.max": (1, "e.g. row 1: inf")}),
        (["a", None], Column("c", TEXT, nullable=False), {"c.nullable": (1, "e.g. row 2")}),
        (["a", "x", None], Column("c", CATEGORY, values=("a",)), {"c.values": (1, "e.g. row 2: x")}),
        ([1.0, 2.0], Column("c", FLOAT, values=(1,)), {"c.values": (1, "e.g. row 2: 2.0")}),
        ([True, False], Column("c", ColumnType.BOOL, values=(True,)), {"c.values": (1, "e.g. row 2: False")}),
        (["1", "x", "x"], Column("c", INT), {"c.type": (2, "e.g. row 2: x, row 3: x")}),
        (["1", ""], Column("c", INT), {"c.type": (2, "e.g. row 1: 1, row 2: ")}),
        ([1.5, 2.5], Column("c", INT), {"c.type": (2, "e.g. row 1: 1.5, row 2: 2.5")}),
        ([1, 2], Column("c", TEXT), {"c.type": (2, "e.g. row 1: 1, row 2: 2")}),
        (["x", 3], Column("c", TEXT), {"c.type": (1, "e.g. row 2: 3")}),
        ([[1], "x"], Column("c", CATEGORY), {"c.type": (1, "e.g. row 1: [1]")}),
        ([object, 3, None], Column("c", INT), {"c.type": (1, "e.g. row 1: <class 'object'>")}),
        ([[1], "2"], Column("c", INT), {"c.type": (1, "e.g. row 1: [1]")}),
        (pd.Categorical(["a", "b"]), Column("c", TEXT), {}),
        ([None, None], Column("c", INT), {}),
        ([1, 2], Column("c", FLOAT), {}),
    ],
)
def test_each_rule(values: Any, column: Column, expected: dict[str, tuple[float, str]]) -> None:
    assert _broken(values, column) == expected


def test_at_most_three_examples() -> None:
    count, note = _broken(list(range(10)), Column("c", INT, min=100))["c.min"]
    assert count == 10
    assert note.count("row") == 3


def test_missing_columns_and_rows() -> None:
    contract = Contract({"tenure": Column("tenure", INT), "zzz": Column("zzz", INT)}, key=("who", "tenure"))
    found = {check.id: check for check in violations(pd.DataFrame({"tenur": []}), contract)}
    assert set(found) == {"rows", "tenure.exists", "zzz.exists", "key.exists"}
    assert "`tenur`" in found["tenure.exists"].note
    assert "did" not in found["zzz.exists"].note
    assert found["key.exists"].value == 2


def test_repeated_keys() -> None:
    frame = pd.DataFrame({"a": [1, 1, 1, 2], "b": ["x", "x", "y", "x"]})
    contract = Contract({"a": Column("a", INT)}, key=("a", "b"))
    (check,) = violations(frame, contract)
    assert (check.id, check.value, check.note) == ("key.unique", 1, "e.g. 1, x")


def test_a_row_is_named_by_its_label_when_that_is_no_number() -> None:
    frame = pd.DataFrame({"c": [5]}, index=["ana"])
    (check,) = violations(frame, Contract({"c": Column("c", INT, max=1)}))
    assert check.note == "e.g. row ana: 5"


def _contract(**changes: Any) -> dict[str, Any]:
    settings: dict[str, Any] = {"nullable": True, "values": ("a", "b"), "min": None, "max": None}
    column = Column("c", changes.pop("type", CATEGORY), **{**settings, **changes})
    return Contract({"c": column}, ("c",)).to_json()


@pytest.mark.parametrize(
    ("old", "new", "breaking"),
    [
        ({}, {"values": ("a",)}, True),
        ({}, {"values": ("a", "b", "c")}, False),
        ({}, {"values": None}, False),
        ({"values": None}, {}, True),
        ({}, {"nullable": False}, True),
        ({"nullable": False}, {}, False),
        ({}, {"min": 1}, True),
        ({"min": 1}, {"min": 0}, False),
        ({"min": 1}, {"min": 2}, True),
        ({"max": 1}, {"max": 2}, False),
        ({"max": 1}, {"max": 0}, True),
        ({"max": 1}, {}, False),
        ({"type": INT}, {"type": FLOAT}, False),
        ({"type": FLOAT}, {"type": INT}, True),
        ({}, {"type": TEXT}, False),
        ({}, {"role": Role.LABEL}, True),
        ({"positive": "a"}, {"positive": "b"}, True),
    ],
)
def test_one_change(old: dict[str, Any], new: dict[str, Any], breaking: bool) -> None:
    change = compare(_contract(**old), _contract(**new))
    assert (bool(change.breaking), bool(change.extended)) == (breaking, not breaking)


def test_values_that_go_and_come_are_both() -> None:
    change = compare(_contract(), _contract(values=("b", "c")))
    assert change == ContractChange(("`c`: `a` no longer allowed",), ("`c`: `c` allowed as well",))


def test_columns_key_and_whole_contracts() -> None:
    one, two = Contract({"a": Column("a", INT)}, ("a",)).to_json(), Contract({"b": Column("b", INT)}).to_json()
    change = compare(one, two)
    assert change.breaking == ("column `a` was removed", "the key changed from `a` to none")
    assert change.extended == ("column `b` was added",)
    assert compare(one, one) == ContractChange()
    assert compare(None, None) == ContractChange()
    assert compare(None, Contract().to_json()) == ContractChange()
    assert compare(None, one).extended
    assert compare(one, None).breaking
