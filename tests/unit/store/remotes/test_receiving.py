from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from modelsync.core.errors import DamageError
from modelsync.store.packs import Kind, Record
from modelsync.store.remotes import receiving
from modelsync.store.remotes.layout import pack_key
from modelsync.store.remotes.receiving import _runs


def test_everything_comes_verified(ada: Any, bob: Any, source: Path, tmp_path: Path) -> None:
    first = ada.commit(source)
    (source / "deep" / "0.txt").write_text("changed\n")
    second = ada.commit(source, first)
    ada.send(*ada.needed(first, second))
    received = bob.receive(second)
    assert bob.store.verify(bob.needed(first, second)) == []
    assert bob.tree(second, tmp_path / "out")["deep/0.txt"] == b"changed\n"
    assert bob.tree(first, tmp_path / "before")["deep/0.txt"] == b"file 0\n"
    assert received.done > 700_000 and bob.told[-1][0] == bob.told[-1][1] == received.done
    assert bob.receive(second).records == 0


def test_only_what_is_new_comes(ada: Any, bob: Any, source: Path) -> None:
    first = ada.commit(source)
    ada.send(*ada.needed(first))
    bob.receive(first)
    (source / "deep" / "new.txt").write_text("new\n")
    second = ada.commit(source, first)
    ada.send(*ada.needed(second))
    received = bob.receive(second, known={first})
    assert received.records == 3 and received.done < 10_000


def test_a_small_part_of_a_pack_comes_by_ranges(team: Any, source: Path, tmp_path: Path) -> None:
    ada, bob = team
    big = ada.commit(source)
    (tmp_path / "part").mkdir()
    (tmp_path / "part" / "7.txt").write_bytes((source / "deep" / "7.txt").read_bytes())
    small = ada.commit(tmp_path / "part")
    ada.send(*ada.needed(big, small))
    received = bob.receive(small)
    assert received.done < 10_000
    assert bob.tree(small, tmp_path / "out") == {"7.txt": b"file 7\n"}


def test_what_came_before_an_end_is_kept(
    team: Any, source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ada, bob = team
    commit = ada.commit(source)
    ada.send(*ada.needed(commit))
    (name,) = ada.tables.packs
    monkeypatch.setattr(receiving, "_SPAN", 100_000)
    ranges = bob.place.ranges
    asked = 0

    class Breaking:
        def ranges(self, key: str, spans: Any) -> list[bytes]:
            nonlocal asked
            asked += 1
            if asked == 6:
                raise KeyboardInterrupt
            found: list[bytes] = ranges(key, spans)
            return found

        def __getattr__(self, item: str) -> Any:
            return getattr(ada.place, item)

    bob.place = Breaking()
    with pytest.raises(KeyboardInterrupt):
        bob.receive(commit)
    came = bob.told[-1][0]
    assert came > 100_000
    bob.place, bob.told = ada.place, []
    assert bob.receive(commit).done < ada.place.size(pack_key(name)) - came + 1000
    assert bob.store.verify(bob.needed(commit)) == []


@pytest.mark.parametrize("damage", ["flip", "cut", "gone"])
def test_a_damaged_pack_is_named_and_nothing_of_it_is_taken(team: Any, source: Path, damage: str) -> None:
    ada, bob = team
    commit = ada.commit(source)
    ada.send(*ada.needed(commit))
    bob.tables.refresh()
    bob.tables.refresh = lambda: None
    (name,) = ada.tables.packs
    key = pack_key(name)
    data = bytearray((ada.place.read(key)).data)
    data[data.index(b"file 5\n")] ^= 1
    if damage == "gone":
        ada.place.remove(key)
    else:
        ada.place.overwrite(key, bytes(data) if damage == "flip" else bytes(data[:1000]))
    with pytest.raises(DamageError, match=key):
        bob.receive(commit)
    assert bob.store.verify() == []


def test_what_the_remote_lacks_is_named(team: Any, source: Path) -> None:
    ada, bob = team
    commit = ada.commit(source)
    ada.send(commit)  # without its tree, as nobody should
    tree = ada.needed(commit)[1]
    with pytest.raises(DamageError, match=tree):
        bob.receive(commit)


def test_something_else_named_as_a_commit(team: Any) -> None:
    ada, bob = team
    other = ada.store.put_bytes(b"not one").digest
    ada.send(other)
    with pytest.raises(DamageError, match="as a commit, and it is none"):
        bob.receive(other)


def test_an_end_too_early_leaves_nothing_that_is_not_whole(team: Any, source: Path) -> None:
    ada, bob = team
    commit = ada.commit(source)
    ada.send(*ada.needed(commit))
    bob.tables.refresh()
    receiver = receiving.Receiver(bob.store, bob.place, bob.tables, lambda done, total: None)
    receiver.describe([commit], set(), team[0].links)
    assert list(bob.store.tables()) == []  # what leads to other things waits for them
    receiver.bring()
    assert bob.store.verify(bob.needed(commit)) == []


@settings(max_examples=50)
@given(st.lists(st.tuples(st.integers(0, 200_000), st.integers(1, 3_000_000)), max_size=40))
def test_runs_cover_every_record_once(gaps: list[tuple[int, int]]) -> None:
    records, place = list[Record](), 8
    for gap, size in gaps:
        records.append(Record(Kind.CHUNK, 0, 0, b"", place + gap, size, size, size))
        place += gap + size
    runs = list(_runs(records))
    assert [record for run in runs for record in run.records] == records
    for run in runs:
        assert run.span == (run.records[0].offset, run.records[-1].offset + run.records[-1].stored)
        wanted = sum(record.stored for record in run.records)
        assert run.span[1] - run.span[0] <= wanted + (len(run.records) - 1) * receiving._GAP
        assert len(run.records) == 1 or run.span[1] - run.span[0] <= receiving._SPAN
