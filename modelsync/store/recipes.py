"""The recipe of a large file: the chunks it is made of, in order, with a digest of the list itself."""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Iterator
from dataclasses import dataclass

_MAGIC = b"MSRECIP1"
_HEAD = struct.Struct("<8sQI")  # magic, bytes of the file, number of chunks
_ITEM = struct.Struct("<32sI")  # chunk, its length in bytes
_CHECK = 32


@dataclass(frozen=True, slots=True)
class Recipe:
    """The chunks of a file: (SHA-256 of the raw bytes, length in bytes)."""

    chunks: tuple[tuple[bytes, int], ...]

    @property
    def size(self) -> int:
        """The bytes of the whole file."""
        return sum(length for _, length in self.chunks)

    @property
    def ids(self) -> set[bytes]:
        """Each chunk once."""
        return {chunk for chunk, _ in self.chunks}

    def encode(self, file: bytes) -> bytes:
        """The record of the file with that SHA-256. The list is checked by a digest that covers both."""
        body = _HEAD.pack(_MAGIC, self.size, len(self.chunks)) + b"".join(_ITEM.pack(*item) for item in self.chunks)
        return body + hashlib.sha256(file + body).digest()

    @classmethod
    def decode(cls, data: bytes, file: bytes) -> Recipe:
        """The recipe in a record; ValueError when it is not one of that file, or was damaged."""
        body, check = data[:-_CHECK], data[-_CHECK:]
        if len(body) < _HEAD.size or hashlib.sha256(file + body).digest() != check:
            raise ValueError("it is not the recipe of that file")
        magic, size, count = _HEAD.unpack_from(body)
        recipe = cls(tuple(_items(body)))
        if magic != _MAGIC or recipe.size != size or len(recipe.chunks) != count:
            raise ValueError("the numbers in the recipe do not fit")
        return recipe


def _items(body: bytes) -> Iterator[tuple[bytes, int]]:
    if (len(body) - _HEAD.size) % _ITEM.size:
        raise ValueError("the list of chunks is cut")
    return _ITEM.iter_unpack(memoryview(body)[_HEAD.size :])
