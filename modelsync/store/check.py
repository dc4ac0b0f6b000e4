"""Is the store still what it was: everything that is wrong, missing or does not belong there, by name."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from modelsync.core.digest import Digest, of_file
from modelsync.core.errors import DamageError
from modelsync.store.closures import begins_like_a_manifest, entries, folders_of
from modelsync.store.durable import left_over
from modelsync.store.findings import Damage, Findings, Part
from modelsync.store.folders import is_digest
from modelsync.store.index import PackRow
from modelsync.store.loose import files_below, place
from modelsync.store.packs import Kind, Record, read_stored, read_table, verified
from modelsync.store.places import PACK_ENDING
from modelsync.store.reading import BadRecordError, Reader
from modelsync.store.settings import read_settings

_FOREIGN = "does not belong in the store"
_YOUNG = 24 * 3600.0  # seconds in which a pack that no row names may still get its row
_KNOWN = {"config.json", "store.db", "store.db-wal", "store.db-shm", "packs", "tmp", "objects", "damaged"}


def check_quickly(reader: Reader, expected: Iterable[Digest] = ()) -> list[Damage]:
    """Every damage that shows without reading the stored bytes; nothing is changed. `expected` must be there whole."""
    findings = Findings(reader, tuple(expected))
    with _index_told(findings):
        if _structure(findings):
            for name, row in _pack_rows(findings).items():
                _judge_pack(findings, name, row)
            _judge_parts(findings)
    _judge_loose(findings, _judge_name)
    return findings.named()


def check_fully(reader: Reader, expected: Iterable[Digest] = ()) -> list[Damage]:
    """The same, and every stored byte is hashed again. What had been noted as damaged and is whole is trusted again."""
    from concurrent.futures import ThreadPoolExecutor  # as in `reading`

    findings = Findings(reader, tuple(expected))
    with _index_told(findings):
        if _structure(findings):
            _clear_suspicion(reader)
            rows = _pack_rows(findings)
            with ThreadPoolExecutor(2, "store-check") as workers:
                sound = workers.map(lambda item: _judge_pack(findings, *item), rows.items())
                whole = [name for name, fine in zip(rows, sound, strict=True) if fine]
                list(workers.map(lambda name: _judge_bytes(findings, name), whole))
            _judge_parts(findings)
    _judge_loose(findings, _judge_object)
    return findings.named()


@contextmanager
def _index_told(findings: Findings) -> Iterator[None]:
    """An index that breaks at any question is a finding, not the end of the check."""
    try:
        yield
    except DamageError as error:
        findings.add(Part.INDEX, findings.reader.places.index, None, error.message)


def _clear_suspicion(reader: Reader) -> None:
    """Trust again what was noted as damaged and is whole after all: its pack was away for a while."""
    fine = []
    for item in reader.index.suspects():
        with suppress(BadRecordError):
            reader.load([item], verified)
            recipe = reader.recipe(item)
            if recipe is None or len(reader.index.find(recipe.ids)) == len(recipe.ids):
                fine.append((item,))
    if fine:
        with reader.index.database.writing() as connection:
            connection.executemany("delete from suspect where id = ?", fine)


def _structure(findings: Findings) -> bool:
    """Config, index and strangers; False when the index can't be asked at all."""
    places, index = findings.reader.places, findings.reader.index
    for path in left_over(places.temp):
        findings.add(Part.STRANGER, path, None, "was left by a process that died")
    if places.root.is_dir():
        for path in sorted(places.root.iterdir()):
            if path.name not in _KNOWN:
                findings.add(Part.STRANGER, path, None, _FOREIGN)
    _strange_packs(findings)
    try:
        if places.index.exists() and not places.config.exists():
            findings.add(Part.CONFIG, places.config, None, "is missing")
        read_settings(places)
    except DamageError:
        findings.add(Part.CONFIG, places.config, None, "is damaged")
    try:
        with index.database.reading() as connection:
            said = [] if connection is None else connection.execute("pragma quick_check(1)").fetchall()
        index.suspects(), index.puts()
    except DamageError as error:
        findings.add(Part.INDEX, places.index, None, error.message)
        return False
    if said and said[0][0] != "ok":
        findings.add(Part.INDEX, places.index, None, f"is damaged: {str(said[0][0]).splitlines()[-1]}")
        return False
    return True


def _strange_packs(findings: Findings) -> None:
    """Files among the packs that are none, lie in the wrong folder, or that nobody named for a day."""
    places, index = findings.reader.places, findings.reader.index
    try:
        known = set(index.packs())
    except DamageError:
        known = set()
    for path in files_below(places.packs):
        name = path.name.removesuffix(PACK_ENDING)
        if not path.name.endswith(PACK_ENDING) or not is_digest(name) or path.is_symlink() or not path.is_file():
            findings.add(Part.STRANGER, path, None, _FOREIGN)
        elif path != places.pack(name):
            findings.add(Part.STRANGER, path, None, f"lies in the wrong folder, expected {places.pack(name)}")
        elif name not in known:
            with suppress(FileNotFoundError):
                if time.time() - path.stat().st_mtime > _YOUNG and name not in index.packs():
                    findings.add(Part.STRANGER, path, Digest(name), "is a pack that the index does not name")


def _pack_rows(findings: Findings) -> dict[str, PackRow]:
    """The packs of the index; records whose pack has no row belong nowhere."""
    index = findings.reader.index
    query = "select id from record where pack not in (select number from pack)"
    with index.database.reading() as connection:
        lost = [] if connection is None else connection.execute(query).fetchall()
    for row in lost:
        if isinstance(row[0], bytes):
            findings.add(
                Part.INDEX, findings.reader.places.index, Digest(row[0].hex()), "names a pack that has no row", row
            )
        else:
            findings.add(Part.INDEX, findings.reader.places.index, None, "names a record that is none")
    return index.packs()


def _judge_pack(findings: Findings, name: str, row: PackRow) -> bool:
    """Size, table and the index's rows of one pack; False when its bytes are not worth hashing."""
    reader = findings.reader
    path = reader.places.pack(name)
    rows = [found.record for found in reader.index.records(row.number)]
    what, size = "", -1
    try:
        size = path.stat().st_size
        table = {record.id: record for record in read_table(path)}
    except FileNotFoundError:
        what = "is missing"
    except OSError as error:
        what = f"cannot be read: {error.strerror}"
    except ValueError as error:
        what = f"is damaged: {error}"
    if not what and size != row.size:
        what = f"is {size} bytes long, expected {row.size}"
    if what:
        if name in reader.index.packs():  # else it was repacked this moment
            findings.add(
                Part.PACK, path, Digest(name) if is_digest(name) else None, what, [record.id for record in rows]
            )
        return False
    for record in rows:
        if table.get(record.id) != record:
            digest = Digest(record.id.hex()) if isinstance(record.id, bytes) else None
            findings.add(
                Part.INDEX, reader.places.index, digest, f"does not say of it what pack {name} says", [record.id]
            )
    return True


def _judge_bytes(findings: Findings, name: str) -> None:
    """Hash a pack, then every record in it."""
    reader = findings.reader
    path = reader.places.pack(name)
    try:
        bad = list(_bad_records(path))
        actual = of_file(path)
    except (OSError, ValueError) as error:
        if name in reader.index.packs():
            findings.add(Part.PACK, path, Digest(name), f"cannot be read: {error}")
        return
    for record, why in bad:
        findings.add(Part.RECORD, path, Digest(record.id.hex()), f"is damaged there: {why}", [record.id])
    if actual != name and not bad:
        findings.add(Part.PACK, path, Digest(name), f"its bytes hash to {actual}")


def _bad_records(path: Path) -> Iterable[tuple[Record, str]]:
    with path.open("rb") as handle:
        for record in read_table(path):
            try:
                verified(record, read_stored(handle.fileno(), record))
            except ValueError as error:
                yield record, str(error)


def _judge_parts(findings: Findings) -> None:
    """Every chunk of every file, every file of every folder, and everything that must be there."""
    reader = findings.reader
    _judge_recipes(findings)
    reasons = dict.fromkeys(findings.expected, "a fact names it")
    for folder in {*folders_of(reader), *findings.expected, *_loose_folders(reader)}:
        with suppress(DamageError):  # told where its record is judged
            for entry in entries(reader, folder):
                reasons.setdefault(entry.digest, f"folder {folder} holds it as `{entry.path}`")
    lacking = reader.lacking(list(reasons))
    again = reader.lacking(list(lacking))  # what was being repacked in the first moment is there in the second
    for digest in again:
        if not findings.covers(reader, digest):
            findings.add(
                Part.MISSING, reader.places.index, digest, f"is missing; {reasons[digest]}", [bytes.fromhex(digest)]
            )
    for item in reader.index.suspects():
        digest = Digest(item.hex())
        if not findings.covers(reader, digest):
            findings.add(Part.RECORD, reader.places.index, digest, "was found damaged when it was read", [item])


def _judge_recipes(findings: Findings) -> None:
    reader = findings.reader
    for found in reader.index.records():
        if found.record.kind != Kind.RECIPE:
            continue
        digest = Digest(found.record.id.hex())
        try:
            recipe = reader.recipe(found.record.id)
        except BadRecordError as bad:
            if not findings.covers(reader, digest):
                findings.add(
                    Part.RECORD, bad.pack or reader.places.index, digest, f"is damaged: {bad.why}", [found.record.id]
                )
            continue
        lost = set() if recipe is None else recipe.ids - reader.index.find(recipe.ids).keys()
        if lost and reader.index.find([found.record.id]):
            what = f"is not whole: chunk {min(lost).hex()} is missing"
            findings.add(Part.MISSING, reader.places.index, digest, what, [found.record.id])


def _loose_folders(reader: Reader) -> list[Digest]:
    return [digest for digest, path in reader.loose.all() if path.stat().st_size and begins_like_a_manifest(path)]


def _judge_loose(findings: Findings, judge: Callable[[Path], str]) -> None:
    """The whole files of the first form of the store."""
    objects = findings.reader.places.objects
    for path in files_below(objects):
        if not is_digest(path.name) or path.is_symlink() or not path.is_file():
            findings.add(Part.STRANGER, path, None, _FOREIGN)
        elif path != place(objects, path.name):
            findings.add(Part.STRANGER, path, None, f"lies in the wrong folder, expected {place(objects, path.name)}")
        elif what := judge(path):
            findings.add(Part.OBJECT, path, Digest(path.name), what, [bytes.fromhex(path.name)])


def _judge_name(path: Path) -> str:
    return "" if path.exists() else "is missing"


def _judge_object(path: Path) -> str:
    try:
        actual = of_file(path)
    except OSError as error:
        return f"cannot be read: {error.strerror}"
    return "" if actual == path.name else f"its bytes hash to {actual}"
