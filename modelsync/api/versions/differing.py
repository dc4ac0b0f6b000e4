"""`diff`: which files differ between two commits, or a commit and the working files, and which rows of tables."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from modelsync.api.versions import merge_state
from modelsync.api.versions.carrying_out import settle
from modelsync.api.versions.changes import Change, Kind, changes
from modelsync.api.versions.keys import Keys, is_table
from modelsync.api.versions.looking import chosen, look
from modelsync.api.versions.repository import Repository
from modelsync.api.versions.scanning import inside
from modelsync.core.errors import ModelSyncError, UsageError
from modelsync.data.row_diff import RowDiff
from modelsync.store.folders import Manifest

WORKING = "working files"
_MOST_TABLES = 10  # compared by rows; naming paths chooses others


@dataclass(frozen=True, slots=True)
class Difference:
    """What differs from `old` to `new`; both as they are called."""

    old: str
    new: str
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class TableDifference:
    """One table that changed: its rows, or why they can't be compared."""

    path: str
    rows: RowDiff | None
    reason: str


def diff(
    repository: Repository, old: str | None, new: str | None, given: Sequence[str] = (), here: Path | None = None
) -> Difference:
    """The files that differ: without `new` between `old` (default: HEAD) and the working files."""
    repository = settle(repository)
    paths = tuple(each for path in given if (each := inside(repository.root, path, here)) != ".")
    before = _tree(repository, old)
    after = _working(repository) if new is None else _tree(repository, new)
    return Difference(old or "HEAD", new or WORKING, chosen(changes(before, after), paths))


def split(
    repository: Repository, words: Sequence[str], here: Path | None = None
) -> tuple[str | None, str | None, tuple[str, ...]]:
    """What words mean: at most two that name commits, then paths. UsageError for one that is neither."""
    refs: list[str] = []
    while len(refs) < min(2, len(words)):
        word = words[len(refs)]
        try:
            repository.resolve(word)
        except UsageError:
            path = inside(repository.root, word, here)
            if not (repository.root / path).exists() and not repository.tracked.covers(path):
                raise
            break
        refs.append(word)
    paths = tuple(words[len(refs) :])
    return (refs[0] if refs else None), (refs[1] if len(refs) > 1 else None), paths


def table_diffs(repository: Repository, found: Difference, key: Sequence[str] = ()) -> tuple[TableDifference, ...]:
    """The rows of the first ten tables that changed, by key where one is known."""
    keys = Keys(repository.root, key)
    tables = [each for each in found.changes if each.kind is Kind.CHANGED and is_table(each.path)][:_MOST_TABLES]
    return tuple(_table(repository, each, keys.of(each.path), found.new) for each in tables)


def _table(repository: Repository, change: Change, key: tuple[str, ...], new: str) -> TableDifference:
    from modelsync.data import row_diff, tables  # these bring pandas and pyarrow

    assert change.old is not None and change.new is not None
    folder = repository.workspace.home / "work" / "diff"
    shutil.rmtree(folder, ignore_errors=True)
    try:
        for name, entry in (("old", change.old), ("new", change.new)):
            source = folder / f"{name}{Path(change.path).suffix}"
            source.parent.mkdir(parents=True, exist_ok=True)
            if new == WORKING and entry is change.new:
                source = repository.root / change.path
            else:
                repository.workspace.store.restore_file(entry.digest, source)
            tables.write(tables.read(source), folder / f"{name}.table")
        return TableDifference(change.path, row_diff.diff(folder / "old.table", folder / "new.table", key), "")
    except ModelSyncError as error:
        return TableDifference(change.path, None, error.message)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _tree(repository: Repository, text: str | None) -> Manifest:
    if text is None and repository.head is None:
        return Manifest(())
    return repository.tree(repository.history.commit(repository.resolve(text or "HEAD")))


def _working(repository: Repository) -> Manifest:
    """The working files; one that can't be read counts as changed."""
    return look(repository, merge_state.read(repository.workspace.home / merge_state.NAME))
