"""Two commits brought together: files by path, tables with a key by rows, and what people must decide."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import reduce

from modelsync.api.versions.changes import by_path
from modelsync.api.versions.keys import Keys
from modelsync.api.versions.merge_state import OpenConflict
from modelsync.api.versions.repository import Repository
from modelsync.api.versions.tables import Rows, merge_rows
from modelsync.api.versions.tracked import merge_paths
from modelsync.core.digest import Digest
from modelsync.core.units import say_count
from modelsync.store.folders import Entry, Manifest
from modelsync.store.merging import UNSETTLED, Conflict, ConflictKind, merge, merge_bases

_BOTH = (ConflictKind.BOTH_CHANGED, ConflictKind.BOTH_ADDED)


@dataclass(frozen=True, slots=True)
class Combined:
    """What two commits make together.

    `files` is for the working files: with rows merged as far as they go, and the files beside. `staged` has our state
    of every path that is open. `rows` are the tables that were merged by rows.
    """

    files: Manifest
    staged: Manifest
    paths: tuple[str, ...]
    conflicts: tuple[OpenConflict, ...]
    wrote: dict[str, Digest]
    rows: tuple[Rows, ...]


def combine(repository: Repository, ours: Digest, theirs: Digest, key: Sequence[str]) -> Combined:
    """Merge the trees of two commits on their common base. Bytes are stored; nothing else is touched.

    `key` names the rows of every table; without it the contracts in the project's specs do.
    """
    one, other = repository.history.commit(ours), repository.history.commit(theirs)
    base, base_paths = _base(repository, repository.history.bases(ours, theirs))
    merged = merge(base, repository.tree(one), repository.tree(other))
    files, staged = by_path(merged.manifest), by_path(merged.manifest)
    beside: dict[str, Entry] = {}
    conflicts, tables, keys = list[OpenConflict](), list[Rows](), Keys(repository.root, key)
    for conflict in merged.conflicts:
        rows = merge_rows(repository, conflict, keys) if conflict.kind in _BOTH else ""
        if isinstance(rows, Rows):
            tables.append(rows)
            files[conflict.path] = rows.merged
            if not rows.conflicts:
                staged[conflict.path] = rows.merged
                continue
        written = _beside(conflict, rows, {*files, *beside})
        beside |= {entry.path: entry for entry in written}
        conflicts.append(OpenConflict(conflict.path, _said(conflict, rows), tuple(entry.path for entry in written)))
    files |= beside
    return Combined(
        _manifest(files),
        _manifest(staged),
        merge_paths(base_paths, one.paths, other.paths),
        tuple(conflicts),
        {path: entry.digest for path, entry in beside.items()},
        tuple(tables),
    )


def _base(repository: Repository, bases: Sequence[Digest]) -> tuple[Manifest, tuple[str, ...]]:
    """The tree that both sides began from. Several common ancestors are merged into one, on what they share."""
    if not bases:
        return Manifest(()), ()
    commits = [repository.history.commit(id) for id in bases]
    paths = tuple(sorted(set[str]().intersection(*(commit.paths for commit in commits)) or commits[0].paths))
    if len(bases) == 1:
        return repository.tree(commits[0]), commits[0].paths

    def fold(known: tuple[Manifest, Digest], id: Digest) -> tuple[Manifest, Digest]:
        below, _ = _base(repository, repository.history.bases(known[1], id))
        return merge_bases(below, known[0], repository.tree(repository.history.commit(id))), id

    return reduce(fold, bases[1:], (repository.tree(commits[0]), bases[0]))[0], paths


def _beside(conflict: Conflict, rows: Rows | str, taken: Iterable[str]) -> list[Entry]:
    """The files that help to decide: the listing of rows, or the other side's file."""
    if isinstance(rows, Rows):
        return [rows.listing._replace(path=_free(f"{conflict.path}.conflicts.csv", taken))] if rows.listing else []
    if conflict.theirs is None or conflict.theirs.digest == UNSETTLED:
        return []
    return [conflict.theirs._replace(path=_free(f"{conflict.path}.theirs", taken))]


def _free(path: str, taken: Iterable[str]) -> str:
    stem, dot, ending = path.rpartition(".")
    number, found = 1, path
    while found in taken:
        number += 1
        found = f"{stem}.{number}{dot}{ending}"
    return found


def _said(conflict: Conflict, rows: Rows | str) -> str:
    if isinstance(rows, str):
        return f"{conflict.kind}; {rows}" if rows else str(conflict.kind)
    return f"{say_count(rows.conflicts, 'conflict')} in rows"


def _manifest(files: dict[str, Entry]) -> Manifest:
    return Manifest(tuple(files[path] for path in sorted(files)))
