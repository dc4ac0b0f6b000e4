"""Mending: the index is built again from the packs, and damaged records are brought back from elsewhere."""

from __future__ import annotations

import hashlib
import os
import secrets
import shutil
import sqlite3
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from modelsync.core.digest import Digest
from modelsync.core.errors import DamageError
from modelsync.store.check import check_fully
from modelsync.store.chunking import SMALL
from modelsync.store.codec import shrink
from modelsync.store.database import alone, connect, create, exclusive, told
from modelsync.store.durable import make_folder, said, sync_folder
from modelsync.store.exchange import adopt_pack
from modelsync.store.failpoints import reached
from modelsync.store.findings import Damage, Part
from modelsync.store.folders import is_digest
from modelsync.store.index import PackRow, add_pack, turn_epoch
from modelsync.store.loose import files_below
from modelsync.store.moments import Moment
from modelsync.store.packs import FILE, Kind, PackWriter, Record, Sealed, read_stored, read_table, verified
from modelsync.store.places import PACK_ENDING, Places
from modelsync.store.reading import BadRecordError, Reader
from modelsync.store.recipes import Recipe
from modelsync.store.settings import read_settings, write_settings
from modelsync.store.writing import Session

Fetch = Callable[[Digest], bytes | None]
"""The raw bytes of a record (or of a whole file) by its digest, from elsewhere; None when that place has none."""

_ROUNDS = 4  # a recipe that comes back may show that chunks are missing


@dataclass(frozen=True, slots=True)
class Repaired:
    """What was mended, as it had been found, and what is still wrong."""

    mended: tuple[Damage, ...]
    left: tuple[Damage, ...]


def nowhere(_: Digest) -> bytes | None:
    """There is no other place to fetch from."""
    return None


def repair(reader: Reader, expected: Iterable[Digest] = (), fetch: Fetch = nowhere) -> Repaired:
    """Mend all that can be mended. Bytes that nobody has are named in the answer, and so is what needs them.

    A pack out of which something was lost is kept in the folder `damaged`.
    """
    wanted = tuple(expected)
    if not reader.places.root.is_dir():
        return Repaired((), tuple(check_fully(reader, wanted)))
    first = check_fully(reader, wanted)
    make_folder(reader.places.packs)
    _mend_config(reader.places, first)
    if any(damage.part is Part.INDEX for damage in first):
        rebuild_index(reader)
    _adopt_strangers(reader)
    left = first
    for _ in range(_ROUNDS):
        left = check_fully(reader, wanted)
        if not _mend_packs(reader, left, fetch) and not _bring_back(reader, left, fetch):
            break
    else:
        left = check_fully(reader, wanted)
    still = {(damage.path, damage.digest) for damage in left}
    return Repaired(tuple(damage for damage in first if (damage.path, damage.digest) not in still), tuple(left))


def rebuild_index(reader: Reader) -> None:
    """Make the index anew from the tables of the packs; a damaged pack is left out, for `check` to name.

    Nobody else writes meanwhile. Everything counts as put now, so that nothing is collected for a day. A file whose
    chunks are not all there is noted as damaged, so that the next put of it stores it anew.
    """
    places = reader.places
    make_folder(places.packs)
    make_folder(places.temp)
    fresh = places.temp / f".{os.getpid()}-{secrets.token_hex(8)}.db"
    with alone(places.packs), exclusive(places.root), said("write", places.index), told(places.index):
        reader.index.close()
        try:
            create(fresh)
            connection = connect(fresh)
            try:
                connection.execute("begin immediate")
                _fill(connection, places)
                connection.execute("commit")
            finally:
                connection.close()
            reached("before_rebuild_rename")
            for ending in ("-wal", "-shm"):  # what is left in the log must not come back into the new one
                places.index.with_name(places.index.name + ending).unlink(missing_ok=True)
            os.replace(fresh, places.index)  # noqa: PTH105 - as in `durable`
            sync_folder(places.root)
            reached("after_rebuild_rename")
        finally:
            for ending in ("", "-wal", "-shm"):
                fresh.with_name(fresh.name + ending).unlink(missing_ok=True)


def _fill(connection: sqlite3.Connection, places: Places) -> None:
    now = Moment.now()
    recipes: dict[bytes, set[bytes]] = {}
    for path in _pack_files(places):
        with suppress(OSError, ValueError):
            table = read_table(path)
            name = path.name.removesuffix(PACK_ENDING)
            add_pack(connection, Sealed(name, path.stat().st_size, table, path), now)
            with path.open("rb") as handle:
                for record in table:
                    if record.kind == Kind.RECIPE:
                        recipes[record.id] = _needs(handle.fileno(), record)
    there = {row[0] for row in connection.execute("select id from record")}
    dangling = [(item,) for item, needs in recipes.items() if not needs <= there]
    connection.executemany("insert or ignore into suspect values (?)", dangling)


def _needs(descriptor: int, record: Record) -> set[bytes]:
    """The chunks of a recipe; one that is damaged needs something that is never there."""
    try:
        return Recipe.decode(verified(record, read_stored(descriptor, record)), record.id).ids
    except ValueError:
        return {b""}


def _pack_files(places: Places) -> list[Path]:
    """The files that are packs by their names and places."""
    found = []
    for path in files_below(places.packs):
        name = path.name.removesuffix(PACK_ENDING)
        if is_digest(name) and path == places.pack(name) and not path.is_symlink():
            found.append(path)
    return found


def _mend_config(places: Places, damages: list[Damage]) -> None:
    if any(damage.part is Part.CONFIG for damage in damages):
        with said("replace", places.config):
            places.config.unlink(missing_ok=True)
        write_settings(places)


def _adopt_strangers(reader: Reader) -> None:
    """Name whole packs that the index does not: their writers died a moment too early, or the index was lost."""
    known = reader.index.packs()
    for path in _pack_files(reader.places):
        if path.name.removesuffix(PACK_ENDING) not in known:
            with suppress(DamageError):
                adopt_pack(reader, path)


def _mend_packs(reader: Reader, damages: list[Damage], fetch: Fetch) -> bool:
    """Write what is whole in damaged packs, and what can be fetched, into new ones; whether anything was done."""
    bad = {damage.path for damage in damages if damage.part in (Part.PACK, Part.RECORD)}
    rows = [row for row in reader.index.packs().values() if reader.places.pack(row.name) in bad]
    with alone(reader.places.packs):
        for row in rows:
            _mend_pack(reader, row, fetch)
    return bool(rows)


def _mend_pack(reader: Reader, row: PackRow, fetch: Fetch) -> None:
    path = reader.places.pack(row.name)
    writer = PackWriter(reader.places)
    lost, packs = set[bytes](), list[Sealed]()
    try:
        for found in list(reader.index.records(row.number)):
            had = _salvaged(path, found.record) or _fetched(found.record.id, fetch, found.record.flags)
            if had is None:
                lost.add(found.record.id)
            else:
                writer.add(*had)
        if writer.size:
            packs.append(writer.seal())
            writer.publish(packs[0])
    finally:
        writer.discard()
    _replace(reader, row, packs, lost)
    if lost and path.exists():
        with said("keep", path):
            make_folder(reader.places.damaged)
            shutil.copyfile(path, reader.places.damaged / path.name)
    reader.index.unlink([path])


def _replace(reader: Reader, row: PackRow, packs: list[Sealed], lost: set[bytes]) -> None:
    """In one transaction: the new pack for the old one, and a note at every file that lost a part."""
    broken = []
    for found in list(reader.index.records()):
        if lost and found.record.kind == Kind.RECIPE:
            try:
                recipe = reader.recipe(found.record.id)
            except BadRecordError:
                continue
            if recipe is not None and not recipe.ids.isdisjoint(lost):
                broken.append((found.record.id,))
    with reader.index.database.writing() as connection:
        connection.execute("delete from record where pack = ?", (row.number,))
        connection.execute("delete from pack where number = ?", (row.number,))
        for pack in packs:
            add_pack(connection, pack, Moment.now())
        connection.execute("delete from suspect where id not in (select id from record)")
        connection.executemany("insert or ignore into suspect values (?)", broken)
        turn_epoch(connection)


def _salvaged(path: Path, record: Record) -> tuple[Record, bytes] | None:
    """A record that is still whole in a damaged pack."""
    try:
        with path.open("rb") as handle:
            stored = read_stored(handle.fileno(), record)
        verified(record, stored)
    except (OSError, ValueError):
        return None
    return record, stored


def _fetched(item: bytes, fetch: Fetch, flags: int) -> tuple[Record, bytes | memoryview] | None:
    """A record from elsewhere, verified."""
    raw = fetch(Digest(item.hex()))
    if raw is None:
        return None
    if hashlib.sha256(raw).digest() == item:
        kind, size = Kind.CHUNK, len(raw)
    else:
        try:
            kind, size = Kind.RECIPE, Recipe.decode(raw, item).size
        except ValueError:
            return None
    codec, stored = shrink(raw)
    return Record(kind, codec, flags, item, 0, len(stored), len(raw), size), stored


def _bring_back(reader: Reader, damages: list[Damage], fetch: Fetch) -> bool:
    """Fetch what is missing altogether; whether anything came."""
    came = False
    for damage in damages:
        if damage.part in (Part.MISSING, Part.OBJECT, Part.RECORD) and damage.digest is not None:
            for item in _wanted(reader, bytes.fromhex(damage.digest)):
                came = _bring(reader, item, fetch) or came
    return came


def _wanted(reader: Reader, file: bytes) -> list[bytes]:
    """The parts of a file that are not there; the file itself when nothing of it is, or its record is bad."""
    try:
        recipe = reader.recipe(file)
    except BadRecordError:
        return [file]
    if recipe is None:
        return [file]
    return sorted(recipe.ids - reader.index.known(recipe.ids)) or [file]


def _bring(reader: Reader, item: bytes, fetch: Fetch) -> bool:
    had = _fetched(item, fetch, FILE)
    if had is None:
        return False
    record, stored = had
    if record.kind == Kind.CHUNK and record.raw > SMALL:  # perhaps a whole file: cut it as any other
        with Session(reader.places, reader.index, read_settings(reader.places)) as session:
            raw = fetch(Digest(item.hex())) or b""
            return session.commit([session.add_bytes(raw, FILE)])
    # So that the new record takes the place of a bad one; first, as an index that is gone is not made beside packs.
    reader.index.suspect([item])
    writer = PackWriter(reader.places)
    try:
        writer.add(record, stored)
        sealed = writer.seal()
        writer.publish(sealed)
    finally:
        writer.discard()
    return not reader.index.commit([sealed], (), ())
