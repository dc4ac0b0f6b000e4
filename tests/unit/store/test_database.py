from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from modelsync.core.errors import DamageError, LockedError, SurroundingsError, UsageError
from modelsync.store.database import Database, alone, exclusive, shared, told
from modelsync.store.objects import Store
from modelsync.store.places import Places


@pytest.fixture
def database(tmp_path: Path) -> Database:
    return Database(Places(tmp_path / "store"))


def test_looking_creates_nothing(database: Database) -> None:
    with database.reading() as connection:
        assert connection is None
    assert not database.path.parent.exists()


def test_it_is_durable_and_does_not_block_readers(database: Database) -> None:
    other = Database(Places(database.path.parent))
    with database.writing() as connection:
        assert connection.execute("pragma journal_mode").fetchone() == ("wal",)
        assert connection.execute("pragma synchronous").fetchone() == (2,)
        connection.execute("insert into suspect values (?)", (b"x",))
        with other.reading() as reader:
            assert reader is not None
            assert reader.execute("select * from suspect").fetchall() == []
    with other.reading() as reader:
        assert reader is not None
        assert reader.execute("select * from suspect").fetchall() == [(b"x",)]


def test_a_change_that_fails_changes_nothing(database: Database) -> None:
    def half() -> None:
        with database.writing() as connection:
            connection.execute("insert into suspect values (?)", (b"x",))
            raise KeyError("x")

    with pytest.raises(KeyError):
        half()
    with database.reading() as reader:
        assert reader is not None
        assert reader.execute("select * from suspect").fetchall() == []


def test_a_newer_index_is_refused(database: Database) -> None:
    database.ensure()
    database.close()
    connection = sqlite3.connect(database.path)
    connection.execute("pragma user_version = 2")
    connection.close()
    reads: list[Callable[[], object]] = [database.ensure, lambda: database.reading().__enter__()]
    for act in reads:
        with pytest.raises(UsageError, match="format 2"):
            act()


def test_an_index_that_is_lost_beside_packs_is_never_begun_anew(tmp_path: Path) -> None:
    """An empty one would make every pack a stranger, and strangers are swept."""
    store = Store(tmp_path / "store")
    digest = store.put_bytes(b"x").digest
    store.close()
    store.places.index.unlink()
    acts: list[Callable[[], object]] = [
        lambda: store.put_bytes(b"y"),
        lambda: store.read_bytes(digest),
        lambda: store.has(digest),
        lambda: store.collect([]),
    ]
    for act in acts:
        with pytest.raises(DamageError, match="is missing, although there are packs") as caught:
            act()
        assert "fsck --repair" in caught.value.help
    assert len(list(store.places.packs.glob("*/*"))) == 1


def test_a_forked_child_has_a_connection_of_its_own(database: Database) -> None:
    database.ensure()
    with database.reading() as connection:
        before = id(connection)
        child = os.fork()
        if child == 0:
            with database.reading() as own:
                os._exit(0 if id(own) != before else 1)
        assert os.waitpid(child, 0)[1] == 0


def test_a_file_that_was_replaced_is_opened_again(database: Database, tmp_path: Path) -> None:
    database.ensure()
    other = Database(Places(tmp_path / "other"))
    with other.writing() as connection:
        connection.execute("insert into suspect values (?)", (b"new",))
    other.close()
    with database.reading() as reader:
        assert reader is not None
    other.path.replace(database.path)
    with database.reading() as reader:
        assert reader is not None
        assert reader.execute("select * from suspect").fetchall() == [(b"new",)]


def test_many_make_it_at_once(tmp_path: Path) -> None:
    databases = [Database(Places(tmp_path / "store")) for _ in range(8)]
    threads = [threading.Thread(target=each.ensure) for each in databases]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with databases[0].reading() as reader:
        assert reader is not None
        assert reader.execute("pragma user_version").fetchone() == (1,)


@pytest.mark.parametrize(
    ("text", "kind", "advice"),
    [
        ("database is locked", SurroundingsError, "another process"),
        ("database or disk is full", SurroundingsError, "free some space"),
        ("attempt to write a readonly database", SurroundingsError, "rights"),
        ("no such table: record", DamageError, "fsck --repair"),
    ],
)
def test_what_sqlite_refuses_is_told_with_a_way_out(text: str, kind: type[SurroundingsError], advice: str) -> None:
    with pytest.raises(kind, match=text) as caught, told(Path("store.db")):
        raise sqlite3.OperationalError(text)
    assert advice in caught.value.help


def test_locks_hold_together_alone_or_not_at_all(tmp_path: Path) -> None:
    with shared(tmp_path), shared(tmp_path), pytest.raises(LockedError), alone(tmp_path):
        pass
    with exclusive(tmp_path), pytest.raises(LockedError), alone(tmp_path):
        pass
    with alone(tmp_path):
        pass
    with pytest.raises(SurroundingsError, match="cannot lock"), shared(tmp_path / "none"):
        pass
