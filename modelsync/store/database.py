"""The SQLite file of the index: opened when first needed, made in one step, refused when it is of a newer version."""

from __future__ import annotations

import fcntl
import os
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from modelsync.core.errors import DamageError, LockedError, SurroundingsError, UsageError
from modelsync.core.sqlite import is_writable, reading_address
from modelsync.store.durable import make_folder, said, sync_folder
from modelsync.store.failpoints import reached
from modelsync.store.places import PACK_ENDING, Places
from modelsync.store.settings import refuse_newer, write_settings

VERSION = 1

_WAIT = 60.0  # seconds; transactions are short, so more than this means that somebody hangs

_SCHEMA = (
    # Where a record lies. Ids are SHA-256 in 32 bytes; the sizes are those of the pack's table.
    """
    create table record (
        id blob primary key, kind integer not null, codec integer not null, flags integer not null,
        pack integer not null, offset integer not null, stored integer not null, raw integer not null,
        size integer not null
    ) without rowid
    """,
    # Numbers are never used again, so that a reader that comes late can't mistake one pack for another.
    """
    create table pack (
        number integer primary key autoincrement, name text not null unique, bytes integer not null,
        wall real not null, boot text not null, since_boot real not null
    )
    """,
    # What was put and when: the young are never collected, because the fact that names them may come a moment later.
    """
    create table put (
        number integer primary key autoincrement, id blob not null,
        wall real not null, boot text not null, since_boot real not null
    )
    """,
    # Records that were found damaged: the next put of the same content writes them anew.
    "create table suspect (id blob primary key) without rowid",
    # Changes whenever a record may have gone or become suspect: what was there is there while it stays the same.
    "create table epoch (value blob not null)",
    "insert into epoch values (randomblob(16))",
)


class Database:
    """One connection, shared by the threads of a process; a forked child and a replaced file get a new one."""

    def __init__(self, places: Places) -> None:
        self.path = places.index
        self._places = places
        self._lock = threading.RLock()
        self._connection: sqlite3.Connection | None = None
        self._opened = (0, 0, 0)  # process, device and inode: what the connection belongs to

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection | None]:
        """For questions; None when there is no store yet. DamageError when packs are there and the index is not."""
        with self._lock, told(self.path):
            yield self._current()

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """For changes that happen together or not at all; nobody else writes meanwhile. Makes the file at first."""
        self.ensure()
        with self._lock, shared(self._places.root), told(self.path):
            connection = self._current()
            assert connection is not None
            connection.execute("begin immediate")
            try:
                yield connection
                connection.execute("commit")
            except BaseException:
                if connection.in_transaction:
                    connection.rollback()
                raise

    def ensure(self) -> None:
        """Make the settings and the database when there are none."""
        write_settings(self._places)
        with self._lock:
            if self.path.exists() and self._version() != 0:
                return
            with said("write", self.path):
                make_folder(self._places.root)
            with exclusive(self._places.root), told(self.path), said("write", self.path):
                self.close()
                if any_pack(self._places) and _is_new(self.path):
                    raise _lost(self.path)
                create(self.path)

    def close(self) -> None:
        """Let go of the file."""
        with self._lock:
            if self._connection is not None and self._opened[0] == os.getpid():
                self._connection.close()
            self._connection = None  # a connection from before a fork must not even be closed here

    def __del__(self) -> None:
        self.close()

    def _version(self) -> int:
        with told(self.path):
            connection = self._open()
            return int(connection.execute("pragma user_version").fetchone()[0])

    def _current(self) -> sqlite3.Connection | None:
        if not self.path.exists():
            self.close()
            if any_pack(self._places):
                raise _lost(self.path)
            return None
        connection = self._open()
        if connection.execute("pragma user_version").fetchone()[0] == 0:  # its maker died, or is at it just now
            if any_pack(self._places):
                raise _lost(self.path)
            return None
        return connection

    def _open(self) -> sqlite3.Connection:
        seen = self.path.stat()
        belongs = (os.getpid(), seen.st_dev, seen.st_ino)
        if self._connection is None or belongs != self._opened:
            self.close()
            refuse_newer(self._places)
            self._connection = connect(self.path)
            self._opened = belongs
        return self._connection


def connect(path: Path) -> sqlite3.Connection:
    """A connection as every part of the store uses it; UsageError when the file is of a newer version.

    It only reads where nothing can be written.
    """
    address, is_uri = (str(path), False) if is_writable(path) else (reading_address(path), True)
    connection = sqlite3.connect(address, timeout=_WAIT, isolation_level=None, check_same_thread=False, uri=is_uri)
    try:
        connection.execute("pragma synchronous = full")
        connection.execute("pragma cache_size = -32768")
        version = connection.execute("pragma user_version").fetchone()[0]
    except BaseException:
        connection.close()
        raise
    if version > VERSION:
        connection.close()
        raise UsageError(
            f"the index `{path}` has format {version}; this version knows formats up to {VERSION}",
            help="update ModelSync; nothing in the store was touched",
        )
    return connection


def create(path: Path) -> None:
    """Make an empty index at `path`, whole or not at all; nothing happens when one is there."""
    connection = connect(path)
    try:
        connection.execute("pragma journal_mode = wal")
        connection.execute("begin immediate")
        if connection.execute("pragma user_version").fetchone()[0] == 0:
            for statement in _SCHEMA:
                connection.execute(statement)
            connection.execute(f"pragma user_version = {VERSION}")
        reached("before_schema_commit")
        connection.execute("commit")
        reached("after_schema_commit")
    finally:
        connection.close()
    sync_folder(path.parent)


@contextmanager
def told(path: Path) -> Iterator[None]:
    """Turn what SQLite raises into the store's own errors."""
    try:
        yield
    except sqlite3.OperationalError as error:
        raise _refused(path, error) from error
    except sqlite3.DatabaseError as error:
        raise DamageError(
            f"the index `{path}` is damaged: {error}",
            help="`modelsync fsck --repair` builds it again from the packs; no stored bytes depend on it",
        ) from error


@contextmanager
def shared(folder: Path) -> Iterator[None]:
    """Hold a folder together with others, against `exclusive`. Nothing is left to be deleted by hand."""
    with _locked(folder, fcntl.LOCK_SH):
        yield


@contextmanager
def exclusive(folder: Path) -> Iterator[None]:
    """Hold a folder alone."""
    with _locked(folder, fcntl.LOCK_EX):
        yield


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Hold a folder alone or not at all: LockedError when somebody has it."""
    try:
        with _locked(folder, fcntl.LOCK_EX | fcntl.LOCK_NB):
            yield
    except BlockingIOError:
        raise LockedError(
            f"another process cleans up or mends `{folder.parent}`", help="run it again when that has ended"
        ) from None


def any_pack(places: Places) -> bool:
    """Whether there is a pack at all."""
    return next(places.packs.glob(f"*/*{PACK_ENDING}"), None) is not None


@contextmanager
def _locked(folder: Path, how: int) -> Iterator[None]:
    with said("lock", folder):
        handle = os.open(folder, os.O_RDONLY)
    try:
        try:
            fcntl.flock(handle, how)
        except BlockingIOError:
            raise
        except OSError:
            with said("lock", folder):
                raise
        yield
    finally:
        os.close(handle)


def _is_new(path: Path) -> bool:
    if not path.exists():
        return True
    connection = connect(path)
    try:
        return bool(connection.execute("pragma user_version").fetchone()[0] == 0)
    finally:
        connection.close()


def _lost(path: Path) -> DamageError:
    return DamageError(
        f"the index `{path}` is missing, although there are packs",
        help="`modelsync fsck --repair` builds it again from the packs; no stored bytes depend on it",
    )


def _refused(path: Path, error: sqlite3.OperationalError) -> SurroundingsError:
    text = str(error)
    if "locked" in text or "busy" in text:
        advice = "another process holds it; run it again when that has ended"
    elif "full" in text:
        advice = "free some space on that disk and run it again; nothing half-written was left"
    elif "no such table" in text or "no such column" in text:
        return DamageError(
            f"the index `{path}` is damaged: {text}",
            help="`modelsync fsck --repair` builds it again from the packs; no stored bytes depend on it",
        )
    else:
        advice = "check the disk and the rights of the account that runs ModelSync, and run it again"
    return SurroundingsError(f"cannot use the index `{path}`: {text}", help=advice)
