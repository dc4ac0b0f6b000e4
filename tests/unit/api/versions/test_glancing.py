"""One word for everything below some paths: another one for any change."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from modelsync.api.versions.glancing import Glance, glance, recall, remember
from modelsync.core.digest import of_bytes


def _write(path: Path) -> None:
    path.write_bytes(b"bb")


def _same_size_and_time(path: Path) -> None:
    seen = path.stat()
    path.write_bytes(b"b")
    os.utime(path, ns=(seen.st_atime_ns, seen.st_mtime_ns))


CHANGES: dict[str, Callable[[Path], object]] = {
    "written": lambda root: _write(root / "data/in/a"),
    "written with its old size and time": lambda root: _same_size_and_time(root / "data/in/a"),
    "made": lambda root: _write(root / "data/new"),
    "removed": lambda root: (root / "data/in/a").unlink(),
    "renamed": lambda root: (root / "data/in/a").rename(root / "data/in/b"),
    "may be run": lambda root: (root / "data/in/a").chmod(0o755),
    "a folder": lambda root: (root / "data/more").mkdir(),
    "a link": lambda root: (root / "data/link").symlink_to("in"),
    "a single file": lambda root: _write(root / "one"),
    "a rule": lambda root: _write(root / ".modelsyncignore"),
}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "data/in").mkdir(parents=True)
    (tmp_path / "data/in/a").write_bytes(b"a")
    (tmp_path / "one").write_bytes(b"1")
    return tmp_path


@pytest.mark.parametrize("change", CHANGES)
def test_any_change_is_another_word(root: Path, change: str) -> None:
    before = glance(root, ("data", "one", "absent"))
    assert glance(root, ("data", "one", "absent")) == before
    CHANGES[change](root)
    assert glance(root, ("data", "one", "absent")) != before


def test_folders_that_nobody_tracks_and_other_paths_say_nothing(root: Path) -> None:
    (root / "data/.git").mkdir()
    before = glance(root, ("data",))
    (root / "data/.git/x").write_bytes(b"x")
    (root / "one").write_bytes(b"2")
    assert glance(root, ("data",)) == before
    assert glance(root, ("data", "one")) != before


def test_only_what_was_seen_under_that_word_comes_back(tmp_path: Path) -> None:
    seen = Glance(of_bytes(b"tree"), 3, 14)
    remember(tmp_path / "none/seen", "word", seen)
    assert not (tmp_path / "none").exists()
    memory = tmp_path / "seen"
    assert recall(memory, "word") is None
    remember(memory, "word", seen)
    assert recall(memory, "word") == seen
    assert recall(memory, "other") is None
    for spoilt in (b"", b"word", b"word x y z", b"\xff\0" * 50):
        memory.write_bytes(spoilt)
        assert recall(memory, "word") is None
