"""`checkout -- PATH`: single files and folders brought back, as they are staged or as a commit has them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from modelsync.api.versions.carrying_out import carry_out, changing
from modelsync.api.versions.changes import by_path
from modelsync.api.versions.overwriting import CAREFUL, Careful, lost_folder, replacing
from modelsync.api.versions.repository import Repository
from modelsync.api.versions.scanning import inside
from modelsync.api.versions.tracked import Tracked, is_within
from modelsync.api.versions.turning import put_manifest
from modelsync.api.versions.work import Work
from modelsync.core.clock import Clock, now
from modelsync.core.errors import UsageError
from modelsync.store.folders import Entry, Manifest


@dataclass(frozen=True, slots=True)
class Restored:
    """The files that were brought back or removed, and where those in their way went."""

    paths: tuple[str, ...]
    rescued: tuple[str, ...]


def restore(
    repository: Repository,
    given: Sequence[str],
    revision: str | None,
    manner: Careful = CAREFUL,
    here: Path | None = None,
    clock: Clock = now,
) -> Restored:
    """Bring what is at or below some paths back: as it is staged, or as a commit has it (then it is staged, too).

    WouldLoseError when a file there holds what is stored nowhere.
    """
    paths = tuple(inside(repository.root, each, here) for each in given)
    with changing(repository) as current:
        commit = None if revision is None else current.history.commit(current.resolve(revision))
        source = current.staged if commit is None else current.tree(commit)
        for path, name in zip(paths, given, strict=True):
            if not _at([path], source):
                where = "staged" if revision is None else f"in `{revision}`"
                raise UsageError(f"there is no `{name}` {where}", help="`modelsync status` shows what is tracked")
        return _restore(current, paths, source, manner, clock)


def _restore(repository: Repository, paths: Sequence[str], source: Manifest, manner: Careful, clock: Clock) -> Restored:
    wanted = _at(paths, source)
    rest = tuple(entry for entry in repository.staged.entries if not _is_at(entry.path, paths))
    goal = Manifest(tuple(sorted((*rest, *wanted))))
    safe = Manifest(tuple(sorted((*rest, *_committed(repository, paths, goal)))))
    found = replacing(repository, safe, goal, {*repository.tracked.paths, *paths} - {"."})
    tracked = repository.tracked
    for path in (entry.path for entry in wanted):
        tracked = tracked.with_path(path)
    if goal != repository.staged:
        put_manifest(repository, goal)
    work = Work(
        "checkout of files",
        manner.settle(found, "checkout"),
        tracked=Tracked(tracked.paths, goal.digest).encode(),
        lost=lost_folder(clock()),
    )
    carry_out(repository, work)
    return Restored(tuple(each.path for each in work.files), work.rescued)


def _committed(repository: Repository, paths: Sequence[str], goal: Manifest) -> list[Entry]:
    """What may be replaced there: content that the last commit holds. What is only staged is in no commit yet.

    Where nothing but the working file differs there is no such content, so that it counts as a person's own.
    """
    before, after = by_path(repository.tree(repository.head)), by_path(goal)
    staged = _at(paths, repository.staged)
    return [entry for entry in staged if before.get(entry.path) == entry != after.get(entry.path)]


def _at(paths: Sequence[str], manifest: Manifest) -> tuple[Entry, ...]:
    return tuple(entry for entry in manifest.entries if _is_at(entry.path, paths))


def _is_at(path: str, paths: Sequence[str]) -> bool:
    return any(each == "." or is_within(path, each) for each in paths)
