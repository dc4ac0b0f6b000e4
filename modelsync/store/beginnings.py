"""SHA-256 of the beginnings of large files: as far as a new version begins the same, its chunks are known."""

from __future__ import annotations

import hashlib
import os
import secrets
import struct
from collections.abc import Sequence
from contextlib import suppress
from typing import TYPE_CHECKING

from modelsync.store.headstart import EVERY, LARGE
from modelsync.store.places import Places

if TYPE_CHECKING:
    from hashlib import _Hash as Hash

_MOST = 256  # files that are remembered
_HEAD = struct.Struct("<8sI")  # magic, bytes from one beginning to the next
_MAGIC = b"MSBEGIN1"
_DIGEST = 32


class Tracker:
    """The SHA-256 of a file that is read piece by piece, and of its beginnings."""

    def __init__(self, known: Sequence[bytes] = ()) -> None:
        """`known` are the beginnings of another file."""
        self.whole = hashlib.sha256()
        self.digests: list[bytes] = []
        self.size = 0
        self._known = known

    def resume(self, hashers: Sequence[Hash], most: int) -> int:
        """Begin behind what was hashed before, as far as that is the same as in the other file, but the last piece,
        and not behind `most` bytes; how many bytes that are.
        """
        count = 0
        while count < min(len(hashers), len(self._known)) and hashers[count].digest() == self._known[count]:
            count += 1
        count = max(0, min(count - 1, most // EVERY))
        if count:
            self.whole = hashers[count - 1].copy()
            self.digests = list(self._known[:count])
            self.size = count * EVERY
        return self.size

    def update(self, piece: bytes | memoryview) -> bool:
        """Whether the file is the same as the other one so far; also False where that is not known.

        That is seen at the end of pieces with which `EVERY` bytes are full.
        """
        self.whole.update(piece)
        self.size += len(piece)
        place = len(self.digests)
        if self.size != EVERY * (place + 1):
            return False
        self.digests.append(self.whole.copy().digest())
        return place < len(self._known) and self._known[place] == self.digests[place]


class Beginnings:
    """Only a memory, beside the store: without it every chunk is hashed. What is damaged counts as forgotten."""

    def __init__(self, places: Places) -> None:
        self._folder = places.cache / "beginnings"

    def recall(self, file: bytes) -> tuple[bytes, ...]:
        """The digests of the beginnings of the file with that SHA-256; none when they are not known."""
        try:
            data = (self._folder / file.hex()).read_bytes()
        except OSError:
            return ()
        body, check = data[:-_DIGEST], data[-_DIGEST:]
        digests = body[_HEAD.size :]
        if body[: _HEAD.size] != _HEAD.pack(_MAGIC, EVERY) or hashlib.sha256(file + body).digest() != check:
            return ()
        return tuple(digests[begin : begin + _DIGEST] for begin in range(0, len(digests), _DIGEST))

    def remember(self, tracker: Tracker) -> None:
        """Keep what was found while a file was read as a whole, when it is large. Nothing is synced."""
        if tracker.size < LARGE:
            return
        file = tracker.whole.digest()
        body = _HEAD.pack(_MAGIC, EVERY) + b"".join(tracker.digests)
        passing = self._folder / f".{os.getpid()}-{secrets.token_hex(8)}.tmp"
        with suppress(OSError):  # it may work the next time
            self._folder.mkdir(parents=True, exist_ok=True)
            self._make_room()
            try:
                passing.write_bytes(body + hashlib.sha256(file + body).digest())
                passing.replace(self._folder / file.hex())
            finally:
                passing.unlink(missing_ok=True)

    def _make_room(self) -> None:
        files = sorted(self._folder.iterdir(), key=lambda path: path.stat().st_mtime)
        for path in files[: max(0, len(files) - _MOST + 1)]:
            path.unlink(missing_ok=True)
