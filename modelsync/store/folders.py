"""Folders as one text: a manifest lists every file by path, and the digest of the manifest names the folder."""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from modelsync.core.digest import Digest, canonical, of_bytes
from modelsync.core.errors import UsageError
from modelsync.store.durable import said
from modelsync.store.steady import Identity, changed

# The first line says what the text is, so that no file is taken for a folder by accident.
HEADER = canonical({"format": 1, "kind": "modelsync folder"}) + "\n"

_PLAIN, _EXECUTABLE = "644", "755"
_DIGEST_LENGTH = 64
_DIGITS = frozenset("0123456789abcdef")


@dataclass(frozen=True, slots=True, order=True)
class Entry:
    """One file of a folder: its path below the folder with `/`, whether it can be executed, size in bytes, digest."""

    path: str
    executable: bool
    size: int
    digest: Digest

    def line(self) -> str:
        """The entry as one line of a manifest."""
        mode = _EXECUTABLE if self.executable else _PLAIN
        return canonical({"path": self.path, "mode": mode, "size": self.size, "sha256": self.digest}) + "\n"


@dataclass(frozen=True, slots=True)
class Manifest:
    """The files of a folder, sorted by path. Empty folders are not kept."""

    entries: tuple[Entry, ...]

    @property
    def size(self) -> int:
        """The bytes of all files together."""
        return sum(entry.size for entry in self.entries)

    @property
    def digest(self) -> Digest:
        """The name of the folder's content."""
        return of_bytes(self.encode())

    def encode(self) -> bytes:
        """The one text for this content."""
        return (HEADER + "".join(entry.line() for entry in self.entries)).encode()

    @classmethod
    def decode(cls, data: bytes) -> Manifest:
        """The folder a text describes.

        ValueError, saying the line, when the text is no manifest, or names a path that is not below the folder, twice
        the same path, or a file as a folder.
        """
        if not data.startswith(HEADER.encode()):
            raise ValueError("it is not the list of a folder's files")
        lines = data.decode().removesuffix("\n").split("\n")  # names may hold the other ends of lines
        manifest = cls(tuple(_entry(number, line) for number, line in enumerate(lines[1:], start=2)))
        if manifest.encode() != data:
            raise ValueError("its lines are not in the one form that is written")
        _refuse_overlaps([entry.path for entry in manifest.entries])
        return manifest


def describe(folder: Path, take: Callable[[Path], tuple[Digest, int]]) -> Manifest:
    """The manifest of a folder as it is now; `take` gives digest and size of each file (and may store it).

    UsageError for a link, a special file or a name that is not UTF-8; SurroundingsError when files came, went or
    changed meanwhile.
    """
    before = _listing(folder)
    entries = []
    for path in sorted(before):
        mode, _ = before[path]
        digest, size = take(folder / path)
        entries.append(Entry(path, executable=bool(mode & stat.S_IXUSR), size=size, digest=digest))
    if _listing(folder) != before:
        raise changed(folder)
    return Manifest(tuple(entries))


def _listing(folder: Path) -> dict[str, tuple[int, Identity]]:
    if not folder.is_dir():
        state = "is not a folder" if folder.exists() else "does not exist"
        raise UsageError(f"`{folder}` {state}, expected a folder", help="check the path")
    found = {}
    for item in _walk(folder):
        name = Path(item.path).relative_to(folder).as_posix()
        with said("read", Path(item.path)):
            try:
                seen = item.stat(follow_symlinks=False)
            except FileNotFoundError:
                raise changed(folder) from None
        _refuse_unstorable(folder, name, seen.st_mode)
        found[name] = (seen.st_mode, Identity.from_stat(seen))
    return found


def _walk(folder: Path) -> Iterator[os.DirEntry[str]]:
    with said("read", folder), os.scandir(folder) as items:
        inside = list(items)
    for item in inside:
        if item.is_dir(follow_symlinks=False):
            yield from _walk(Path(item.path))
        else:
            yield item


def _refuse_unstorable(folder: Path, name: str, mode: int) -> None:
    try:
        name.encode()
    except UnicodeEncodeError:
        shown = name.encode(errors="surrogateescape").decode(errors="replace")
        raise UsageError(f"the name `{shown}` in `{folder}` is not UTF-8", help="rename the file") from None
    if stat.S_ISLNK(mode):
        raise UsageError(
            f"`{name}` in `{folder}` is a link; only files and folders can be stored",
            help="put the file itself there, or leave the link out",
        )
    if not stat.S_ISREG(mode):
        raise UsageError(
            f"`{name}` in `{folder}` is neither a file nor a folder", help="leave it out; only files can be stored"
        )


def _entry(number: int, line: str) -> Entry:
    try:
        value: Any = json.loads(line)
        path, mode, size, digest = value["path"], value["mode"], value["size"], value["sha256"]
    except (ValueError, TypeError, KeyError, RecursionError):
        raise ValueError(f"line {number} is not an entry") from None
    if not isinstance(path, str) or not _is_below(path):
        raise ValueError(f"line {number} names {path!r}, which is not a path below the folder")
    if mode not in (_PLAIN, _EXECUTABLE) or type(size) is not int or size < 0 or not is_digest(digest):
        raise ValueError(f"line {number} is not an entry")
    return Entry(path, executable=mode == _EXECUTABLE, size=size, digest=Digest(digest))


def is_digest(text: Any) -> bool:
    """Whether a value has the form of a digest: 64 lower-case hexadecimal digits."""
    return isinstance(text, str) and len(text) == _DIGEST_LENGTH and _DIGITS.issuperset(text)


def _is_below(path: str) -> bool:
    pure = PurePosixPath(path)
    plain = str(pure) == path and "\0" not in path
    return plain and bool(pure.parts) and not pure.is_absolute() and ".." not in pure.parts


def _refuse_overlaps(paths: list[str]) -> None:
    if paths != sorted(set(paths)):
        raise ValueError("its paths are not sorted, or one is there twice")
    files = set(paths)
    for path in paths:
        for above in PurePosixPath(path).parents:
            if str(above) in files:
                raise ValueError(f"`{above}` is a file and a folder at once")
