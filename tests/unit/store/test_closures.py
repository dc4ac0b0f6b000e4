from __future__ import annotations

import random
from pathlib import Path

import pytest

from modelsync.core.digest import Digest, of_bytes
from modelsync.core.errors import DamageError
from modelsync.store.closures import Walk, closure, entries, folders_of
from modelsync.store.folders import HEADER
from modelsync.store.objects import Store

BIG = random.Random(1).randbytes(600_000)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "store")


@pytest.fixture
def folder(store: Store, tmp_path: Path) -> Digest:
    (tmp_path / "folder" / "sub").mkdir(parents=True)
    (tmp_path / "folder" / "big").write_bytes(BIG)
    (tmp_path / "folder" / "sub" / "small").write_bytes(b"small")
    store.put_bytes(b"alone")
    return store.put_folder(tmp_path / "folder").digest


def test_a_folder_needs_its_files_and_their_chunks_and_nothing_else(store: Store, folder: Digest) -> None:
    recipe = store.reader.recipe(bytes.fromhex(of_bytes(BIG)))
    assert recipe is not None
    files = {bytes.fromhex(digest) for digest in (folder, of_bytes(BIG), of_bytes(b"small"))}
    needed = list(closure(store.reader, folder))
    assert set(needed) == files | recipe.ids
    assert len(needed) == len(set(needed))
    assert set(closure(store.reader, of_bytes(b"small"))) == {bytes.fromhex(of_bytes(b"small"))}
    assert folders_of(store.reader) == [folder]


def test_the_closure_is_enough_to_read_everything_elsewhere(store: Store, folder: Digest, tmp_path: Path) -> None:
    other = Store(tmp_path / "other")
    with store.pack_of(list(store.closure(folder))) as sealed:
        other.adopt_pack(sealed.path)
    other.restore_folder(folder, tmp_path / "back")
    assert (tmp_path / "back" / "big").read_bytes() == BIG
    assert other.verify([folder]) == []


def test_a_closure_with_a_hole_is_told(store: Store, folder: Digest) -> None:
    with store.index.database.writing() as connection:
        connection.execute("delete from record where id = ?", (bytes.fromhex(of_bytes(b"small")),))
    with pytest.raises(DamageError, match=r"is missing.*sub/small"):
        list(closure(store.reader, folder))
    with pytest.raises(DamageError, match="it was asked for"):
        list(closure(store.reader, of_bytes(b"nothing")))


def test_what_cannot_be_read_is_not_the_same_as_what_is_missing(store: Store, folder: Digest) -> None:
    for pack in store.places.packs.glob("*/*"):
        pack.chmod(0o644)
        pack.write_bytes(bytes(pack.stat().st_size))
    walk = Walk(store.reader)
    walk.add([folder, of_bytes(b"nothing")])
    assert walk.unreadable.keys() == {bytes.fromhex(folder)}
    assert walk.lost.keys() == {bytes.fromhex(of_bytes(b"nothing"))}


def test_a_file_that_is_no_manifest_has_no_members(store: Store, folder: Digest) -> None:
    assert [entry.path for entry in entries(store.reader, folder)] == ["big", "sub/small"]
    assert entries(store.reader, of_bytes(BIG)) == ()
    alike = store.put_bytes(HEADER.encode() + b"and then something else" * 20_000).digest
    assert entries(store.reader, alike) == ()
