"""The working files as they are now: listed without what is ignored, hashed only where they changed."""

from __future__ import annotations

import gc
import os
import re
import stat
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path, PurePath

from modelsync.api.versions.ignoring import Ignoring
from modelsync.core.digest import Digest
from modelsync.core.errors import SurroundingsError, UsageError
from modelsync.core.paths import forbidden
from modelsync.store.folders import Listing, Manifest, assemble
from modelsync.store.hashes import FileHashes, is_racy
from modelsync.store.steady import Identity, hashed

UNREAD = Digest("")  # of a file that can't be read, or that changes while it is: it equals no other

# Names of files that are neither ignored by themselves nor unsafe; folders have tens of thousands of them.
_USUAL = re.compile(r"(?!Thumbs\.db$|modelsync\.data$)[A-Za-z0-9][A-Za-z0-9_. -]*[A-Za-z0-9_-](?<!\.pyc)")


@dataclass(frozen=True, slots=True)
class Scan:
    """The files below some paths, and what can't be tracked there: path and reason."""

    files: Listing = field(default_factory=dict)
    odd: dict[str, str] = field(default_factory=dict)


@contextmanager
def growing() -> Iterator[None]:
    """While a listing grows, nothing in it is garbage: looking for it again and again takes a third of the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def scan(root: Path, paths: Iterable[str], ignoring: Ignoring) -> Scan:
    """What stands at some paths below the root; what does not exist is left out. Links are not followed."""
    files: Listing = {}
    found = Scan({}, {})
    top = os.path.join(root, "")  # noqa: PTH118 - texts are cut by its length
    for path in paths:
        full = top + path
        try:
            seen = os.lstat(full)
        except (FileNotFoundError, NotADirectoryError):
            continue
        if stat.S_ISDIR(seen.st_mode):
            _walk(full, len(top), ignoring, files, found.odd)
        else:
            _take(path, seen, files, found.odd)
    found.files.update(sorted(files.items()))
    return found


def scan_folders(root: Path, folders: Iterable[str], ignoring: Ignoring) -> Scan:
    """The files that stand in some folders themselves, without those of the folders in them."""
    found = Scan({}, {})
    top = os.path.join(root, "")  # noqa: PTH118 - as above
    for folder in folders:
        _inside(top + folder, len(top), ignoring, found.files, found.odd)
    return Scan(dict(sorted(found.files.items())), found.odd)


def is_many(folder: Path, few: int) -> bool:
    """Whether there is more than that below a folder, seen by no more than that."""
    left, waiting = few, [os.fspath(folder)]
    while waiting and left >= 0:
        with suppress(OSError), os.scandir(waiting.pop()) as items:
            for item in items:
                left -= 1
                if left < 0:
                    break
                if item.is_dir(follow_symlinks=False):
                    waiting.append(item.path)
    return left < 0


def measure(root: Path, files: Listing, hashes: FileHashes) -> Manifest:
    """The manifest of listed files; only those that changed since they were last seen are read.

    A file that can't be read, or changes meanwhile, has the digest `UNREAD`.
    """
    return measured(root, files, hashes)[0]


def measured(root: Path, files: Listing, hashes: FileHashes) -> tuple[Manifest, bool]:
    """As `measure`, and whether every file was read when it was old enough that a later change would be seen."""
    known = hashes.recall(root, files)
    is_settled = len(known) == len(files)
    if not is_settled:
        now, fresh = hashes.now_ns(), dict[str, Digest]()
        for path in files.keys() - known.keys():
            try:
                fresh[path] = hashed(root / path)[0]
            except (SurroundingsError, UsageError):
                known[path] = UNREAD
        still = {path: digest for path, digest in fresh.items() if _is_still(root / path, files[path])}
        hashes.remember(root, files, still, now)
        known |= {path: still.get(path, UNREAD) for path in fresh}
        is_settled = UNREAD not in known.values() and not any(is_racy(files[path], now) for path in fresh)
    return assemble(files, known), is_settled


def inside(root: Path, given: str, here: Path | None = None) -> str:
    """A path as people give it (from `here`, default: this folder) as it is tracked: from the root, with `/`.

    UsageError when it lies outside of the project, or behind a link, or in the tools' own folders.
    """
    start = here if here is not None else Path()
    full = Path(os.path.normpath(start.absolute() / given))
    for top in (root, Path(os.path.normpath(root.absolute()))):
        if full.is_relative_to(top):
            path = full.relative_to(top).as_posix()
            break
    else:  # the project may be reached by a link
        parent = full.parent.resolve() / full.name
        if not parent.is_relative_to(root):
            raise UsageError(f"`{given}` lies outside of the project `{root}`", help="tracked files lie below its root")
        path = parent.relative_to(root).as_posix()
    if path == ".":
        return path
    reason = forbidden(path)
    if reason:
        raise UsageError(f"`{given}` can't be tracked: {reason}", help="choose another path")
    link = linked(root, path)
    if link:
        raise UsageError(
            f"`{given}` can't be tracked: `{link}` is a link",
            help="put the files themselves below the project root, or track them where they are",
        )
    return path


def linked(root: Path, path: str) -> str:
    """The first folder on the way to a path that is a link; empty when there is none."""
    above = root
    for part in PurePath(path).parts[:-1]:
        above = above / part
        if above.is_symlink():
            return above.relative_to(root).as_posix()
    return ""


def _walk(folder: str, start: int, ignoring: Ignoring, files: Listing, odd: dict[str, str]) -> None:
    for below in _inside(folder, start, ignoring, files, odd):
        _walk(below, start, ignoring, files, odd)


def _inside(folder: str, start: int, ignoring: Ignoring, files: Listing, odd: dict[str, str]) -> list[str]:
    """Take the files of a folder; the folders in it."""
    below: list[str] = []
    try:
        with os.scandir(folder) as items:
            here = list(items)
    except FileNotFoundError:
        return below
    except OSError as error:
        odd[folder[start:]] = f"it can't be read: {error.strerror}"
        return below
    has_no_rules = ignoring.by_file is None and not ignoring.beside
    for item in here:
        path, name = item.path[start:], item.name
        if item.is_dir(follow_symlinks=False):
            if not ignoring.reason(f"{path}/", name=name):
                below.append(item.path)
            continue
        is_usual = _USUAL.fullmatch(name) is not None
        if not (is_usual and has_no_rules) and ignoring.reason(path, name=name):
            continue
        try:
            seen = item.stat(follow_symlinks=False)
        except FileNotFoundError:  # it went away meanwhile
            continue
        if is_usual and stat.S_ISREG(seen.st_mode):
            files[path] = Identity.from_stat(seen)
        else:
            _take(path, seen, files, odd)
    return below


def _take(path: str, seen: os.stat_result, files: Listing, odd: dict[str, str]) -> None:
    if stat.S_ISLNK(seen.st_mode):
        odd[path] = "it is a link"
    elif not stat.S_ISREG(seen.st_mode):
        odd[path] = "it is neither a file nor a folder"
    elif reason := forbidden(path):
        odd[path] = reason
    else:
        files[path] = Identity.from_stat(seen)


def _is_still(path: Path, before: Identity) -> bool:
    try:
        return Identity.of(path) == before
    except (SurroundingsError, UsageError):
        return False
