"""Giving space back: what no root needs goes, in whole packs; what is young or needed never does."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from modelsync.core.digest import Digest, of_file
from modelsync.core.errors import DamageError
from modelsync.store.closures import Walk
from modelsync.store.database import alone
from modelsync.store.durable import left_over, make_folder
from modelsync.store.failpoints import reached
from modelsync.store.index import Index, PackRow, add_pack, packs_in, puts_in, turn_epoch
from modelsync.store.loose import files_below
from modelsync.store.moments import Moment
from modelsync.store.packs import FOLDER, PACK_LIMIT, Kind, PackWriter, Record, Sealed, read_stored, verified
from modelsync.store.places import PACK_ENDING
from modelsync.store.reading import Reader
from modelsync.store.settings import read_settings
from modelsync.store.writing import Session

YOUNG = 24 * 3600.0  # seconds in which nothing is collected: the fact that names it may still be on its way
_WORTH = 0.5  # a pack of which less is needed is written anew
_SMALL, _MANY = 4 << 20, 32  # more packs than this below that size are put together


@dataclass(frozen=True, slots=True)
class Collected:
    """What a collection gave back, or would: whole packs, records and bytes; packs that were written anew; files of the
    first form that were moved or dropped; files that dead processes had left.
    """

    packs: int = 0
    records: int = 0
    size: int = 0
    repacked: int = 0
    moved: int = 0
    dropped: int = 0
    swept: int = 0


@dataclass(slots=True)
class _Plan:
    """Which packs go, which are written anew from which records, and which rows go although their pack stays."""

    walk: Walk
    last_put: int
    seen: set[str]
    drop: list[PackRow] = field(default_factory=list)
    anew: list[PackRow] = field(default_factory=list)
    live: dict[str, list[Record]] = field(default_factory=dict)
    dead: dict[str, list[Record]] = field(default_factory=dict)

    def result(self) -> Collected:
        """What carrying it out gives back."""
        gone = [record for records in self.dead.values() for record in records]
        freed = sum(row.size for row in self.drop)
        freed += sum(record.stored for row in self.anew for record in self.dead.get(row.name, ()))
        return Collected(packs=len(self.drop), records=len(gone), size=freed, repacked=len(self.anew))


def collectable(reader: Reader, roots: Iterable[Digest], now: Moment) -> Collected:
    """What `collect` would give back now; nothing is changed."""
    plan = _plan(reader, roots, now)
    moved, dropped = _loose(reader, plan.walk)
    swept = len(left_over(reader.places.temp)) + len(_orphans(reader))
    return _with(plan.result(), moved=len(moved), dropped=len(dropped), swept=swept)


def collect(reader: Reader, roots: Iterable[Digest], now: Moment) -> Collected:
    """Remove what neither `roots` (files and folders) nor anything young needs.

    LockedError when another collection is at work. DamageError, and nothing is removed, when a file or folder that is
    needed can't be read: then nobody knows what is below it.
    """
    places, index = reader.places, reader.index
    if not places.root.is_dir():
        return Collected()
    index.database.ensure()
    make_folder(places.packs)
    with alone(places.packs):
        plan = _plan(reader, roots, now)
        moved, dropped = _loose(reader, plan.walk)
        _move(reader, moved)
        for path in dropped:
            path.unlink()
        packs = _copy(reader, plan)
        _commit(index, plan, packs, now)
        index.unlink(places.pack(row.name) for row in (*plan.drop, *plan.anew))
        swept = _sweep(reader)
    return _with(plan.result(), moved=len(moved), dropped=len(dropped), swept=swept)


def move_loose(reader: Reader, digest: Digest) -> None:
    """Put what a file or a folder needs of the first form into packs."""
    walk = Walk(reader)
    walk.add([digest])
    if walk.loose:
        reader.index.database.ensure()
        _move(reader, [(item, path) for item, path in reader.loose.all() if item in walk.loose])


def _with(result: Collected, *, moved: int, dropped: int, swept: int) -> Collected:
    return Collected(result.packs, result.records, result.size, result.repacked, moved, dropped, swept)


def _plan(reader: Reader, roots: Iterable[Digest], now: Moment) -> _Plan:
    index = reader.index
    puts, packs = index.puts(), index.packs()
    plan = _Plan(Walk(reader), max((put.number for put in puts), default=0), set(packs))
    plan.walk.add(roots)
    plan.walk.add(Digest(put.id.hex()) for put in puts if now.since(put.at) < YOUNG)
    for row in packs.values():
        if now.since(row.made) < YOUNG:
            _keep_whole(plan.walk, row)
    _refuse_unreadable(plan.walk)
    by_pack = defaultdict[str, list[Record]](list)
    for found in index.records():
        by_pack[found.pack].append(found.record)
    for name, row in packs.items():
        _judge(plan, row, by_pack[name])
    small = [row for row in packs.values() if row.size < _SMALL and row not in plan.drop and row not in plan.anew]
    if len(small) > _MANY:
        plan.anew += small
    return plan


def _judge(plan: _Plan, row: PackRow, records: list[Record]) -> None:
    live = [record for record in records if record.id in plan.walk.reached]
    plan.live[row.name] = live
    plan.dead[row.name] = [record for record in records if record.id not in plan.walk.reached]
    if not live:
        plan.drop.append(row)
    elif sum(record.stored for record in live) < _WORTH * row.size and plan.dead[row.name]:
        plan.anew.append(row)


def _keep_whole(walk: Walk, row: PackRow) -> None:
    """Everything in a young pack, and what its files and folders need from older ones."""
    records = [found.record for found in walk.reader.index.records(row.number)]
    walk.add(Digest(r.id.hex()) for r in records if r.kind == Kind.RECIPE or r.flags & FOLDER)
    walk.reached |= {record.id for record in records}


def _refuse_unreadable(walk: Walk) -> None:
    for item, why in walk.unreadable.items():
        raise DamageError(
            f"nothing was collected: {item.hex()} can't be read, so it is not known what it needs ({why})",
            help="`modelsync fsck --repair` first",
        )


def _copy(reader: Reader, plan: _Plan) -> list[Sealed]:
    """Write the live records of the packs that are written anew; a pack that holds damage stays as it is."""
    writer, writers, packs = PackWriter(reader.places), list[PackWriter](), list[Sealed]()
    try:
        for row in tuple(plan.anew):
            if writer.size >= PACK_LIMIT:
                packs.append(_sealed(writer))
                writers.append(writer)
                writer = PackWriter(reader.places)
            try:
                with reader.places.pack(row.name).open("rb") as handle:
                    for record in plan.live[row.name]:
                        stored = read_stored(handle.fileno(), record)
                        verified(record, stored)
                        writer.add(record, stored)
            except (OSError, ValueError):
                plan.anew.remove(row)
                del plan.dead[row.name]
        if writer.size:
            packs.append(_sealed(writer))
    finally:
        writer.discard()
    return packs


def _sealed(writer: PackWriter) -> Sealed:
    sealed = writer.seal()
    writer.publish(sealed)
    return sealed


def _commit(index: Index, plan: _Plan, packs: list[Sealed], now: Moment) -> None:
    """The rows change in one transaction, which looks again at what was put since the marking."""
    with index.database.writing() as connection:
        for row in packs_in(connection).values():
            if row.name not in plan.seen:
                _keep_whole(plan.walk, row)
        puts = puts_in(connection, plan.last_put)
        plan.walk.add(Digest(put.id.hex()) for put in puts)
        _refuse_unreadable(plan.walk)
        for name, dead in list(plan.dead.items()):
            if any(record.id in plan.walk.reached for record in dead):  # needed again: the pack stays this time
                del plan.dead[name]
        plan.drop = [row for row in plan.drop if row.name in plan.dead]
        plan.anew = [row for row in plan.anew if row.name in plan.dead]
        for row in (*plan.drop, *plan.anew):
            connection.execute("delete from record where pack = ?", (row.number,))
            connection.execute("delete from pack where number = ?", (row.number,))
        for dead in plan.dead.values():
            connection.executemany("delete from record where id = ?", [(record.id,) for record in dead])
        for pack in packs:
            add_pack(connection, pack, now)
        old = [(put.number,) for put in puts_in(connection, 0) if now.since(put.at) >= YOUNG]
        connection.executemany("delete from put where number = ?", old)
        connection.execute("delete from suspect where id not in (select id from record)")
        turn_epoch(connection)
        reached("before_collect_commit")
    reached("after_collect_commit")


def _loose(reader: Reader, walk: Walk) -> tuple[list[tuple[Digest, Path]], list[Path]]:
    """Files of the first form: those that are needed, and those that are old and not."""
    moved, dropped = [], []
    for digest, path in reader.loose.all():
        if digest in walk.loose or bytes.fromhex(digest) in walk.reached:
            moved.append((digest, path))
        elif time.time() - path.stat().st_mtime > YOUNG:
            dropped.append(path)
    return moved, dropped


def _move(reader: Reader, files: list[tuple[Digest, Path]]) -> None:
    """Store whole files in packs; a damaged one stays where it is, for `check` to name."""
    sound = [(digest, path) for digest, path in files if of_file(path) == digest]
    with Session(reader.places, reader.index, read_settings(reader.places)) as session:
        done = all(session.add_file(path)[0] == digest for digest, path in sound)
        if not sound or not done or not session.commit([digest for digest, _ in sound]):
            return
    for _, path in sound:
        path.unlink()
        reached("after_loose_unlink")


def _orphans(reader: Reader) -> list[Path]:
    """Packs that no row names for a day: their writers died."""
    known = reader.index.packs()
    old = time.time() - YOUNG
    found = []
    for path in files_below(reader.places.packs):
        name = path.name.removesuffix(PACK_ENDING)
        with suppress(FileNotFoundError):
            if path == reader.places.pack(name) and name not in known and path.stat().st_mtime < old:
                found.append(path)
    return found


def _sweep(reader: Reader) -> int:
    swept = reader.index.unlink(_orphans(reader))
    for path in left_over(reader.places.temp):
        with suppress(OSError):
            path.unlink()
            swept += 1
    return swept
