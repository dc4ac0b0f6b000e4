"""Sending: what a remote lacks of some commits goes there in packs, each once, and is seen to be there."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from modelsync.core.digest import Digest
from modelsync.core.errors import DamageError
from modelsync.store.closures import Walk
from modelsync.store.collecting import move_loose
from modelsync.store.durable import said
from modelsync.store.index import Found
from modelsync.store.objects import Store
from modelsync.store.packs import PACK_LIMIT, Record, Sealed, read_table
from modelsync.store.remotes.base import Place
from modelsync.store.remotes.cache import RemoteTables
from modelsync.store.remotes.condemning import rescue
from modelsync.store.remotes.layout import pack_key, table_key
from modelsync.store.remotes.tables import Table, encode

_AS_IT_IS = 4 << 20  # bytes; smaller packs go together, or every commit would leave some there

Progress = Callable[[int, int | None], None]
"""Told the bytes done and the bytes there are (None: nobody knows yet)."""


def silent(done: int, total: int | None) -> None:
    """Tells nobody."""


@dataclass(frozen=True, slots=True)
class Sent:
    """What went there: packs, records, bytes."""

    packs: int = 0
    records: int = 0
    size: int = 0


def needed(store: Store, digests: Collection[Digest]) -> set[bytes]:
    """The records that some files and folders need; DamageError when one of them is not here."""
    walk = Walk(store.reader)
    walk.add(digests)
    if walk.loose:
        for digest in digests:
            move_loose(store.reader, digest)
        walk = Walk(store.reader)
        walk.add(digests)
    for lost, reason in (walk.unreadable | walk.lost).items():
        raise DamageError(
            f"record {lost.hex()} is not here ({reason}), so nothing was pushed",
            help="`modelsync store fsck --repair` brings it back from a remote, if one has it",
        )
    return walk.reached


def send(
    store: Store, place: Place, tables: RemoteTables, ids: set[bytes], commits: Collection[bytes], progress: Progress
) -> Sent:
    """Bring those of some records there that the tables, just refreshed, do not have. `commits` are those that are."""
    sending = _Sending(store, place, tables, frozenset(commits), progress)
    return sending.send(ids - tables.known(ids))


class _Sending:
    def __init__(
        self, store: Store, place: Place, tables: RemoteTables, commits: frozenset[bytes], progress: Progress
    ) -> None:
        self._store, self._place, self._tables = store, place, tables
        self._commits, self._progress = commits, progress
        self._packs, self._records, self._done, self._total = 0, 0, 0, 0

    def send(self, lacking: set[bytes]) -> Sent:
        whole, rest = self._plan(lacking)
        self._total = sum(pack.size for pack in whole) + sum(found.record.stored for found in rest)
        for pack in whole:
            try:
                self._send(pack)
            except FileNotFoundError:  # collected meanwhile: its records lie elsewhere now
                rest += self._store.index.find([record.id for record in pack.records]).values()
        for batch in _batches(rest):
            with self._store.pack_of([found.record.id for found in batch]) as pack:
                self._send(pack)
        return Sent(self._packs, self._records, self._done)

    def _plan(self, lacking: set[bytes]) -> tuple[list[Sealed], list[Found]]:
        """Large own packs of which everything is lacking go as they are; the rest goes into new ones, in the order it
        has here.
        """
        by_pack: dict[str, list[Found]] = {}
        for found in self._store.index.find(lacking).values():
            by_pack.setdefault(found.pack, []).append(found)
        whole, rest = list[Sealed](), list[Found]()
        for name, wanted in sorted(by_pack.items()):
            table = self._table(name)
            path = self._store.places.pack(name)
            size = sum(record.stored for record in table)
            if size >= _AS_IT_IS and {record.id for record in table} <= lacking:
                whole.append(Sealed(name, path.stat().st_size, table, path))
            else:
                rest += sorted(wanted, key=lambda found: found.record.offset)
        return whole, rest

    def _table(self, name: str) -> tuple[Record, ...]:
        try:
            return read_table(self._store.places.pack(name))
        except (OSError, ValueError):  # what is wrong with it is told when its records are read
            return ()

    def _send(self, pack: Sealed) -> None:
        if pack.name in self._tables.condemned:
            rescue(self._place, pack.name)
            self._tables.condemned.pop(pack.name)
            self._tables.packs.pop(pack.name, None)  # it may have gone meanwhile: looked at anew
        if self._tables.packs.get(pack.name) != pack.size:
            self._send_pack(pack)
        self._send_table(pack)
        self._packs, self._records, self._done = (
            self._packs + 1,
            self._records + len(pack.records),
            self._done + pack.size,
        )
        self._progress(self._done, max(self._done, self._total))

    def _send_pack(self, pack: Sealed) -> None:
        key = pack_key(pack.name)
        with _readable(pack):
            data = pack.path.read_bytes()
        if hashlib.sha256(data).hexdigest() != pack.name:
            raise DamageError(
                f"the pack `{pack.path}` is damaged, so it was not pushed", help="`modelsync store fsck --repair` first"
            )
        there = None if self._place.create(key, data) else self._place.size(key)
        if there is not None and there != pack.size:
            self._place.overwrite(key, data)
        there = self._place.size(key)
        if there != pack.size:
            raise DamageError(
                f"`{key}` on `{self._place.label}` has {there} bytes after {pack.size} were sent",
                help="something between here and there changes what is sent; run it again",
            )

    def _send_table(self, pack: Sealed) -> None:
        """Only behind its pack: whoever sees the table may count on the pack."""
        key, data = table_key(pack.name), encode(pack.name, pack.size, pack.records, self._commits)
        if not self._place.create(key, data):
            there = self._place.read(key)
            if there is None or there.data != data:
                self._place.overwrite(key, data)
        commits = self._commits.intersection(record.id for record in pack.records)
        self._tables.add(Table(pack.name, pack.size, pack.records, commits))


@contextmanager
def _readable(pack: Sealed) -> Iterator[None]:
    """FileNotFoundError comes through."""
    try:
        yield
    except FileNotFoundError:
        raise
    except OSError as error:
        with said("read", pack.path):
            raise error


def _batches(found: Sequence[Found]) -> Iterator[list[Found]]:
    batch, size = list[Found](), 0
    for each in found:
        if batch and size + each.record.stored > PACK_LIMIT:
            yield batch
            batch, size = [], 0
        batch.append(each)
        size += each.record.stored
    if batch:
        yield batch
