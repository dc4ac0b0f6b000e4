"""`add`: files and folders are stored and staged for the next commit."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from pathlib import Path

from modelsync.api.versions import git_files, ignoring, merge_state
from modelsync.api.versions.carrying_out import beginning, changing
from modelsync.api.versions.changes import Change, changes
from modelsync.api.versions.repository import Repository
from modelsync.api.versions.restaging import Restaged, Sight, refuse_changed, restage_part, sight
from modelsync.api.versions.scanning import growing, inside, is_many, scan
from modelsync.api.versions.tracked import Tracked, is_within
from modelsync.core.digest import Digest
from modelsync.core.errors import UsageError
from modelsync.store import headstart
from modelsync.store.folders import Listing, Manifest, assemble
from modelsync.store.objects import Stored
from modelsync.store.packs import FILE, FOLDER
from modelsync.store.second import FEW, Second, remember, second, take
from modelsync.store.writing import Session


@dataclass(frozen=True, slots=True)
class Added:
    """What is staged anew, against what was staged before; the paths that Git tracks itself as well."""

    changes: tuple[Change, ...]
    files: int
    size: int
    in_git: tuple[str, ...]


def add(repository: Repository, given: Sequence[str], here: Path | None = None) -> Added:
    """Store what stands at some paths now, and stage it; what is gone there is staged as removed.

    UsageError for a path that does not exist, is ignored, is a link, or holds what can't be tracked; nothing is
    staged then.
    """
    paths = [inside(repository.root, each, here) for each in given]
    for path, name in zip(paths, given, strict=True):  # a slip of the pen makes no project
        if not repository.workspace.home.is_dir() and not os.path.lexists(repository.root / path):
            raise _absent(name)
    seen = sight(repository, paths)
    with _second(repository, paths, seen) as helper, beginning(repository) as now, growing():
        return _add(now, paths, list(given), seen, helper)


def restage(repository: Repository) -> Added:
    """Stage everything that changed below the tracked paths."""
    seen = sight(repository, list(repository.tracked.paths))
    with changing(repository) as now, growing():
        return _add(now, list(now.tracked.paths), list(now.tracked.paths), seen, None)


def _second(repository: Repository, paths: list[str], seen: Sight | None) -> AbstractContextManager[Second | None]:
    """A second process for many files of which nothing is known yet; before anything starts a thread."""
    if seen is None and any(is_many(repository.root / path, FEW) for path in paths):
        return second(repository.workspace.store.places)
    return nullcontext()


def _add(
    repository: Repository, paths: list[str], given: list[str], seen: Sight | None, helper: Second | None
) -> Added:
    file = repository.workspace.home / merge_state.NAME
    merge = merge_state.read(file)
    rules = ignoring.read(repository.root, () if merge is None else merge.wrote.keys())
    tracked = repository.tracked
    for path, name in zip(paths, given, strict=True):
        tracked = _with(repository, tracked, rules, path, name)
    done = restage_part(repository, seen) if merge is None else None
    if done is not None:
        staged = Tracked(tracked.paths, done.digest)
        _write_tracked(repository, staged)
        return _told(repository, paths, staged, done)
    found = scan(repository.root, [path for path in paths if not _is_below_another(path, paths)], rules)
    if found.odd:
        path, reason = next(iter(found.odd.items()))
        raise UsageError(
            f"`{path}` can't be tracked: {reason}",
            help=f"move it away, or name it in {ignoring.NAME}; nothing was added",
        )
    before = repository.staged
    after, digest = _store(repository, before, found.files, paths, helper)
    staged = Tracked(tracked.paths, digest)
    _write_tracked(repository, staged)
    if merge is not None:
        decided = {each.path for each in merge.conflicts if any(is_within(each.path, path) for path in paths)}
        git_files.write(file, merge.decide(decided).encode(), repository.root)
    size = sum(each.size for each in found.files.values())
    return _told(repository, paths, staged, Restaged(changes(before, after), digest, len(found.files), size))


def _write_tracked(repository: Repository, staged: Tracked) -> None:
    if staged != repository.tracked:
        git_files.write(repository.tracked_file, staged.encode(), repository.root)


def _told(repository: Repository, paths: list[str], staged: Tracked, done: Restaged) -> Added:
    """What was done, once Git knows that this data is not its own."""
    in_git = git_files.ignore(repository.root, staged.paths, paths).intersection(paths)
    return Added(done.changes, done.files, done.size, tuple(in_git))


def _with(repository: Repository, tracked: Tracked, rules: ignoring.Ignoring, path: str, name: str) -> Tracked:
    """What is tracked with one more path, when that may be."""
    if path == ".":
        raise UsageError(
            "the whole project is not tracked: its code belongs to Git",
            help="name the folders and files with data, such as `modelsync add data`",
        )
    full = repository.root / path
    if not os.path.lexists(full):
        if tracked.covers(path) and any(is_within(entry.path, path) for entry in repository.staged.entries):
            return tracked
        raise _absent(name)
    if full.is_symlink():
        raise UsageError(f"`{name}` is a link; only files and folders can be tracked", help="add the file it leads to")
    is_folder = full.is_dir()
    parts = path.split("/")
    for end in range(1, len(parts) + 1):
        part = "/".join(parts[:end]) + ("/" if end < len(parts) or is_folder else "")
        if reason := rules.reason(part, name=parts[end - 1]):
            raise UsageError(
                f"`{name}` is ignored: {part} ({reason})",
                help="name another path" if reason == "built in" else f"change {ignoring.NAME}, such as with `!{part}`",
            )
    return tracked.with_path(path)


def _absent(name: str) -> UsageError:
    return UsageError(f"`{name}` does not exist", help="check the path; it starts at this folder")


def _store(
    repository: Repository, before: Manifest, files: Listing, paths: list[str], helper: Second | None
) -> tuple[Manifest, Digest]:
    """The staged manifest with the files of some paths as they are now, all of it stored in one go, and its digest."""
    hashes = repository.workspace.hashes
    store = repository.workspace.store
    known = hashes.recall(repository.root, files)
    former = {entry.path: entry.digest for entry in before.entries}
    held = set(former.values())
    if store.index.suspects():  # what was found damaged is stored anew
        held -= store.reader.lacking(list(held))
    kept = {path: digest for path, digest in known.items() if digest in held}
    parents = {path.rpartition("/")[0] for path in files}
    folders = {above for parent in parents for above in (parent, *_above(parent))}  # a file may have become a folder
    below, again = tuple(f"{path}/" for path in paths), {*paths, *folders}
    rest = [entry for entry in before.entries if entry.path not in again and not entry.path.startswith(below)]
    made: list[Manifest] = []

    def write(session: Session) -> Stored:
        read_ns, root = headstart.earlier(hashes.now_ns()), str(repository.root)
        wanted = {path: seen for path, seen in files.items() if path not in kept}
        fresh, here = take(session, helper, root, wanted, former)
        refuse_changed(repository.root, files, here)
        remember(helper, hashes, repository.root, files, fresh, read_ns)
        manifest = assemble(files, {**kept, **fresh})
        if rest:
            manifest = Manifest(tuple(sorted((*rest, *manifest.entries))))
        made.append(manifest)
        stored = Stored(session.add_bytes(manifest.encode(), FILE | FOLDER), manifest.size)
        return stored

    stored = store.put(write)
    return made[-1], stored.digest


def _above(path: str) -> Iterator[str]:
    while path := path.rpartition("/")[0]:
        yield path


def _is_below_another(path: str, paths: list[str]) -> bool:
    return any(path != other and is_within(path, other) for other in paths)
