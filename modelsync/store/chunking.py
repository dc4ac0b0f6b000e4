"""Where a file is cut: at places its content chooses, so that an insert moves no cut behind it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO

from modelsync.store.headstart import EVERY

SMALL = 64 << 10  # files up to this many bytes are one chunk


@dataclass(frozen=True, slots=True)
class Chunker:
    """The numbers that decide the cuts, in bytes. They are pinned in a store's config: other cuts share nothing."""

    name: str = "fastcdc2020"
    minimum: int = 16 << 10
    average: int = 64 << 10
    maximum: int = 256 << 10
    seed: int = 0

    def windows(self, handle: BinaryIO) -> Iterator[tuple[bytes, list[memoryview]]]:
        """A file piece by piece: the bytes that were read, and the chunks that are certain by then.

        A cut depends on at most `maximum` bytes behind it, so the chunks do not depend on how the file was read.
        """
        cutter, left = self._cutter(), b""
        while fresh := handle.read(EVERY):
            window = left + fresh if left else fresh
            chunks, done = [], 0
            if len(window) >= self.maximum:
                for chunk in cutter.cut_buf(window):
                    if len(window) - chunk.offset < self.maximum:
                        break
                    chunks.append(chunk.data)
                    done = chunk.offset + chunk.length
            left = window[done:]
            yield fresh, chunks
        if left:
            yield b"", [chunk.data for chunk in cutter.cut_buf(left)]

    def first(self, window: memoryview) -> int:
        """The length of the first chunk in `maximum` bytes of a file, or in all that is left of it."""
        return int(next(self._cutter().cut_buf(window)).length)

    def _cutter(self) -> Any:
        from pyfastcdc import FastCDC  # late: a store that is only looked into cuts nothing

        return FastCDC(
            self.average, min_size=self.minimum, max_size=self.maximum, normalized_chunking=1, seed=self.seed
        )
