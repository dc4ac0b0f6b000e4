from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

from modelsync.core.digest import Digest, of_bytes
from modelsync.core.errors import DamageError, LockedError
from modelsync.store import collecting
from modelsync.store.chunking import Chunker
from modelsync.store.collecting import Collected
from modelsync.store.database import alone
from modelsync.store.index import Index
from modelsync.store.moments import Moment
from modelsync.store.objects import Store
from modelsync.store.packs import FILE
from modelsync.store.writing import Session

DAY = 24 * 3600.0
LATER = Moment(time.time() + 3 * DAY, "", 0.0)  # no start of the machine is named: the wall clock counts

WRITER = """
import random, sys
from pathlib import Path
from modelsync.store.objects import Store
store, chance = Store(Path(sys.argv[1])), random.Random(int(sys.argv[2]) // 2)
for number in range(int(sys.argv[3])):
    data = chance.randbytes(chance.choice([100, 5_000, 90_000, 400_000]))
    digest = store.put_bytes(data).digest
    assert store.read_bytes(digest) == data
    print(digest, flush=True)
"""


def noise(seed: int, size: int = 50_000) -> bytes:
    return random.Random(seed).randbytes(size)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "store")


def test_there_is_nothing_to_collect_where_nothing_is(store: Store) -> None:
    assert store.collect([]) == store.collectable([]) == Collected()
    assert not store.root.exists()


def test_what_is_young_stays_whatever_the_clock_says(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    digest = store.put_bytes(noise(1)).digest
    now = time.time
    monkeypatch.setattr(time, "time", lambda: now() + 365 * DAY)
    assert store.collect([]) == Collected()
    assert store.read_bytes(digest) == noise(1)


def test_what_no_root_needs_goes_and_the_dry_run_says_so_before(store: Store, tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "large").write_bytes(noise(1, 700_000))
    (tmp_path / "folder" / "small").write_bytes(noise(2))
    folder = store.put_folder(tmp_path / "folder").digest
    gone = [store.put_bytes(noise(seed)).digest for seed in (3, 4)]
    before = store.stats()
    said = store.collectable([folder], LATER)
    assert store.stats() == before
    assert store.collect([folder], LATER) == said
    assert (said.packs, said.records, said.repacked) == (2, 2, 0)
    assert before.stored - store.stats().stored == said.size > 100_000
    assert [store.has(digest) for digest in gone] == [False, False]
    assert store.verify([folder]) == []
    assert store.has_folder(folder)
    store.restore_folder(folder, tmp_path / "back")
    assert (tmp_path / "back" / "large").read_bytes() == noise(1, 700_000)
    assert store.collect([folder], LATER) == Collected()


def test_a_pack_of_which_little_is_needed_is_written_anew(store: Store, tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    for number in range(10):
        (tmp_path / "folder" / str(number)).write_bytes(noise(number))
    store.put_folder(tmp_path / "folder")
    kept = of_bytes(noise(3))
    result = store.collect([kept], LATER)
    assert (result.packs, result.repacked, result.records) == (0, 1, 10)
    assert store.read_bytes(kept) == noise(3)
    assert store.stats().stored < 51_000
    assert store.verify([kept]) == []


def test_many_small_packs_are_put_together(store: Store) -> None:
    kept = [store.put_bytes(noise(seed, 200)).digest for seed in range(40)]
    store.collect(kept)
    assert store.stats().packs == 1
    assert [of_bytes(store.read_bytes(digest)) for digest in kept] == kept
    assert store.verify(kept) == []


def test_rows_of_dead_records_go_although_their_pack_stays(store: Store, tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    for number in range(3):
        (tmp_path / "folder" / str(number)).write_bytes(noise(number))
    store.put_folder(tmp_path / "folder")
    kept = [of_bytes(noise(0)), of_bytes(noise(1))]
    store.collect(kept, LATER)
    assert [store.has(digest) for digest in [*kept, of_bytes(noise(2))]] == [True, True, False]
    store.put_bytes(noise(2))
    assert store.verify([*kept, of_bytes(noise(2))]) == []


def test_what_is_put_while_it_is_marked_stays(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """Known content is put again between the marking and the transaction: the transaction looks once more."""
    digest = store.put_bytes(noise(1)).digest
    copy = collecting._copy

    def slow(*arguments: object) -> object:
        Store(store.root).put_bytes(noise(1))
        return copy(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(collecting, "_copy", slow)
    assert store.collect([], LATER).packs == 0
    assert store.read_bytes(digest) == noise(1)


def test_what_a_pack_that_came_meanwhile_needs_stays(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A pack of another store brings a recipe whose chunks are here, old, and needed by nothing else."""
    file = of_bytes(noise(1, 700_000))
    store.put_bytes(noise(1, 700_000))
    with store.pack_of([bytes.fromhex(file)]) as sealed:
        (tmp_path / "recipe.pack").write_bytes(sealed.path.read_bytes())
    with store.index.database.writing() as connection:
        connection.execute("delete from record where id = ?", (bytes.fromhex(file),))
    copy = collecting._copy

    def slow(*arguments: object) -> object:
        Store(store.root).adopt_pack(tmp_path / "recipe.pack")
        return copy(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(collecting, "_copy", slow)
    store.collect([], LATER)
    assert store.read_bytes(file) == noise(1, 700_000)


def test_a_put_that_relied_on_what_was_collected_is_made_again(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    digest = store.put_bytes(noise(1, 700_000)).digest
    commit = Index.commit
    times = []

    def late(self: Index, *arguments: object) -> object:
        times.append(1)
        if len(times) == 1:
            assert Store(store.root).collect([], LATER).packs == 1
        return commit(self, *arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(Index, "commit", late)
    assert store.put_bytes(noise(1, 700_000)).digest == digest
    assert len(times) == 2
    assert store.verify([digest]) == []
    assert store.read_bytes(digest) == noise(1, 700_000)


def test_a_reader_that_meets_a_vanished_pack_looks_again(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = [store.put_bytes(noise(seed, 300)).digest for seed in range(40)]
    find = Index.find
    times = []

    def stale(self: Index, ids: list[bytes]) -> object:
        found = find(self, ids)
        times.append(1)
        if len(times) == 2:  # the second question is the one before the pack is opened
            monkeypatch.setattr(Index, "find", find)
            assert Store(store.root).collect(kept).repacked == 40
        return found

    monkeypatch.setattr(Index, "find", stale)
    assert store.read_bytes(kept[7]) == noise(7, 300)


def test_nothing_is_collected_when_a_folder_cannot_be_read(store: Store, tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "a").write_bytes(noise(1))
    store.put_bytes(noise(1))
    folder = store.put_folder(tmp_path / "folder").digest
    found = store.index.find([bytes.fromhex(folder)])[bytes.fromhex(folder)]
    path = store.places.pack(found.pack)
    path.chmod(0o644)
    path.write_bytes(path.read_bytes()[: found.record.offset] + bytes(path.stat().st_size - found.record.offset))
    before = store.stats()
    with pytest.raises(DamageError, match="nothing was collected"):
        store.collect([folder], LATER)
    assert store.stats() == before


def test_a_damaged_pack_is_not_written_anew(store: Store, tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    for number in range(10):
        (tmp_path / "folder" / str(number)).write_bytes(noise(number))
    store.put_folder(tmp_path / "folder")
    for number in (0, 1, 2, 5, 6, 7, 8, 9):
        (tmp_path / "folder" / str(number)).unlink()
    folder = store.put_folder(tmp_path / "folder").digest
    found = store.index.find([bytes.fromhex(of_bytes(noise(3)))]).popitem()[1]
    path = store.places.pack(found.pack)
    path.chmod(0o644)
    data = bytearray(path.read_bytes())
    data[found.record.offset] ^= 1
    path.write_bytes(data)
    store.collect([folder], LATER)
    assert path.exists()
    assert store.read_bytes(of_bytes(noise(4))) == noise(4)


def test_the_same_pack_made_again_before_its_file_is_removed_stays(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same content makes a pack of the same name: only one that no row names may be removed."""
    digest = store.put_bytes(noise(1)).digest
    unlink = Index.unlink

    def late(self: Index, paths: object) -> int:
        monkeypatch.setattr(Index, "unlink", unlink)
        Store(store.root).put_bytes(noise(1))
        return unlink(self, paths)  # type: ignore[arg-type]

    monkeypatch.setattr(Index, "unlink", late)
    store.collect([], LATER)
    assert store.read_bytes(digest) == noise(1)
    assert store.verify([digest]) == []


def test_one_collection_at_a_time(store: Store) -> None:
    store.put_bytes(b"x")
    with alone(store.places.packs), pytest.raises(LockedError, match="another process"):
        store.collect([])


def test_old_litter_goes_and_young_stays(store: Store) -> None:
    store.put_bytes(b"x")
    old, young, left = store.places.pack("0" * 64), store.places.pack("1" * 64), store.places.temp / ".1-a.tmp"
    for path in (old, young, left):
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(b"litter")
    for path in (old, left):
        os.utime(path, (0, 0))
    assert store.collectable([]).swept == store.collect([]).swept == 2
    assert [path.exists() for path in (old, young, left)] == [False, True, False]


def test_a_pack_swept_before_it_was_named_is_written_again(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """A clock that jumped makes a pack look old between its rename and its row."""
    commit, times = Index.commit, []

    def swept(self: Index, packs: object, *rest: object) -> object:
        times.append(1)
        if len(times) == 1:
            for path in store.places.packs.glob("*/*.pack"):
                path.unlink()
        return commit(self, packs, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(Index, "commit", swept)
    digest = store.put_bytes(noise(1)).digest
    assert len(times) == 2
    assert store.read_bytes(digest) == noise(1)


def test_eight_writers_beside_collections(store: Store) -> None:
    """Pairs of writers put the same content; all of it is old to the collections, which keep only what was put."""
    command = [sys.executable, "-c", WRITER, str(store.root)]
    writers = [
        subprocess.Popen([*command, str(number), "12"], stdout=subprocess.PIPE, text=True) for number in range(8)
    ]
    collections = 0
    while any(writer.poll() is None for writer in writers):
        store.collect([])
        collections += 1
    digests = [Digest(line) for writer in writers for line in (writer.communicate()[0] or "").split()]
    assert [writer.returncode for writer in writers] == [0] * 8
    assert len(digests) == 96
    assert collections > 1
    assert store.verify(digests) == []
    assert store.collect(digests, LATER).records >= 0
    assert store.verify(digests) == []


def test_a_put_that_lost_what_it_relied_on_leaves_no_file_without_its_parts(store: Store) -> None:
    first, second = noise(1, 400_000), noise(1, 400_000) + noise(2, 90_000)
    store.put_bytes(first)
    with Session(store.places, store.index, Chunker()) as session:
        digest = session.add_bytes(second, FILE)
        store.collect([], LATER)
        assert not session.commit([digest])
    assert store.verify() == []
    assert not store.has(digest)
    assert store.put_bytes(second).digest == digest
    assert store.read_bytes(digest) == second
    assert store.verify([digest]) == []


def test_collections_that_take_everything_leave_no_file_without_its_parts(store: Store) -> None:
    """To these collections everything is old: whatever was put is gone at once, but never a part of it alone."""
    command = [sys.executable, "-c", WRITER.replace("assert store.read_bytes", "# "), str(store.root)]
    writers = [subprocess.Popen([*command, str(number), "25"], stdout=subprocess.DEVNULL) for number in range(4)]
    taken = 0
    while any(writer.poll() is None for writer in writers):
        taken += store.collect([], LATER).records
        assert store.verify() == []
    assert [writer.wait() for writer in writers] == [0] * 4
    assert taken > 50
    assert store.verify() == []
