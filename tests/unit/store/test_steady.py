from __future__ import annotations

import hashlib
import os
from pathlib import Path

import pytest

from modelsync.core.errors import SurroundingsError, UsageError
from modelsync.store.steady import PIECE, Identity, hashed, pieces


def test_a_file_is_hashed_as_sha256sum_does(tmp_path: Path) -> None:
    data = os.urandom(2 * PIECE + 17)
    (tmp_path / "a").write_bytes(data)
    assert hashed(tmp_path / "a") == (hashlib.sha256(data).hexdigest(), len(data))
    assert [len(piece) for piece in pieces(tmp_path / "a")] == [PIECE, PIECE, 17]


def test_a_link_to_a_file_is_followed(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("a")
    (tmp_path / "link").symlink_to(tmp_path / "a")
    assert hashed(tmp_path / "link") == hashed(tmp_path / "a")


def test_a_file_that_grows_while_it_is_read_is_noticed(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"x" * (PIECE + 1))
    reading = pieces(path)
    next(reading)
    with path.open("ab") as more:
        more.write(b"y")
    with pytest.raises(SurroundingsError, match=r"changed while it was read"):
        list(reading)


def test_a_file_that_is_replaced_while_it_is_read_is_noticed(tmp_path: Path) -> None:
    path, other = tmp_path / "a", tmp_path / "b"
    path.write_bytes(b"x" * (PIECE + 1))
    other.write_bytes(b"y" * (PIECE + 1))
    reading = pieces(path)
    next(reading)
    other.replace(path)
    with pytest.raises(SurroundingsError, match=r"changed while it was read"):
        list(reading)


@pytest.mark.parametrize(("make", "said"), [("none", "does not exist"), ("folder", "is a folder"), ("pipe", "neither")])
def test_what_is_no_file_is_refused_without_waiting(tmp_path: Path, make: str, said: str) -> None:
    path = tmp_path / "it"
    if make == "folder":
        path.mkdir()
    elif make == "pipe":
        os.mkfifo(path)
    with pytest.raises(UsageError, match=said) as caught:
        Identity.of(path)
    assert str(path) in caught.value.message


def test_a_path_through_a_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("")
    with pytest.raises(SurroundingsError, match="Not a directory"):
        hashed(tmp_path / "a" / "b")
