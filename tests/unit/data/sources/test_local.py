"""Files, folders and patterns: found in one order, told apart cheaply, used where they lie."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from modelsync.core.errors import UsageError
from modelsync.data.sources.base import Source
from modelsync.data.sources.local import FileSource, FolderSource, PatternSource

LATER = 4_000_000_000_000_000_000  # nanoseconds: long after every file here was written


def _later() -> int:
    return LATER


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for name in ("a.csv", "b/2.csv", "b/10.csv", "b/c/x.csv", "b/c/x.txt", ".hidden/y.csv", "b/.z.csv", "B.csv"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(name)
    return tmp_path


def test_a_file_is_used_where_it_lies(root: Path) -> None:
    told: list[tuple[int, int | None]] = []
    found = FileSource(root / "a.csv", _later).fetch(root / "into", lambda done, total: told.append((done, total)))
    assert (found.place, found.size, found.single) == (root / "a.csv", 5, True)
    assert told == [(5, 5)]
    assert not (root / "into").exists()


def test_a_folder_with_everything_in_it(root: Path) -> None:
    found = FolderSource(root / "b", _later).fetch(root / "into")
    assert found.names == (".z.csv", "10.csv", "2.csv", "c/x.csv", "c/x.txt")
    assert found.size == sum(path.stat().st_size for path in found.paths)
    assert (found.single, found.place) == (False, root / "b")


@pytest.mark.parametrize(
    ("pattern", "names"),
    [
        ("*.csv", ["B.csv", "a.csv"]),
        ("b/*.csv", ["b/10.csv", "b/2.csv"]),
        ("**/*.csv", ["B.csv", "a.csv", "b/10.csv", "b/2.csv", "b/c/x.csv"]),
        ("b/**", ["b/10.csv", "b/2.csv", "b/c/x.csv", "b/c/x.txt"]),
        ("**/**/x.*", ["b/c/x.csv", "b/c/x.txt"]),
        ("*/c/x.csv", ["b/c/x.csv"]),
        ("./b/[12]*.csv", ["b/10.csv", "b/2.csv"]),
        ("b/?.csv", ["b/2.csv"]),
        ("b/.*.csv", ["b/.z.csv"]),
        (".hidden/*", [".hidden/y.csv"]),
    ],
)
def test_what_a_pattern_matches(root: Path, pattern: str, names: list[str]) -> None:
    assert list(PatternSource(root, pattern, _later).fetch(root / "into").names) == names


@pytest.mark.parametrize(
    ("change", "differs"),
    [
        (lambda root: None, False),
        (lambda root: os.utime(root / "b/2.csv", ns=(1, 1)), True),
        (lambda root: (root / "b/2.csv").write_text("longer than before"), True),
        (lambda root: (root / "b/c/x.csv").unlink(), True),
        (lambda root: (root / "b/2.csv").rename(root / "b/3.csv"), True),
        (lambda root: (root / "a.csv").write_text("other"), False),
    ],
)
def test_a_change_is_seen_without_reading(root: Path, change: Callable[[Path], object], differs: bool) -> None:
    sources: tuple[Source, ...] = (FolderSource(root / "b", _later), PatternSource(root, "b/**/*.csv", _later))
    before = [source.fingerprint() for source in sources]
    assert all(each.value for each in before)
    change(root)
    assert [source.fingerprint().value != each.value for source, each in zip(sources, before, strict=True)] == [
        differs,
        differs,
    ]


def test_a_file_written_just_now_may_change_again_unseen(root: Path) -> None:
    seen = FileSource(root / "a.csv").fingerprint()
    assert seen.value is None
    assert "last two seconds" in seen.note
    assert seen.modified is not None
    assert FileSource(root / "a.csv", _later).fingerprint().value is not None


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda root: FileSource(root / "none.csv"), "does not exist"),
        (lambda root: FileSource(root / "b"), "is a folder, expected a file"),
        (lambda root: FolderSource(root / "none"), "does not exist"),
        (lambda root: FolderSource(root / "a.csv"), "is not a folder"),
        (lambda root: PatternSource(root, "*.parquet"), "no file matches"),
        (lambda root: PatternSource(root, "../*.csv"), "leaves the project root"),
        (lambda root: PatternSource(root, "/etc/*"), "leaves the project root"),
        (lambda root: PatternSource(root, "none/*.csv"), "no file matches"),
    ],
)
def test_what_is_not_there(root: Path, make: Callable[[Path], FileSource], said: str) -> None:
    for act in (lambda: make(root).fingerprint(), lambda: make(root).fetch(root / "into")):
        with pytest.raises(UsageError, match=said) as caught:
            act()
        assert caught.value.help


def test_an_empty_folder(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="holds no file"):
        FolderSource(tmp_path).fingerprint()


def test_links_and_special_files_are_refused_and_links_to_folders_not_followed(root: Path) -> None:
    (root / "b" / "loop").symlink_to(root)
    assert len(PatternSource(root, "**/*.csv", _later).fetch(root / "into").names) == 5
    with pytest.raises(UsageError, match=r"`loop` in .* is a link"):
        FolderSource(root / "b").fingerprint()
    (root / "b" / "loop").unlink()
    os.mkfifo(root / "b" / "pipe")
    with pytest.raises(UsageError, match="no regular file"):
        FolderSource(root / "b").fingerprint()
    (root / "link.csv").symlink_to(root / "a.csv")
    with pytest.raises(UsageError, match=r"`link.csv` in .* is a link"):
        PatternSource(root, "*.csv").fingerprint()
    assert FileSource(root / "link.csv", _later).fetch(root / "into").size == 5


def test_a_name_that_is_not_utf8(tmp_path: Path) -> None:
    (tmp_path / os.fsdecode(b"caf\xe9.csv")).write_text("x")
    with pytest.raises(UsageError, match="not UTF-8"):
        FolderSource(tmp_path).fingerprint()
