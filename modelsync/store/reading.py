"""Reading what was stored: found in the index, expanded on all cores, and given back verified or not at all."""

from __future__ import annotations

import hashlib
from collections import defaultdict, deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from modelsync.core.digest import Digest
from modelsync.core.errors import DamageError, SurroundingsError, UsageError
from modelsync.store.codec import expand
from modelsync.store.durable import said
from modelsync.store.folders import Manifest, is_digest
from modelsync.store.index import Found, Index
from modelsync.store.loose import Loose
from modelsync.store.packs import Kind, Record, read_stored, verified
from modelsync.store.places import Places
from modelsync.store.recipes import Recipe

if TYPE_CHECKING:  # a store that is only looked into needs no threads, and the import costs as much as the rest
    from concurrent.futures import Future

_TOGETHER = 32  # chunks that are read by one task: some MiB
_AHEAD = 4  # tasks whose bytes may wait
_LOOKS = 5  # a pack may be repacked between looking and opening, but not again and again

Judge = Callable[[Record, bytes], bytes]


class BadRecordError(Exception):
    """A record that cannot be had: its id, the pack (None: no row names it), and why."""

    def __init__(self, id: bytes, pack: Path | None, why: str) -> None:
        super().__init__(why)
        self.id, self.pack, self.why = id, pack, why


@dataclass(frozen=True, slots=True)
class Reader:
    """Everything that can be asked of stored bytes."""

    places: Places
    index: Index
    loose: Loose

    def has(self, digest: str) -> bool:
        """Whether a file is there with every part of it; its bytes are not read."""
        return is_digest(digest) and not self.lacking([Digest(digest)])

    def lacking(self, digests: Sequence[Digest]) -> set[Digest]:
        """Which of these files are not there, or not with every part of them."""
        found = self.index.find([bytes.fromhex(digest) for digest in digests])
        bad, packs = self.index.suspects(), dict[str, bool]()

        def whole(record: Found) -> bool:
            if record.pack not in packs:
                packs[record.pack] = self.places.pack(record.pack).is_file()
            return packs[record.pack] and record.record.id not in bad

        missing = set()
        for digest in digests:
            row = found.get(bytes.fromhex(digest))
            if row is None or not whole(row) or (row.record.kind == Kind.RECIPE and not self._parts(row, whole)):
                missing.add(digest)
        return {digest for digest in missing if self.loose.path(digest) is None}

    def size(self, digest: Digest) -> int:
        """The bytes of a file; DamageError when it is missing."""
        row = self.index.find([bytes.fromhex(digest)]).get(bytes.fromhex(digest))
        if row is not None:
            return row.record.size
        path = self.loose.path(digest)
        if path is None:
            raise self.missing(digest)
        return path.stat().st_size

    def copy(self, digest: Digest, sink: Callable[[bytes], object]) -> None:
        """Give the bytes of a file to `sink` piece by piece.

        DamageError when it is missing or not what its name says: then what `sink` got is worth nothing.
        """
        hasher = hashlib.sha256()
        try:
            for piece in self._pieces(digest):
                hasher.update(piece)
                sink(piece)
            if hasher.hexdigest() != digest:
                self._blame(digest)
        except BadRecordError as bad:
            raise self._told(digest, bad) from None

    def read(self, digest: Digest) -> bytes:
        """The verified bytes of a file."""
        pieces: list[bytes] = []
        self.copy(digest, pieces.append)
        return pieces[0] if len(pieces) == 1 else b"".join(pieces)

    def manifest(self, digest: Digest) -> Manifest:
        """The files of a stored folder; DamageError when it is missing, damaged, or no folder."""
        try:
            return Manifest.decode(self.read(digest))
        except ValueError as error:
            raise DamageError(
                f"object {digest} is not a folder: {error}", help="ask for a digest that was stored as a folder"
            ) from None

    def small(self, digests: Sequence[Digest]) -> dict[Digest, bytes]:
        """The verified bytes of those files that are one chunk, looked up together; others are left out."""
        found = self.index.find([bytes.fromhex(digest) for digest in digests])
        ids = [item for item, row in found.items() if row.record.kind == Kind.CHUNK]
        try:
            return {Digest(item.hex()): raw for item, raw in zip(ids, self.load(ids, verified), strict=True)}
        except BadRecordError as bad:
            raise self._told(Digest(bad.id.hex()), bad) from None

    def recipe(self, file: bytes) -> Recipe | None:
        """The recipe of a file; None when it is one chunk or not there. BadRecordError when it is damaged."""
        found = self.index.find([file]).get(file)
        if found is None or found.record.kind != Kind.RECIPE:
            return None
        return Recipe.decode(self.load([file], verified)[0], file)

    def load(self, ids: Sequence[bytes], judge: Judge) -> list[bytes]:
        """These records, each judged; BadRecordError when one cannot be had."""
        got: dict[bytes, bytes] = {}
        for _ in range(_LOOKS):
            missing = set(ids) - got.keys()
            if not missing:
                break
            by_pack = defaultdict[str, list[Record]](list)
            for found in self.index.find(missing).values():
                by_pack[found.pack].append(found.record)
            gone = {name for name, records in by_pack.items() if not self._read_pack(name, records, judge, got)}
        for item in ids:
            if item not in got:
                name = next((name for name in gone if item in {record.id for record in by_pack[name]}), None)
                pack = None if name is None else self.places.pack(name)
                raise BadRecordError(item, pack, "no pack holds it" if pack is None else "the pack is missing")
        return [got[item] for item in ids]

    def stored(self, id: bytes) -> tuple[Record, bytes]:
        """A record as it lies in its pack, verified; BadRecordError when it cannot be had."""
        kept: list[tuple[Record, bytes]] = []

        def keep(record: Record, stored: bytes) -> bytes:
            kept.append((record, stored))
            return verified(record, stored)

        self.load([id], keep)
        return kept[-1]

    def missing(self, digest: Digest) -> DamageError:
        """The error for a file that is not there."""
        return DamageError(
            f"object {digest} is missing from the store `{self.places.root}`",
            help="run again with the original in place, which stores it anew, or bring it back from a backup",
        )

    def _parts(self, file: Found, whole: Callable[[Found], bool]) -> bool:
        try:
            recipe = self.recipe(file.record.id)
        except BadRecordError:
            return False
        assert recipe is not None
        parts = self.index.find(recipe.ids)
        return len(parts) == len(recipe.ids) and all(whole(part) for part in parts.values())

    def _pieces(self, digest: Digest) -> Iterator[bytes]:
        """The bytes of a file, expanded and not yet verified as a whole."""
        if not is_digest(digest):
            raise UsageError(
                f"`{digest}` is not a digest", help="a digest is 64 hexadecimal digits, as `sha256sum` prints them"
            )
        file = bytes.fromhex(digest)
        found = self.index.find([file]).get(file)
        if found is None:
            path = self.loose.path(digest)
            if path is None:
                raise self.missing(digest)
            with said("read", path):
                yield from self.loose.pieces(digest)
        elif found.record.kind == Kind.RECIPE:
            recipe = self.recipe(file)
            assert recipe is not None
            yield from self._chunks([chunk for chunk, _ in recipe.chunks])
        else:
            yield from self.load([file], _expanded)

    def _chunks(self, chunks: Sequence[bytes]) -> Iterator[bytes]:
        """In order; some tasks are ahead, so that reading and expanding go on while the caller writes."""
        if len(chunks) <= _TOGETHER:
            yield from self.load(chunks, _expanded)
            return
        rest = iter(chunks)
        from concurrent.futures import ThreadPoolExecutor

        waiting: deque[Future[list[bytes]]] = deque()
        with ThreadPoolExecutor(2, "store-read") as workers:
            while some := list(islice(rest, _TOGETHER)):
                waiting.append(workers.submit(self.load, some, _expanded))
                if len(waiting) > _AHEAD:
                    yield from waiting.popleft().result()
            while waiting:
                yield from waiting.popleft().result()

    def _read_pack(self, name: str, records: list[Record], judge: Judge, got: dict[bytes, bytes]) -> bool:
        """Read some records of one pack; False when the pack is not there."""
        path = self.places.pack(name)
        try:
            with path.open("rb", buffering=0) as handle:
                for record in sorted(records, key=lambda item: item.offset):
                    try:
                        got[record.id] = judge(record, read_stored(handle.fileno(), record))
                    except ValueError as error:
                        raise BadRecordError(record.id, path, str(error)) from None
        except FileNotFoundError:
            return False
        except OSError as error:
            raise BadRecordError(records[0].id, path, f"the pack cannot be read: {error.strerror}") from None
        return True

    def _blame(self, digest: Digest) -> None:
        """The whole is wrong: find the part that is."""
        file = bytes.fromhex(digest)
        if self.index.find([file]):
            recipe = self.recipe(file)
            for chunk in recipe.ids if recipe else [file]:
                self.load([chunk], verified)
        path = self.loose.path(digest)
        raise BadRecordError(file, path, "the bytes are not those that were stored")

    def _told(self, digest: Digest, bad: BadRecordError) -> DamageError:
        """The error, and a note in the index, so that the next put of the same content writes it anew."""
        with suppress(SurroundingsError):
            if self.index.find([bad.id]):
                self.index.suspect([bad.id])
        part = "" if bad.id.hex() == digest else f"its part {bad.id.hex()}: "
        where = "" if bad.pack is None else f" (in `{bad.pack}`)"
        return DamageError(
            f"object {digest} is damaged: {part}{bad.why}{where}",
            help="run again with the original in place, which stores it anew, or `modelsync fsck --repair`",
        )


def _expanded(record: Record, stored: bytes) -> bytes:
    return expand(record.codec, stored, record.raw)
