"""The registry's database: its tables and their version, how it is opened, and what its refusals mean."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from modelsync.core.errors import DamageError, SurroundingsError, UsageError
from modelsync.core.sqlite import reading_address

VERSION = 1
_APPLICATION = 0x4D53594E  # "MSYN" in the file's header: `file` and a stranger's database can be told apart
_PATIENCE = 30.0  # seconds a writer waits for another one; a write takes milliseconds

# The triggers make the journal append-only for whoever opens the file by hand, too.
_TABLES = (
    """create table event (
        seq integer primary key, at text not null, kind text not null, key text unique, claim text unique, run text,
        payload text not null
    )""",
    "create index event_kind on event (kind)",
    "create trigger event_stays before update on event begin select raise(abort, 'the journal is append-only'); end",
    "create trigger event_remains before delete on event begin select raise(abort, 'the journal is append-only'); end",
    """create table lease (
        name text primary key, number integer not null, owner text, pid integer, started text, place text, host text,
        acquired text, beat real
    )""",
    f"pragma application_id = {_APPLICATION}",
    f"pragma user_version = {VERSION}",
)


def open_for_writing(path: Path) -> sqlite3.Connection:
    """A connection that may write; the file, its folder and its tables are made when they are not there."""
    with said(path):
        if path.exists():
            _refuse_newer(path)
        path.parent.mkdir(parents=True, exist_ok=True)
        connection = sqlite3.connect(path, timeout=_PATIENCE, isolation_level=None, check_same_thread=False)
        try:
            connection.text_factory = _text
            _use_wal(connection)
            connection.execute("pragma synchronous = full")
            _make_tables(connection, path)
        except BaseException:
            connection.close()
            raise
        return connection


def open_for_reading(path: Path) -> sqlite3.Connection | None:
    """A connection that cannot write, or None when there is nothing to read yet; nothing is made."""
    if not path.exists():
        return None
    with said(path):
        connection = sqlite3.connect(
            reading_address(path),
            uri=True,
            timeout=_PATIENCE,
            isolation_level=None,
            check_same_thread=False,
        )
        try:
            connection.text_factory = _text
            version = _version(connection, path)
        except BaseException:
            connection.close()
            raise
        if version == 0:  # its maker died, or is just making it
            connection.close()
            return None
        return connection


@contextmanager
def said(path: Path) -> Iterator[None]:
    """Turn what SQLite and the system refuse into an error that names the file, what happened, and a way out."""
    try:
        yield
    except sqlite3.OperationalError as error:
        raise _operational(path, error) from error
    except sqlite3.DatabaseError as error:
        raise DamageError(
            f"the registry `{path}` cannot be read: {error}",
            help="bring the file back from a backup; its journal holds what no other file holds",
        ) from error
    except OSError as error:
        raise SurroundingsError(
            f"cannot use the registry `{path}`: {error.strerror or error}", help="check the path and its permissions"
        ) from error


def _operational(path: Path, error: sqlite3.OperationalError) -> SurroundingsError:
    text = str(error)
    if "locked" in text or "busy" in text:
        return SurroundingsError(
            f"the registry `{path}` has been busy for {_PATIENCE:.0f} s",
            help="another process keeps it locked; wait for it or end it, then run again",
        )
    return SurroundingsError(
        f"cannot use the registry `{path}`: {text}", help="check free space and permissions there, then run again"
    )


def _refuse_newer(path: Path) -> None:
    connection = open_for_reading(path)
    if connection is not None:
        connection.close()


def _version(connection: sqlite3.Connection, path: Path) -> int:
    """The version of the tables, 0 when there are none; UsageError when they are newer than this program knows."""
    version = int(connection.execute("pragma user_version").fetchone()[0])
    if version > VERSION:
        raise UsageError(
            f"the registry `{path}` has format {version}; this ModelSync knows formats up to {VERSION}",
            help="use the ModelSync that wrote it, or a newer one; nothing was changed",
        )
    tables = connection.execute("select count(*) from sqlite_master").fetchone()[0]
    application = connection.execute("pragma application_id").fetchone()[0]
    if tables and application != _APPLICATION:
        raise UsageError(
            f"`{path}` is another program's database, not a registry", help="move it away; nothing was changed"
        )
    return version


def _use_wal(connection: sqlite3.Connection) -> None:
    """Readers and a writer side by side. Two that switch at once can get `locked` without waiting, so wait here."""
    until = time.monotonic() + _PATIENCE
    while True:
        try:
            connection.execute("pragma journal_mode = wal")
            return
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() > until:
                raise
            time.sleep(0.01)


def _make_tables(connection: sqlite3.Connection, path: Path) -> None:
    """All tables in one transaction, so that nobody ever sees some of them."""
    if _version(connection, path) == VERSION:
        return
    connection.execute("begin immediate")
    try:
        if _version(connection, path) == 0:  # nobody made them while this process waited
            for statement in _TABLES:
                connection.execute(statement)
        connection.execute("commit")
    except BaseException:
        connection.rollback()
        raise


def _text(raw: bytes) -> str:
    """Damaged text is shown as it is, so that one bad row does not hide the others."""
    return raw.decode(errors="replace")
