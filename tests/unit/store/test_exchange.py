from __future__ import annotations

import random
from pathlib import Path

import pytest

from modelsync.core.digest import of_bytes, of_file
from modelsync.core.errors import DamageError
from modelsync.store.exchange import adopt_pack, missing, pack_of, tables
from modelsync.store.objects import Store
from modelsync.store.packs import read_table

BIG = random.Random(1).randbytes(400_000)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    store = Store(tmp_path / "store")
    store.put_bytes(BIG)
    store.put_bytes(b"small")
    return store


def test_every_pack_comes_with_its_table(store: Store) -> None:
    found = dict(tables(store.reader))
    assert found.keys() == store.index.packs().keys()
    assert {record.id for table in found.values() for record in table} == {
        item.record.id for item in store.index.records()
    }
    next(store.places.packs.glob("*/*")).unlink()
    assert len(dict(tables(store.reader))) == 1


def test_what_is_missing_is_told(store: Store) -> None:
    here, gone = bytes.fromhex(of_bytes(b"small")), bytes.fromhex(of_bytes(b"gone"))
    assert missing(store.reader, [here, gone]) == {gone}
    store.index.suspect([here])
    assert missing(store.reader, [here, gone]) == {here, gone}


def test_a_pack_holds_exactly_what_was_asked_for_and_is_gone_afterwards(store: Store) -> None:
    wanted = [bytes.fromhex(of_bytes(b"small")), *list(store.closure(of_bytes(BIG)))[:3]]
    with pack_of(store.reader, [*wanted, wanted[0]]) as sealed:
        assert [record.id for record in read_table(sealed.path)] == wanted
        assert of_file(sealed.path) == sealed.name
        assert sealed.path.stat().st_size == sealed.size
    assert not sealed.path.exists()
    with pytest.raises(DamageError, match="cannot be had"), pack_of(store.reader, [b"x" * 32]):
        pass
    assert list(store.places.temp.iterdir()) == []


def test_a_pack_is_adopted_once(store: Store, tmp_path: Path) -> None:
    other = Store(tmp_path / "other")
    with pack_of(store.reader, list(store.closure(of_bytes(BIG)))) as sealed:
        first = other.adopt_pack(sealed.path)
        assert other.adopt_pack(sealed.path) == first
        assert first.name == sealed.name
    assert other.read_bytes(of_bytes(BIG)) == BIG
    assert other.stats().packs == 1
    assert other.verify([of_bytes(BIG)]) == []


@pytest.mark.parametrize("how", ["flip", "cut", "other"])
def test_a_pack_that_is_not_whole_is_not_adopted(store: Store, tmp_path: Path, how: str) -> None:
    other, path = Store(tmp_path / "other"), tmp_path / "a.pack"
    with pack_of(store.reader, list(store.closure(of_bytes(BIG)))) as sealed:
        data = bytearray(sealed.path.read_bytes())
    if how == "flip":
        data[len(data) // 2] ^= 1
    path.write_bytes({"flip": bytes(data), "cut": bytes(data[:-3]), "other": b"no pack" * 50}[how])
    with pytest.raises(DamageError, match="is no whole pack"):
        adopt_pack(other.reader, path)
    assert not other.has(of_bytes(BIG))
    assert other.verify() == []


def test_adopting_mends_what_was_found_damaged(store: Store, tmp_path: Path) -> None:
    digest = of_bytes(b"small")
    with pack_of(store.reader, [bytes.fromhex(digest)]) as sealed:
        copy = tmp_path / "copy.pack"
        copy.write_bytes(sealed.path.read_bytes() if sealed.path.exists() else b"")
    store.index.suspect([bytes.fromhex(digest)])
    store.put_bytes(random.Random(9).randbytes(10))
    store.adopt_pack(copy)
    assert store.has(digest)
