"""Rows of tracked tables: compared between two states, and merged where both sides changed one file."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from modelsync.api.versions.keys import Keys, is_table
from modelsync.api.versions.repository import Repository
from modelsync.core.errors import UsageError
from modelsync.store.folders import Entry
from modelsync.store.merging import UNSETTLED, Conflict

if TYPE_CHECKING:
    import pyarrow as pa

_SCRATCH = "rows"  # a folder below .modelsync, for one command at a time


@dataclass(frozen=True, slots=True)
class Rows:
    """A table that was merged by rows: the merged file, how many values are in conflict, and the list of them."""

    path: str
    key: tuple[str, ...]
    merged: Entry
    conflicts: int
    listing: Entry | None


def merge_rows(repository: Repository, conflict: Conflict, keys: Keys) -> Rows | str:
    """Merge a file that both sides changed by its rows; why that is not possible, when it is not.

    Everything is stored; the conflicts stand in a CSV file with base, ours and theirs.
    """
    path, base = conflict.path, conflict.base
    if not is_table(path) or conflict.ours is None or conflict.theirs is None:
        return ""
    if base is not None and base.digest == UNSETTLED:
        return "the common past is itself in conflict"
    key = keys.of(path)
    if not key:
        return "with `--key COLUMN` its rows can be merged"
    with _scratch(repository) as folder:
        try:
            return _merged(repository, conflict, key, folder)
        except UsageError as error:
            return f"its rows can't be merged: {error.message}"


def _merged(repository: Repository, conflict: Conflict, key: tuple[str, ...], folder: Path) -> Rows:
    from modelsync.api.versions import rows  # these bring pandas and pyarrow
    from modelsync.data.row_merge import merge

    assert conflict.ours is not None and conflict.theirs is not None
    ours = _read(repository, conflict.ours, folder, "ours")
    theirs = _read(repository, conflict.theirs, folder, "theirs")
    base = ours.schema.empty_table() if conflict.base is None else _read(repository, conflict.base, folder, "base")
    found = merge(base, ours, theirs, key)
    suffix = Path(conflict.path).suffix
    made = folder / f"merged{suffix}"
    rows.write(found.table, made, folder / f"ours{suffix}")
    listing = None
    if found.conflict_count:
        lines = [(*each.key, each.column, each.kind, each.base, each.ours, each.theirs) for each in found.conflicts]
        padded = [("",) * (len(key) - len(each.key)) + line for each, line in zip(found.conflicts, lines, strict=True)]
        rows.write_listing(folder / "list.csv", (*key, "column", "conflict", "base", "ours", "theirs"), padded)
        listing = _put(repository, folder / "list.csv", conflict.ours._replace(executable=False))
    return Rows(conflict.path, key, _put(repository, made, conflict.ours), found.conflict_count, listing)


def _read(repository: Repository, entry: Entry, folder: Path, name: str) -> pa.Table:
    from modelsync.api.versions import rows

    file = folder / f"{name}{Path(entry.path).suffix}"
    repository.workspace.store.restore_file(entry.digest, file)
    return rows.read(file)


def _put(repository: Repository, file: Path, like: Entry) -> Entry:
    stored = repository.workspace.store.put_file(file)
    return like._replace(digest=stored.digest, size=stored.size)


@contextmanager
def _scratch(repository: Repository) -> Iterator[Path]:
    folder = repository.workspace.home / "work" / _SCRATCH
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
