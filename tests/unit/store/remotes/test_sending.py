from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from modelsync.core.errors import DamageError
from modelsync.store.packs import PackWriter
from modelsync.store.remotes import sending
from modelsync.store.remotes.condemning import condemn
from modelsync.store.remotes.layout import condemned_key, pack_key, table_key


def test_only_what_is_not_there_goes(ada: Any, source: Path) -> None:
    first = ada.commit(source)
    sent = ada.send(*ada.needed(first))
    assert sent.packs == 1 and sent.size > 700_000
    assert ada.told[-1][0] == sent.size
    assert ada.send(*ada.needed(first)).packs == 0
    (source / "deep" / "0.txt").write_text("changed\n")
    again = ada.send(*ada.needed(ada.commit(source, first)))
    assert again.packs == 1 and again.records == 3 and again.size < 10_000


def test_large_own_packs_go_as_they_are(team: Any, source: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ada, _ = team
    monkeypatch.setattr(sending, "_AS_IT_IS", 1000)
    commit = ada.commit(source)
    ada.send(*ada.needed(commit))
    assert set(ada.tables.packs) <= set(ada.store.index.packs())
    ada.tables.refresh()
    assert ada.tables.damaged == {} and ada.tables.commits() == {bytes.fromhex(d) for d in ada.needed(commit)}


def test_nothing_is_sent_twice_after_a_table_got_lost(team: Any, source: Path) -> None:
    ada, _ = team
    commit = ada.commit(source)
    ada.send(*ada.needed(commit))
    (name,) = ada.tables.packs
    ada.place.remove(table_key(name))
    ada.tables.refresh()
    packs = dict(ada.tables.written)
    ada.send(*ada.needed(commit))
    ada.tables.refresh()
    assert ada.tables.written == packs  # the pack that was there is not written again
    assert ada.place.size(table_key(name)) is not None


@pytest.mark.parametrize("damage", ["cut", "gone", "table"])
def test_what_is_damaged_there_is_sent_again(team: Any, source: Path, damage: str) -> None:
    ada, bob = team
    commit = ada.commit(source)
    ada.send(*ada.needed(commit))
    (name,) = ada.tables.packs
    if damage == "cut":
        ada.place.overwrite(pack_key(name), b"torn")
    elif damage == "gone":
        ada.place.remove(pack_key(name))
    else:
        ada.place.overwrite(table_key(name), b"torn")
        ada.tables.forget()
    assert ada.send(*ada.needed(commit)).packs == 1
    bob.receive(commit)
    assert bob.store.verify(bob.needed(commit)) == []


def test_what_is_damaged_here_does_not_go(team: Any, source: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ada, _ = team
    monkeypatch.setattr(sending, "_AS_IT_IS", 1000)
    wanted = ada.needed(ada.commit(source))
    path = max(ada.store.places.packs.rglob("*.pack"), key=lambda path: path.stat().st_size)
    path.chmod(0o644)
    data = bytearray(path.read_bytes())
    data[len(data) // 3] ^= 1
    path.write_bytes(data)
    with pytest.raises(DamageError, match=f"{path.name}` is damaged, so it was not pushed"):
        ada.send(*wanted)
    assert list(ada.place.list("packs/")) == []


def test_what_is_missing_here_is_named(team: Any, source: Path) -> None:
    ada, _ = team
    commit = ada.commit(source)
    (large,) = [e for e in ada.store.read_manifest(ada.needed(commit)[1]).entries if e.path == "large.bin"]
    with ada.store.index.database.writing() as connection:
        connection.execute("delete from record where id = ?", (bytes.fromhex(large.digest),))
    with pytest.raises(DamageError, match=large.digest):
        ada.send(*ada.needed(commit))


def test_a_condemned_pack_is_rescued(ada: Any, bob: Any, source: Path) -> None:
    commit = ada.commit(source)
    ada.send(*ada.needed(commit))
    (name,) = ada.tables.packs
    condemn(ada.place, name)
    ada.send(*ada.needed(commit))
    assert ada.place.size(condemned_key(name)) is None
    bob.receive(commit)
    assert bob.store.verify(bob.needed(commit)) == []


def test_a_pack_that_was_collected_meanwhile(team: Any, source: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ada, bob = team
    monkeypatch.setattr(sending, "_AS_IT_IS", 1000)
    commit = ada.commit(source)
    plan = sending._Sending._plan

    def collected(self: Any, lacking: set[bytes]) -> Any:
        """Between the plan and the upload every pack is written anew, as a collection does."""
        whole, rest = plan(self, lacking)
        for pack in whole:
            writer = PackWriter(ada.store.places)
            for record in reversed(pack.records):
                writer.add(*ada.store.reader.stored(record.id))
            sealed = writer.seal()
            writer.publish(sealed)
            with ada.store.index.database.writing() as connection:
                connection.execute(
                    "delete from record where pack = (select number from pack where name = ?)", (pack.name,)
                )
                connection.execute("delete from pack where name = ?", (pack.name,))
            ada.store.index.commit([sealed], (), ())
            pack.path.unlink()
        return whole, rest

    monkeypatch.setattr(sending._Sending, "_plan", collected)
    ada.send(*ada.needed(commit))
    bob.receive(commit)
    assert bob.store.verify(bob.needed(commit)) == []
