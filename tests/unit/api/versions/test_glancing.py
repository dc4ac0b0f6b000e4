"""One look at everything below some paths: another one for any change, and the folder in which it is."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from modelsync.api.versions import glancing, ignoring
from modelsync.api.versions.glancing import Seen, glance, keep, recall
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


# The folders in which each of them is seen; None: it may be anywhere.
PLACES: dict[str, set[str] | None] = {
    "made": {"data"}, "a folder": {"data", "data/more"}, "a link": {"data"}, "a single file": None, "a rule": None,
}  # fmt: skip
PATHS = ("data", "one", "absent")


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("few", [10**9, 0], ids=["alone", "by what was seen before"])
def test_any_change_is_another_glance(root: Path, change: str, few: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(glancing, "_MANY", few)
    before = Seen(glance(root, PATHS), of_bytes(b"tree"), 2, 2)
    assert glance(root, PATHS) == glance(root, PATHS, before) == before.glance
    CHANGES[change](root)
    now = glance(root, PATHS, before)
    assert now == glance(root, PATHS) != before.glance
    assert now.differing(before.glance) == PLACES.get(change, {"data/in"})


def test_a_folder_that_goes_and_comes_is_seen_with_all_below_it(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(glancing, "_MANY", 0)
    (root / "data/in/deep/er").mkdir(parents=True)
    before = Seen(glance(root, PATHS), of_bytes(b"tree"), 2, 2)
    (root / "data/in").rename(root / "aside")
    now = glance(root, PATHS, before)
    assert now.folders.keys() == {"data"}
    assert now.differing(before.glance) == {"data", "data/in", "data/in/deep", "data/in/deep/er"}
    (root / "aside").rename(root / "data/in")
    assert glance(root, PATHS, before) == before.glance
    (root / "data/in/deep/er").rename(root / "data/er")
    now = glance(root, PATHS, before)
    assert now.differing(before.glance) == {"data", "data/er", "data/in/deep", "data/in/deep/er"}
    (root / "data").rename(root / "absent")
    assert glance(root, PATHS, before) == glance(root, PATHS)


def test_a_folder_that_is_left_out_differs_whatever_is_seen(root: Path) -> None:
    now = glance(root, PATHS)
    assert now.differing(now) == set()
    assert now.differing(now.without(["data/in"])) == {"data/in"}


def test_folders_that_nobody_tracks_and_other_paths_say_nothing(root: Path) -> None:
    for name in (".git", "__pycache__", "x~"):
        (root / "data" / name).mkdir()
    before = glance(root, ("data",))
    (root / "data/.git/x").write_bytes(b"x")
    (root / "one").write_bytes(b"2")
    assert glance(root, ("data",)) == before
    assert glance(root, ("data", "one")) != before
    for name in (
        ".git",
        "__pycache__",
        "x~",
        ".a.tmp",
        "modelsync.data",
        "Thumbs.db",
        "a.pyc",
        "a",
        ".a",
        "_a",
        "a.db",
    ):
        assert glancing._is_built_in(name) == ignoring.is_built_in(name), name
    assert glancing.RULES == ignoring.NAME


def test_names_of_any_kind_come_back_from_the_memory(tmp_path: Path) -> None:
    for name in (b"a\nb", b"a\xffb", "ä".encode(), b"a b"):
        os.makedirs(os.path.join(os.fsencode(tmp_path), b"data", name))  # noqa: PTH103, PTH118 - not UTF-8
    seen = Seen(glance(tmp_path, ("data",)), of_bytes(b"tree"), 3, 14)
    memory = tmp_path / "seen"
    keep(memory, seen)
    found = recall(memory)
    assert found is not None
    assert (found.glance, found.tree, found.files, found.size) == (seen.glance, seen.tree, 3, 14)
    assert len(found.glance.folders) == 5


def test_only_what_was_kept_whole_comes_back(tmp_path: Path) -> None:
    seen = Seen(glance(tmp_path, ("data",)), of_bytes(b"tree"), 3, 14)
    keep(tmp_path / "none/seen", seen)
    assert not (tmp_path / "none").exists()
    memory = tmp_path / "seen"
    assert recall(memory) is None
    whole = seen.encode()
    for spoilt in (
        b"",
        b"word",
        b"word x y z",
        b"\xff\0" * 50,
        whole[:-1],
        whole + b"x",
        whole.replace(b"3 14", b"4 14"),
    ):
        memory.write_bytes(spoilt)
        assert recall(memory) is None
