from __future__ import annotations

import os
import stat
import time
from collections import namedtuple
from pathlib import Path

import pytest

from modelsync.core.digest import Digest, of_bytes
from modelsync.core.errors import DamageError
from modelsync.store import materials as module
from modelsync.store.materials import Materials
from modelsync.store.objects import Store

DATA = b"some bytes" * 1000
DIGEST = of_bytes(DATA)
Usage = namedtuple("Usage", "total used free")


@pytest.fixture
def store(tmp_path: Path) -> Store:
    store = Store(tmp_path / "home" / "store")
    store.put_bytes(DATA)
    return store


@pytest.fixture
def hashed(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """The copies that were hashed again."""
    seen: list[Path] = []

    def counting(path: Path) -> Digest:
        seen.append(path)
        return of_bytes(path.read_bytes())

    monkeypatch.setattr(module, "of_file", counting)
    return seen


def test_a_copy_is_made_read_only_beside_the_store_and_verified_once(store: Store, hashed: list[Path]) -> None:
    path = store.open_path(DIGEST)
    assert path == store.root.parent / "cache" / "files" / DIGEST
    assert path.read_bytes() == DATA
    assert stat.S_IMODE(path.stat().st_mode) == 0o444
    assert path.stat().st_nlink == 1
    assert store.open_path(DIGEST) == path
    assert hashed == []
    assert Store(store.root).open_path(DIGEST) == path
    assert hashed == [path]


@pytest.mark.parametrize("how", ["write", "same size", "remove", "folder", "link"])
def test_a_copy_that_is_not_as_stored_is_made_again(store: Store, tmp_path: Path, how: str) -> None:
    path = store.open_path(DIGEST)
    if how in ("write", "same size"):
        path.chmod(0o644)
        path.write_bytes(b"x" if how == "write" else bytes(len(DATA)))
    else:
        path.unlink()
    if how == "folder":
        path.mkdir()
    elif how == "link":
        (tmp_path / "other").write_bytes(DATA)
        path.symlink_to(tmp_path / "other")
    assert store.open_path(DIGEST).read_bytes() == DATA
    assert not path.is_symlink()
    assert store.verify([DIGEST]) == []


def test_the_longest_unused_copies_go_when_there_are_too_many(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    digests = [store.put_bytes(bytes([number]) * 1000).digest for number in range(5)]
    paths = [store.open_path(digest) for digest in digests]
    monkeypatch.setattr(module.shutil, "disk_usage", lambda _: Usage(0, 0, 30_000))  # type: ignore[attr-defined]
    now = time.time()
    for age, path in zip((5, 4, 3, 2, 0), paths, strict=True):
        os.utime(path, (now - age * 3600, now - age * 3600))
    Materials(store.reader).make_room(1000)
    assert [path.exists() for path in paths] == [False, False, False, True, True]
    monkeypatch.setattr(module.shutil, "disk_usage", lambda _: Usage(0, 0, 0))  # type: ignore[attr-defined]
    Materials(store.reader).make_room(1000)
    assert [path.exists() for path in paths] == [False] * 4 + [True]  # in use a moment ago


def test_use_is_noted(store: Store) -> None:
    path = store.open_path(DIGEST)
    os.utime(path, (0, 0))
    store.open_path(DIGEST)
    assert path.stat().st_mtime > time.time() - 60


def test_what_is_damaged_in_the_store_is_not_copied(store: Store) -> None:
    for pack in store.places.packs.glob("*/*"):
        pack.unlink()
    with pytest.raises(DamageError, match=DIGEST):
        store.open_path(DIGEST)
    assert not (store.root.parent / "cache" / "files" / DIGEST).exists()
