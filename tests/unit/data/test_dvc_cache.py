"""A DVC cache of either layout is read and checked, never believed."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest

from modelsync.core.errors import UsageError
from modelsync.data import dvc_cache


def keep(cache: Path, content: bytes, layout: str, ending: str = "") -> str:
    """Put bytes into a cache as DVC would; the hash that names them."""
    md5 = hashlib.md5(content).hexdigest() + ending
    path = cache / layout / md5[:2] / md5[2:]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return md5


@pytest.mark.parametrize("layout", ["files/md5", ""])
def test_a_file(tmp_path: Path, layout: str) -> None:
    md5 = keep(tmp_path, b"rows", layout)
    (file,) = dvc_cache.files(tmp_path, md5, is_old=False)
    assert file.cached is not None and file.cached.read_bytes() == b"rows"
    assert file.is_as_recorded is None
    assert dvc_cache.verified(file).is_as_recorded is True
    file.cached.write_bytes(b"rots")
    assert dvc_cache.verified(file).is_as_recorded is False


@pytest.mark.parametrize("layout", ["files/md5", ""])
def test_a_folder(tmp_path: Path, layout: str) -> None:
    first, lost = keep(tmp_path, b"1", layout), hashlib.md5(b"lost").hexdigest()
    listing = [{"md5": lost, "relpath": "z/lost.csv"}, {"md5": first, "relpath": "a.csv"}]
    md5 = keep(tmp_path, json.dumps(listing).encode(), layout, ".dir")
    found = dvc_cache.files(tmp_path, md5, is_old=False)
    assert [(each.path, each.cached is not None) for each in found] == [("a.csv", True), ("z/lost.csv", False)]
    assert dvc_cache.verified(found[1]) == found[1]
    assert dvc_cache.is_folder(md5) and not dvc_cache.is_folder(first)


def test_hashes_of_old_text(tmp_path: Path) -> None:
    md5 = hashlib.md5(b"a\nb\n").hexdigest()
    path = tmp_path / md5[:2] / md5[2:]
    path.parent.mkdir()
    path.write_bytes(b"a\r\nb\r\n")
    (old,), (new,) = (dvc_cache.files(tmp_path, md5, is_old) for is_old in (True, False))
    assert dvc_cache.verified(old).is_as_recorded is True
    assert dvc_cache.verified(new).is_as_recorded is False


@pytest.mark.parametrize(
    ("listing", "said"),
    [
        ([{"md5": "0" * 32, "relpath": "../up"}], "no file below it"),
        ([{"md5": "0" * 32, "relpath": "/etc/passwd"}], "no file below it"),
        ([{"md5": "0" * 32, "relpath": "a//b"}], "no file below it"),
        ([{"md5": "../../x", "relpath": "a"}], "no file below it"),
        ([{"relpath": "a"}], "no form that DVC writes"),
        ({"a": 1}, "no form that DVC writes"),
        ("x", "no form that DVC writes"),
    ],
)
def test_lists_that_lie(tmp_path: Path, listing: object, said: str) -> None:
    md5 = keep(tmp_path, json.dumps(listing).encode(), "files/md5", ".dir")
    with pytest.raises(ValueError, match=said):
        dvc_cache.files(tmp_path, md5, is_old=False)


def test_lists_that_are_gone_or_damaged(tmp_path: Path) -> None:
    md5 = keep(tmp_path, b"[]", "files/md5", ".dir")
    (tmp_path / "files/md5" / md5[:2] / md5[2:]).write_bytes(b"[ ]")
    with pytest.raises(ValueError, match="damaged"):
        dvc_cache.files(tmp_path, md5, is_old=False)
    with pytest.raises(ValueError, match="has not got the list"):
        dvc_cache.files(tmp_path, "0" * 32 + ".dir", is_old=False)
    with pytest.raises(ValueError, match="is no md5"):
        dvc_cache.files(tmp_path, "../../etc/passwd", is_old=False)


def test_the_config(tmp_path: Path) -> None:
    (tmp_path / ".dvc").mkdir()
    assert dvc_cache.folder(tmp_path) == tmp_path / ".dvc/cache"
    (tmp_path / ".dvc/config").write_text(
        "[core]\n    remote = main\n['remote \"main\"']\n    url = s3://bucket/dvc\n[cache]\n    dir = /shared/50%\n"
    )
    assert dvc_cache.folder(tmp_path) == Path("/shared/50%")
    assert dvc_cache.remotes(tmp_path) == (("main", "s3://bucket/dvc"),)
    (tmp_path / ".dvc/config.local").write_text("[cache]\n    dir = ../own\n")
    assert dvc_cache.folder(tmp_path) == tmp_path / "own"
    (tmp_path / ".dvc/config").write_text("no config")
    with pytest.raises(UsageError, match="can't be read"):
        dvc_cache.folder(tmp_path)
    assert dvc_cache.remotes(tmp_path) == ()
