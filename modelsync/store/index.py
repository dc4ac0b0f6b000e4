"""What the store holds and where: records, packs, what was put when; every change is one short transaction."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

from modelsync.store.database import Database
from modelsync.store.durable import said
from modelsync.store.failpoints import reached
from modelsync.store.moments import Moment
from modelsync.store.packs import Kind, Record, Sealed
from modelsync.store.places import Places

_AT_ONCE = 500  # values in one question; SQLite takes 999 everywhere
_COLUMNS = "r.id, r.kind, r.codec, r.flags, r.offset, r.stored, r.raw, r.size"


@dataclass(frozen=True, slots=True)
class Found:
    """A record and the name of the pack in which it lies."""

    record: Record
    pack: str


@dataclass(frozen=True, slots=True)
class PackRow:
    """A pack as the index knows it: number, name, size in bytes, when it was made."""

    number: int
    name: str
    size: int
    made: Moment


@dataclass(frozen=True, slots=True)
class PutRow:
    """Something that was put: a file or a folder by its id, and when."""

    number: int
    id: bytes
    at: Moment


class Index:
    """The index of one store. Looking creates nothing. Safe for many threads and processes."""

    def __init__(self, places: Places) -> None:
        self._places = places
        self.database = Database(places)

    def find(self, ids: Collection[bytes]) -> dict[bytes, Found]:
        """Where these records lie; what is not there is left out."""
        found = {}
        with self.database.reading() as connection:
            for some in _batches(ids) if connection else ():
                assert connection is not None
                query = f"select {_COLUMNS}, p.name from record r join pack p on p.number = r.pack where r.id in {_marks(some)}"  # noqa: E501, S608 - marks only
                for row in connection.execute(query, some):
                    record = _record(row)
                    found[record.id] = Found(record, row[8])
        return found

    def known(self, ids: Collection[bytes]) -> set[bytes]:
        """Which of these are there and were not found damaged."""
        with self.database.reading() as connection:
            return set() if connection is None else _present(connection, ids)

    def records(self, pack: int | None = None) -> Iterator[Found]:
        """Every record (of one pack), without an order; read as a whole so that no reader holds the database."""
        where, values = ("", ()) if pack is None else ("where r.pack = ?", (pack,))
        query = f"select {_COLUMNS}, p.name from record r join pack p on p.number = r.pack {where}"  # noqa: S608 - constants
        with self.database.reading() as connection:
            rows = [] if connection is None else connection.execute(query, values).fetchall()
        for row in rows:
            yield Found(_record(row), row[8])

    def packs(self) -> dict[str, PackRow]:
        """Every pack by its name."""
        with self.database.reading() as connection:
            return {} if connection is None else packs_in(connection)

    def puts(self, after: int = 0) -> list[PutRow]:
        """What was put behind row `after`."""
        with self.database.reading() as connection:
            return [] if connection is None else puts_in(connection, after)

    def suspects(self) -> set[bytes]:
        """The records that were found damaged."""
        with self.database.reading() as connection:
            rows = [] if connection is None else connection.execute("select id from suspect").fetchall()
        return {row[0] for row in rows}

    def suspect(self, ids: Iterable[bytes]) -> None:
        """Remember that these were found damaged."""
        rows = [(item,) for item in ids]
        if rows:
            with self.database.writing() as connection:
                connection.executemany("insert or ignore into suspect values (?)", rows)
                turn_epoch(connection)

    def epoch(self) -> bytes:
        """A mark that stays the same as long as no record goes or becomes suspect."""
        with self.database.reading() as connection:
            return b"" if connection is None else _epoch(connection)

    def distrust_lost_packs(self) -> None:
        """Count the records of packs that vanished or were cut as damaged, so that no put relies on them."""
        for pack in self.packs().values():
            try:
                size = self._places.pack(pack.name).stat().st_size
            except FileNotFoundError:
                size = -1
            if size != pack.size:
                self.suspect(found.record.id for found in self.records(pack.number))

    def commit(
        self, packs: Sequence[Sealed], relied: Collection[bytes], roots: Collection[bytes], epoch: bytes = b""
    ) -> set[bytes]:
        """Make published packs known and `roots` put, in one transaction.

        The answer is what of `relied` is not there any more: then the chunks in the packs are known all the same, but
        no recipe, which might need what is gone; the roots are not put, and the caller has to write what is missing. A
        pack whose file vanished counts with all its records. What was there in `epoch` is not asked for again while
        that lasts.
        """
        now = Moment.now()
        with self.database.writing() as connection:
            there = [pack for pack in packs if self._places.pack(pack.name).exists()]
            # What is not there was swept as nobody's, because a clock jumped.
            gone = {record.id for pack in packs if pack not in there for record in pack.records}
            if epoch != _epoch(connection):
                own = {record.id for pack in there for record in pack.records}
                gone |= set(relied) - own - _present(connection, relied)
            for pack in there:
                add_pack(connection, _chunks_of(pack) if gone else pack, now)
            if not gone:
                values = [(root, now.wall, now.boot, now.since_boot) for root in roots]
                connection.executemany("insert into put (id, wall, boot, since_boot) values (?, ?, ?, ?)", values)
            reached("before_put_commit")
        reached("after_put_commit")
        return gone

    def unlink(self, paths: Iterable[Path]) -> int:
        """Remove the files of packs that no row names; how many were removed.

        In a transaction, because somebody may be storing the same content, which makes a pack of the same name: either
        its row is seen here, or the one who wants to write the row sees that the file is gone.
        """
        removed = 0
        with self.database.writing() as connection:
            named = {self._places.pack(name) for name in packs_in(connection)}
            for path in paths:
                if path not in named and path.is_file():
                    with said("remove", path):
                        path.unlink(missing_ok=True)
                    removed += 1
                    reached("after_pack_unlink")
        return removed

    def close(self) -> None:
        """Let go of the database."""
        self.database.close()


def add_pack(connection: sqlite3.Connection, pack: Sealed, made: Moment) -> int:
    """Name a pack and its records; a record that is there already stays where it is, unless it was found damaged."""
    connection.execute(
        "insert or ignore into pack (name, bytes, wall, boot, since_boot) values (?, ?, ?, ?, ?)",
        (pack.name, pack.size, made.wall, made.boot, made.since_boot),
    )
    number = int(connection.execute("select number from pack where name = ?", (pack.name,)).fetchone()[0])
    bad = {row[0] for row in connection.execute("select id from suspect")}
    mended = [(record.id,) for record in pack.records if record.id in bad]
    connection.executemany("delete from record where id = ?", mended)
    connection.executemany("delete from suspect where id = ?", mended)
    connection.executemany(
        "insert or ignore into record values (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        sorted((r.id, r.kind, r.codec, r.flags, number, r.offset, r.stored, r.raw, r.size) for r in pack.records),
    )
    return number


def _chunks_of(pack: Sealed) -> Sealed:
    return replace(pack, records=tuple(record for record in pack.records if record.kind == Kind.CHUNK))


def packs_in(connection: sqlite3.Connection) -> dict[str, PackRow]:
    """Every pack by its name, inside a transaction."""
    rows = connection.execute("select number, name, bytes, wall, boot, since_boot from pack")
    return {row[1]: PackRow(row[0], row[1], row[2], Moment(*row[3:])) for row in rows}


def turn_epoch(connection: sqlite3.Connection) -> None:
    """Say that records may have gone."""
    connection.execute("update epoch set value = randomblob(16)")


def puts_in(connection: sqlite3.Connection, after: int) -> list[PutRow]:
    """What was put behind row `after`, inside a transaction."""
    rows = connection.execute("select number, id, wall, boot, since_boot from put where number > ?", (after,))
    return [PutRow(row[0], row[1], Moment(*row[2:])) for row in rows]


def _epoch(connection: sqlite3.Connection) -> bytes:
    row = connection.execute("select value from epoch").fetchone()
    return row[0] if row is not None and isinstance(row[0], bytes) else b""


def _present(connection: sqlite3.Connection, ids: Collection[bytes]) -> set[bytes]:
    found: set[bytes] = set()
    for some in _batches(ids):
        found |= {row[0] for row in connection.execute(f"select id from record where id in {_marks(some)}", some)}  # noqa: S608 - marks only
    return found - {row[0] for row in connection.execute("select id from suspect")} if found else found


def _record(row: Sequence[bytes | int]) -> Record:
    identity, kind, codec, flags, offset, stored, raw, size = row[:8]
    return Record(kind, codec, flags, identity, offset, stored, raw, size)  # type: ignore[arg-type]


def _batches(ids: Collection[bytes]) -> Iterator[list[bytes]]:
    rest = iter(ids)
    while some := list(islice(rest, _AT_ONCE)):
        yield some


def _marks(values: Sequence[bytes]) -> str:
    return f"({', '.join('?' * len(values))})"
