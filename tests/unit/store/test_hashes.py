from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from modelsync.core.digest import Digest, of_bytes
from modelsync.core.errors import SurroundingsError, UsageError
from modelsync.store import hashes as module
from modelsync.store.folders import describe
from modelsync.store.hashes import FileHashes
from modelsync.store.steady import hashed

LATER = 10_000_000_000  # ten seconds, in nanoseconds


def _later() -> int:
    return time.time_ns() + LATER


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """The files that were really read."""
    seen: list[Path] = []

    def counting(path: Path) -> tuple[Digest, int]:
        seen.append(path)
        return hashed(path)

    monkeypatch.setattr(module, "hashed", counting)
    return seen


def test_an_unchanged_file_is_read_once(tmp_path: Path, reads: list[Path]) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"a")
    with FileHashes(tmp_path / "h.db", _later) as known:
        assert known.digest(path) == known.digest(path) == of_bytes(b"a")
    with FileHashes(tmp_path / "h.db", _later) as known:
        assert known.measure(path) == (of_bytes(b"a"), 1)
    assert reads == [path]


@pytest.mark.parametrize("change", ["write", "same size and time", "replace", "touch"])
def test_any_change_is_noticed(tmp_path: Path, reads: list[Path], change: str) -> None:
    path, other = tmp_path / "a", tmp_path / "b"
    path.write_bytes(b"a")
    other.write_bytes(b"b")
    with FileHashes(tmp_path / "h.db", _later) as known:
        known.digest(path)
        before = path.stat()
        if change == "replace":
            os.utime(other, ns=(before.st_atime_ns, before.st_mtime_ns))
            other.replace(path)
        elif change != "touch":
            path.write_bytes(b"b")
        if change == "touch":
            os.utime(path, ns=(0, before.st_mtime_ns + 1))
        if change == "same size and time":
            os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
        assert known.digest(path) == of_bytes(path.read_bytes())
    assert len(reads) == 2


def test_a_file_written_just_before_it_was_read_is_read_again(tmp_path: Path, reads: list[Path]) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"a")
    with FileHashes(tmp_path / "h.db") as known:
        known.digest(path)
        known.digest(path)
    assert len(reads) == 2


def test_a_file_from_the_future_is_always_read(tmp_path: Path, reads: list[Path]) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"a")
    os.utime(path, ns=(0, time.time_ns() + 10 * LATER))
    with FileHashes(tmp_path / "h.db", _later) as known:
        known.digest(path)
        known.digest(path)
    assert len(reads) == 2


def test_looking_creates_nothing_and_works(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"a")
    with FileHashes(tmp_path / "none" / "h.db", _later) as known:
        assert known.digest(tmp_path / "a") == of_bytes(b"a")
    assert not (tmp_path / "none").exists()


def test_a_broken_memory_is_begun_anew(tmp_path: Path, reads: list[Path]) -> None:
    (tmp_path / "a").write_bytes(b"a")
    (tmp_path / "h.db").write_bytes(b"no database" * 1000)
    with FileHashes(tmp_path / "h.db", _later) as known:
        for _ in range(3):
            assert known.digest(tmp_path / "a") == of_bytes(b"a")
    assert len(reads) < 3


def test_a_memory_that_cannot_be_had_is_done_without(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"a")
    (tmp_path / "h.db").mkdir()
    with FileHashes(tmp_path / "h.db", _later) as known:
        assert known.digest(tmp_path / "a") == known.digest(tmp_path / "a") == of_bytes(b"a")


def test_a_broken_memory_that_cannot_be_removed_is_done_without(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a").write_bytes(b"a")
    (tmp_path / "h.db").write_bytes(b"no database" * 1000)

    def refuse(_: Path, **__: bool) -> None:
        raise PermissionError

    monkeypatch.setattr(Path, "unlink", refuse)
    with FileHashes(tmp_path / "h.db", _later) as known:
        assert known.digest(tmp_path / "a") == known.digest(tmp_path / "a") == of_bytes(b"a")


def test_a_memory_broken_while_in_use_is_begun_anew(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"a")
    with FileHashes(tmp_path / "h.db", _later) as known:
        known.digest(tmp_path / "a")
        other = sqlite3.connect(tmp_path / "h.db")
        other.execute("drop table file")
        other.close()
        for _ in range(2):
            assert known.digest(tmp_path / "a") == of_bytes(b"a")


def test_a_file_that_changed_right_after_it_was_read_is_not_remembered(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"a")

    def late(asked: Path) -> tuple[Digest, int]:
        result = hashed(asked)
        path.write_bytes(b"b")
        return result

    with FileHashes(tmp_path / "h.db", _later) as known:
        with monkeypatch.context() as patch:
            patch.setattr(module, "hashed", late)
            assert known.digest(path) == of_bytes(b"a")
        assert known.digest(path) == of_bytes(b"b")


def test_what_is_no_file_is_refused(tmp_path: Path) -> None:
    with FileHashes(tmp_path / "h.db") as known, pytest.raises(UsageError, match="does not exist"):
        known.digest(tmp_path / "none")


def test_a_folder_is_remembered_as_a_whole_and_only_changes_are_read(tmp_path: Path, reads: list[Path]) -> None:
    folder = tmp_path / "folder"
    (folder / "sub").mkdir(parents=True)
    for number in range(8):
        (folder / "sub" / f"f{number}").write_bytes(b"%d" % number)
    (tmp_path / "folder0").mkdir()  # sorts right behind the folder
    (tmp_path / "folder0" / "x").write_bytes(b"x")
    with FileHashes(tmp_path / "h.db", _later) as known:
        known.manifest(tmp_path / "folder0")
        del reads[:]
        first = known.manifest(folder)
        assert first == describe(folder, hashed)
        assert len(reads) == 8
        assert known.manifest(folder) == first
        assert len(reads) == 8
        (folder / "sub" / "f3").write_bytes(b"new")
        (folder / "more").write_bytes(b"more")
        (folder / "sub" / "f5").unlink()
        (folder / "sub" / "f6").chmod(0o755)
        assert known.manifest(folder) == describe(folder, hashed)
        assert sorted(path.name for path in reads[8:]) == ["f3", "f6", "more"]
        assert known.digest(folder / "more") == of_bytes(b"more")
        assert len(reads) == 11


def test_without_a_memory_a_folder_is_read(tmp_path: Path, reads: list[Path]) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "a").write_bytes(b"a")
    with FileHashes(tmp_path / "none" / "h.db", _later) as known:
        assert known.manifest(tmp_path / "folder") == known.manifest(tmp_path / "folder")
    assert len(reads) == 2


def test_a_few_files_that_change_while_they_are_read_are_noticed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    for number in range(20):
        (folder / f"f{number}").write_bytes(b"%d" % number)
    with FileHashes(tmp_path / "h.db", _later) as known:
        known.manifest(folder)
        for act in (lambda path: path.write_bytes(b"later"), Path.unlink):
            (folder / "f3").write_bytes(b"new")

            def late(asked: Path, act: Callable[[Path], object] = act) -> tuple[Digest, int]:
                result = hashed(asked)
                act(asked)
                return result

            with monkeypatch.context() as patch:
                patch.setattr(module, "hashed", late)
                with pytest.raises(SurroundingsError, match="changed while it was read"):
                    known.manifest(folder)
