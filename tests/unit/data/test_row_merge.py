"""Two people's changes to one table come together, and what both changed is told, never lost."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from modelsync.core.errors import UsageError
from modelsync.data.row_merge import SHOWN, Conflict, ConflictKind, Merge, merge

BASE: dict[str, Any] = {"k": [1, 2, 3], "v": ["a", "b", "c"], "w": [1.0, 2.0, 3.0]}


def _merge(base: Any, ours: Any, theirs: Any, key: tuple[str, ...] = ("k",)) -> Merge:
    return merge(pa.table(base), pa.table(ours), pa.table(theirs), key)


def _rows(merged: Merge) -> list[tuple[Any, ...]]:
    return list(zip(*merged.table.to_pydict().values(), strict=True))


def test_edits_of_different_values_come_together() -> None:
    merged = _merge(BASE, {**BASE, "v": ["A", "b", "c"]}, {**BASE, "w": [9.0, 2.0, None]})
    assert _rows(merged) == [(1, "A", 9.0), (2, "b", 2.0), (3, "c", None)]
    assert (merged.conflict_count, merged.conflicts) == (0, ())


def test_additions_of_both_and_deletions_of_both() -> None:
    ours = {"k": [4, 3, 2], "v": ["d", "c", "b"], "w": [4.0, 3.0, 2.0]}
    theirs = {"k": [6, 1, 3, 5], "v": ["f", "a", "c", "e"], "w": [6.0, 1.0, 3.0, 5.0]}
    merged = _merge(BASE, ours, theirs)
    assert _rows(merged) == [(4, "d", 4.0), (3, "c", 3.0), (6, "f", 6.0), (5, "e", 5.0)]
    assert merged.conflict_count == 0


def test_the_same_edit_on_both_sides_is_none() -> None:
    same = {"k": [1, 2, 4], "v": ["X", "b", "new"], "w": [1.0, 2.0, 4.0]}
    merged = _merge(BASE, same, same)
    assert (merged.table.to_pydict(), merged.conflict_count) == (same, 0)


def test_edits_of_one_value_are_a_conflict() -> None:
    merged = _merge(BASE, {**BASE, "v": ["a", "X", "c"]}, {**BASE, "v": ["a", "Y", "c"]})
    assert merged.conflicts == (Conflict(ConflictKind.EDITED_BY_BOTH, (2,), "v", "b", "X", "Y"),)
    assert _rows(merged)[1] == (2, "X", 2.0)


def test_two_rows_added_under_one_key() -> None:
    ours = {"k": [1, 2, 3, 4], "v": ["a", "b", "c", "X"], "w": [1.0, 2.0, 3.0, 4.0]}
    merged = _merge(BASE, ours, {**ours, "v": ["a", "b", "c", "Y"]})
    assert merged.conflicts == (Conflict(ConflictKind.ADDED_BY_BOTH, (4,), "v", None, "X", "Y"),)


def test_a_row_that_one_deleted_and_the_other_edited_stays() -> None:
    shorter = {name: values[:2] for name, values in BASE.items()}
    edited = {**BASE, "v": ["a", "b", "NEW"]}
    for ours, theirs, kind in (
        (shorter, edited, ConflictKind.ROW_DELETED_BY_OURS),
        (edited, shorter, ConflictKind.ROW_DELETED_BY_THEIRS),
    ):
        merged = _merge(BASE, ours, theirs)
        assert _rows(merged)[2] == (3, "NEW", 3.0)
        values = (None, "NEW") if kind is ConflictKind.ROW_DELETED_BY_OURS else ("NEW", None)
        assert merged.conflicts == (Conflict(kind, (3,), "v", "c", *values),)


def test_every_row_keeps_its_own_values() -> None:
    many = {"k": list(range(6)), "v": [10, 11, 12, 13, 14, 15]}
    merged = _merge(many, {**many, "v": [10, 11, 12, 13, 14, 95]}, {**many, "v": [90, 11, 12, 93, 14, 15]})
    assert merged.table.to_pydict() == {"k": list(range(6)), "v": [90, 11, 12, 93, 14, 95]}


def test_columns_added_and_removed() -> None:
    ours = {"k": [1, 2, 3, 4], "mine": ["p", "q", "r", "s"], "v": ["a", "b", "c", "d"], "w": [1.0, 2.0, 3.0, 4.0]}
    theirs = {"k": [1, 2, 3, 5], "v": ["a", "b", "c", "e"], "yours": [7, 8, 9, 10]}
    merged = _merge(BASE, ours, theirs)
    assert merged.table.to_pydict() == {
        "k": [1, 2, 3, 4, 5],
        "mine": ["p", "q", "r", "s", None],
        "v": ["a", "b", "c", "d", "e"],
        "yours": [7, 8, 9, None, 10],
    }
    assert merged.conflict_count == 0


def test_a_column_that_one_removed_and_the_other_edited_stays() -> None:
    without = {"k": [1, 2, 3], "v": ["a", "b", "c"]}
    edited = {**BASE, "w": [1.0, 9.0, 3.0]}
    merged = _merge(BASE, without, edited)
    assert merged.table.to_pydict() == edited
    assert merged.conflicts == (Conflict(ConflictKind.COLUMN_DELETED_BY_OURS, (2,), "w", 2.0, None, 9.0),)
    other = _merge(BASE, edited, without)
    assert other.table.to_pydict() == edited
    assert other.conflicts[0].kind is ConflictKind.COLUMN_DELETED_BY_THEIRS


def test_a_column_added_by_both() -> None:
    merged = _merge({"k": [1, 2]}, {"k": [1, 2], "n": [1, 2]}, {"k": [1, 2], "n": [1, 3]})
    assert merged.conflicts == (Conflict(ConflictKind.ADDED_BY_BOTH, (2,), "n", None, 2, 3),)


@pytest.mark.parametrize(
    ("base", "ours", "theirs", "wanted"),
    [
        (pa.int64(), pa.int64(), pa.float64(), pa.float64()),
        (pa.int64(), pa.float64(), pa.int64(), pa.float64()),
        (pa.int32(), pa.int32(), pa.int32(), pa.int32()),
        (pa.int32(), pa.int64(), pa.float64(), pa.float64()),
        (pa.string(), pa.dictionary(pa.int32(), pa.string()), pa.string(), pa.dictionary(pa.int32(), pa.string())),
        (pa.string(), pa.string(), pa.dictionary(pa.int32(), pa.string()), pa.dictionary(pa.int32(), pa.string())),
    ],
)
def test_types_are_kept(base: Any, ours: Any, theirs: Any, wanted: Any) -> None:
    tables = [pa.table({"k": [1], "v": pa.array(["1"]).cast(each)}) for each in (base, ours, theirs)]
    merged = merge(tables[0], tables[1], tables[2], ["k"])
    assert merged.table.schema.field("v").type == wanted
    assert merged.conflict_count == 0


def test_values_that_no_common_type_holds_become_text_and_a_conflict() -> None:
    merged = _merge({"k": [1], "v": ["1"]}, {"k": [1, 2], "v": ["1", "x"]}, {"k": [1, 3], "v": [1, 3]})
    assert merged.table.column("v").to_pylist() == ["1", "x", "3"]
    assert [(each.kind, each.column) for each in merged.conflicts] == [(ConflictKind.TYPE, "v")]


def test_keys_must_be_keys() -> None:
    with pytest.raises(UsageError, match="key `2` names two rows of theirs"):
        _merge(BASE, BASE, {"k": [2, 2]})
    with pytest.raises(UsageError, match="`k` is missing in ours"):
        _merge(BASE, {"v": [1]}, BASE)
    with pytest.raises(UsageError, match="merged by a key"):
        _merge(BASE, BASE, BASE, ())


def test_a_key_of_two_columns() -> None:
    base = {"a": ["x", "x"], "b": [1, 2], "v": [0, 0]}
    merged = _merge(base, {**base, "v": [1, 0]}, {**base, "v": [2, 5]}, ("a", "b"))
    assert _rows(merged) == [("x", 1, 1), ("x", 2, 5)]
    assert merged.conflicts[0].key == ("x", 1)


def test_many_conflicts_are_counted_and_the_first_shown() -> None:
    many = list(range(SHOWN + 500))
    merged = _merge(
        {"k": many, "v": [0] * len(many)}, {"k": many, "v": [1] * len(many)}, {"k": many, "v": [2] * len(many)}
    )
    assert (merged.conflict_count, len(merged.conflicts)) == (SHOWN + 500, SHOWN)
    assert [each.key for each in merged.conflicts[:3]] == [(0,), (1,), (2,)]


_VALUES = st.one_of(st.none(), st.integers(0, 2))


@st.composite
def _tables(draw: Any) -> pa.Table:
    keys = draw(st.lists(st.integers(0, 4), unique=True, max_size=5))
    names = draw(st.lists(st.sampled_from(["v", "w", "x"]), unique=True))
    columns = {name: draw(st.lists(_VALUES, min_size=len(keys), max_size=len(keys))) for name in names}
    return pa.table({"k": pa.array(keys, pa.int64()), **{n: pa.array(c, pa.int64()) for n, c in columns.items()}})


@st.composite
def _edited(draw: Any, base: pa.Table) -> pa.Table:
    """The table after a few rows went, values changed and rows came, as people do it."""
    rows = [list(row) for row in zip(*base.to_pydict().values(), strict=True) if draw(st.integers(0, 5))]
    for row in rows:
        for place in range(1, len(row)):
            row[place] = row[place] if draw(st.integers(0, 3)) else draw(_VALUES)
    taken = set(base.column("k").to_pylist())
    more = draw(st.lists(st.integers(0, 8).filter(lambda number: number not in taken), unique=True, max_size=2))
    rows += [[key, *(draw(_VALUES) for _ in base.column_names[1:])] for key in more]
    values = [pa.array([row[place] for row in rows], pa.int64()) for place in range(base.num_columns)]
    return pa.table(dict(zip(base.column_names, values, strict=True)))


def _content(table: pa.Table) -> Any:
    names = sorted(table.column_names)
    return names, sorted(zip(*(table.column(name).to_pylist() for name in names), strict=True), key=repr)


_SWAPPED = {
    ConflictKind.ROW_DELETED_BY_OURS: ConflictKind.ROW_DELETED_BY_THEIRS,
    ConflictKind.COLUMN_DELETED_BY_OURS: ConflictKind.COLUMN_DELETED_BY_THEIRS,
}
_SWAPPED |= {there: here for here, there in _SWAPPED.items()}


@settings(max_examples=30, deadline=None)
@given(_tables(), _tables(), _tables())
def test_laws_of_tables_that_have_little_in_common(base: pa.Table, one: pa.Table, other: pa.Table) -> None:
    _hold(base, one, other)


@settings(max_examples=30, deadline=None)
@given(st.data())
def test_laws_of_edits(data: st.DataObject) -> None:
    base = data.draw(_tables())
    _hold(base, data.draw(_edited(base)), data.draw(_edited(base)))


def _hold(base: pa.Table, one: pa.Table, other: pa.Table) -> None:
    assert merge(base, one, base, ["k"]).table.equals(one)
    assert _content(merge(base, base, one, ["k"]).table) == _content(one)
    assert merge(base, one, one, ["k"]).table.equals(one)
    there, back = merge(base, one, other, ["k"]), merge(base, other, one, ["k"])
    assert there.conflict_count == back.conflict_count == len(there.conflicts)
    swapped = {
        Conflict(_SWAPPED.get(each.kind, each.kind), each.key, each.column, each.base, each.theirs, each.ours)
        for each in back.conflicts
    }
    assert set(there.conflicts) == swapped
    if not there.conflicts:
        assert _content(there.table) == _content(back.table)
