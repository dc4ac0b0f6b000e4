"""One put: files are cut, hashed and compressed on all cores, written into packs, and made known in one transaction."""

from __future__ import annotations

import hashlib
import io
import os
from collections import deque
from collections.abc import Callable, Collection, Sequence
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, BinaryIO, Self, cast

from modelsync.core.digest import Digest
from modelsync.core.errors import SurroundingsError
from modelsync.store import headstart
from modelsync.store.beginnings import Beginnings, Tracker
from modelsync.store.chunking import SMALL, Chunker
from modelsync.store.codec import RAW, gains, shrink, shrink_if_begun
from modelsync.store.durable import said
from modelsync.store.index import Index
from modelsync.store.packs import FILE, PACK_LIMIT, ForeignPack, Kind, PackWriter, Record, Sealed
from modelsync.store.places import Places
from modelsync.store.recipes import Recipe
from modelsync.store.steady import Identity, changed, opened

if TYPE_CHECKING:  # a store that is only looked into needs no threads, and the import costs as much as the rest
    from concurrent.futures import Future, ThreadPoolExecutor

_AHEAD = 4  # windows that may wait for their turn to be written
_BATCH_FILES, _BATCH_BYTES = 256, 2 << 20  # small files that are looked up and compressed together
_SOME = 8  # of so many small files one is compressed to see what they are like
_PENDING = 16  # sealed packs that wait for their names; each keeps a file open

Bytes = bytes | memoryview
Shrink = Callable[[Bytes], tuple[int, Bytes]]
_Items = list[tuple[Record, Bytes]]


class Session:
    """What one put writes. Nothing of it is visible before `commit`, and nothing stays when the block fails."""

    def __init__(
        self,
        places: Places,
        index: Index,
        chunker: Chunker,
        recipe_of: Callable[[Digest], Recipe | None] = lambda digest: None,
    ) -> None:
        """`recipe_of` finds the recipe of a stored file; without it no file is like another one."""
        self._places, self._index, self._chunker, self._recipe_of = places, index, chunker, recipe_of
        self._beginnings = Beginnings(places)
        self._epoch = index.epoch()
        self._mine: set[bytes] = set()  # written by this put
        self._relied: set[bytes] = set()  # found in the index, and not written for that reason
        self._lost: set[bytes] = set()  # written, and swept by somebody before it was known
        self._named: set[bytes] = set()  # written, and known to everybody already: the put takes long
        self._writer: PackWriter | None = None
        self._writers: list[PackWriter] = []
        self._sealing: list[tuple[PackWriter, Sealed | Future[Sealed]]] = []
        self._batch: list[tuple[Record, Bytes]] = []
        self._batch_bytes = 0
        self._workers: ThreadPoolExecutor | None = None
        self._hashing: ThreadPoolExecutor | None = None
        self._reading: ThreadPoolExecutor | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for pool in (self._reading, self._workers, self._hashing):
            if pool is not None:
                pool.shutdown(cancel_futures=True)
        for writer in self._writers:
            writer.discard()

    def add_file(self, path: Path, like: Digest | None = None) -> tuple[Digest, int]:
        """Take a regular file; its digest and its size. SurroundingsError when it changed while it was read.

        `like` is a stored file that may have long parts in common with it: then it takes half the time.
        """
        with opened(path) as (handle, seen):
            digest, size = self._add(handle, seen.size, FILE, like, seen)
        if size != seen.size:
            raise changed(path)
        return digest, size

    def add_listed(self, path: str, seen: Identity, like: Digest | None = None) -> Digest:
        """The same for a file whose folder is listed before and after: then one look at it is enough."""
        if seen.size > SMALL:
            return self.add_file(Path(path), like)[0]
        try:
            descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
            try:
                data = os.read(descriptor, seen.size + 1)
            finally:
                os.close(descriptor)
        except FileNotFoundError:
            raise changed(Path(path)) from None
        except OSError:
            with said("read", Path(path)):
                raise
        if len(data) != seen.size:
            raise changed(Path(path))
        return self._small(data, FILE)

    def add_bytes(self, data: bytes, flags: int) -> Digest:
        """Take some bytes as a file."""
        return self.add_stream(io.BytesIO(data), len(data), flags)[0]

    def add_stream(self, handle: BinaryIO, size: int, flags: int, like: Digest | None = None) -> tuple[Digest, int]:
        """Take everything a handle gives; `size` bytes are expected. The digest of all of it, and its real size."""
        return self._add(handle, size, flags, like, None)

    def _add(
        self, handle: BinaryIO, size: int, flags: int, like: Digest | None, seen: Identity | None
    ) -> tuple[Digest, int]:
        if size <= self._chunker.maximum:
            data = handle.read()
            if len(data) <= SMALL or sum(len(cut) for _, cut in self._chunker.windows(io.BytesIO(data))) == 1:
                return self._small(data, flags), len(data)
            handle = io.BytesIO(data)
        elif like is not None:
            return self._large_like(handle, size, flags, like, seen)
        return self._large(handle, flags)

    def rely(self, digests: Collection[str]) -> None:
        """Count on files that are in the store already."""
        self._relied.update(map(bytes.fromhex, digests))

    def commit(self, roots: Collection[str]) -> bool:
        """Make it durable, then known, then `roots` put. False when something that was relied on went away meanwhile:
        everything that was written stays, and the put must be made again.
        """
        self._flush()
        self._seal()
        packs = self._publish()
        relied = (self._relied - self._mine) | self._named
        gone = self._lost | self._index.commit(packs, relied, [bytes.fromhex(root) for root in roots], self._epoch)
        return not gone

    def sealed(self) -> tuple[list[Sealed], set[bytes]]:
        """The packs as temporary files that are durable and locked until this session ends, for another session to
        `adopt`, and the records that were not written because they are there.
        """
        self._flush()
        self._seal()
        if self._lost:
            raise SurroundingsError("what was stored vanished while it was being stored")
        packs = [made if isinstance(made, Sealed) else made.result() for _, made in self._sealing]
        return packs, (self._relied - self._mine) | self._named

    def adopt(self, packs: Collection[Sealed], relied: Collection[bytes]) -> None:
        """Take what another session has sealed; it is published and made known with the rest of this put."""
        self._relied.update(relied)
        for pack in packs:
            self._sealing.append((ForeignPack(self._places, pack), pack))
            self._mine.update(record.id for record in pack.records)

    def _small(self, data: bytes, flags: int) -> Digest:
        chunk = hashlib.sha256(data)
        self._batch.append((_chunk(chunk.digest(), len(data), flags), data))
        self._batch_bytes += len(data)
        if len(self._batch) >= _BATCH_FILES or self._batch_bytes >= _BATCH_BYTES:
            self._flush()  # here, not in a thread: for small files taking turns costs more than a second core gives
        return Digest(chunk.hexdigest())

    def _large(self, handle: BinaryIO, flags: int) -> tuple[Digest, int]:
        """The whole file is hashed in a thread of its own, beside cutting here and compressing in the others."""
        headstart.close()  # of no use without a former version
        tracker, chunks = Tracker(), list[tuple[bytes, int]]()
        waiting: deque[tuple[Future[_Items], Future[bool]]] = deque()
        squeeze: Shrink | None = None
        for fresh, cut in self._chunker.windows(handle):
            squeeze = squeeze or (shrink if gains(fresh) else _as_it_is)
            hashed = self._hash_pool().submit(tracker.update, fresh)
            waiting.append((self._pool().submit(self._prepare_cut, cut, squeeze), hashed))
            while len(waiting) > _AHEAD:
                chunks += self._take_hashed(*waiting.popleft())
        while waiting:
            chunks += self._take_hashed(*waiting.popleft())
        return self._take_recipe(Recipe(tuple(chunks)), tracker, flags)

    def _large_like(
        self, handle: BinaryIO, size: int, flags: int, like: Digest, seen: Identity | None
    ) -> tuple[Digest, int]:
        """The whole file is hashed in a thread of its own, its chunks here; others compress the new ones."""
        from modelsync.store.following import Follower, Windows  # late: most puts have no large file

        tracker = Tracker(self._beginnings.recall(bytes.fromhex(like)))
        reading, hashing = self._read_pool(), self._hash_pool()
        into = cast(io.BufferedIOBase, handle)  # typing's BinaryIO lacks `readinto`
        former = self._recipe_of(like) or Recipe(())
        follower, held = Follower(self._chunker, former), self._pool().submit(self._index.known, former.ids)
        begun = [] if seen is None else headstart.taken(seen, held.result)
        done = tracker.resume(begun, follower.most) if begun and former.ids <= held.result() else 0
        skipped, end = follower.skip(done)
        into.seek(done)
        windows = Windows(into, size - done, tracker, self._chunker, reading=reading, hashing=hashing)
        chunks = list(skipped.chunks)
        waiting: deque[Future[_Items]] = deque()
        squeeze: Shrink | None = None
        for cut in windows.cut(follower, end - done):
            chunks += [(chunk, len(data)) for chunk, data in cut]
            # Copied, because the window is written over.
            fresh = [(_chunk(chunk, len(data), 0), bytes(data)) for chunk, data in cut if chunk not in held.result()]
            if fresh:
                squeeze = squeeze or (shrink if gains(fresh[0][1]) else _as_it_is)
                waiting.append(self._pool().submit(self._prepare, fresh, squeeze))
            while len(waiting) > _AHEAD:
                self._take(waiting.popleft().result())
        while waiting:
            self._take(waiting.popleft().result())
        self._relied.update(held.result().intersection(chunk for chunk, _ in chunks) - self._mine)
        return self._take_recipe(Recipe(tuple(chunks)), tracker, flags)

    def _take_recipe(self, recipe: Recipe, tracker: Tracker, flags: int) -> tuple[Digest, int]:
        digest = tracker.whole.digest()
        data = recipe.encode(digest)
        record = Record(Kind.RECIPE, RAW, flags, digest, 0, 0, len(data), recipe.size)
        self._take(self._prepare([(record, data)], shrink))
        self._beginnings.remember(tracker)
        return Digest(digest.hex()), recipe.size

    def _prepare_cut(self, cut: Sequence[memoryview], squeeze: Shrink) -> _Items:
        return self._prepare([(_chunk(hashlib.sha256(c).digest(), len(c), 0), c) for c in cut], squeeze)

    def _prepare(self, items: Sequence[tuple[Record, Bytes]], squeeze: Shrink) -> _Items:
        """In a thread: look up what is known, compress what is not. Known records come back without bytes."""
        known, mine = self._index.known({record.id for record, _ in items}), self._mine
        prepared: _Items = []
        seen: set[bytes] = set()
        for record, data in items:
            if record.id in known or record.id in seen or record.id in mine:
                prepared.append((record, b""))
                continue
            seen.add(record.id)
            codec, stored = squeeze(data)
            kind, _, flags, identity, _, _, raw, size = record
            prepared.append((Record(kind, codec, flags, identity, 0, len(stored), raw, size), stored))
        self._relied.update([each for each in known if each not in mine])  # `mine` is large: it is never copied here
        return prepared

    def _take_hashed(self, prepared: Future[_Items], hashed: Future[bool]) -> list[tuple[bytes, int]]:
        hashed.result()
        return [(record.id, record.raw) for record in self._take(prepared.result())]

    def _take(self, prepared: _Items) -> list[Record]:
        """Write what is new, in the order of the file."""
        for record, stored in prepared:
            if record.id not in self._relied and record.id not in self._mine:
                self._mine.add(record.id)
                self._open_writer().add(record, stored)
        return [record for record, _ in prepared]

    def _open_writer(self) -> PackWriter:
        if self._writer is not None and self._writer.size >= PACK_LIMIT:
            self._seal()
        if self._writer is None:
            self._writer = PackWriter(self._places)
            self._writers.append(self._writer)
        return self._writer

    def _flush(self) -> None:
        if self._batch:
            # Images and archives gain nothing: where some of them say so, a look at the others is enough.
            is_worth = any(gains(data) for _, data in self._batch[::_SOME])
            self._take(self._prepare(self._batch, shrink if is_worth else shrink_if_begun))
            self._batch, self._batch_bytes = [], 0

    def _seal(self) -> None:
        """Let the pack be made durable beside the work on the next one."""
        if self._writer is None:
            return
        writer, self._writer = self._writer, None
        if self._workers is None and writer.size < _BATCH_BYTES:  # a small put is over by now
            self._sealing.append((writer, writer.seal()))
        else:
            self._sealing.append((writer, self._pool().submit(writer.seal)))
        if len(self._sealing) >= _PENDING:
            packs = self._publish()
            self._lost |= self._index.commit(packs, (), ())
            self._named.update(record.id for pack in packs for record in pack.records)

    def _publish(self) -> list[Sealed]:
        packs = []
        for writer, made in self._sealing:
            packs.append(made if isinstance(made, Sealed) else made.result())
            writer.publish(packs[-1])
        self._sealing = []
        return packs

    def _pool(self) -> ThreadPoolExecutor:
        if self._workers is None:
            from concurrent.futures import ThreadPoolExecutor

            self._workers = ThreadPoolExecutor(3, "store")  # two cores compress while one of them waits for the disk
        return self._workers

    def _read_pool(self) -> ThreadPoolExecutor:
        if self._reading is None:
            from concurrent.futures import ThreadPoolExecutor

            self._reading = ThreadPoolExecutor(1, "store-read-file")
        return self._reading

    def _hash_pool(self) -> ThreadPoolExecutor:
        if self._hashing is None:
            from concurrent.futures import ThreadPoolExecutor

            self._hashing = ThreadPoolExecutor(1, "store-hash")
        return self._hashing


def _chunk(digest: bytes, size: int, flags: int) -> Record:
    return Record(Kind.CHUNK, RAW, flags, digest, 0, 0, size, size)


def _as_it_is(data: Bytes) -> tuple[int, Bytes]:
    return RAW, data
