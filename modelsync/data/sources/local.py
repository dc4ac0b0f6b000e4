"""Sources on this machine: one file, a folder, or all files that a pattern matches. They are used where they lie."""

from __future__ import annotations

import os
import stat
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from fnmatch import fnmatchcase
from pathlib import Path

from modelsync.core.errors import SurroundingsError, UsageError
from modelsync.data.sources.base import Fetched, Fingerprint, Progress, of_items, silent

# A file written twice within one tick of the file system's clock looks unchanged; two seconds is the coarsest in use.
_RACY_NS = 2_000_000_000
_WILD = frozenset("*?[")


@dataclass(frozen=True, slots=True)
class FileSource:
    """One regular file; a link to one is followed."""

    path: Path
    clock_ns: Callable[[], int] = time.time_ns

    @property
    def label(self) -> str:
        """The source for people."""
        return f"`{self.path}`"

    def fingerprint(self) -> Fingerprint:
        """From size and time of change."""
        return _fingerprint([(self.path.name, _file(self.path))], self.clock_ns())

    def fetch(self, into: Path, progress: Progress = silent) -> Fetched:
        """The file where it lies."""
        seen = _file(self.path)
        progress(seen.st_size, seen.st_size)
        fingerprint = _fingerprint([(self.path.name, seen)], self.clock_ns())
        return Fetched(self.path.parent, (self.path.name,), seen.st_size, fingerprint, single=True)


@dataclass(frozen=True, slots=True)
class FolderSource:
    """All files below a folder, hidden ones too."""

    path: Path
    clock_ns: Callable[[], int] = time.time_ns

    @property
    def label(self) -> str:
        """The source for people."""
        return f"`{self.path}`"

    def fingerprint(self) -> Fingerprint:
        """From the names, sizes and times of all files."""
        return _fingerprint(self._files(), self.clock_ns())

    def fetch(self, into: Path, progress: Progress = silent) -> Fetched:
        """The folder where it lies; UsageError when it holds a link, a special file or no file at all."""
        return _in_place(self.path, self._files(), self.clock_ns(), progress)

    def _files(self) -> list[tuple[str, os.stat_result]]:
        if not self.path.is_dir():
            state = "is not a folder" if self.path.exists() else "does not exist"
            raise UsageError(f"{self.label} {state}", help="check the path; it starts at the project root")
        found = sorted(_below(self.path, ""))
        if not found:
            raise UsageError(f"{self.label} holds no file", help="put files there, or name another folder")
        return _looked_at(self.path, found)


@dataclass(frozen=True, slots=True)
class PatternSource:
    """The files below `root` that a pattern matches: `*`, `?`, `[ab]` within a name, `**` for any folders.

    As in a shell, hidden names are matched only by a pattern that starts with a dot; folders that are links are not
    looked into unless the pattern names them.
    """

    root: Path
    pattern: str
    clock_ns: Callable[[], int] = time.time_ns

    @property
    def label(self) -> str:
        """The source for people."""
        return f"`{self.pattern}`"

    def fingerprint(self) -> Fingerprint:
        """From the names, sizes and times of all files that match."""
        return _fingerprint(self._files(), self.clock_ns())

    def fetch(self, into: Path, progress: Progress = silent) -> Fetched:
        """The files where they lie, named by their path below the root; UsageError when none matches."""
        return _in_place(self.root, self._files(), self.clock_ns(), progress)

    def _files(self) -> list[tuple[str, os.stat_result]]:
        parts = tuple(part for part in self.pattern.split("/") if part not in ("", "."))
        if self.pattern.startswith("/") or ".." in parts:
            raise UsageError(f"{self.label} leaves the project root", help="write it with `/`, from the root")
        found = sorted(set(_matching(self.root, "", parts)))
        if not found:
            raise UsageError(f"no file matches {self.label}", help="check the pattern; it starts at the project root")
        return _looked_at(self.root, found)


def _in_place(root: Path, files: list[tuple[str, os.stat_result]], now_ns: int, progress: Progress) -> Fetched:
    size = sum(seen.st_size for _, seen in files)
    progress(size, size)
    return Fetched(root, tuple(name for name, _ in files), size, _fingerprint(files, now_ns), single=False)


def _fingerprint(files: list[tuple[str, os.stat_result]], now_ns: int) -> Fingerprint:
    newest = max(seen.st_mtime_ns for _, seen in files)
    modified = datetime.fromtimestamp(newest / 1e9, UTC)
    if max(newest, *(seen.st_ctime_ns for _, seen in files)) > now_ns - _RACY_NS:
        return Fingerprint(None, "written within the last two seconds, so only reading can tell", modified)
    return Fingerprint(of_items([(name, seen.st_size, seen.st_mtime_ns) for name, seen in files]), modified=modified)


def _file(path: Path) -> os.stat_result:
    seen = _stat(path, path.name, path.stat)
    if not stat.S_ISREG(seen.st_mode):
        kind = "a folder" if stat.S_ISDIR(seen.st_mode) else "neither a file nor a folder"
        raise UsageError(f"`{path}` is {kind}, expected a file", help="name a file, or end the path with `/`")
    return seen


def _looked_at(root: Path, names: list[str]) -> list[tuple[str, os.stat_result]]:
    found = []
    for name in names:
        seen = _stat(root / name, name, (root / name).lstat)
        if stat.S_ISLNK(seen.st_mode):
            help_ = "put the file itself there, or leave the link out"
            raise UsageError(f"`{name}` in `{root}` is a link; only files can be stored", help=help_)
        if not stat.S_ISREG(seen.st_mode):
            raise UsageError(f"`{name}` in `{root}` is no regular file", help="leave it out; only files can be stored")
        found.append((name, seen))
    return found


def _stat(path: Path, name: str, look: Callable[[], os.stat_result]) -> os.stat_result:
    try:
        name.encode()
        return look()
    except UnicodeEncodeError:
        shown = name.encode(errors="surrogateescape").decode(errors="replace")
        raise UsageError(f"the name `{shown}` is not UTF-8", help="rename the file") from None
    except FileNotFoundError as error:
        raise UsageError(f"`{path}` does not exist", help="check the path; it starts at the project root") from error
    except OSError as error:
        raise SurroundingsError(f"`{path}` can't be read: {error.strerror or error}") from error


def _entries(folder: Path) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as there:
            return list(there)
    except OSError as error:
        raise SurroundingsError(f"`{folder}` can't be read: {error.strerror or error}") from error


def _below(folder: Path, prefix: str) -> Iterator[str]:
    for each in _entries(folder):
        name = prefix + each.name
        if each.is_dir(follow_symlinks=False):
            yield from _below(folder / each.name, f"{name}/")
        else:
            yield name


def _matching(folder: Path, prefix: str, parts: tuple[str, ...]) -> Iterator[str]:
    """The files below `folder` that the parts of a pattern match, some of them twice when `**` stands twice."""
    head, rest = parts[0], parts[1:]
    if head == "**":
        yield from _matching(folder, prefix, rest or ("*",))
        for each in _entries(folder):
            if each.is_dir(follow_symlinks=False) and not each.name.startswith("."):
                yield from _matching(folder / each.name, f"{prefix}{each.name}/", parts)
        return
    if not _WILD & set(head):
        yield from _continued(folder / head, prefix + head, rest, (folder / head).is_dir())
        return
    for each in _entries(folder):
        hidden = each.name.startswith(".") and not head.startswith(".")
        if not hidden and fnmatchcase(each.name, head):
            yield from _continued(folder / each.name, prefix + each.name, rest, each.is_dir(follow_symlinks=False))


def _continued(path: Path, name: str, rest: tuple[str, ...], is_folder: bool) -> Iterator[str]:
    if rest and is_folder:
        yield from _matching(path, f"{name}/", rest)
    elif not rest and not is_folder and (path.is_symlink() or path.exists()):
        yield name
