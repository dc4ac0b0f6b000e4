"""A large file is hashed from the first moment of a command on, beside its imports and all that it asks before."""

from __future__ import annotations

import hashlib
import os
import stat
import sys
import threading
import time
from contextlib import suppress

TYPE_CHECKING = False  # as in the package itself: what costs here, the file waits for
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from hashlib import _Hash as Hash

EVERY = 4 << 20  # bytes from one beginning of a file to the next; files are read in such pieces
LARGE = 32 << 20  # bytes; with smaller files nothing is gained

# The thread asks for the interpreter twice for each piece, which takes 3 ms: it must not wait 5 ms for each turn.
_TURN = 0.0005  # seconds


class HeadStart:
    """SHA-256 of the beginnings of one file, by a thread that goes on until somebody takes them.

    Nothing of the bytes is kept: this is of use only as far as the file begins as one that is stored already.
    """

    def __init__(self, descriptor: int, seen: os.stat_result) -> None:
        """The descriptor is closed here, at the end."""
        self.began_ns = time.time_ns()
        self._seen, self._descriptor = _identity(seen), descriptor
        self._hashers: list[Hash] = []
        self._is_over = False
        self._turn = sys.getswitchinterval()
        sys.setswitchinterval(min(_TURN, self._turn))
        self._thread = threading.Thread(target=self._run, name="head start", daemon=True)
        self._thread.start()

    def is_of(self, seen: Sequence[int]) -> bool:
        """Whether it is the file that looks like this: size, times in nanoseconds, inode, mode."""
        return self._seen == tuple(seen)

    def end(self) -> list[Hash]:
        """Stop it; what the hash was after each full piece of `EVERY` bytes."""
        self._is_over = True
        if self._thread.is_alive():
            self._thread.join()
        return self._hashers

    def close(self) -> None:
        """The same, when the command is over."""
        self.end()
        sys.setswitchinterval(self._turn)

    def _run(self) -> None:
        hasher, buffer = hashlib.sha256(), bytearray(EVERY)
        try:
            # What can't be read here is told by who reads it next.
            with suppress(OSError):
                while not self._is_over and os.readv(self._descriptor, [buffer]) == EVERY:
                    hasher.update(buffer)
                    self._hashers.append(hasher.copy())
        finally:
            os.close(self._descriptor)


_begun: list[HeadStart] = []  # at most one; it begins before there is anybody who could hand it on


def begin(path: str) -> None:
    """Begin with the file at `path`, if it is a large one. To be closed by `close`."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError:
        return
    seen = os.fstat(descriptor)
    if stat.S_ISREG(seen.st_mode) and seen.st_size >= LARGE:
        close()
        _begun.append(HeadStart(descriptor, seen))
    else:
        os.close(descriptor)


def taken(seen: Sequence[int], ready: Callable[[], object]) -> list[Hash]:
    """What was begun with the file that looks like this; it goes on until everything else is `ready`."""
    if not (_begun and _begun[0].is_of(seen)):
        return []
    ready()
    return _begun[0].end()


def earlier(moment_ns: int) -> int:
    """A moment, or that at which the reading began, if that was before."""
    return min([moment_ns, *(each.began_ns for each in _begun)])


def close() -> None:
    """Nothing of it is left; what was not taken was of no use."""
    while _begun:
        _begun.pop().close()


def _identity(seen: os.stat_result) -> tuple[int, ...]:
    return seen.st_size, seen.st_mtime_ns, seen.st_ctime_ns, seen.st_ino, seen.st_mode  # as `steady.Identity`
