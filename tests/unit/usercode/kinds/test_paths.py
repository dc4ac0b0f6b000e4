from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from modelsync.core.errors import StepError
from modelsync.usercode.kinds import paths


@pytest.mark.parametrize("value", [b"abc", bytearray(b"abc"), memoryview(b"abc")])
def test_bytes_become_a_file(tmp_path: Path, value: bytes) -> None:
    path, facts = paths.write_file(value, tmp_path / "page")
    assert path == tmp_path / "page"
    assert path.read_bytes() == b"abc"
    assert facts == {"size": "3 B"}


def test_a_file_is_copied_with_its_suffix(tmp_path: Path) -> None:
    made = tmp_path / "made.pdf"
    made.write_bytes(b"x")
    path, _ = paths.write_file(made, tmp_path / "page")
    assert path == tmp_path / "page.pdf"
    assert made.exists()


def test_a_folder_is_copied_and_links_become_files(tmp_path: Path) -> None:
    made = tmp_path / "made"
    (made / "inner").mkdir(parents=True)
    (made / "inner" / "a.txt").write_text("a")
    (made / "link.txt").symlink_to(made / "inner" / "a.txt")
    path, facts = paths.write_folder(made, tmp_path / "out")
    assert (path / "link.txt").read_text() == "a"
    assert not (path / "link.txt").is_symlink()
    assert facts == {"files": 2}


def test_a_second_write_replaces_the_first(tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        (tmp_path / name / name).write_text(name)
        path, _ = paths.write_folder(tmp_path / name, tmp_path / "out")
    assert [each.name for each in path.iterdir()] == ["two"]


def test_a_failed_write_leaves_what_was_there(tmp_path: Path) -> None:
    target = tmp_path / "x"
    target.write_text("before")

    def half(partial: Path) -> None:
        partial.write_text("half")
        raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"):
        paths.replace(target, half)
    assert target.read_text() == "before"


@pytest.mark.parametrize("value", ["text", None, 3])
def test_other_objects_are_named(tmp_path: Path, value: Any) -> None:
    for write in (paths.write_file, paths.write_folder):
        with pytest.raises(StepError, match="was returned") as info:
            write(value, tmp_path / "x")
        assert "pathlib.Path" in info.value.help


def test_paths_that_do_not_fit(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("")
    for write, value, said in [
        (paths.write_file, tmp_path, "is a folder"),
        (paths.write_file, tmp_path / "none", "is not there"),
        (paths.write_folder, file, "is a file"),
        (paths.write_folder, tmp_path / "none", "is not there"),
        (paths.write_folder, tmp_path, "holds the place where outputs are kept"),
    ]:
        with pytest.raises(StepError, match=said):
            write(value, tmp_path / "x")


def test_a_link_that_leads_nowhere(tmp_path: Path) -> None:
    made = tmp_path / "made"
    made.mkdir()
    (made / "link").symlink_to(tmp_path / "none")
    with pytest.raises(StepError, match="can't be copied whole"):
        paths.write_folder(made, tmp_path / "out")


def test_words_for_objects() -> None:
    values: list[Any] = [None, 1, {}]
    assert [paths.said(each) for each in values] == ["nothing (None)", "an int", "a dict"]
