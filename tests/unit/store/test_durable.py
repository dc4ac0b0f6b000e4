from __future__ import annotations

import errno
import fcntl
import os
import resource
import stat
import time
from pathlib import Path

import pytest

from modelsync.core.errors import SurroundingsError
from modelsync.store import durable


def _age(path: Path) -> None:
    old = time.time() - 3600
    os.utime(path, (old, old))


def test_a_fresh_file_appears_whole_and_leaves_nothing_else(tmp_path: Path) -> None:
    with durable.fresh_file(tmp_path / "a" / "b", temp=tmp_path / "tmp", mode=0o444) as handle:
        handle.write(b"text")
        assert not (tmp_path / "a" / "b").exists()
    assert (tmp_path / "a" / "b").read_bytes() == b"text"
    assert (tmp_path / "a" / "b").stat().st_mode & 0o777 == 0o444
    assert list((tmp_path / "tmp").iterdir()) == []


def test_bytes_are_durable_before_their_name_and_the_name_before_the_answer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Power loss cannot be played here; that the calls come in the order which survives it can be seen."""
    seen: list[str] = []
    fsync, replace = os.fsync, os.replace

    def syncing(handle: int) -> None:
        seen.append("folder" if stat.S_ISDIR(os.fstat(handle).st_mode) else "file")
        fsync(handle)

    def renaming(source: Path, target: Path) -> None:
        seen.append("rename")
        replace(source, target)

    monkeypatch.setattr(os, "fsync", syncing)
    monkeypatch.setattr(os, "replace", renaming)
    with durable.fresh_file(tmp_path / "new" / "a", temp=tmp_path / "new") as handle:
        handle.write(b"x")
    assert seen == ["folder", "file", "rename", "folder"]


def test_a_block_that_fails_leaves_what_was_there(tmp_path: Path) -> None:
    target = tmp_path / "a"
    target.write_text("before")

    def half() -> None:
        with durable.fresh_file(target, temp=tmp_path / "tmp") as handle:
            handle.write(b"half")
            raise KeyError("x")

    with pytest.raises(KeyError):
        half()
    assert target.read_text() == "before"
    assert list((tmp_path / "tmp").iterdir()) == []


def test_the_usual_permissions_hold_without_a_mode(tmp_path: Path) -> None:
    before = os.umask(0o027)
    try:
        with durable.fresh_file(tmp_path / "a", temp=tmp_path) as handle:
            handle.write(b"")
    finally:
        os.umask(before)
    assert (tmp_path / "a").stat().st_mode & 0o777 == 0o640


@pytest.mark.parametrize(
    ("number", "word"),
    [(errno.ENOSPC, "space"), (errno.EACCES, "right"), (errno.EROFS, "read-only"), (errno.EIO, "check")],
)
def test_a_refusal_names_the_path_and_a_way_out(tmp_path: Path, number: int, word: str) -> None:
    with pytest.raises(SurroundingsError) as caught, durable.said("write", tmp_path / "x"):
        raise OSError(number, os.strerror(number))
    assert str(tmp_path / "x") in caught.value.message
    assert os.strerror(number) in caught.value.message
    assert word in caught.value.help


def test_a_file_in_the_way_of_a_folder_is_told(tmp_path: Path) -> None:
    (tmp_path / "tmp").write_text("")
    with pytest.raises(SurroundingsError, match="tmp"), durable.fresh_file(tmp_path / "a", temp=tmp_path / "tmp"):
        pass


def test_a_disk_that_takes_no_more_leaves_no_litter(tmp_path: Path) -> None:
    """The limit on the size of files stands for a full disk: the write itself is refused by the system."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, hard))
    try:
        with (
            pytest.raises(SurroundingsError, match="too large"),
            durable.fresh_file(tmp_path / "a", temp=tmp_path / "tmp") as handle,
        ):
            handle.write(b"x" * 100_000)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert not (tmp_path / "a").exists()
    assert list((tmp_path / "tmp").iterdir()) == []


def test_left_over_is_what_is_old_and_has_no_writer(tmp_path: Path) -> None:
    dead, young, held = tmp_path / "dead", tmp_path / "young", tmp_path / "held"
    for path in (dead, young, held):
        path.write_text("x")
    (tmp_path / "link").symlink_to(tmp_path / "nowhere")
    os.utime(tmp_path / "link", (0, 0), follow_symlinks=False)
    (tmp_path / "folder").mkdir()
    for path in (dead, held, tmp_path / "folder"):
        _age(path)
    with held.open("rb") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        assert durable.left_over(tmp_path) == [dead, tmp_path / "folder", tmp_path / "link"]


def test_nothing_is_left_over_where_there_is_nothing(tmp_path: Path) -> None:
    assert durable.left_over(tmp_path / "none") == []
