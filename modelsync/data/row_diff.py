"""What changed between two tables, row by row: which rows came, which went, which values of the others are new."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from modelsync.core.errors import SurroundingsError, UsageError
from modelsync.data import alignment

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa
    import pyarrow.parquet as pq

EXAMPLES = 20


@dataclass(frozen=True, slots=True)
class Change:
    """One value of a row that is in both tables."""

    column: str
    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class ChangedRow:
    """A row by its key, with the values that changed."""

    key: tuple[Any, ...]
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class RowDiff:
    """Counts of rows, exact, and the first of each kind as examples.

    `key` are the columns by which rows are the same row. Without a key a row is all its values in the columns of both
    tables (`compared`): a changed row is one that went and one that came, and `changed` is 0. `columns` counts the
    changed rows for each column in which any changed. Added and changed examples are in the order of the table after,
    removed ones in that of the table before; an added or removed row is shown with all its columns.
    """

    before: int
    after: int
    key: tuple[str, ...]
    compared: tuple[str, ...]
    added: int
    removed: int
    changed: int
    columns: tuple[tuple[str, int], ...] = ()
    added_rows: tuple[tuple[tuple[str, Any], ...], ...] = ()
    removed_rows: tuple[tuple[tuple[str, Any], ...], ...] = ()
    changed_rows: tuple[ChangedRow, ...] = ()

    @property
    def unchanged(self) -> int:
        """Rows that are in both tables with the same values."""
        return self.after - self.added - self.changed


def diff(before: Path, after: Path, key: Sequence[str] = ()) -> RowDiff:
    """The difference of two Parquet tables; never more than one column of each is in memory.

    Rows with the same key are paired in their order. UsageError when a key column is missing on one side, or when
    without a key the tables have no column in common; SurroundingsError when a file can't be read.
    """
    tables = _Tables(before, after)
    shared = tables.shared()
    lost = next((name for name in key if name not in shared), None)
    if lost is not None:
        raise UsageError(f"the key column `{lost}` is not in both tables", help="compare them without a key")
    if not shared:
        raise UsageError("the tables have no column in common", help="name two versions of one dataset")
    rows = _identity(tables, list(key) or shared)
    pairs = alignment.places(rows)
    both = pairs[(pairs[:, 0] >= 0) & (pairs[:, 1] >= 0)]
    both = both[both[:, 1].argsort()]
    came, went = _alone(pairs, 1), _alone(pairs, 0)
    compared = [name for name in shared if name not in key] if key else []
    columns, changed = _changes(tables, compared, both)
    return RowDiff(
        before=len(rows[0]),
        after=len(rows[1]),
        key=tuple(key),
        compared=tuple(shared),
        added=len(came),
        removed=len(went),
        changed=int(changed.sum()),
        columns=tuple(columns),
        added_rows=tables.rows(1, came[:EXAMPLES]),
        removed_rows=tables.rows(0, went[:EXAMPLES]),
        changed_rows=_changed_rows(tables, key, compared, both[changed][:EXAMPLES]),
    )


class _Tables:
    """Two Parquet files, read column by column."""

    def __init__(self, before: Path, after: Path) -> None:
        self._files = (_opened(before), _opened(after))

    def names(self, which: int) -> list[str]:
        names: list[str] = self._files[which].schema_arrow.names
        return names

    def shared(self) -> list[str]:
        """The columns of both, in the order of the table after."""
        return [name for name in self.names(1) if name in self.names(0)]

    def column(self, which: int, name: str) -> pa.ChunkedArray:
        return self._files[which].read(columns=[name], use_threads=True).column(name)

    def columns(self, name: str) -> list[pa.ChunkedArray]:
        return [self.column(0, name), self.column(1, name)]

    def rows(self, which: int, places: np.ndarray[Any, Any]) -> tuple[tuple[tuple[str, Any], ...], ...]:
        """Whole rows, as pairs of name and value."""
        if not len(places):
            return ()
        names = self.names(which)
        values = [self.column(which, name).take(places).to_pylist() for name in names]
        return tuple(tuple(zip(names, row, strict=True)) for row in zip(*values, strict=True))


def _opened(path: Path) -> pq.ParquetFile:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        return pq.ParquetFile(path)
    except FileNotFoundError as error:
        raise UsageError(f"`{path}` does not exist", help="check the version's name") from error
    except pa.ArrowInvalid as error:
        raise UsageError(
            f"`{path}` is no Parquet table: {str(error).splitlines()[0]}", help="compare tables"
        ) from error
    except OSError as error:
        raise SurroundingsError(f"`{path}` can't be read: {error.strerror or error}") from error


def _identity(tables: _Tables, names: list[str]) -> list[np.ndarray[Any, Any]]:
    """A number for each row of both tables: its identifying values, and the how-manieth it is with them."""
    numbers = alignment.codes(tables.columns(names[0]))
    for name in names[1:]:
        numbers = alignment.fold(numbers, alignment.codes(tables.columns(name)))
    return alignment.fold(numbers, [alignment.occurrences(part) for part in numbers])


def _alone(pairs: np.ndarray[Any, Any], which: int) -> np.ndarray[Any, Any]:
    """The rows of one table that the other has not, in their order."""
    import numpy as np

    return np.sort(pairs[(pairs[:, which] >= 0) & (pairs[:, 1 - which] < 0), which])


def _changes(
    tables: _Tables, names: list[str], both: np.ndarray[Any, Any]
) -> tuple[list[tuple[str, int]], np.ndarray[Any, Any]]:
    """For each column with changes how many, and for each pair of rows whether any of its values changed."""
    import numpy as np

    changed = np.zeros(len(both), dtype=bool)
    counts = []
    for name in names:
        before, after = alignment.codes(tables.columns(name))
        differs = before[both[:, 0]] != after[both[:, 1]]
        if differs.any():
            counts.append((name, int(differs.sum())))
            changed |= differs
    return counts, changed


def _changed_rows(
    tables: _Tables, key: Sequence[str], names: list[str], pairs: np.ndarray[Any, Any]
) -> tuple[ChangedRow, ...]:
    import pyarrow as pa

    if not len(pairs):
        return ()
    found: list[list[Change]] = [[] for _ in pairs]
    for name in names:
        before, after = (tables.column(side, name).take(pa.array(pairs[:, side])) for side in (0, 1))
        same = [left == right for left, right in zip(*alignment.codes([before, after]), strict=True)]
        for row, left, right, equal in zip(found, before.to_pylist(), after.to_pylist(), same, strict=True):
            if not equal:
                row.append(Change(name, left, right))
    keys = zip(*(tables.column(1, name).take(pa.array(pairs[:, 1])).to_pylist() for name in key), strict=True)
    return tuple(ChangedRow(tuple(values), tuple(changes)) for values, changes in zip(keys, found, strict=True))
