"""The table of a pack as its own object: what is in the pack is known without reading it."""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Collection
from dataclasses import dataclass

from modelsync.store.packs import Kind, Record

_MAGIC = b"MSIDX001"
_HEAD = struct.Struct("<8s32sQI")  # magic, name of the pack, its bytes, number of rows
_ROW = struct.Struct("<BBB32sQIIQ")  # kind, codec, flags, id, offset, stored, raw, size
_CHECK = 32
_LARGEST = {Kind.CHUNK: 16 << 20, Kind.RECIPE: 1 << 30}  # raw bytes; more is a trap for whoever expands it
_COMMIT = 128  # a flag of rows here, not of records: history is found without walking it step by step


@dataclass(frozen=True, slots=True)
class Table:
    """A pack by its name, its bytes and its records; `commits` are those records that are commits."""

    name: str
    size: int
    records: tuple[Record, ...]
    commits: frozenset[bytes]


def encode(name: str, size: int, records: Collection[Record], commits: Collection[bytes]) -> bytes:
    """The object for a pack; its last 32 bytes are the SHA-256 of all others."""
    head = _HEAD.pack(_MAGIC, bytes.fromhex(name), size, len(records))
    rows = [r._replace(flags=r.flags | _COMMIT) if r.id in commits else r for r in records]
    body = head + b"".join(_ROW.pack(*row) for row in rows)
    return body + hashlib.sha256(body).digest()


def decode(data: bytes, name: str) -> Table:
    """The table in an object that should be of that pack; ValueError, saying what is wrong, when it is not."""
    body, check = data[:-_CHECK], data[-_CHECK:]
    if len(body) < _HEAD.size or hashlib.sha256(body).digest() != check:
        raise ValueError("it is torn or damaged")
    magic, pack, size, count = _HEAD.unpack_from(body)
    if magic != _MAGIC or pack.hex() != name:
        raise ValueError("it is the table of another pack")
    rows = body[_HEAD.size :]
    if len(rows) != count * _ROW.size:
        raise ValueError("its rows are cut")
    found = [Record(*row) for row in _ROW.iter_unpack(rows)]
    if any(r.kind not in _LARGEST or r.offset + r.stored > size or r.raw > _LARGEST[Kind(r.kind)] for r in found):
        raise ValueError("its rows name impossible places or sizes")
    commits = frozenset(record.id for record in found if record.flags & _COMMIT)
    return Table(name, size, tuple(record._replace(flags=record.flags & ~_COMMIT) for record in found), commits)
