"""What arrives is there whole or not at all."""

from __future__ import annotations

from pathlib import Path

import pytest

from modelsync.core.errors import SurroundingsError, UsageError
from modelsync.data.sources.base import Fetched, Fingerprint, arriving, refuse_names


def test_a_folder_that_arrives(tmp_path: Path) -> None:
    with arriving(tmp_path / "new" / "x") as folder:
        (folder / "a").write_text("1")
        assert not (tmp_path / "new" / "x").exists()
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["x"]


@pytest.mark.parametrize("error", [KeyboardInterrupt, ValueError, SystemExit])
def test_an_interrupt_leaves_nothing(tmp_path: Path, error: type[BaseException]) -> None:
    def begin() -> None:
        with arriving(tmp_path / "x") as folder:
            (folder / "deep").mkdir()
            (folder / "deep" / "a").write_text("1")
            raise error

    with pytest.raises(error):
        begin()
    assert list(tmp_path.iterdir()) == []


def test_a_disk_that_refuses(tmp_path: Path) -> None:
    with pytest.raises(SurroundingsError, match="No space left"), arriving(tmp_path / "x"):
        raise OSError(28, "No space left on device")
    assert list(tmp_path.iterdir()) == []


def test_what_exists_is_not_written_over(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="exists already"), arriving(tmp_path):
        pass


@pytest.mark.parametrize("name", ["../x", "a/../b", "/x", "a//b", "", ".", "a\0b", "a\\b", "a/."])
def test_names_that_lead_out(name: str) -> None:
    with pytest.raises(UsageError, match="no path below a folder"):
        refuse_names("it", ["good/one", name])


def test_a_file_that_is_a_folder_as_well() -> None:
    refuse_names("it", ["a/b", "a/c", "ab"])
    with pytest.raises(UsageError, match="`a` as a file and as a folder"):
        refuse_names("it", ["a", "a/b/c"])


def test_where_it_lies(tmp_path: Path) -> None:
    one = Fetched(tmp_path, ("x.csv",), 1, Fingerprint("1"), single=True)
    assert (one.place, one.paths) == (tmp_path / "x.csv", (tmp_path / "x.csv",))
    assert Fetched(tmp_path, ("x.csv",), 1, Fingerprint("1"), single=False).place == tmp_path
