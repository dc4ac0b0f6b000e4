"""The tables of a remote, kept here: what lies there is looked up without asking, and only what is new is fetched."""

from __future__ import annotations

import sqlite3
from collections import deque
from collections.abc import Collection, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from modelsync.core.errors import DamageError, SurroundingsError
from modelsync.store.durable import make_folder, said
from modelsync.store.packs import Record
from modelsync.store.remotes.asking import begin
from modelsync.store.remotes.base import Place
from modelsync.store.remotes.layout import CONDEMNED, PACKS, TABLES, pack_name, table_key
from modelsync.store.remotes.tables import Table, decode

_VERSION = 1
_AT_ONCE = 500  # values in one question
_PATIENCE = 30.0  # seconds; whoever writes here takes milliseconds
_AHEAD = 8  # tables that are fetched at the same time
_TABLES = (
    "create table pack (number integer primary key, name text not null unique, size integer not null)",
    """create table record (id blob, pack integer, kind integer, codec integer, flags integer, place integer,
    stored integer, raw integer, size integer, is_commit integer, primary key (id, pack)) without rowid""",
    "create index record_pack on record (pack)",
    "create table origin (url text)",
    f"pragma user_version = {_VERSION}",
)


class There(NamedTuple):
    """A record there, and the pack it lies in."""

    record: Record
    pack: str


@dataclass
class RemoteTables:
    """What lies on one remote, as of the last `refresh`. The file is a cache: it is made anew when it can't be used."""

    file: Path
    place: Place
    packs: dict[str, int] = field(default_factory=dict)  # bytes of every pack there, also of those without a table
    written: dict[str, float] = field(default_factory=dict)  # when, by the clock there
    condemned: dict[str, float] = field(default_factory=dict)
    damaged: dict[str, str] = field(default_factory=dict)  # objects there that can't be used, and why

    def refresh(self) -> None:
        """Ask what is there now and fetch the tables that are new."""
        self.packs, self.written, self.condemned, self.damaged = {}, {}, {}, {}
        for listed in self.place.list(PACKS):
            if (name := pack_name(listed.key)) is not None:
                self.packs[name], self.written[name] = listed.size, listed.modified
        tables = {name for listed in self.place.list(TABLES) if (name := pack_name(listed.key)) is not None}
        for listed in self.place.list(CONDEMNED):
            if (name := pack_name(listed.key)) is not None:
                self.condemned[name] = listed.modified
        try:
            self._bring_up_to_date(tables & self.packs.keys())
        except _BrokenError:
            self.forget()
            self._bring_up_to_date(tables & self.packs.keys())

    def forget(self) -> None:
        """Know nothing, so that the next `refresh` fetches every table again."""
        for ending in ("", "-journal", "-wal", "-shm"):
            self.file.with_name(self.file.name + ending).unlink(missing_ok=True)

    def known(self, ids: Collection[bytes]) -> set[bytes]:
        """Which of these lie there, in packs that nobody is about to remove."""
        return set(self._rows(ids, self.condemned))

    def find(self, ids: Collection[bytes]) -> dict[bytes, There]:
        """Where these lie; what is not there is left out."""
        return self._rows(ids, ())

    def commits(self) -> set[bytes]:
        """Every commit there."""
        with self._open() as connection:
            return {row[0] for row in connection.execute("select id from record where is_commit")}

    def pack(self, name: str) -> list[Record]:
        """The records of one pack in its order."""
        query = f"select {_COLUMNS}, p.name from record r join pack p on p.number = r.pack where p.name = ?"  # noqa: S608 - constants
        with self._open() as connection:
            return [_there(row).record for row in connection.execute(f"{query} order by r.place", (name,))]

    def named(self) -> dict[str, int]:
        """The packs whose tables are known, with the bytes that the tables say."""
        with self._open() as connection:
            return dict(connection.execute("select name, size from pack"))

    def add(self, table: Table) -> None:
        """Know a pack that was just sent."""
        self.packs[table.name] = table.size
        with self._open() as connection:
            _insert(connection, table)

    def _bring_up_to_date(self, names: set[str]) -> None:
        with self._open() as connection:
            known = dict(connection.execute("select name, size from pack").fetchall())
            for name in known.keys() - names | {n for n in known.keys() & names if known[n] != self.packs[n]}:
                _delete(connection, name)
                known.pop(name)
            connection.commit()
            for name, data in self._fetch(sorted(names - known.keys())):
                try:
                    table = decode(data, name)
                    if table.size != self.packs[name]:
                        raise ValueError(f"its pack has {self.packs[name]} bytes, it says {table.size}")
                except ValueError as error:
                    self.damaged[table_key(name)] = str(error)
                    continue
                _insert(connection, table)
                connection.commit()

    def _fetch(self, names: list[str]) -> Iterator[tuple[str, bytes]]:
        rest = iter(names)
        waiting = deque[tuple[str, Future[bytes]]]()
        while True:
            for name in islice(rest, _AHEAD - len(waiting)):
                waiting.append((name, begin(partial(self._read, table_key(name)))))
            if not waiting:
                return
            name, future = waiting.popleft()
            yield name, future.result()

    def _read(self, key: str) -> bytes:
        got = self.place.read(key)
        return b"" if got is None else got.data

    def _rows(self, ids: Collection[bytes], without: Collection[str]) -> dict[bytes, There]:
        found = {}
        rest = iter(ids)
        with self._open() as connection:
            while some := list(islice(rest, _AT_ONCE)):
                marks = ", ".join("?" * len(some))
                query = (
                    f"select {_COLUMNS}, p.name from record r join pack p on p.number = r.pack where r.id in ({marks})"  # noqa: S608 - marks only
                )
                for there in map(_there, connection.execute(query, some)):
                    if there.pack not in without:
                        found[there.record.id] = there
        return found

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        with said("write", self.file):
            make_folder(self.file.parent)
        try:
            connection = sqlite3.connect(self.file, timeout=_PATIENCE)
            try:
                connection.execute("pragma synchronous = off")  # a cache need not outlive a power cut
                self._make(connection)
                yield connection
                connection.commit()
            finally:
                connection.close()
        except sqlite3.OperationalError as error:
            raise SurroundingsError(
                f"cannot use `{self.file}`: {error}",
                help="another process may keep it locked; check free space and permissions there, then run it again",
            ) from None
        except sqlite3.DatabaseError as error:
            raise _BrokenError(
                f"`{self.file}` is damaged: {error}", help="delete it; it is a cache and made anew"
            ) from None

    def _make(self, connection: sqlite3.Connection) -> None:
        """Make the tables when they are not there, or not those of this place."""
        if self._is_ours(connection):
            return
        connection.execute("begin immediate")
        if not self._is_ours(connection):  # nobody made them while this process waited
            for (name,) in connection.execute("select name from sqlite_master where type = 'table'").fetchall():
                connection.execute(f"drop table {name}")
            for statement in _TABLES:
                connection.execute(statement)
            connection.execute("insert into origin values (?)", (self.place.label,))
        connection.commit()

    def _is_ours(self, connection: sqlite3.Connection) -> bool:
        if connection.execute("pragma user_version").fetchone()[0] != _VERSION:
            return False
        origin: list[tuple[str]] = connection.execute("select url from origin").fetchall()
        return origin == [(self.place.label,)]


class _BrokenError(SurroundingsError):
    """The cache was torn by a crash."""


_COLUMNS = "r.id, r.kind, r.codec, r.flags, r.place, r.stored, r.raw, r.size"


def damage(place: Place, key: str, why: str) -> DamageError:
    """The error for an object there that is not as it was sent."""
    return DamageError(
        f"`{key}` on `{place.label}` is damaged: {why}",
        help="remove that object there, then `modelsync push --check` from a clone that is whole sends it again",
    )


def _insert(connection: sqlite3.Connection, table: Table) -> None:
    connection.execute("insert or ignore into pack (name, size) values (?, ?)", (table.name, table.size))
    number = connection.execute("select number from pack where name = ?", (table.name,)).fetchone()[0]
    connection.executemany(
        "insert or ignore into record values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            (r.id, number, r.kind, r.codec, r.flags, r.offset, r.stored, r.raw, r.size, r.id in table.commits)
            for r in table.records
        ],
    )


def _delete(connection: sqlite3.Connection, name: str) -> None:
    connection.execute("delete from record where pack = (select number from pack where name = ?)", (name,))
    connection.execute("delete from pack where name = ?", (name,))


def _there(row: tuple[bytes, int, int, int, int, int, int, int, str]) -> There:
    identity, kind, codec, flags, offset, stored, raw, size, pack = row
    return There(Record(kind, codec, flags, identity, offset, stored, raw, size), pack)
