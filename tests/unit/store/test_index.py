from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from modelsync.store.index import Index
from modelsync.store.packs import FILE, Kind, PackWriter, Record, Sealed
from modelsync.store.places import Places


@pytest.fixture
def index(tmp_path: Path) -> Index:
    index = Index(Places(tmp_path / "store"))
    index.database.ensure()
    return index


def pack(index: Index, *contents: bytes) -> Sealed:
    writer = PackWriter(index.database._places)
    for data in contents:
        writer.add(Record(Kind.CHUNK, 0, FILE, hashlib.sha256(data).digest(), 0, 0, len(data), len(data)), data)
    sealed = writer.seal()
    writer.publish(sealed)
    return sealed


def ids(*contents: bytes) -> list[bytes]:
    return [hashlib.sha256(data).digest() for data in contents]


def test_nothing_is_known_of_no_store(tmp_path: Path) -> None:
    index = Index(Places(tmp_path / "none"))
    assert index.find(ids(b"a")) == {}
    assert index.known(ids(b"a")) == index.suspects() == set()
    assert list(index.records()) == []
    assert index.puts() == []
    assert index.packs() == {}


def test_a_commit_makes_all_known_at_once(index: Index) -> None:
    sealed = pack(index, b"a", b"b")
    [a, b, c] = ids(b"a", b"b", b"c")
    assert index.commit([sealed], (), [a]) == set()
    found = index.find([a, b, c])
    assert found.keys() == {a, b} == index.known([a, b, c])
    assert [found[a].record, found[b].record] == list(sealed.records)
    assert {row.name: row.size for row in index.packs().values()} == {sealed.name: sealed.size}
    assert [put.id for put in index.puts()] == [a]
    assert index.puts(index.puts()[0].number) == []
    assert {item.record.id for item in index.records()} == {a, b}


def test_many_ids_are_asked_for_in_batches(index: Index) -> None:
    contents = [b"%d" % number for number in range(1234)]
    index.commit([pack(index, *contents)], (), ())
    assert index.known(ids(*contents, b"x")) == set(ids(*contents))
    assert len(index.find(ids(*contents))) == 1234


def test_a_put_that_relied_on_what_is_gone_is_refused_and_its_packs_stay(index: Index) -> None:
    sealed = pack(index, b"a")
    [a, gone] = ids(b"a", b"gone")
    assert index.commit([sealed], [gone], [a]) == {gone}
    assert index.puts() == []
    assert index.known([a]) == {a}


def test_a_pack_that_vanished_counts_with_all_its_records(index: Index) -> None:
    sealed = pack(index, b"a", b"b")
    index.database._places.pack(sealed.name).unlink()
    assert index.commit([sealed], (), ids(b"a")) == set(ids(b"a", b"b"))
    assert index.packs() == {}


def test_what_was_found_damaged_is_not_known_until_it_is_written_anew(index: Index) -> None:
    first = pack(index, b"a", b"b")
    index.commit([first], (), ())
    [a, b] = ids(b"a", b"b")
    index.suspect([a])
    assert index.known([a, b]) == {b}
    second = pack(index, b"a", b"new")
    index.commit([second], (), ())
    assert index.known([a, b]) == {a, b}
    assert {item: found.pack for item, found in index.find([a, b]).items()} == {a: second.name, b: first.name}


def test_records_of_a_vanished_pack_are_not_relied_on(index: Index) -> None:
    sealed = pack(index, b"a")
    index.commit([sealed], (), ())
    index.distrust_lost_packs()
    assert index.known(ids(b"a")) == set(ids(b"a"))
    index.database._places.pack(sealed.name).unlink()
    index.distrust_lost_packs()
    assert index.known(ids(b"a")) == set()
