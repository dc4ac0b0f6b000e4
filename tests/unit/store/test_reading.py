from __future__ import annotations

import random
from pathlib import Path

import pytest

from modelsync.core.digest import Digest, of_bytes
from modelsync.core.errors import DamageError
from modelsync.store.objects import Store
from modelsync.store.packs import verified
from modelsync.store.reading import BadRecordError

BIG = random.Random(3).randbytes(5_000_000)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    store = Store(tmp_path / "store")
    store.put_bytes(BIG)
    store.put_bytes(b"small")
    return store


def test_a_large_file_comes_in_order_and_in_pieces(store: Store) -> None:
    pieces: list[bytes] = []
    store.reader.copy(of_bytes(BIG), pieces.append)
    assert len(pieces) > 32
    assert b"".join(pieces) == BIG
    assert store.reader.size(of_bytes(BIG)) == len(BIG)


def test_what_is_lacking_is_told_for_many_at_once(store: Store) -> None:
    there, gone = of_bytes(BIG), of_bytes(b"gone")
    assert store.reader.lacking([there, gone, of_bytes(b"small")]) == {gone}
    recipe = store.reader.recipe(bytes.fromhex(there))
    assert recipe is not None
    store.index.suspect([recipe.chunks[3][0]])
    assert store.reader.lacking([there]) == {there}


def test_a_damaged_part_is_named_and_noted(store: Store) -> None:
    recipe = store.reader.recipe(bytes.fromhex(of_bytes(BIG)))
    assert recipe is not None
    part = recipe.chunks[40][0]
    found = store.index.find([part])[part]
    path = store.places.pack(found.pack)
    path.chmod(0o644)
    data = bytearray(path.read_bytes())
    data[found.record.offset + 100] ^= 1
    path.write_bytes(data)
    with pytest.raises(DamageError, match=of_bytes(BIG)) as caught:
        store.read_bytes(of_bytes(BIG))
    assert part.hex() in caught.value.message
    assert str(path) in caught.value.message
    assert store.index.suspects() == {part}
    store.put_bytes(BIG)
    assert store.read_bytes(of_bytes(BIG)) == BIG
    assert store.index.suspects() == set()


def test_small_files_are_read_together(store: Store) -> None:
    assert store.reader.small([of_bytes(b"small"), of_bytes(BIG), of_bytes(b"gone")]) == {of_bytes(b"small"): b"small"}


def test_a_record_that_nobody_has_is_told(store: Store) -> None:
    with pytest.raises(BadRecordError, match="no pack holds it"):
        store.reader.load([b"x" * 32], verified)
    with pytest.raises(DamageError, match="missing from the store"):
        store.reader.size(Digest("0" * 64))
    for path in store.places.packs.glob("*/*"):
        path.unlink()
    with pytest.raises(BadRecordError, match="the pack is missing"):
        store.reader.load([bytes.fromhex(of_bytes(b"small"))], verified)


def test_a_record_comes_as_it_lies(store: Store) -> None:
    record, stored = store.reader.stored(bytes.fromhex(of_bytes(b"small")))
    assert verified(record, stored) == b"small"
