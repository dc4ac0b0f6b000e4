"""Digests of source files remembered by what `stat` says of them, so that an unchanged file is not read again."""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Self

from modelsync.core.digest import Digest
from modelsync.store.steady import Identity, hashed

# A file written in the same tick of the clock in which it was read looks unchanged afterwards (git calls this racy).
# Two seconds is the coarsest tick in use, that of FAT.
_RACY_NS = 2_000_000_000

_TABLE = """
create table if not exists file (
    path text primary key, size integer not null, mtime_ns integer not null, ctime_ns integer not null,
    inode integer not null, read_ns integer not null, digest text not null
) without rowid
"""


class FileHashes:
    """The digest of a file by path, size, times and inode. Only a memory: without its database every file is read.

    The folder of `database` must exist for anything to be remembered; it is not made here, so that looking creates
    nothing. Safe for many threads and processes.
    """

    def __init__(self, database: Path, clock_ns: Callable[[], int] = time.time_ns) -> None:
        self._database = database
        self._clock_ns = clock_ns
        self._lock = threading.Lock()
        self._connection: sqlite3.Connection | None = None
        self._broken = False

    def digest(self, path: Path) -> Digest:
        """The digest of a regular file; UsageError when there is none, SurroundingsError when it changed while read."""
        return self.measure(path)[0]

    def measure(self, path: Path) -> tuple[Digest, int]:
        """The digest and the size in bytes, as `digest`."""
        seen = Identity.of(path)
        name = str(path.absolute())
        known = self._recall(name, seen)
        if known is not None:
            return known, seen.size
        read_ns = self._clock_ns()
        digest, size = hashed(path)
        if Identity.of(path) == seen:
            self._remember(name, seen, read_ns, digest)
        return digest, size

    def close(self) -> None:
        """Let go of the database."""
        with self._lock:
            if self._connection is not None:
                self._connection.close()
                self._connection = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _recall(self, name: str, seen: Identity) -> Digest | None:
        row = self._ask("select size, mtime_ns, ctime_ns, inode, read_ns, digest from file where path = ?", (name,))
        if row is None or Identity(*row[:4]) != seen:
            return None
        racy = max(seen.mtime_ns, seen.ctime_ns) > row[4] - _RACY_NS
        return None if racy else Digest(row[5])

    def _remember(self, name: str, seen: Identity, read_ns: int, digest: Digest) -> None:
        values = (name, seen.size, seen.mtime_ns, seen.ctime_ns, seen.inode, read_ns, digest)
        self._ask("insert or replace into file values (?, ?, ?, ?, ?, ?, ?)", values)

    def _ask(self, statement: str, values: tuple[object, ...]) -> tuple[int, int, int, int, int, str] | None:
        """One row or nothing; a database that does not answer is as good as an empty one."""
        with self._lock:
            try:
                connection = self._open()
                row = None if connection is None else connection.execute(statement, values).fetchone()
            except sqlite3.OperationalError:  # locked, read-only, full: it may work the next time
                return None
            except sqlite3.DatabaseError:
                self._forget()
                return None
        return row

    def _open(self) -> sqlite3.Connection | None:
        if self._connection is None and not self._broken and self._database.parent.is_dir():
            connection = sqlite3.connect(self._database, timeout=1, isolation_level=None, check_same_thread=False)
            try:
                connection.execute("pragma journal_mode = wal")
                connection.execute("pragma synchronous = normal")  # losing the last entries costs one more read
                connection.execute(_TABLE)
            except sqlite3.Error:
                connection.close()
                raise
            self._connection = connection
        return self._connection

    def _forget(self) -> None:
        """The file is no database any more: start a new one the next time; give up when that does not help."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None
        try:
            for ending in ("", "-wal", "-shm"):  # what is left in the log must not come back into the new one
                self._database.with_name(self._database.name + ending).unlink(missing_ok=True)
        except OSError:
            self._broken = True
