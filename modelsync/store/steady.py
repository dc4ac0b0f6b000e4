"""Reading a file that others may write to: what `stat` says of it, and bytes that are known to be of one moment."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, NamedTuple, Self

from modelsync.core.digest import Digest
from modelsync.core.errors import SurroundingsError, UsageError
from modelsync.store.durable import said

PIECE = 1 << 20  # one MiB: large enough that the hash, not the calls, is the cost


class Identity(NamedTuple):
    """By what a change of a file is noticed without reading it: size in bytes, times in nanoseconds, inode, mode.

    A tuple, because folders have many files and this is made and compared for each.
    """

    size: int
    mtime_ns: int
    ctime_ns: int
    inode: int
    mode: int

    @classmethod
    def of(cls, path: Path) -> Self:
        """What stands at `path` now; UsageError when it is no regular file (a link is followed)."""
        with said("read", path):
            try:
                seen = path.stat()
            except FileNotFoundError:
                raise UsageError(f"`{path}` does not exist", help="check the path") from None
        if not stat.S_ISREG(seen.st_mode):
            kind = "a folder" if stat.S_ISDIR(seen.st_mode) else "neither a file nor a folder"
            raise UsageError(f"`{path}` is {kind}, expected a file", help="name a regular file")
        return cls.from_stat(seen)

    @classmethod
    def from_stat(cls, seen: os.stat_result) -> Self:
        """The same from a `stat` that was already made."""
        return cls(seen.st_size, seen.st_mtime_ns, seen.st_ctime_ns, seen.st_ino, seen.st_mode)


@contextmanager
def opened(path: Path) -> Iterator[tuple[BinaryIO, Identity]]:
    """A regular file to read, and what it is; SurroundingsError at the end when it changed meanwhile."""
    before = Identity.of(path)
    with said("read", path), path.open("rb") as handle:
        yield handle, before
        after = Identity.from_stat(os.fstat(handle.fileno()))
    if not before == after == Identity.of(path):
        raise changed(path)


def pieces(path: Path) -> Iterator[bytes]:
    """The bytes of a regular file, piece by piece; SurroundingsError at the end when it changed meanwhile."""
    with opened(path) as (handle, _):
        while piece := handle.read(PIECE):
            yield piece


def hashed(path: Path) -> tuple[Digest, int]:
    """The digest and the size of a regular file; SurroundingsError when it changed meanwhile."""
    hasher, size = hashlib.sha256(), 0
    for piece in pieces(path):
        hasher.update(piece)
        size += len(piece)
    return Digest(hasher.hexdigest()), size


def changed(path: Path) -> SurroundingsError:
    """The error for a file or folder that somebody writes to while it is read."""
    return SurroundingsError(
        f"`{path}` changed while it was read", help="wait until nothing writes to it, then run it again"
    )
