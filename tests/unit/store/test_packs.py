from __future__ import annotations

import fcntl
import hashlib
import os
import random
import stat
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

from modelsync.core.digest import of_file
from modelsync.core.errors import SurroundingsError
from modelsync.store.codec import RAW, shrink
from modelsync.store.index import Index
from modelsync.store.objects import Store
from modelsync.store.packs import Kind, PackWriter, Record, Sealed, read_stored, read_table, verified
from modelsync.store.places import Places
from modelsync.store.recipes import Recipe

DATA = [random.Random(number).randbytes(500) + bytes(500 * number) for number in range(4)]


def record_of(data: bytes) -> tuple[Record, bytes]:
    identity = hashlib.sha256(data).digest()
    codec, stored = shrink(data)
    return Record(Kind.CHUNK, codec, 0, identity, 0, 0, len(data), len(data)), bytes(stored)


@pytest.fixture
def places(tmp_path: Path) -> Places:
    return Places(tmp_path / "store")


@pytest.fixture
def sealed(places: Places) -> Sealed:
    writer = PackWriter(places)
    for data in DATA:
        writer.add(*record_of(data))
    recipe = Recipe(tuple((record_of(data)[0].id, len(data)) for data in DATA))
    raw = recipe.encode(b"f" * 32)
    writer.add(Record(Kind.RECIPE, RAW, 3, b"f" * 32, 0, 0, len(raw), recipe.size), raw)
    made = writer.seal()
    writer.publish(made)
    return made


def test_a_pack_is_named_by_its_bytes_and_tells_its_table(places: Places, sealed: Sealed) -> None:
    path = places.pack(sealed.name)
    assert of_file(path) == sealed.name
    assert path.stat().st_size == sealed.size
    assert path.stat().st_mode & 0o777 == 0o444
    assert read_table(path) == sealed.records
    with path.open("rb") as handle:
        raw = [verified(record, read_stored(handle.fileno(), record)) for record in sealed.records]
    assert raw[:4] == DATA
    assert list(places.temp.iterdir()) == []


def test_every_flip_in_a_pack_is_found_by_its_table_or_its_records(places: Places, sealed: Sealed) -> None:
    path, whole = places.pack(sealed.name), places.pack(sealed.name).read_bytes()
    copy = path.parent / "copy"
    unseen = []
    for at in range(0, len(whole), 5):
        broken = bytearray(whole)
        broken[at] ^= 1 << at % 8
        copy.write_bytes(broken)
        try:
            with copy.open("rb") as handle:
                for record in read_table(copy):
                    verified(record, read_stored(handle.fileno(), record))
        except ValueError:
            continue
        assert of_file(copy) != sealed.name
        unseen.append(at)
    compressed = [record for record in sealed.records if record.codec != RAW]  # a frame has bits that mean nothing
    assert all(any(r.offset <= at < r.offset + r.stored for r in compressed) for at in unseen)
    assert len(unseen) < 10


@pytest.mark.parametrize("keep", [0, 7, 8, 55, 56, 100, -1, -8, -48, -49])
def test_a_torn_pack_is_refused(places: Places, sealed: Sealed, keep: int) -> None:
    path = places.pack(sealed.name)
    data = path.read_bytes()[:keep]
    path.chmod(0o644)
    path.write_bytes(data)
    with pytest.raises(ValueError, match=r"too short|does not begin|end is missing|table"):
        read_table(path)


def test_a_pack_that_grows_is_locked_and_a_dropped_one_leaves_nothing(places: Places) -> None:
    writer = PackWriter(places)
    writer.add(*record_of(DATA[0]))
    [path] = places.temp.iterdir()
    with path.open("rb") as other, pytest.raises(BlockingIOError):
        fcntl.flock(other, fcntl.LOCK_EX | fcntl.LOCK_NB)
    writer.discard()
    assert list(places.temp.iterdir()) == []
    writer.discard()


def test_bytes_are_durable_before_their_name_and_the_name_before_the_index(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Power loss cannot be played here; that the calls come in the order which survives it can be seen."""
    store = Store(tmp_path / "store")
    store.put_bytes(b"first")
    seen: list[str] = []
    fsync, replace, commit = os.fsync, os.replace, Index.commit

    def syncing(handle: int) -> None:
        seen.append("folder" if stat.S_ISDIR(os.fstat(handle).st_mode) else "file")
        fsync(handle)

    def renaming(source: Path, target: Path) -> None:
        seen.append("rename")
        replace(source, target)

    def committing(self: Index, *arguments: Any) -> set[bytes]:
        seen.append("commit")
        return commit(self, *arguments)

    data = DATA[1]
    store.places.pack(_pack_name(data)).parent.mkdir(parents=True, exist_ok=True)
    monkeypatch.setattr(os, "fsync", syncing)
    monkeypatch.setattr(os, "replace", renaming)
    monkeypatch.setattr(Index, "commit", committing)
    store.put_bytes(data)
    assert seen == ["file", "rename", "folder", "commit"]


def _pack_name(data: bytes) -> str:
    """The name of the pack that a put of these bytes makes."""
    with TemporaryDirectory() as folder:
        store = Store(Path(folder) / "store")
        store.put_bytes(data)
        [name] = store.index.packs()
        store.close()
        return name


def test_a_disk_that_takes_no_more_is_told(places: Places, monkeypatch: pytest.MonkeyPatch) -> None:
    writer = PackWriter(places)
    writer.add(*record_of(DATA[0]))

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(SurroundingsError, match="No space left"):
        writer.seal()
    writer.discard()
    assert list(places.temp.iterdir()) == []


def test_a_record_beyond_the_end_is_told(places: Places, sealed: Sealed) -> None:
    with places.pack(sealed.name).open("rb") as handle, pytest.raises(ValueError, match="ends before"):
        read_stored(handle.fileno(), sealed.records[0]._replace(offset=sealed.size - 1))
