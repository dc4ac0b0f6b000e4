from __future__ import annotations

from pathlib import Path
from typing import Any

from modelsync.core.digest import Digest
from modelsync.store.remotes.layout import pack_key
from modelsync.store.remotes.mending import fetch_record


def test_a_damaged_store_is_mended_from_a_remote(ada: Any, bob: Any, source: Path) -> None:
    commit = ada.commit(source)
    expected = ada.needed(commit)
    ada.send(*expected)
    for path in ada.store.places.packs.rglob("*.pack"):
        path.chmod(0o644)
        data = bytearray(path.read_bytes())
        for place in range(100, len(data) - 5000, 50_000):
            data[place] ^= 1
        path.write_bytes(data)
    assert ada.store.verify(expected) != []
    bob.tables.refresh()
    repaired = ada.store.repair(expected, lambda digest: fetch_record(bob.place, bob.tables, digest))
    assert repaired.left == () and repaired.mended != ()
    assert ada.store.verify(expected) == []


def test_what_a_remote_has_not(team: Any, source: Path) -> None:
    ada, bob = team
    commit = ada.commit(source)
    ada.send(*ada.needed(commit))
    bob.tables.refresh()
    assert fetch_record(bob.place, bob.tables, Digest("0" * 64)) is None
    assert fetch_record(bob.place, bob.tables, commit) == ada.store.read_bytes(commit)
    (name,) = bob.tables.packs
    bob.place.overwrite(pack_key(name), b"\0" * bob.tables.packs[name])
    assert fetch_record(bob.place, bob.tables, commit) is None
    bob.place.remove(pack_key(name))
    assert fetch_record(bob.place, bob.tables, commit) is None
