"""The store: content goes in under its digest once, and comes out verified or not at all."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass
from pathlib import Path

from modelsync.core.digest import Digest
from modelsync.core.errors import DamageError, SurroundingsError
from modelsync.store.check import check_fully, check_quickly
from modelsync.store.chunking import Chunker
from modelsync.store.closures import closure
from modelsync.store.collecting import Collected, collect, collectable, move_loose
from modelsync.store.durable import left_over
from modelsync.store.exchange import adopt_pack, missing, pack_of, tables
from modelsync.store.findings import Damage
from modelsync.store.folders import Listing, Manifest, assemble, listing, refuse_changes_of
from modelsync.store.hashes import FileHashes
from modelsync.store.index import Index
from modelsync.store.loose import Loose
from modelsync.store.materials import Materials
from modelsync.store.moments import Moment
from modelsync.store.packs import FILE, FOLDER, Record, Sealed
from modelsync.store.places import Places
from modelsync.store.reading import BadRecordError, Reader
from modelsync.store.recipes import Recipe
from modelsync.store.repairing import Fetch, Repaired, nowhere, repair
from modelsync.store.restoring import copy_out, folder_out
from modelsync.store.settings import read_settings
from modelsync.store.stats import Stats, stats
from modelsync.store.writing import Session

# A put that relied on content which was collected meanwhile is made again; twice in a row is bad luck already.
_TRIES = 8


@dataclass(frozen=True, slots=True)
class Stored:
    """What was put: its digest (of a folder: of its manifest) and its size in bytes (of a folder: of all its files)."""

    digest: Digest
    size: int


class Store:
    """Content by SHA-256 below `root`; nothing is created before the first put.

    Safe for many threads and processes at once.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        self.places = Places(root)
        self.index = Index(self.places)
        self.reader = Reader(self.places, self.index, Loose(self.places))
        self._materials = Materials(self.reader)
        self._swept = False

    def put_bytes(self, data: bytes) -> Stored:
        """Store some bytes; durable when this returns."""
        return self.put(lambda session: Stored(session.add_bytes(data, FILE), len(data)))

    def put_file(self, path: Path, like: Digest | None = None) -> Stored:
        """Store a regular file; durable when this returns.

        `like` is a stored file that may have long parts in common with it: then it takes half the time.
        UsageError when there is no such file; SurroundingsError when it changed while it was read, or the disk refuses.
        """
        return self.put(lambda session: Stored(*session.add_file(path, like)))

    def put_folder(self, path: Path, hashes: FileHashes | None = None) -> Stored:
        """Store every file below a folder, then the manifest that lists them; empty folders are not kept.

        With `hashes`, files that are stored and did not change since they were last seen are not read. UsageError for
        links, special files and names that are not UTF-8; SurroundingsError when something changed while it was read,
        or the disk refuses.
        """
        files = listing(path)  # refused before anything is created

        def write(session: Session) -> Stored:
            manifest = self._take_folder(session, path, files, hashes)
            return Stored(session.add_bytes(manifest.encode(), FOLDER | FILE), manifest.size)

        return self.put(write)

    def put(self, write: Callable[[Session], Stored]) -> Stored:
        """Store what `write` takes into a session; it is called again when content it relied on was collected."""
        chunker = self._ready()
        for _ in range(_TRIES):
            with Session(self.places, self.index, chunker, self._recipe) as session:
                stored = write(session)
                if session.commit([stored.digest]):
                    return stored
        raise SurroundingsError(
            f"what was stored in `{self.root}` vanished while it was being stored, {_TRIES} times in a row",
            help="look for a process that removes files there, and run it again",
        )

    def has(self, digest: str) -> bool:
        """Whether there is a file of that digest with every part of it; its bytes are not read."""
        return self.reader.has(digest)

    def has_folder(self, digest: Digest) -> bool:
        """Whether there is a manifest of that digest and a file for every entry in it."""
        if not self.has(digest):
            return False
        try:
            return not self.reader.lacking([entry.digest for entry in self.read_manifest(digest).entries])
        except DamageError:
            return False

    def read_bytes(self, digest: Digest) -> bytes:
        """The verified bytes of a file; DamageError when it is missing or not what its name says."""
        return self.reader.read(digest)

    def read_manifest(self, digest: Digest) -> Manifest:
        """The files of a stored folder; DamageError when it is missing, damaged, or no folder."""
        return self.reader.manifest(digest)

    def open_path(self, digest: Digest) -> Path:
        """Where a file's bytes lie, to read them in place; verified once by this process, anew when it changed."""
        return self._materials.file(digest)

    def folder_path(self, digest: Digest, cache: Path | None = None) -> Path:
        """A folder to read in place below `cache` (default: `cache` beside the store), made when it is not there yet.

        What is there already is verified once by this process; when it is not as stored, it is made anew.
        """
        return self._materials.folder(digest, cache or self.places.cache)

    def restore_file(self, digest: Digest, target: Path) -> None:
        """Write a verified copy to `target`, in one step; what stood there is replaced."""
        copy_out(self.reader, digest, target, temp=target.parent)

    def restore_folder(self, digest: Digest, target: Path) -> None:
        """Write a verified copy of a folder to `target`, in one step; UsageError when something stands there."""
        folder_out(self.reader, self.read_manifest(digest), target)

    def verify(self, expected: Iterable[Digest] = ()) -> list[Damage]:
        """Hash every stored byte again and name all that is wrong; `expected` are digests that must be there."""
        return check_fully(self.reader, expected)

    def verify_quickly(self, expected: Iterable[Digest] = ()) -> list[Damage]:
        """The same without reading what the records hold: sizes, tables, the index, and every part of `expected`."""
        return check_quickly(self.reader, expected)

    def sweep(self) -> list[Path]:
        """Remove temporary files of processes that died; returns what was removed."""
        gone = []
        for path in left_over(self.places.temp):
            with suppress(OSError):
                path.unlink()
                gone.append(path)
        return gone

    def collectable(self, roots: Iterable[Digest], now: Moment | None = None) -> Collected:
        """What `collect` would give back; nothing is changed."""
        return collectable(self.reader, roots, now or Moment.now())

    def collect(self, roots: Iterable[Digest], now: Moment | None = None) -> Collected:
        """Remove what neither `roots` (every file and folder that any fact names) nor anything younger than a day
        needs. LockedError when another collection is at work.
        """
        return collect(self.reader, roots, now or Moment.now())

    def repair(self, expected: Iterable[Digest] = (), fetch: Fetch = nowhere) -> Repaired:
        """Mend all that can be mended, with what `fetch` brings from elsewhere."""
        return repair(self.reader, expected, fetch)

    def stats(self) -> Stats:
        """Counts and bytes."""
        return stats(self.reader)

    def closure(self, digest: Digest) -> Iterator[bytes]:
        """The ids of all records that a file or a folder needs, each once; DamageError when one is missing."""
        move_loose(self.reader, digest)
        return closure(self.reader, digest)

    def tables(self) -> Iterator[tuple[str, tuple[Record, ...]]]:
        """Every pack by its name, with its table."""
        return tables(self.reader)

    def missing(self, ids: Collection[bytes]) -> set[bytes]:
        """Which of these records are not here."""
        return missing(self.reader, ids)

    def pack_of(self, ids: Sequence[bytes]) -> AbstractContextManager[Sealed]:
        """A pack with exactly these records, as a temporary file."""
        return pack_of(self.reader, ids)

    def adopt_pack(self, path: Path) -> Sealed:
        """Take a pack of another store, verified."""
        self._ready()
        return adopt_pack(self.reader, path)

    def close(self) -> None:
        """Let go of the index; it is opened again when needed."""
        self.index.close()

    def _ready(self) -> Chunker:
        """Make what a first put needs; how this store cuts."""
        chunker = read_settings(self.places)
        if not self._swept:
            self._swept = True
            self.sweep()
        self.index.database.ensure()
        self.index.distrust_lost_packs()
        return chunker

    def _take_folder(self, session: Session, folder: Path, files: Listing, hashes: FileHashes | None) -> Manifest:
        known = {} if hashes is None else hashes.recall(folder, files)
        held = self._held(set(known.values()))
        digests = {path: digest for path, digest in known.items() if digest in held}
        session.rely(held)
        read_ns = 0 if hashes is None else hashes.now_ns()
        fresh = {
            path: session.add_listed(f"{folder}/{path}", seen) for path, seen in files.items() if path not in digests
        }
        refuse_changes_of(folder, files, fresh)
        if hashes is not None:
            hashes.remember(folder, files, fresh, read_ns)
        return assemble(files, digests | fresh)

    def _recipe(self, digest: Digest) -> Recipe | None:
        """The recipe of a file that a new one may be like; None when it is of no use for that."""
        with suppress(BadRecordError):
            return self.reader.recipe(bytes.fromhex(digest))
        return None

    def _held(self, digests: set[Digest]) -> set[Digest]:
        """Which of these files need not be read to be stored again."""
        if self.index.suspects():
            return digests - self.reader.lacking(list(digests))
        return {Digest(item.hex()) for item in self.index.known([bytes.fromhex(digest) for digest in digests])}
