"""Rows that came, went and changed are counted exactly and shown by example."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from modelsync.core.errors import UsageError
from modelsync.data.row_diff import EXAMPLES, Change, ChangedRow, RowDiff, diff


def _diff(folder: Path, before: Any, after: Any, key: tuple[str, ...] = ()) -> RowDiff:
    for name, rows in (("b", before), ("a", after)):
        pq.write_table(rows if isinstance(rows, pa.Table) else pa.table(rows), folder / name)
    return diff(folder / "b", folder / "a", key)


def test_with_a_key(tmp_path: Path) -> None:
    before = {"k": ["a", "b", "c", "d"], "v": [1, 2, 3, None], "w": ["x", "x", "x", "x"]}
    after = {"w": ["x", "y", "x", "x"], "k": ["e", "c", "b", "d"], "v": [9.0, 3.5, 2.0, None]}
    assert _diff(tmp_path, before, after, ("k",)) == RowDiff(
        before=4,
        after=4,
        key=("k",),
        compared=("w", "k", "v"),
        added=1,
        removed=1,
        changed=1,
        columns=(("w", 1), ("v", 1)),
        added_rows=((("w", "x"), ("k", "e"), ("v", 9.0)),),
        removed_rows=((("k", "a"), ("v", 1), ("w", "x")),),
        changed_rows=(ChangedRow(("c",), (Change("w", "x", "y"), Change("v", 3, 3.5))),),
    )


def test_without_a_key_rows_are_a_multiset(tmp_path: Path) -> None:
    found = _diff(tmp_path, {"v": ["x", "x", "y"]}, {"v": ["x", "z", "x", "x"]})
    assert (found.added, found.removed, found.changed, found.unchanged) == (2, 1, 0, 2)
    assert found.added_rows == ((("v", "z"),), (("v", "x"),))
    assert found.removed_rows == ((("v", "y"),),)


def test_the_same_table_in_another_order(tmp_path: Path) -> None:
    found = _diff(tmp_path, {"k": [1, 2], "v": [None, 0.0]}, {"v": [-0.0, float("nan")], "k": [2, 1]}, ("k",))
    assert (found.added, found.removed, found.changed, found.unchanged) == (0, 0, 0, 2)


def test_repeated_keys_are_paired_in_order(tmp_path: Path) -> None:
    found = _diff(tmp_path, {"k": [1, 1], "v": [5, 6]}, {"k": [1, 1, 1], "v": [5, 7, 8]}, ("k",))
    assert (found.added, found.removed, found.changed) == (1, 0, 1)
    assert found.changed_rows == (ChangedRow((1,), (Change("v", 6, 7),)),)


def test_columns_of_one_side_are_not_compared(tmp_path: Path) -> None:
    found = _diff(tmp_path, {"k": [1], "old": [1]}, {"k": [1], "new": [2]}, ("k",))
    assert (found.changed, found.compared) == (0, ("k",))


def test_a_key_of_two_columns(tmp_path: Path) -> None:
    before = {"a": ["x", "x", "y"], "b": [1, 2, 1], "v": [1, 1, 1]}
    after = {"a": ["x", "y", "y"], "b": [1, 1, 2], "v": [1, 2, 1]}
    found = _diff(tmp_path, before, after, ("a", "b"))
    assert (found.added, found.removed, found.changed) == (1, 1, 1)
    assert found.changed_rows[0].key == ("y", 1)


def test_examples_are_the_first(tmp_path: Path) -> None:
    many = {"k": list(range(100)), "v": [0] * 100}
    found = _diff(tmp_path, many, {"k": list(range(100)), "v": [1] * 100}, ("k",))
    assert (found.changed, len(found.changed_rows)) == (100, EXAMPLES)
    assert [row.key for row in found.changed_rows] == [(number,) for number in range(EXAMPLES)]
    back = _diff(tmp_path, many, {"k": list(range(99, -1, -1)), "v": [1] * 100}, ("k",))
    assert [row.key for row in back.changed_rows] == [(99 - number,) for number in range(EXAMPLES)]


def test_tables_without_rows(tmp_path: Path) -> None:
    empty = pa.table({"k": pa.array([], pa.int64()), "v": pa.array([], pa.string())})
    assert _diff(tmp_path, empty, {"k": [1], "v": ["x"]}, ("k",)).added == 1
    assert _diff(tmp_path, {"k": [1], "v": ["x"]}, empty).removed == 1
    assert _diff(tmp_path, empty, empty, ("k",)).unchanged == 0


def test_what_can_not_be_compared(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="key column `k`"):
        _diff(tmp_path, {"k": [1]}, {"v": [1]}, ("k",))
    with pytest.raises(UsageError, match="no column in common"):
        _diff(tmp_path, {"k": [1]}, {"v": [1]})
    (tmp_path / "b").write_text("no table")
    with pytest.raises(UsageError, match="no Parquet table"):
        diff(tmp_path / "b", tmp_path / "a")
    with pytest.raises(UsageError, match="does not exist"):
        diff(tmp_path / "none", tmp_path / "a")


ROWS = st.lists(st.tuples(st.integers(0, 4), st.sampled_from(["x", "y", None])), max_size=8)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(ROWS, ROWS)
def test_counts_are_those_of_multisets(tmp_path: Path, before: list[Any], after: list[Any]) -> None:
    def table(rows: list[Any]) -> pa.Table:
        columns = {
            "k": pa.array([row[0] for row in rows], pa.int64()),
            "v": pa.array([row[1] for row in rows], "string"),
        }
        return pa.table(columns)

    found = _diff(tmp_path, table(before), table(after))
    left, right = Counter(before), Counter(after)
    assert (found.added, found.removed) == ((right - left).total(), (left - right).total())
    keyed = _diff(tmp_path, table(before), table(after), ("k",))
    keys = Counter(row[0] for row in before), Counter(row[0] for row in after)
    assert (keyed.added, keyed.removed) == ((keys[1] - keys[0]).total(), (keys[0] - keys[1]).total())
    assert keyed.unchanged + keyed.changed + keyed.added == len(after)
