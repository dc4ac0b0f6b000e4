from __future__ import annotations

import errno
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest

from modelsync.core.errors import DamageError, ModelSyncError, SurroundingsError, UsageError
from modelsync.registry import schema


@contextmanager
def _raw(path: Path) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        yield connection


def test_a_writer_makes_folder_file_and_tables_with_the_promised_settings(tmp_path: Path) -> None:
    path = tmp_path / "a" / "b" / "registry.db"
    with closing(schema.open_for_writing(path)) as connection:
        assert connection.execute("pragma journal_mode").fetchone() == ("wal",)
        assert connection.execute("pragma synchronous").fetchone() == (2,)  # FULL
        assert connection.execute("pragma busy_timeout").fetchone()[0] >= 5000
        assert connection.execute("pragma user_version").fetchone() == (schema.VERSION,)
    with closing(schema.open_for_writing(path)) as connection:
        assert connection.execute("select count(*) from event").fetchone() == (0,)


def test_a_reader_creates_nothing_and_cannot_write(tmp_path: Path) -> None:
    path = tmp_path / "a" / "registry.db"
    assert schema.open_for_reading(path) is None
    assert not path.parent.exists()
    schema.open_for_writing(path).close()
    reader = schema.open_for_reading(path)
    assert reader is not None
    with closing(reader), pytest.raises(sqlite3.OperationalError, match="readonly"):
        reader.execute("insert into lease (name, number) values ('x', 1)")


def test_a_database_whose_maker_died_first_is_empty(tmp_path: Path) -> None:
    path = tmp_path / "registry.db"
    path.touch()
    assert schema.open_for_reading(path) is None
    schema.open_for_writing(path).close()
    reader = schema.open_for_reading(path)
    assert reader is not None
    reader.close()


def test_a_newer_database_is_refused_untouched(tmp_path: Path) -> None:
    path = tmp_path / "registry.db"
    with _raw(path) as connection:
        connection.execute("create table future (x)")
        connection.execute(f"pragma user_version = {schema.VERSION + 1}")
    before = path.read_bytes()
    for opening in (schema.open_for_writing, schema.open_for_reading):
        with pytest.raises(UsageError, match=r"format 2; this ModelSync knows formats up to 1"):
            opening(path)
    assert path.read_bytes() == before
    assert [item.name for item in tmp_path.iterdir()] == ["registry.db"]


def test_a_strangers_database_is_refused_untouched(tmp_path: Path) -> None:
    path = tmp_path / "registry.db"
    with _raw(path) as connection:
        connection.execute("create table theirs (x)")
    before = path.read_bytes()
    with pytest.raises(UsageError, match="another program's database"):
        schema.open_for_writing(path)
    assert path.read_bytes() == before


def test_a_file_that_is_no_database_is_damage(tmp_path: Path) -> None:
    path = tmp_path / "registry.db"
    path.write_bytes(b"hello" * 1000)
    for opening in (schema.open_for_writing, schema.open_for_reading):
        with pytest.raises(DamageError, match="cannot be read") as caught:
            opening(path)
        assert "backup" in caught.value.help


def test_a_place_that_cannot_be_used_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(SurroundingsError, match="cannot use the registry"):
        schema.open_for_writing(tmp_path / "file" / "registry.db")
    with pytest.raises(SurroundingsError, match="cannot use the registry"):
        schema.open_for_writing(tmp_path)


@pytest.mark.parametrize(
    "text", ["database is locked", "database table is locked", "disk I/O error", "database or disk is full"]
)
def test_what_sqlite_says_becomes_a_way_out(tmp_path: Path, text: str) -> None:
    with pytest.raises(SurroundingsError) as caught, schema.said(tmp_path / "registry.db"):
        raise sqlite3.OperationalError(text)
    assert str(tmp_path) in caught.value.message
    assert ("has been busy" in caught.value.message) == ("locked" in text)
    assert caught.value.help


def test_an_error_of_ours_passes_unchanged(tmp_path: Path) -> None:
    with pytest.raises(ModelSyncError, match="mine"), schema.said(tmp_path):
        raise ModelSyncError("mine")
    with pytest.raises(SurroundingsError, match="space"), schema.said(tmp_path):
        raise OSError(errno.ENOSPC, "No space left on device")


def test_the_journal_cannot_be_changed_by_hand(tmp_path: Path) -> None:
    with closing(schema.open_for_writing(tmp_path / "registry.db")) as connection:
        connection.execute("insert into event (at, kind, payload) values ('t', 'k', '{}')")
        for statement in ("update event set kind = 'x'", "delete from event"):
            with pytest.raises(sqlite3.IntegrityError, match="append-only"):
                connection.execute(statement)


def test_a_schema_that_fails_half_way_leaves_no_tables(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "registry.db"
    monkeypatch.setattr(schema, "_TABLES", (*schema._TABLES[:2], "create nonsense"))
    with pytest.raises(SurroundingsError):
        schema.open_for_writing(path)
    monkeypatch.undo()
    with _raw(path) as connection:
        assert connection.execute("select count(*) from sqlite_master").fetchone() == (0,)
    schema.open_for_writing(path).close()


def test_a_switch_to_wal_that_is_in_the_way_is_waited_for(tmp_path: Path) -> None:
    path = tmp_path / "registry.db"
    with closing(sqlite3.connect(path, isolation_level=None, check_same_thread=False)) as other:
        other.execute("begin exclusive")
        timer = threading.Timer(0.3, other.execute, ["rollback"])
        timer.start()
        schema.open_for_writing(path).close()
        timer.join()


class _Refusing(sqlite3.Connection):
    """Says `locked` at once for some time, as SQLite does when two connections switch together."""

    refusals = 0

    def execute(self, *arguments: Any) -> Any:
        if self.refusals:
            self.refusals -= 1
            raise sqlite3.OperationalError("database is locked")
        return super().execute(*arguments)


def test_a_switch_that_is_refused_at_once_is_tried_again(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "registry.db", factory=_Refusing)) as connection:
        connection.refusals = 3
        schema._use_wal(connection)
        assert connection.execute("pragma journal_mode").fetchone() == ("wal",)


def test_waiting_for_the_switch_to_wal_has_an_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "registry.db"
    monkeypatch.setattr(schema, "_PATIENCE", 0.05)
    with _raw(path) as other:
        other.execute("create table if not exists x (y)")
        other.execute("drop table x")
        other.execute("begin exclusive")
        with pytest.raises(SurroundingsError, match="has been busy"):
            schema.open_for_writing(path)
