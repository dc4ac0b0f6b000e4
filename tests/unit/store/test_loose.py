from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from modelsync.core.digest import Digest, of_bytes
from modelsync.core.errors import DamageError
from modelsync.store.findings import Part
from modelsync.store.loose import Loose, place
from modelsync.store.objects import Store

# A store that the first version made: it opens for ever.
FIRST_FORM = Path(__file__).parent / "fixtures" / "first_form"
FOLDER = Digest("8b91f8b9a689b01ee35f7586c3f5d4a3cc6b81d8a3f60317c71ddbcf51486d0b")
TABLE = Digest("39f47ad1ceb31f76ecd46685a82bb49b800cf59c1a5015edee1706dea3f0cc4b")
WEIGHTS = bytes(range(256)) * 4


@pytest.fixture
def store(tmp_path: Path) -> Store:
    shutil.copytree(FIRST_FORM, tmp_path / "store")
    return Store(tmp_path / "store")


def _same(store: Store, tmp_path: Path) -> None:
    assert store.has_folder(FOLDER)
    assert store.read_bytes(TABLE) == b"id,age\n1,40\n2,50\n"
    assert store.open_path(TABLE).read_bytes() == b"id,age\n1,40\n2,50\n"
    shutil.rmtree(tmp_path / "back", ignore_errors=True)
    store.restore_folder(FOLDER, tmp_path / "back")
    assert (tmp_path / "back" / "weights" / "part-1.bin").read_bytes() == WEIGHTS
    assert (tmp_path / "back" / "große Datei.txt").read_text(encoding="utf-8") == "ä\n"
    assert os.access(tmp_path / "back" / "run.sh", os.X_OK)
    assert store.verify([FOLDER, TABLE]) == store.verify_quickly([FOLDER, TABLE]) == []


def test_a_store_of_the_first_form_is_read_and_not_changed_by_it(store: Store, tmp_path: Path) -> None:
    _same(store, tmp_path)
    assert [path.name for path in store.root.iterdir()] == ["objects"]
    assert store.stats().files == 6


def test_new_content_goes_into_packs_beside_it_and_has_the_same_digest(store: Store, tmp_path: Path) -> None:
    store.restore_folder(FOLDER, tmp_path / "again")
    assert store.put_folder(tmp_path / "again").digest == FOLDER
    _same(store, tmp_path)


def test_the_first_collection_moves_what_is_needed_into_packs(store: Store, tmp_path: Path) -> None:
    for path in store.places.objects.glob("*/*"):
        os.utime(path, (0, 0))
    old = place(store.places.objects, of_bytes(b"nobody"))
    old.parent.mkdir(exist_ok=True)
    old.write_bytes(b"nobody")
    os.utime(old, (0, 0))
    said = store.collectable([FOLDER, TABLE])
    assert store.collect([FOLDER, TABLE]) == said
    assert (said.moved, said.dropped) == (6, 1)
    assert list(store.places.objects.glob("*/*")) == []
    _same(store, tmp_path)
    assert store.collect([FOLDER, TABLE]).moved == 0


def test_what_is_young_and_not_yet_named_stays(store: Store) -> None:
    place(store.places.objects, TABLE).touch()
    store.collect([FOLDER])
    assert store.has(TABLE)


def test_a_closure_moves_what_it_needs_into_packs(store: Store) -> None:
    needed = set(store.closure(FOLDER))
    assert store.missing(needed) == set()
    assert len(needed) == 5


@pytest.mark.parametrize("how", ["flip", "cut", "empty", "grow"])
def test_changed_bytes_are_found_named_and_never_given_back(store: Store, how: str) -> None:
    path = place(store.places.objects, TABLE)
    path.chmod(0o644)
    data = path.read_bytes()
    path.write_bytes({"flip": b"x" + data[1:], "cut": data[:-1], "empty": b"", "grow": data + b" "}[how])
    [damage] = store.verify()
    assert (damage.path, damage.digest, damage.part) == (path, TABLE, Part.OBJECT)
    with pytest.raises(DamageError, match=TABLE):
        store.read_bytes(TABLE)
    store.collect([FOLDER, TABLE])
    assert path.exists()  # only what is whole is moved
    store.put_bytes(data)
    assert store.read_bytes(TABLE) == data


def test_strangers_and_missing_members_are_named(store: Store) -> None:
    objects = store.places.objects
    right = place(objects, TABLE)
    (objects / "notes.txt").write_text("x")
    (objects / "ff").mkdir(exist_ok=True)
    (objects / "ff" / right.name).write_bytes(right.read_bytes())
    (right.parent / ("f" * 64)).symlink_to(right)
    gone = place(objects, of_bytes(WEIGHTS))
    gone.unlink()
    found = {damage.path: damage.what for damage in store.verify()}
    assert "does not belong" in found[objects / "notes.txt"]
    assert "wrong folder" in found[objects / "ff" / right.name]
    assert "does not belong" in found[right.parent / ("f" * 64)]
    assert "`weights/part-1.bin`" in found[store.places.index]
    assert len(found) == 4


def test_only_what_lies_in_its_place_counts(store: Store) -> None:
    loose = Loose(store.places)
    assert loose.path(TABLE) == place(store.places.objects, TABLE)
    assert loose.path("f" * 64) is None
    assert len(loose.all()) == 6
