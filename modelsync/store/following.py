"""A file cut where its former version was cut, as long as the bytes are the same: then no cut is searched for."""

from __future__ import annotations

import hashlib
from collections import deque
from collections.abc import Iterator
from io import BufferedIOBase
from typing import TYPE_CHECKING, NamedTuple

from modelsync.store.beginnings import Tracker
from modelsync.store.chunking import Chunker
from modelsync.store.headstart import EVERY
from modelsync.store.recipes import Recipe

if TYPE_CHECKING:  # as in `writing`
    from concurrent.futures import Executor, Future

_WINDOWS = 4  # pieces of a file that are in memory

Cut = list[tuple[bytes, memoryview]]  # chunks: SHA-256, bytes


class Seen(NamedTuple):
    """What was read: how many bytes, and whether the whole file up to their end is as the former version was."""

    size: int
    is_same: bool


class Follower:
    """Finds the very cuts that `Chunker.windows` finds, with the SHA-256 of each chunk.

    A cut depends on the bytes of its chunk, the byte behind it, and on whether the file ends less than `maximum` bytes
    behind the chunk's begin. So where a chunk of the former version begins, the same one is expected: it is hashed, or
    not even that while the files are known to begin the same. It is certain when the one behind it was found as well,
    because then the byte behind it is the same; else it is cut again. Near the end of either file nothing is expected.
    """

    def __init__(self, chunker: Chunker, former: Recipe) -> None:
        self._cut, self._maximum = chunker.first, chunker.maximum
        self._former = former.chunks[: _followable(former, chunker.maximum)]
        self._places = {chunk: place for place, (chunk, _) in reversed(list(enumerate(self._former)))}
        self._next: int | None = 0  # the place in the former version of the chunk that is expected
        self._held: tuple[bytes, int] | None = None  # a chunk that was found there, and is not certain yet

    @property
    def most(self) -> int:
        """Up to how many bytes chunks can be expected at all."""
        return sum(length for _, length in self._former)

    def skip(self, size: int) -> tuple[Recipe, int]:
        """The chunks that begin in the first `size` bytes, and how many bytes they are.

        That and `maximum` bytes more are known to be as in the former version, and `size` is not more than `most`.
        """
        count = behind = 0
        while behind < size:
            behind += self._former[count][1]
            count += 1
        self._next = count
        return Recipe(self._former[:count]), behind

    def take(self, window: memoryview, seen: Seen) -> tuple[Cut, int]:
        """The chunks that are certain, and how many bytes they are; the next window begins with what is behind them:
        less than two times `maximum`.
        """
        is_end = seen.size == 0
        found: Cut = []
        begin, size = 0, len(window)
        while True:
            held = self._held
            behind = begin if held is None else begin + held[1]
            has_enough = size - behind >= self._maximum
            if self._next is not None and (has_enough or not is_end):
                if not has_enough:
                    break
                if self._follow(window[behind:], seen):
                    if held is not None:
                        found.append((held[0], window[begin:behind]))
                    begin = behind
                    continue
            self._next = self._held = None
            if begin == size or (size - begin < self._maximum and not is_end):
                break
            chunk = self._search(window[begin:])
            found.append(chunk)
            begin += len(chunk[1])
        return found, begin

    def _follow(self, rest: memoryview, seen: Seen) -> bool:
        """Whether the expected chunk is there."""
        assert self._next is not None
        if self._next == len(self._former):
            return False
        chunk, length = self._former[self._next]
        if not seen.is_same and hashlib.sha256(rest[:length]).digest() != chunk:
            return False
        self._held = chunk, length
        self._next += 1
        return True

    def _search(self, rest: memoryview) -> tuple[bytes, memoryview]:
        data = rest[: self._cut(rest[: self._maximum])]
        chunk = hashlib.sha256(data).digest()
        place = self._places.get(chunk)
        self._next = None if place is None else place + 1
        return chunk, data


class Windows:
    """A file that is read and hashed ahead of who asks for its chunks; some buffers are used again and again."""

    def __init__(
        self,
        handle: BufferedIOBase,
        size: int,
        tracker: Tracker,
        chunker: Chunker,
        *,
        reading: Executor,
        hashing: Executor,
    ) -> None:
        """The executors have one thread each; about `size` bytes are expected."""
        self._handle, self._tracker = handle, tracker
        self._lead = 2 * chunker.maximum  # room for what is left of the window before
        self._reading, self._hashing = reading, hashing
        self._waiting: deque[tuple[memoryview, Future[Seen]]] = deque()
        for _ in range(min(_WINDOWS, size // EVERY + 2)):
            self._fill(memoryview(bytearray(self._lead + min(EVERY, size + 1))))

    def cut(self, follower: Follower, skipped: int = 0) -> Iterator[Cut]:
        """The chunks of the file, window by window; their bytes are there until the next ones are asked for.

        So many bytes of the first window are `skipped`.
        """
        lead, left, size = self._lead, -skipped, -1
        while size:
            buffer, filled = self._waiting.popleft()
            seen = filled.result()
            size = seen.size
            window = buffer[lead - left : lead + size]
            found, done = follower.take(window, seen)
            yield found
            if size:
                left = len(window) - done
                self._waiting[0][0][lead - left : lead] = window[done:]
                self._fill(buffer)

    def _fill(self, buffer: memoryview) -> None:
        piece = buffer[self._lead :]
        read = self._reading.submit(self._handle.readinto, piece)
        self._waiting.append((buffer, self._hashing.submit(self._hash, piece, read)))

    def _hash(self, piece: memoryview, read: Future[int]) -> Seen:
        size = read.result()
        return Seen(size, self._tracker.update(piece[:size]))


def _followable(former: Recipe, maximum: int) -> int:
    """How many chunks begin at least `maximum` bytes before the end: the end of the file had no part in their cuts."""
    if any(length > maximum for _, length in former.chunks):  # a store with other numbers made it
        return 0
    count, behind = len(former.chunks), 0
    while count:
        behind += former.chunks[count - 1][1]
        if behind >= maximum:
            break
        count -= 1
    return count
