from __future__ import annotations

import os
import sqlite3
from pathlib import Path

import pytest

from modelsync.core.sqlite import is_writable, reading_address


def test_a_file_that_may_be_written_is_opened_with_its_log(tmp_path: Path) -> None:
    path = tmp_path / "a b?.db"
    sqlite3.connect(path).close()
    assert is_writable(path)
    assert reading_address(path) == f"file://{tmp_path}/a%20b%3F.db?mode=ro"
    sqlite3.connect(reading_address(path), uri=True).close()


def test_where_nothing_can_be_written_it_does_not_change(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "access", lambda path, how: path != tmp_path)
    path, log = tmp_path / "x.db", tmp_path / "x.db-wal"
    assert reading_address(path).endswith("x.db?mode=ro&immutable=1")
    log.touch()
    assert reading_address(path).endswith("&immutable=1")
    log.write_bytes(b"x")  # what stands there is not in the file yet
    assert reading_address(path).endswith("x.db?mode=ro")
