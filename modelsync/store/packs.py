"""Packs: many records in one file that is written once, named by its SHA-256, with a checked table at its end."""

from __future__ import annotations

import fcntl
import hashlib
import os
import secrets
import struct
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from enum import IntEnum
from io import FileIO
from pathlib import Path
from typing import NamedTuple

from modelsync.core.digest import of_bytes
from modelsync.store.codec import expand
from modelsync.store.durable import make_folder, said, sync_folder, write_all
from modelsync.store.failpoints import reached
from modelsync.store.places import Places
from modelsync.store.recipes import Recipe

PACK_LIMIT = 64 << 20  # bytes after which a pack is closed
_TOGETHER = 1 << 20  # bytes that are written at once

_MAGIC, _END = b"MSPACK01", b"MSPKEND1"
_ROW = struct.Struct("<BBB32sQIIQ")  # kind, codec, flags, id, offset, stored, raw, size
_TAIL = struct.Struct("<Q32s8s")  # bytes of the table, its SHA-256, magic
_READ_ONLY = 0o444


class Kind(IntEnum):
    """What a record is: bytes under their own SHA-256, or the recipe of a file under the file's SHA-256."""

    CHUNK = 1
    RECIPE = 2


# Flags of a record: it is the manifest of a folder; it was put as a file, and is not only a part of one.
FOLDER, FILE = 1, 2


class Record(NamedTuple):
    """One row of a table. `offset` and `stored` are bytes in the pack, `raw` bytes of the record itself, `size` bytes
    of the file or chunk it stands for.
    """

    kind: int
    codec: int
    flags: int
    id: bytes
    offset: int
    stored: int
    raw: int
    size: int


@dataclass(frozen=True, slots=True)
class Sealed:
    """A pack that is complete: its name, its bytes, its table, and the file it lies in."""

    name: str
    size: int
    records: tuple[Record, ...]
    path: Path


class PackWriter:
    """A pack being written in the folder of temporary files; locked, so that nobody sweeps it while it grows."""

    def __init__(self, places: Places) -> None:
        self._places = places
        self._path = places.temp / f".{os.getpid()}-{secrets.token_hex(8)}.tmp"
        self._records: list[Record] = []
        self._hasher = hashlib.sha256()
        self._handle: FileIO | None = None
        self._held: list[bytes | memoryview] = []
        self._held_bytes = 0
        self.size = 0

    def add(self, record: Record, stored: bytes | memoryview) -> None:
        """Append the stored bytes of a record; its offset is set here."""
        if self._handle is None:
            self._begin()
        kind, codec, flags, identity, _, _, raw, size = record
        self._records.append(Record(kind, codec, flags, identity, self.size, len(stored), raw, size))
        self._write(stored)

    def seal(self) -> Sealed:
        """Write the table and make the bytes durable; the file stays where it is, and locked, until `publish`."""
        with said("write", self._path):
            assert self._handle is not None
            reached("after_pack_write")
            table = b"".join(_ROW.pack(*record) for record in self._records)
            self._write(table)
            self._write(_TAIL.pack(len(table), hashlib.sha256(table).digest(), _END))
            self._spill()
            reached("after_pack_footer")
            os.fchmod(self._handle.fileno(), _READ_ONLY)
            os.fsync(self._handle.fileno())
            reached("after_pack_fsync")
        return Sealed(self._hasher.hexdigest(), self.size, tuple(self._records), self._path)

    def publish(self, sealed: Sealed) -> None:
        """Give a sealed pack its name, durably."""
        target = self._places.pack(sealed.name)
        with said("write", target):
            make_folder(target.parent)
            reached("before_pack_rename")
            os.replace(self._path, target)  # noqa: PTH105 - as in `durable`
            reached("after_pack_rename")
            sync_folder(target.parent)
            reached("after_pack_folder_fsync")
        self._close()

    def discard(self) -> None:
        """Leave nothing behind; harmless after `publish`."""
        with suppress(OSError):
            self._path.unlink(missing_ok=True)
        self._close()

    def _begin(self) -> None:
        with said("write", self._path):
            make_folder(self._places.temp)
            reached("before_pack_write")
            self._handle = self._path.open("xb", buffering=0)
            fcntl.flock(self._handle, fcntl.LOCK_EX)
        self._write(_MAGIC)

    def _write(self, data: bytes | memoryview) -> None:
        self._held.append(data)
        self._held_bytes += len(data)
        self.size += len(data)
        if self._held_bytes >= _TOGETHER:
            self._spill()

    def _spill(self) -> None:
        """Small records are hashed and written together: a call for each would cost more than its bytes."""
        assert self._handle is not None
        data = b"".join(self._held)
        self._held, self._held_bytes = [], 0
        self._hasher.update(data)
        with said("write", self._path):
            write_all(self._handle, data)

    def _close(self) -> None:
        if self._handle is not None:
            with suppress(OSError):  # what could not be flushed was told already, or is not wanted
                self._handle.close()
            self._handle = None


class ForeignPack(PackWriter):
    """A pack that another process has sealed, and keeps locked until it has its name."""

    def __init__(self, places: Places, sealed: Sealed) -> None:
        super().__init__(places)
        self._path = sealed.path


def read_table(path: Path) -> tuple[Record, ...]:
    """The table of a pack, checked; ValueError, saying what is wrong, when the file is torn or damaged."""
    with path.open("rb") as handle:
        total = handle.seek(0, os.SEEK_END)
        if total < len(_MAGIC) + _TAIL.size:
            raise ValueError("it is too short to be a pack")
        handle.seek(0)
        if handle.read(len(_MAGIC)) != _MAGIC:
            raise ValueError("it does not begin like a pack")
        handle.seek(total - _TAIL.size)
        length, digest, end = _TAIL.unpack(handle.read(_TAIL.size))
        begin = total - _TAIL.size - length
        if end != _END or begin < len(_MAGIC) or length % _ROW.size:
            raise ValueError("its end is missing or damaged")
        handle.seek(begin)
        table = handle.read(length)
    if hashlib.sha256(table).digest() != digest:
        raise ValueError("its table is damaged")
    records = tuple(Record(*row) for row in _ROW.iter_unpack(table))
    _refuse_gaps(records, begin)
    return records


def _refuse_gaps(records: Sequence[Record], end: int) -> None:
    """Every byte between the magic and the table belongs to exactly one record."""
    position = len(_MAGIC)
    for record in records:
        if record.offset != position or record.kind not in (Kind.CHUNK, Kind.RECIPE):
            raise ValueError("its table names impossible places")
        position += record.stored
    if position != end:
        raise ValueError("its table does not cover it")


def read_stored(descriptor: int, record: Record) -> bytes:
    """The bytes of a record as they stand in an open pack; ValueError when the file ends before them."""
    data = os.pread(descriptor, record.stored, record.offset)
    if len(data) != record.stored:
        raise ValueError("the pack ends before them")
    return data


def verified(record: Record, stored: bytes) -> bytes:
    """The raw bytes of a record; ValueError when they are not what the record's id says."""
    raw = expand(record.codec, stored, record.raw)
    if record.kind == Kind.RECIPE:
        Recipe.decode(raw, record.id)
    elif of_bytes(raw) != record.id.hex():
        raise ValueError("their SHA-256 is another one")
    return raw
