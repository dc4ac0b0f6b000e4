from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

import pytest

from modelsync.core.errors import SurroundingsError
from modelsync.store.remotes import cache
from modelsync.store.remotes.layout import condemned_key, pack_key, table_key


def test_it_is_fetched_once(team: Any, source: Path) -> None:
    ada, bob = team
    commit = ada.commit(source)
    ada.send(*ada.needed(commit))
    bob.tables.refresh()
    read: list[str] = []
    place = bob.tables.place

    class Counting:
        def read(self, key: str) -> Any:
            read.append(key)
            return place.read(key)

        def __getattr__(self, name: str) -> Any:
            return getattr(place, name)

    bob.tables.place = Counting()
    bob.tables.refresh()
    assert read == []
    ids = set(bob.tables.find({bytes.fromhex(commit), b"x" * 32}))
    assert ids == {bytes.fromhex(commit)} == bob.tables.known(ids)


def test_what_is_gone_is_forgotten(team: Any, source: Path) -> None:
    ada, bob = team
    commit = ada.commit(source)
    ada.send(*ada.needed(commit))
    bob.tables.refresh()
    (name,) = bob.tables.named()
    for key in (pack_key(name), table_key(name)):
        ada.place.remove(key)
        bob.tables.refresh()
        assert bob.tables.find({bytes.fromhex(commit)}) == {}
    assert bob.tables.named() == {}


def test_a_condemned_pack_is_not_counted_on(team: Any, source: Path) -> None:
    ada, bob = team
    commit = ada.commit(source)
    ada.send(*ada.needed(commit))
    (name,) = ada.tables.packs
    ada.place.create(condemned_key(name), b"{}")
    bob.tables.refresh()
    id = bytes.fromhex(commit)
    assert bob.tables.known({id}) == set() and set(bob.tables.find({id})) == {id}


@pytest.mark.parametrize("data", [b"", b"no database", b"SQLite format 3\0" + b"x" * 5000])
def test_a_damaged_cache_is_made_anew(team: Any, source: Path, data: bytes) -> None:
    ada, bob = team
    commit = ada.commit(source)
    ada.send(*ada.needed(commit))
    bob.tables.refresh()
    bob.tables.file.write_bytes(data)
    bob.tables.refresh()
    assert bob.tables.commits() == {bytes.fromhex(digest) for digest in ada.needed(commit)}


def test_a_cache_that_somebody_locks_stays(team: Any, source: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ada, bob = team
    ada.send(*ada.needed(ada.commit(source)))
    bob.tables.refresh()
    monkeypatch.setattr(cache, "_PATIENCE", 0.05)
    holder = sqlite3.connect(bob.tables.file)
    holder.execute("begin exclusive")
    with pytest.raises(SurroundingsError, match="locked"):
        bob.tables.refresh()
    holder.close()
    bob.tables.refresh()
    assert len(bob.tables.named()) == 1


def test_a_cache_of_another_address_is_not_used(team: Any, source: Path) -> None:
    ada, bob = team
    ada.send(*ada.needed(ada.commit(source)))
    bob.tables.refresh()

    class Elsewhere:
        label = "s3://elsewhere"

        def list(self, prefix: str) -> Any:
            return iter(())

    bob.tables.place = Elsewhere()
    bob.tables.refresh()
    assert bob.tables.named() == {} and bob.tables.commits() == set()


def test_a_table_that_says_another_size_is_damaged(team: Any, source: Path) -> None:
    ada, bob = team
    ada.send(*ada.needed(ada.commit(source)))
    (name,) = ada.tables.packs
    ada.place.overwrite(pack_key(name), b"short")
    bob.tables.refresh()
    assert list(bob.tables.damaged) == [table_key(name)] and bob.tables.named() == {}
