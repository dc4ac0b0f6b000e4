from __future__ import annotations

import random
import shutil
from pathlib import Path

import pytest

from modelsync.core.digest import Digest, of_bytes
from modelsync.core.errors import LockedError
from modelsync.store.database import alone
from modelsync.store.findings import Part
from modelsync.store.objects import Store
from modelsync.store.packs import verified
from modelsync.store.repairing import Repaired, nowhere, rebuild_index

BIG = random.Random(1).randbytes(600_000)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    store = Store(tmp_path / "store")
    (tmp_path / "folder").mkdir()
    for number in range(5):
        (tmp_path / "folder" / f"f{number}").write_bytes(random.Random(number).randbytes(1000))
    (tmp_path / "folder" / "big").write_bytes(BIG)
    store.put_folder(tmp_path / "folder")
    store.put_bytes(b"alone")
    return store


@pytest.fixture
def roots(store: Store) -> list[Digest]:
    return [Digest(put.id.hex()) for put in store.index.puts()]


@pytest.fixture
def remote(store: Store) -> dict[Digest, bytes]:
    """Every record, elsewhere."""
    return {
        Digest(item.record.id.hex()): store.reader.load([item.record.id], verified)[0] for item in store.index.records()
    }


def flip(store: Store, digest: Digest) -> Path:
    found = store.index.find([bytes.fromhex(digest)])[bytes.fromhex(digest)]
    path = store.places.pack(found.pack)
    data = bytearray(path.read_bytes())
    data[found.record.offset + found.record.stored // 2] ^= 1
    path.chmod(0o644)
    path.write_bytes(data)
    return path


def test_a_whole_store_needs_no_mending(store: Store, roots: list[Digest], tmp_path: Path) -> None:
    assert store.repair(roots) == Repaired((), ())
    assert Store(tmp_path / "none").repair() == Repaired((), ())
    assert not (tmp_path / "none").exists()


@pytest.mark.parametrize("what", ["missing", "garbage", "empty", "cut"])
def test_a_lost_index_is_built_again_from_the_packs(store: Store, roots: list[Digest], what: str) -> None:
    before = {item.record.id: item for item in store.index.records()}
    store.close()
    path = store.places.index
    data = {"garbage": b"no database" * 999, "empty": b"", "cut": path.read_bytes()[:5000], "missing": b""}[what]
    path.unlink() if what == "missing" else path.write_bytes(data)
    result = store.repair(roots)
    assert [damage.part for damage in result.mended] == [Part.INDEX]
    assert result.left == ()
    assert {item.record.id: item for item in store.index.records()} == before
    assert store.verify(roots) == []
    assert store.collect([]).records == 0  # everything counts as put now


def test_a_row_that_lies_is_set_right(store: Store, roots: list[Digest]) -> None:
    with store.index.database.writing() as connection:
        connection.execute("update record set raw = raw + 1, pack = 1")
    assert store.verify(roots)
    assert store.repair(roots).left == ()
    assert store.verify(roots) == []


def test_a_damaged_record_is_brought_back_from_elsewhere(
    store: Store, roots: list[Digest], remote: dict[Digest, bytes]
) -> None:
    digest = of_bytes(random.Random(3).randbytes(1000))
    path = flip(store, digest)
    result = store.repair(roots, remote.get)
    assert [(damage.digest, damage.path) for damage in result.mended] == [(digest, path)]
    assert result.left == ()
    assert not path.exists()
    assert store.read_bytes(digest) == remote[digest]
    assert not store.places.damaged.exists()


def test_what_nobody_has_is_named_and_the_rest_of_its_pack_saved(store: Store, roots: list[Digest]) -> None:
    recipe = store.reader.recipe(bytes.fromhex(of_bytes(BIG)))
    assert recipe is not None
    path = flip(store, Digest(recipe.chunks[2][0].hex()))
    result = store.repair(roots, nowhere)
    assert {damage.digest for damage in result.left} == {of_bytes(BIG)}
    assert (store.places.damaged / path.name).exists()
    for number in range(5):
        data = random.Random(number).randbytes(1000)
        assert store.read_bytes(of_bytes(data)) == data
    assert not store.has(of_bytes(BIG))
    store.put_bytes(BIG)
    assert store.verify(roots) == []


def test_all_packs_lost_are_brought_back(store: Store, roots: list[Digest], remote: dict[Digest, bytes]) -> None:
    for path in store.places.packs.glob("*/*"):
        path.unlink()
    assert len(store.verify(roots)) == 2
    assert store.repair(roots, remote.get).left == ()
    assert store.verify(roots) == []
    assert store.read_bytes(of_bytes(BIG)) == BIG


def test_a_store_of_which_nothing_is_left_is_brought_back(
    store: Store, roots: list[Digest], remote: dict[Digest, bytes]
) -> None:
    store.close()
    for ending in ("", "-wal", "-shm"):
        store.places.index.with_name(store.places.index.name + ending).unlink(missing_ok=True)
    shutil.rmtree(store.places.packs)
    assert store.repair(roots, remote.get).left == ()
    assert store.verify(roots) == []


def test_what_is_missing_altogether_is_fetched_part_by_part(
    tmp_path: Path, roots: list[Digest], remote: dict[Digest, bytes]
) -> None:
    other = Store(tmp_path / "other")
    other.put_bytes(b"something")
    assert other.repair(roots, remote.get).left == ()
    assert other.verify(roots) == []
    other.restore_folder(roots[0], tmp_path / "back")


def test_a_whole_file_from_elsewhere_is_cut_as_any_other(tmp_path: Path) -> None:
    other = Store(tmp_path / "other")
    other.put_bytes(b"something")
    digest = of_bytes(BIG)
    assert other.repair([digest], {digest: BIG}.get).left == ()
    assert other.read_bytes(digest) == BIG


def test_a_liar_elsewhere_is_not_believed(store: Store, roots: list[Digest]) -> None:
    digest = of_bytes(random.Random(3).randbytes(1000))
    flip(store, digest)
    assert [damage.digest for damage in store.repair(roots, lambda _: b"lie").left] == [digest]
    assert not store.has(digest)


def test_config_and_packs_without_a_row_are_set_right(store: Store, roots: list[Digest]) -> None:
    store.places.config.write_text("{")
    with store.index.database.writing() as connection:
        connection.execute("delete from record")
        connection.execute("delete from pack")
    assert store.repair(roots).left == ()
    assert store.verify(roots) == []
    store.put_bytes(b"more")


def test_a_torn_pack_is_left_out_of_a_new_index_and_its_files_are_stored_anew(store: Store, tmp_path: Path) -> None:
    """A recipe whose chunks are gone does not count as stored."""
    recipe = store.reader.recipe(bytes.fromhex(of_bytes(BIG)))
    assert recipe is not None
    with store.pack_of([bytes.fromhex(of_bytes(BIG))]) as sealed:  # the recipe alone
        Store(tmp_path / "other").adopt_pack(sealed.path)
    other = Store(tmp_path / "other")
    rebuild_index(other.reader)
    assert not other.has(of_bytes(BIG))
    assert other.index.known([bytes.fromhex(of_bytes(BIG))]) == set()
    other.put_bytes(BIG)
    assert other.read_bytes(of_bytes(BIG)) == BIG


def test_nothing_is_rebuilt_beside_a_collection(store: Store) -> None:
    with alone(store.places.packs), pytest.raises(LockedError):
        rebuild_index(store.reader)


def test_another_process_sees_the_new_index(store: Store, roots: list[Digest]) -> None:
    other = Store(store.root)
    assert other.has(of_bytes(b"alone"))
    rebuild_index(store.reader)
    digest = other.put_bytes(b"later").digest
    assert store.has(digest)
    assert list(store.places.temp.glob("*.db*")) == []
    assert store.verify(roots) == []
