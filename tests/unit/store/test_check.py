from __future__ import annotations

import os
from pathlib import Path

import pytest

from modelsync.core.digest import of_bytes
from modelsync.store.check import check, place
from modelsync.store.objects import Store


@pytest.fixture
def store(tmp_path: Path) -> Store:
    folder = tmp_path / "folder"
    folder.mkdir()
    for number in range(5):
        (folder / f"f{number}").write_bytes(bytes([number]) * 1000)
    store = Store(tmp_path / "store")
    store.put_folder(folder)
    store.put_bytes(b"alone")
    return store


def _object(store: Store, data: bytes) -> Path:
    return place(store.root / "objects", of_bytes(data))


def test_a_whole_store_has_no_damage(store: Store) -> None:
    assert store.verify() == []


def test_no_store_has_no_damage(tmp_path: Path) -> None:
    assert check(tmp_path / "objects", tmp_path / "tmp") == []


@pytest.mark.parametrize("how", ["flip", "cut", "empty", "grow"])
def test_changed_bytes_are_found_and_named(store: Store, how: str) -> None:
    path = _object(store, b"alone")
    path.chmod(0o644)
    path.write_bytes({"flip": b"alonf", "cut": b"alon", "empty": b"", "grow": b"alone "}[how])
    [damage] = store.verify()
    assert (damage.path, damage.digest) == (path, of_bytes(b"alone"))
    assert "hash to" in damage.what


def test_a_deleted_member_of_a_folder_is_found_and_named(store: Store) -> None:
    path = _object(store, b"\x03" * 1000)
    path.unlink()
    [damage] = store.verify()
    assert (damage.path, damage.digest) == (path, of_bytes(b"\x03" * 1000))
    assert "is missing" in damage.what
    assert "`f3`" in damage.what


def test_a_deleted_object_that_a_fact_names_is_found(store: Store) -> None:
    digest = of_bytes(b"alone")
    _object(store, b"alone").unlink()
    assert store.verify() == []
    [damage] = store.verify([digest])
    assert (damage.digest, "is missing" in damage.what) == (digest, True)


def test_a_damaged_object_is_named_once_although_a_folder_holds_it(store: Store) -> None:
    path = _object(store, b"\x03" * 1000)
    path.chmod(0o644)
    path.write_bytes(b"x")
    assert [damage.path for damage in store.verify()] == [path]


def test_strangers_are_named(store: Store) -> None:
    objects = store.root / "objects"
    right = _object(store, b"alone")
    (objects / "notes.txt").write_text("x")
    (objects / "ff").mkdir(exist_ok=True)
    (objects / "ff" / right.name).write_bytes(b"alone")
    (right.parent / ("f" * 64)).symlink_to(right)
    found = {damage.path: damage.what for damage in store.verify()}
    assert "does not belong" in found[objects / "notes.txt"]
    assert "wrong folder" in found[objects / "ff" / right.name]
    assert "does not belong" in found[right.parent / ("f" * 64)]
    assert len(found) == 3


def test_a_swapped_name_is_found(store: Store) -> None:
    one, two = _object(store, b"alone"), _object(store, b"\x01" * 1000)
    middle = one.with_name("middle")
    one.rename(middle)
    two.rename(one)
    middle.rename(two)
    assert {damage.path for damage in store.verify()} == {one, two}


def test_an_object_that_cannot_be_read_is_named(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    path = _object(store, b"alone")
    opened = Path.open

    def refuse(self: Path, *arguments: object, **options: object) -> object:
        if self == path:
            raise PermissionError(13, "Permission denied")
        return opened(self, *arguments, **options)  # type: ignore[call-overload]

    monkeypatch.setattr(Path, "open", refuse)
    [damage] = store.verify()
    assert (damage.path, damage.what) == (path, "cannot be read: Permission denied")


def test_what_a_dead_process_left_is_named(store: Store) -> None:
    left = store.root / "tmp" / ".1-ab.tmp"
    left.write_text("half")
    assert store.verify() == []
    os.utime(left, (0, 0))
    [damage] = store.verify()
    assert (damage.path, damage.digest) == (left, None)


def test_a_file_that_only_begins_like_a_manifest_is_no_folder(store: Store) -> None:
    manifest = next(path for path in (store.root / "objects").glob("*/*") if path.read_bytes().startswith(b'{"format"'))
    store.put_bytes(manifest.read_bytes() + b"more\n")
    assert store.verify() == []
