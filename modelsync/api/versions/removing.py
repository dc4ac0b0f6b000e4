"""`rm`: files and folders are no longer tracked, and their working files go too unless they are kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from modelsync.api.versions import merge_state
from modelsync.api.versions.carrying_out import carry_out, changing
from modelsync.api.versions.changes import by_path
from modelsync.api.versions.overwriting import CAREFUL, Careful, Replacing, lost_folder, replacing
from modelsync.api.versions.repository import Repository
from modelsync.api.versions.scanning import inside
from modelsync.api.versions.tracked import is_within
from modelsync.api.versions.turning import put_manifest
from modelsync.api.versions.work import FileChange, Work
from modelsync.core.clock import Clock, now
from modelsync.core.errors import UsageError
from modelsync.store.folders import Manifest


@dataclass(frozen=True, slots=True)
class Removed:
    """The files that are not tracked any more, and where changed ones went."""

    paths: tuple[str, ...]
    rescued: tuple[str, ...]


def remove(
    repository: Repository,
    given: Sequence[str],
    manner: Careful = CAREFUL,
    here: Path | None = None,
    clock: Clock = now,
) -> Removed:
    """Stop tracking what is at or below some paths, and remove those files.

    WouldLoseError when a file there holds what no commit holds.
    """
    paths = tuple(inside(repository.root, each, here) for each in given)
    with changing(repository) as current:
        goal, gone = _without(current, paths, given)
        found = replacing(current, current.staged, goal, paths)
        files = manner.settle(_careful(current, found), "rm")
        return _carry_out(current, paths, gone, goal, files, clock)


def forget(repository: Repository, given: Sequence[str], here: Path | None = None, clock: Clock = now) -> Removed:
    """Stop tracking what is at or below some paths; the files stay."""
    paths = tuple(inside(repository.root, each, here) for each in given)
    with changing(repository) as current:
        goal, gone = _without(current, paths, given)
        return _carry_out(current, paths, gone, goal, (), clock)


def _without(repository: Repository, paths: Sequence[str], given: Sequence[str]) -> tuple[Manifest, tuple[str, ...]]:
    """What is staged without some paths, and the files that are at or below them."""
    entries = repository.staged.entries
    merge = merge_state.read(repository.workspace.home / merge_state.NAME)
    open_paths = [] if merge is None else [each.path for each in merge.conflicts]
    for path, name in zip(paths, given, strict=True):
        known = (*repository.tracked.paths, *(entry.path for entry in entries), *open_paths)
        if not any(is_within(each, path) for each in known):
            raise UsageError(f"`{name}` is not tracked", help="`modelsync status` shows what is")
    rest = tuple(entry for entry in entries if not _is_at(entry.path, paths))
    return Manifest(rest), tuple(entry.path for entry in entries if _is_at(entry.path, paths))


def _careful(repository: Repository, found: Replacing) -> Replacing:
    """With what is staged but in no commit at risk, too."""
    committed, staged = by_path(repository.tree(repository.head)), by_path(repository.staged)
    only_staged = {each.path for each in found.files if committed.get(each.path) != staged.get(each.path)}
    files = tuple(
        FileChange(each.path, None, None, rescue=True) if each.path in only_staged else each for each in found.files
    )
    return Replacing(files, tuple(sorted({*found.at_risk, *only_staged})))


def _carry_out(
    repository: Repository,
    paths: Sequence[str],
    gone: tuple[str, ...],
    goal: Manifest,
    files: tuple[FileChange, ...],
    clock: Clock,
) -> Removed:
    tracked = repository.tracked
    for path in paths:
        tracked = tracked.without(path)
    file = repository.workspace.home / merge_state.NAME
    merge = merge_state.read(file)
    work = Work("rm", files, tracked=replace(tracked, staged=put_manifest(repository, goal)).encode())
    if merge is not None:
        decided = {each.path for each in merge.conflicts if _is_at(each.path, paths)}
        work = replace(work, merge=merge.decide(decided).encode())
    work = replace(work, lost=lost_folder(clock()))
    carry_out(repository, work)
    return Removed(gone, work.rescued)


def _is_at(path: str, paths: Sequence[str]) -> bool:
    return any(is_within(path, each) for each in paths)
