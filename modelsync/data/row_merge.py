"""Two changed copies of one table brought together row by row, with what both changed told as conflicts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from modelsync.core.errors import UsageError
from modelsync.data import alignment

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa

SHOWN = 1000  # conflicts that are told one by one; more than that nobody mends by hand

_Sides = tuple[Any, ...]  # the tables of base, ours and theirs
_BASE, _OURS, _THEIRS = 0, 1, 2
_NOWHERE = -1


class ConflictKind(StrEnum):
    """What both sides did that does not go together."""

    EDITED_BY_BOTH = "edited by both"
    ADDED_BY_BOTH = "added by both"
    ROW_DELETED_BY_OURS = "row deleted by ours, edited by theirs"
    ROW_DELETED_BY_THEIRS = "row deleted by theirs, edited by ours"
    COLUMN_DELETED_BY_OURS = "column deleted by ours, edited by theirs"
    COLUMN_DELETED_BY_THEIRS = "column deleted by theirs, edited by ours"
    TYPE = "types do not go together"


@dataclass(frozen=True, slots=True)
class Conflict:
    """One value that a person must decide; None stands for a missing value and for a side that has none.

    For a type conflict (values of one side that the type of the merged column can't hold, so that another holds them
    all) the key is empty and the three values name types.
    """

    kind: ConflictKind
    key: tuple[Any, ...]
    column: str
    base: Any
    ours: Any
    theirs: Any


@dataclass(frozen=True, slots=True, eq=False)
class Merge:
    """The merged table, and its conflicts: how many there are, and the first of them in the order of its rows.

    Where there is a conflict the table holds ours; a row or column that one side deleted and the other edited stays,
    as edited. So nothing is lost before somebody has decided.
    """

    table: pa.Table
    conflict_count: int
    conflicts: tuple[Conflict, ...]


def merge(base: pa.Table, ours: pa.Table, theirs: pa.Table, key: Sequence[str]) -> Merge:
    """The three-way merge by key: rows of ours in their order, then what theirs added in its order.

    An edit, addition or deletion of one side is taken; the same on both sides is no conflict. Columns too: one that a
    side added is empty in the other's new rows, one that a side removed is gone. A type is that of the side that
    changed it. UsageError when a key column is missing, or names two rows of a table.
    """
    sides = (base, ours, theirs)
    _refuse_keys(sides, key)
    rows = alignment.places(_identity(sides, key))
    plans = [_plan(sides, rows, name) for name in _names(sides, key)]
    kept = _kept(rows, plans)
    taken = [plan for plan in plans if not plan.is_dropped]
    names = [name for name in dict.fromkeys([*ours.column_names, *theirs.column_names])]
    built: dict[str, pa.ChunkedArray] = {}
    first_side = _first_side(rows)
    types: list[Conflict] = []
    for name in key:
        built[name] = _built(sides, name, rows[kept], first_side[kept], types)
    for plan in taken:
        built[plan.name] = _built(sides, plan.name, rows[kept], plan.side[kept], types)
    import pyarrow as pa

    table = pa.table({name: built[name] for name in names if name in built})
    count, shown = _conflicts(sides, rows, kept, taken, key)
    return Merge(table, count + len(types), (*types, *shown))


@dataclass(slots=True)
class _Plan:
    """One column: for each row the side whose value is taken, and the conflicts as masks over the rows."""

    name: str
    side: np.ndarray[Any, Any]
    conflicts: dict[ConflictKind, np.ndarray[Any, Any]]
    is_dropped: bool


def _refuse_keys(sides: _Sides, key: Sequence[str]) -> None:
    if not key:
        raise UsageError("rows are merged by a key", help="name the key in the contract of the dataset")
    for side, table in zip(("base", "ours", "theirs"), sides, strict=True):
        lost = next((name for name in key if name not in table.column_names), None)
        if lost is not None:
            raise UsageError(f"the key column `{lost}` is missing in {side}", help="merge tables with the same key")


def _identity(sides: _Sides, key: Sequence[str]) -> list[np.ndarray[Any, Any]]:
    import numpy as np

    numbers = alignment.codes([table.column(key[0]) for table in sides])
    for name in key[1:]:
        numbers = alignment.fold(numbers, alignment.codes([table.column(name) for table in sides]))
    for side, table, part in zip(("base", "ours", "theirs"), sides, numbers, strict=True):
        again = np.flatnonzero(alignment.occurrences(part))
        if len(again):
            shown = ", ".join(str(table.column(name)[int(again[0])].as_py()) for name in key)
            raise UsageError(
                f"the key `{shown}` names two rows of {side}", help="keep one of them; a key names one row each"
            )
    return numbers


def _names(sides: _Sides, key: Sequence[str]) -> list[str]:
    return [name for name in dict.fromkeys(sides[_OURS].column_names + sides[_THEIRS].column_names) if name not in key]


def _plan(sides: _Sides, rows: np.ndarray[Any, Any], name: str) -> _Plan:
    import numpy as np

    holders = [side for side, table in enumerate(sides) if name in table.column_names]
    numbers = dict(zip(holders, alignment.codes([sides[side].column(name) for side in holders]), strict=True))
    value, has = {}, {}
    for each in (_BASE, _OURS, _THEIRS):
        has[each] = rows[:, each] >= 0 if each in numbers else np.zeros(len(rows), dtype=bool)
        value[each] = np.full(len(rows), _NOWHERE)
        if each in numbers:
            value[each][has[each]] = numbers[each][rows[has[each], each]]
    by_ours = has[_BASE] & has[_OURS] & (value[_BASE] != value[_OURS])
    by_theirs = has[_BASE] & has[_THEIRS] & (value[_BASE] != value[_THEIRS])
    apart = has[_OURS] & has[_THEIRS] & (value[_OURS] != value[_THEIRS])
    side = np.select([has[_OURS], has[_THEIRS], has[_BASE]], [_OURS, _THEIRS, _BASE], _NOWHERE)
    side[apart & by_theirs & ~by_ours] = _THEIRS
    in_ours, in_theirs = rows[:, _OURS] >= 0, rows[:, _THEIRS] >= 0
    conflicts = {
        ConflictKind.EDITED_BY_BOTH: apart & by_ours & by_theirs,
        ConflictKind.ADDED_BY_BOTH: apart & ~has[_BASE],
        ConflictKind.ROW_DELETED_BY_OURS: by_theirs & ~in_ours,
        ConflictKind.ROW_DELETED_BY_THEIRS: by_ours & ~in_theirs,
    }
    is_dropped = False
    if _BASE in holders and _OURS not in holders:
        conflicts[ConflictKind.COLUMN_DELETED_BY_OURS] = by_theirs & in_ours
        is_dropped = not by_theirs.any()
    if _BASE in holders and _THEIRS not in holders:
        conflicts[ConflictKind.COLUMN_DELETED_BY_THEIRS] = by_ours & in_theirs
        is_dropped = not by_ours.any()
    return _Plan(name, side, conflicts, is_dropped)


def _kept(rows: np.ndarray[Any, Any], plans: list[_Plan]) -> np.ndarray[Any, Any]:
    """The rows of the merged table, in its order."""
    import numpy as np

    known = rows[:, _BASE] >= 0
    in_ours, in_theirs = rows[:, _OURS] >= 0, rows[:, _THEIRS] >= 0
    edited = np.zeros(len(rows), dtype=bool)
    for plan in plans:
        edited |= plan.conflicts[ConflictKind.ROW_DELETED_BY_OURS] | plan.conflicts[ConflictKind.ROW_DELETED_BY_THEIRS]
    stays = (in_ours & in_theirs) | (in_ours ^ in_theirs) & (~known | edited)
    first, second = np.flatnonzero(stays & in_ours), np.flatnonzero(stays & ~in_ours)
    return np.concatenate([first[rows[first, _OURS].argsort()], second[rows[second, _THEIRS].argsort()]])


def _first_side(rows: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    import numpy as np

    return np.select([rows[:, _OURS] >= 0, rows[:, _THEIRS] >= 0], [_OURS, _THEIRS], _BASE)


def _built(
    sides: _Sides,
    name: str,
    rows: np.ndarray[Any, Any],
    side: np.ndarray[Any, Any],
    types: list[Conflict],
) -> pa.ChunkedArray:
    """One column of the merged table, from the side that each row takes; `types` gets a conflict of types."""
    import numpy as np
    import pyarrow as pa

    wanted = _type(sides, name)
    places = [np.flatnonzero(side == each) for each in (_BASE, _OURS, _THEIRS)]
    parts = [
        sides[each].column(name).take(pa.array(rows[places[each], each]))
        for each in (_BASE, _OURS, _THEIRS)
        if len(places[each])
    ]
    empty = np.flatnonzero(side == _NOWHERE)
    order = np.concatenate([*places, empty])
    plain = wanted.value_type if pa.types.is_dictionary(wanted) else wanted
    cast = [alignment.cast(part, plain) for part in parts]
    if any(part is None for part in cast):
        types.append(_type_conflict(sides, name))
        plain = alignment.same_type([part.type for part in parts]) or pa.string()
        cast = [alignment.cast(part, plain) for part in parts]
    if any(part is None for part in cast):
        plain = pa.string()
        cast = [alignment.as_text(part).cast(plain) for part in parts]
    chunks = [chunk for part in cast if part is not None for chunk in part.chunks]
    found = pa.chunked_array([*chunks, pa.nulls(len(empty), plain)], type=plain).take(pa.array(order.argsort()))
    return found.dictionary_encode() if pa.types.is_dictionary(wanted) else found


def _type(sides: _Sides, name: str) -> pa.DataType:
    """The type of ours, or of theirs where only theirs changed it, or the wider one where both did."""
    base, ours, theirs = _types(sides, name)
    if ours is None or theirs is None:
        return theirs if ours is None else ours
    if theirs in (ours, base):
        return ours
    common = alignment.same_type([ours, theirs])
    return theirs if ours == base or common == theirs else ours


def _types(sides: _Sides, name: str) -> list[pa.DataType | None]:
    return [table.schema.field(name).type if name in table.column_names else None for table in sides]


def _type_conflict(sides: _Sides, name: str) -> Conflict:
    base, ours, theirs = (None if each is None else str(each) for each in _types(sides, name))
    return Conflict(ConflictKind.TYPE, (), name, base, ours, theirs)


def _conflicts(
    sides: _Sides,
    rows: np.ndarray[Any, Any],
    kept: np.ndarray[Any, Any],
    plans: list[_Plan],
    key: Sequence[str],
) -> tuple[int, tuple[Conflict, ...]]:
    """How many values are in conflict, and the first of them by row of the merged table, then by column."""
    import numpy as np

    found: list[tuple[int, int, ConflictKind]] = []  # place in the merged table, column, kind
    count = 0
    for number, plan in enumerate(plans):
        for kind, mask in plan.conflicts.items():
            places = np.flatnonzero(mask[kept])
            count += len(places)
            found.extend((int(place), number, kind) for place in places[:SHOWN])
    shown = []
    for place, number, kind in sorted(found, key=lambda each: each[:2])[:SHOWN]:
        row, name = rows[kept[place]], plans[number].name
        side = _OURS if row[_OURS] >= 0 else _THEIRS
        named = tuple(_value(sides, row, side, each) for each in key)
        values = [_value(sides, row, each, name) for each in (_BASE, _OURS, _THEIRS)]
        shown.append(Conflict(kind, named, name, *values))
    return count, tuple(shown)


def _value(sides: _Sides, row: np.ndarray[Any, Any], side: int, name: str) -> Any:
    if row[side] < 0 or name not in sides[side].column_names:
        return None
    return sides[side].column(name)[int(row[side])].as_py()
