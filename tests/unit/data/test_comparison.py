"""Two descriptions side by side: what a reader of the old version must know of the new one."""

from __future__ import annotations

import dataclasses
from typing import Any

import pandas as pd

from modelsync.core.contract import Column, ColumnType, Contract
from modelsync.data import schema
from modelsync.data.comparison import Retyped, compare


def _described(**columns: Any) -> schema.Description:
    return schema.describe(pd.DataFrame(columns))


def test_nothing_changed() -> None:
    same = _described(a=[1, 2], b=["x", None])
    found = compare(same, same)
    assert found.is_same_schema
    assert (found.columns, found.contract.breaking, found.contract.extended) == ((), (), ())
    assert (found.rows, found.is_reordered, found.is_promised) == ((2, 2), False, False)


def test_columns_come_go_and_change() -> None:
    found = compare(
        _described(a=[1, 2], gone=[1, 2], b=["x", "y"], c=[1.0, None], d=[True, None]),
        _described(d=[True, None], b=["x", None], a=[1.5, 2.0], c=[1.0, 2.0], new=[0, 0]),
    )
    assert (found.added, found.removed) == (("new",), ("gone",))
    assert found.retyped == (Retyped("a", "int", "float"),)
    assert (found.missing_began, found.missing_ended) == (("b",), ("c",))
    assert found.is_reordered
    assert not found.is_same_schema
    assert [change.column for change in found.columns] == ["b", "a", "c", "new", "gone"]
    by_name = {change.column: change for change in found.columns}
    assert by_name["b"].fields == ("nulls", "distinct", "top")
    assert set(by_name["a"].fields) == {"type", "min", "mean", "std", "histogram"}
    assert (by_name["new"].before, by_name["gone"].after) == (None, None)


def test_without_contracts_the_data_speaks() -> None:
    found = compare(_described(a=[1], b=[1.0]), _described(a=[1.5], c=[1]))
    assert found.contract.breaking == ("column `b` was removed",)
    assert set(found.contract.extended) == {"column `c` was added", "`a`: type int became float"}


def test_values_that_are_missing_no_more_take_nothing_from_anybody() -> None:
    found = compare(_described(a=["x", None]), _described(a=["x", "y"]))
    assert (found.missing_ended, found.contract.breaking, found.contract.extended) == (("a",), (), ())
    began = compare(_described(a=["x", "y"]), _described(a=["x", None]))
    assert began.contract.extended == ("`a`: missing values are now allowed",)


def test_with_contracts_only_promises_count() -> None:
    before = Contract({"a": Column("a", ColumnType.INT)}).to_json()
    after = Contract({"a": Column("a", ColumnType.INT, min=0)}).to_json()
    found = compare(_described(a=[1], b=[1]), _described(a=[1]), before, after)
    assert found.is_promised
    assert found.contract.breaking == ("`a`: min none became 0",)
    assert compare(_described(a=[1]), _described(a=[1]), None, after).contract.extended == ("a contract was added",)


def test_an_old_description_without_histograms_differs_in_nothing() -> None:
    now = _described(a=[1, 2, 3])
    old = schema.Description(3, (dataclasses.replace(now.columns[0], histogram=()),))
    assert compare(old, now).columns == ()
