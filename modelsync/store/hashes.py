"""Digests of source files remembered by what `stat` says of them, so that an unchanged file is not read again."""

from __future__ import annotations

import os
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from modelsync.core.digest import Digest
from modelsync.store.folders import Listing, Manifest, assemble, listing, refuse_changes_of
from modelsync.store.steady import Identity, hashed

# A file written in the same tick of the clock in which it was read looks unchanged afterwards (git calls this racy).
# Two seconds is the coarsest tick in use, that of FAT.
_RACY_NS = 2_000_000_000

_FEW = 2_000  # files that are asked for by name; more of them by reading all below their folder
_AT_ONCE = 500  # values in one question; SQLite takes 999 everywhere

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
        self.database = database
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

    def manifest(self, folder: Path) -> Manifest:
        """A folder as it is now; only files that changed since they were last seen are read. Errors as `describe`."""
        before = listing(folder)
        known = self.recall(folder, before)
        if len(known) < len(before):
            read_ns = self._clock_ns()
            fresh = {path: hashed(folder / path)[0] for path in before if path not in known}
            refuse_changes_of(folder, before, fresh)
            self.remember(folder, before, fresh, read_ns)
            known |= fresh
        return assemble(before, known)

    def recall(self, folder: Path, files: Listing) -> dict[str, Digest]:
        """The digests of those listed files that are as they were when they were read; one question for all."""
        above = os.path.join(folder.absolute(), "")  # noqa: PTH118 - names are cut by its length below
        found = {}
        length = len(above)
        for row in self._rows(above, files):
            seen = files.get(row[0][length:])
            if seen is not None and seen[:4] == row[1:5] and max(row[2], row[3]) <= row[5] - _RACY_NS:
                found[row[0][length:]] = Digest(row[6])
        return found

    def _rows(self, above: str, files: Listing) -> Iterator[Any]:
        columns = "path, size, mtime_ns, ctime_ns, inode, read_ns, digest"
        if len(files) > _FEW:
            query = f"select {columns} from file where path >= ? and path < ?"  # noqa: S608 - a constant
            yield from self._ask(query, (above, above[:-1] + "0"))
            return
        names = [above + path for path in files]
        for at in range(0, len(names), _AT_ONCE):
            some = names[at : at + _AT_ONCE]
            marks = ", ".join("?" * len(some))
            yield from self._ask(f"select {columns} from file where path in ({marks})", some)  # noqa: S608 - marks only

    def remember(self, folder: Path, files: Listing, digests: Mapping[str, Digest], read_ns: int) -> None:
        """Keep the digests of listed files that were read at `read_ns` or later, in one transaction."""
        above = os.path.join(folder.absolute(), "")  # noqa: PTH118 - as above
        rows = []
        for path, digest in digests.items():
            seen = files[path]
            rows.append((above + path, seen.size, seen.mtime_ns, seen.ctime_ns, seen.inode, read_ns, digest))
        self._try(lambda connection: _write(connection, rows))

    def now_ns(self) -> int:
        """The time that `remember` wants, taken before reading."""
        return self._clock_ns()

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
        rows = self._ask("select size, mtime_ns, ctime_ns, inode, read_ns, digest from file where path = ?", (name,))
        if not rows or rows[0][:4] != seen[:4]:
            return None
        racy = max(seen.mtime_ns, seen.ctime_ns) > rows[0][4] - _RACY_NS
        return None if racy else Digest(rows[0][5])

    def _remember(self, name: str, seen: Identity, read_ns: int, digest: Digest) -> None:
        row = (name, seen.size, seen.mtime_ns, seen.ctime_ns, seen.inode, read_ns, digest)
        self._try(lambda connection: _write(connection, [row]))

    def _ask(self, query: str, values: Sequence[object]) -> list[Any]:
        return self._try(lambda connection: connection.execute(query, values).fetchall()) or []

    def _try(self, act: Callable[[sqlite3.Connection], list[Any] | None]) -> list[Any] | None:
        """What the database answers; one that does not answer is as good as an empty one."""
        with self._lock:
            try:
                connection = self._open()
                return None if connection is None else act(connection)
            except sqlite3.OperationalError:  # locked, read-only, full: it may work the next time
                return None
            except sqlite3.DatabaseError:
                self._forget()
                return None

    def _open(self) -> sqlite3.Connection | None:
        if self._connection is None and not self._broken and self.database.parent.is_dir():
            connection = sqlite3.connect(self.database, timeout=1, isolation_level=None, check_same_thread=False)
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
                self.database.with_name(self.database.name + ending).unlink(missing_ok=True)
        except OSError:
            self._broken = True


def is_racy(seen: Identity, read_ns: int) -> bool:
    """Whether a file is so young that it could change after it was read without looking different."""
    return max(seen.mtime_ns, seen.ctime_ns) > read_ns - _RACY_NS


def _write(connection: sqlite3.Connection, rows: Sequence[tuple[object, ...]]) -> None:
    connection.execute("begin immediate")
    try:
        connection.executemany("insert or replace into file values (?, ?, ?, ?, ?, ?, ?)", rows)
        connection.execute("commit")
    except BaseException:
        if connection.in_transaction:
            connection.rollback()
        raise
