from __future__ import annotations

import os
import random
from pathlib import Path

import pytest

from modelsync.core.errors import SurroundingsError
from modelsync.store.objects import Store
from modelsync.store.restoring import copy_out


@pytest.mark.parametrize("count", [3, 400])
def test_few_and_many_files_come_back_and_are_made_durable(
    tmp_path: Path, count: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced: list[str] = []
    monkeypatch.setattr(os, "sync", lambda: synced.append("all"))
    folder = tmp_path / "folder"
    for number in range(count):
        (folder / f"d{number % 7}" / "e").mkdir(parents=True, exist_ok=True)
        (folder / f"d{number % 7}" / "e" / f"f{number}").write_bytes(b"%d" % (number % 50) * 10)
    (folder / "large").write_bytes(random.Random(1).randbytes(400_000))
    (folder / "large").chmod(0o755)
    store = Store(tmp_path / "store")
    stored = store.put_folder(folder)
    store.restore_folder(stored.digest, tmp_path / "back")
    assert store.put_folder(tmp_path / "back") == stored
    assert synced == ([] if count == 3 else ["all"])


def test_a_full_disk_leaves_what_was_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = Store(tmp_path / "store")
    digest = store.put_bytes(b"new").digest
    (tmp_path / "target").write_bytes(b"old")

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(SurroundingsError, match="No space left"):
        copy_out(store.reader, digest, tmp_path / "target", temp=tmp_path)
    assert (tmp_path / "target").read_bytes() == b"old"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["store", "target"]


def test_the_mode_is_the_usual_one_unless_asked(tmp_path: Path) -> None:
    store = Store(tmp_path / "store")
    digest = store.put_bytes(b"x").digest
    before = os.umask(0o027)
    try:
        copy_out(store.reader, digest, tmp_path / "a", temp=tmp_path)
        copy_out(store.reader, digest, tmp_path / "b", temp=tmp_path, mode=0o444)
    finally:
        os.umask(before)
    assert [(tmp_path / name).stat().st_mode & 0o777 for name in "ab"] == [0o640, 0o444]
