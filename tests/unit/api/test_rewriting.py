from __future__ import annotations

import os
from pathlib import Path

import pytest

from modelsync.api.rewriting import replace_text
from modelsync.core.errors import SurroundingsError


def test_the_text_is_replaced_and_nothing_else_is_left(tmp_path: Path) -> None:
    file = tmp_path / "modelsync.yaml"
    file.write_text("old\n")
    file.chmod(0o640)
    before = file.stat().st_ino
    replace_text(file, "é\r\n")
    assert file.read_bytes() == "é\r\n".encode()
    assert file.stat().st_mode & 0o7777 == 0o640
    assert file.stat().st_ino != before, "written anew, never half"
    assert list(tmp_path.iterdir()) == [file]


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    file, link = tmp_path / "a" / "modelsync.yaml", tmp_path / "link.yaml"
    file.parent.mkdir()
    file.write_text("old")
    link.symlink_to(file)
    replace_text(link, "new")
    assert link.is_symlink()
    assert file.read_text() == "new"


def test_a_read_only_file_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "modelsync.yaml"
    file.write_text("old")
    monkeypatch.setattr(os, "access", lambda path, mode: False)  # the tests may run as root
    with pytest.raises(SurroundingsError, match="read-only"):
        replace_text(file, "new")
    assert file.read_text() == "old"
    assert list(tmp_path.iterdir()) == [file]
