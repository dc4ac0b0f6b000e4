"""Receiving: the records of commits come out of remote packs in few requests, each verified before it is kept."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial

from modelsync.core.digest import Digest, of_bytes
from modelsync.core.errors import DamageError, ModelSyncError
from modelsync.store.folders import Manifest
from modelsync.store.objects import Store
from modelsync.store.packs import FOLDER, PACK_LIMIT, Kind, PackWriter, Record, Sealed, verified
from modelsync.store.reading import BadRecordError
from modelsync.store.recipes import Recipe
from modelsync.store.remotes.asking import begin
from modelsync.store.remotes.base import Place, Span
from modelsync.store.remotes.cache import RemoteTables, damage
from modelsync.store.remotes.layout import pack_key
from modelsync.store.settings import read_settings

Progress = Callable[[int, int | None], None]
"""Told the bytes done and the bytes there are (None: nobody knows yet)."""

_GAP = 64 << 10  # bytes between two wanted records that are fetched along with them rather than asked for apart
_SPAN = 8 << 20  # bytes of one request
_MOST = 16  # spans of one request
_AHEAD = 4  # requests on their way
_WHOLE = 0.5  # of a pack: when more is wanted, all of it comes
_APART = 4 << 20  # bytes from which on a pack stays one here: then a later push sends it as it is


@dataclass(frozen=True, slots=True)
class Links:
    """What a commit leads to: its tree, and its parents."""

    tree: Digest
    parents: tuple[Digest, ...]


Choose = Callable[[str, list[Record]], list[Record]]
Decode = Callable[[bytes], Links]
"""Reads a commit; ValueError when it is none."""


@dataclass
class Receiver:
    """Brings what is missing here. What came is kept at once, so that a killed one goes on where it was.

    Only bytes that lead to nothing else are kept at once, though: commits, folders and recipes are held in memory
    until everything below them is here, so that at no time something is here that is not whole.
    """

    store: Store
    place: Place
    tables: RemoteTables
    progress: Progress
    done: int = 0
    records: int = 0
    _needed: set[bytes] = field(default_factory=set)
    _roots: set[bytes] = field(default_factory=set)
    _held: dict[bytes, tuple[Record, bytes]] = field(default_factory=dict)

    def describe(self, tips: Iterable[Digest], known: Collection[Digest], decode: Decode) -> set[Digest]:
        """Fetch commits, folders and recipes, so that it is known what the tips need; the commits that are new.

        `known` are commits that are here with everything before them.
        """
        new, waiting = set[Digest](), [tip for tip in tips if tip not in known]
        if waiting:
            self._hold_files(self.tables.commits())  # all at once: one by one would be a request for each
        trees = set[Digest]()
        while waiting:
            id = waiting.pop()
            if id in new:
                continue
            new.add(id)
            links = self._commit(id, decode)
            trees.add(links.tree)
            waiting += [parent for parent in links.parents if parent not in known and parent not in new]
        self._roots |= {bytes.fromhex(digest) for digest in {*new, *trees}}
        self._needed |= self._hold_files(self._roots)
        files = {bytes.fromhex(entry.digest) for tree in trees for entry in self._folder(tree).entries}
        self._needed |= files | self._hold_recipes(files)
        return new

    def needed(self) -> set[bytes]:
        """The records that what was described needs."""
        return self._needed

    def bring(self) -> None:
        """Bring everything that was described and is missing; it stays here for a day even if nothing names it."""
        read_settings(self.store.places)
        self.store.index.database.ensure()
        self.store.index.distrust_lost_packs()
        while True:
            self._keep_all(self._lacking(self._needed))
            packs = list(self._held_packs())
            if not self.store.index.commit(packs, self._needed, self._roots):
                return

    def _commit(self, id: Digest, decode: Decode) -> Links:
        file = bytes.fromhex(id)
        self._hold_files([file])
        try:
            return decode(self._content(file))
        except ValueError as error:
            raise DamageError(
                f"`{self.place.label}` names {id} as a commit, and it is none: {error}",
                help="look at who pushed there; nothing here was changed",
            ) from None

    def _folder(self, tree: Digest) -> Manifest:
        try:
            return Manifest.decode(self._content(bytes.fromhex(tree)))
        except ValueError as error:
            raise DamageError(
                f"`{self.place.label}` names {tree} as a folder, and it is none: {error}",
                help="look at who pushed there; nothing here was changed",
            ) from None

    def _hold_files(self, files: Iterable[bytes]) -> set[bytes]:
        """Hold small files wholly; all their records."""
        wanted = set(files)
        self._hold(wanted)
        chunks = self._hold_recipes(wanted)
        self._hold(chunks)
        return wanted | chunks

    def _hold_recipes(self, files: Collection[bytes]) -> set[bytes]:
        """Hold the recipes among some files; the chunks that they name."""
        here = {id: found.record for id, found in self.store.index.find(files).items()}
        there = {id: row.record for id, row in self.tables.find(files - here.keys()).items()}
        recipes = {id for id, record in (here | there).items() if record.kind == Kind.RECIPE}
        self._hold(recipes)
        return {chunk for file in recipes for chunk in Recipe.decode(self._raw(file), file).ids}

    def _content(self, file: bytes) -> bytes:
        """The verified bytes of a file whose records are held or here."""
        chunks = self._recipe_of(file)
        data = self._raw(file) if chunks is None else b"".join(map(self._raw, chunks))
        if of_bytes(data) != file.hex():
            raise ValueError("its SHA-256 is another one")
        return data

    def _recipe_of(self, file: bytes) -> list[bytes] | None:
        held = self._held.get(file)
        found = None if held else self.store.index.find([file]).get(file)
        record = held[0] if held else found.record if found else None
        if record is None or record.kind != Kind.RECIPE:
            return None
        return [chunk for chunk, _ in Recipe.decode(self._raw(file), file).chunks]

    def _raw(self, id: bytes) -> bytes:
        if id in self._held:
            return verified(*self._held[id])
        try:
            return self.store.reader.load([id], verified)[0]
        except BadRecordError as bad:
            raise DamageError(
                f"record {id.hex()} cannot be read here: {bad.why}", help="`modelsync store fsck --repair` mends it"
            ) from None

    def _lacking(self, ids: Collection[bytes]) -> set[bytes]:
        return self.store.missing(ids) - self._held.keys()

    def _hold(self, ids: Collection[bytes]) -> None:
        plan, total = self._plan(self._lacking(ids), self._wanted)
        for name, record, stored in self._fetch(plan):
            self._verify(name, record, stored)
            self._held[record.id] = (record, stored)
            self._count(stored, total)

    def _plan(self, lacking: set[bytes], choose: Choose) -> tuple[list[tuple[str, list[Record]]], int]:
        """Which records to fetch out of which packs, and the bytes that will have come then."""
        there = self.tables.find(lacking)
        for id in lacking - there.keys():
            raise DamageError(
                f"`{self.place.label}` lacks the record {id.hex()}, which is needed",
                help=f"{self._reason()}run it again; if it stays, `modelsync push --check` from a clone that is whole",
            )
        by_pack = defaultdict[str, list[Record]](list)
        for row in there.values():
            by_pack[row.pack].append(row.record)
        plan = [(name, choose(name, records)) for name, records in sorted(by_pack.items())]
        return plan, self.done + sum(record.stored for _, records in plan for record in records)

    def _keep_all(self, lacking: set[bytes]) -> None:
        """Write what comes into packs. When it ends too early, what came until then is kept all the same."""
        plan, total = self._plan(lacking, self._generously)
        writer, current = PackWriter(self.store.places), ""
        try:
            for name, record, stored in self._fetch(plan):
                self._verify(name, record, stored)
                if writer.size >= (PACK_LIMIT if name == current else _APART):
                    self._keep(writer)
                    writer = PackWriter(self.store.places)
                current = name
                writer.add(record, stored)
                self._count(stored, total)
        except BaseException:
            with suppress(ModelSyncError):
                self._keep(writer)
            raise
        else:
            self._keep(writer)
        finally:
            writer.discard()

    def _held_packs(self) -> Iterator[Sealed]:
        """What was held, in packs that are not known yet."""
        wanted = [self._held[id] for id in self._held.keys() & self.store.missing(self._needed)]
        writer = PackWriter(self.store.places)
        try:
            for record, stored in sorted(wanted):
                if writer.size >= PACK_LIMIT:
                    yield _sealed(writer)
                    writer = PackWriter(self.store.places)
                writer.add(record, stored)
            if writer.size:
                yield _sealed(writer)
        finally:
            writer.discard()

    def _count(self, stored: bytes, total: int) -> None:
        self.done, self.records = self.done + len(stored), self.records + 1
        self.progress(self.done, total)

    def _reason(self) -> str:
        listed = ", ".join(f"`{key}` ({why})" for key, why in self.tables.damaged.items())
        return f"damaged there: {listed}; " if listed else ""

    def _wanted(self, name: str, records: list[Record]) -> list[Record]:
        return sorted(records, key=lambda record: record.offset)

    def _generously(self, name: str, records: list[Record]) -> list[Record]:
        """Of a pack of which most is wanted all bytes that are missing here are worth having in one go."""
        wanted = sum(record.stored for record in records)
        if wanted > _WHOLE * self.tables.packs[name]:
            every = {record.id: record for record in self.tables.pack(name) if _leads_nowhere(record)}
            wanted_ids = {record.id for record in records} | self._lacking(every.keys())
            records = [*records, *(every[id] for id in wanted_ids - {record.id for record in records})]
        return sorted(records, key=lambda record: record.offset)

    def _fetch(self, plan: Sequence[tuple[str, list[Record]]]) -> Iterator[tuple[str, Record, bytes]]:
        """The stored bytes of records; some requests are ahead."""
        waiting = deque[tuple[str, list[_Run], Future[list[bytes]]]]()
        for name, runs in _requests(plan):
            ask = partial(self.place.ranges, pack_key(name), [run.span for run in runs])
            waiting.append((name, runs, begin(ask)))
            if len(waiting) > _AHEAD:
                yield from self._cut(*waiting.popleft())
        while waiting:
            yield from self._cut(*waiting.popleft())

    def _cut(self, name: str, runs: list[_Run], future: Future[list[bytes]]) -> Iterator[tuple[str, Record, bytes]]:
        try:
            parts = future.result()
        except FileNotFoundError:
            raise damage(self.place, pack_key(name), "it is not there any more") from None
        for run, part in zip(runs, parts, strict=True):
            for record in run.records:
                at = record.offset - run.span[0]
                yield name, record, part[at : at + record.stored]

    def _verify(self, name: str, record: Record, stored: bytes) -> None:
        try:
            if len(stored) != record.stored:
                raise ValueError("it ends too early")
            verified(record, stored)
        except ValueError as error:
            raise damage(
                self.place, pack_key(name), f"record {record.id.hex()} is not as its name says: {error}"
            ) from None

    def _keep(self, writer: PackWriter) -> None:
        if writer.size:
            self.store.index.commit([_sealed(writer)], (), ())


def _sealed(writer: PackWriter) -> Sealed:
    sealed = writer.seal()
    writer.publish(sealed)
    return sealed


def _leads_nowhere(record: Record) -> bool:
    return record.kind == Kind.CHUNK and not record.flags & FOLDER


@dataclass(frozen=True, slots=True)
class _Run:
    """Records that lie close together."""

    span: Span
    records: list[Record]


def _requests(plan: Sequence[tuple[str, list[Record]]]) -> Iterator[tuple[str, list[_Run]]]:
    """A few runs of one pack for each request."""
    for name, records in plan:
        runs, size = list[_Run](), 0
        for run in _runs(records):
            length = run.span[1] - run.span[0]
            if runs and (size + length > _SPAN or len(runs) >= _MOST):
                yield name, runs
                runs, size = [], 0
            runs.append(run)
            size += length
        if runs:
            yield name, runs


def _runs(records: Sequence[Record]) -> Iterator[_Run]:
    run = list[Record]()
    for record in records:
        if run:
            begin_, end = run[0].offset, run[-1].offset + run[-1].stored
            if record.offset - end > _GAP or record.offset + record.stored - begin_ > _SPAN:
                yield _Run((begin_, end), run)
                run = []
        run.append(record)
    if run:
        yield _Run((run[0].offset, run[-1].offset + run[-1].stored), run)
