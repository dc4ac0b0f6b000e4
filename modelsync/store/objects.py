"""The store: content goes in under its digest once, and comes out verified or not at all."""

from __future__ import annotations

import hashlib
import os
import secrets
import shutil
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from modelsync.core.digest import Digest, of_bytes, of_file
from modelsync.core.errors import DamageError, SurroundingsError, UsageError
from modelsync.store.check import Damage, check, place
from modelsync.store.durable import fresh_file, left_over, make_folder, said, sync_folder
from modelsync.store.folders import Manifest, describe, is_digest
from modelsync.store.steady import PIECE, Identity, changed, hashed, pieces

_READ_ONLY = 0o444
_NO_DIGEST = "a digest is 64 hexadecimal digits, as `sha256sum` prints them"


@dataclass(frozen=True, slots=True)
class Stored:
    """What was put: its digest (of a folder: of its manifest) and its size in bytes (of a folder: of all its files)."""

    digest: Digest
    size: int


class Store:
    """Whole files by SHA-256 below `root`; nothing is created before the first put.

    Safe for many threads and processes at once.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        self._objects = root / "objects"
        self._temp = root / "tmp"
        self._verified: dict[Digest, Identity] = {}  # hashed once by this process, and unchanged since
        self._whole_folders: set[Path] = set()  # the same for folders made by `folder_path`
        self._making = threading.Lock()
        self._swept = False

    def put_bytes(self, data: bytes) -> Stored:
        """Store some bytes; durable when this returns."""
        digest = of_bytes(data)
        if not self._keeps(digest):
            with self._new_object(digest) as handle:
                handle.write(data)
        return Stored(digest, len(data))

    def put_file(self, path: Path) -> Stored:
        """Store a regular file; durable when this returns.

        UsageError when there is no such file; SurroundingsError when it changed while it was read, or the disk refuses.
        """
        digest, size = hashed(path)
        if not self._keeps(digest):
            hasher = hashlib.sha256()
            with self._new_object(digest) as handle:
                for piece in pieces(path):
                    hasher.update(piece)
                    handle.write(piece)
                if hasher.hexdigest() != digest:
                    raise changed(path)
        return Stored(digest, size)

    def put_folder(self, path: Path) -> Stored:
        """Store every file below a folder, then the manifest that lists them; empty folders are not kept.

        UsageError for links, special files and names that are not UTF-8; SurroundingsError when something changed
        while it was read, or the disk refuses.
        """
        manifest = describe(path, self._take)
        return Stored(self.put_bytes(manifest.encode()).digest, manifest.size)

    def has(self, digest: str) -> bool:
        """Whether there is an object of that digest; its bytes are not read."""
        return is_digest(digest) and place(self._objects, digest).is_file()

    def has_folder(self, digest: Digest) -> bool:
        """Whether there is a manifest of that digest and an object for every file in it."""
        if not self.has(digest):
            return False
        try:
            return all(self.has(entry.digest) for entry in self.read_manifest(digest).entries)
        except DamageError:
            return False

    def read_bytes(self, digest: Digest) -> bytes:
        """The verified bytes of an object; DamageError when it is missing or not what its name says."""
        path = self._place(digest)
        with said("read", path):
            data = path.read_bytes()
        if of_bytes(data) != digest:
            raise self._damaged(digest)
        return data

    def read_manifest(self, digest: Digest) -> Manifest:
        """The files of a stored folder; DamageError when the object is missing, damaged, or no folder."""
        try:
            return Manifest.decode(self.read_bytes(digest))
        except ValueError as error:
            raise DamageError(
                f"object {digest} is not a folder: {error}", help="ask for a digest that was stored as a folder"
            ) from None

    def open_path(self, digest: Digest) -> Path:
        """Where a file's bytes lie, to read them in place; verified once by this process, anew when it changed."""
        path = self._place(digest)
        with said("read", path):
            seen = Identity.from_stat(path.stat())
            if self._verified.get(digest) != seen:
                if of_file(path) != digest:
                    raise self._damaged(digest)
                self._verified[digest] = seen
        return path

    def restore_file(self, digest: Digest, target: Path) -> None:
        """Write a verified copy to `target`, in one step; what stood there is replaced."""
        self._copy(digest, target, executable=False)

    def restore_folder(self, digest: Digest, target: Path) -> None:
        """Write a verified copy of a folder to `target`, in one step; UsageError when something stands there."""
        manifest = self.read_manifest(digest)
        if target.exists() and not (target.is_dir() and not any(target.iterdir())):
            raise UsageError(f"`{target}` exists already", help="choose a path that does not exist, or move it away")
        with said("write", target):
            make_folder(target.parent)
            passing = target.parent / f".{target.name}.{secrets.token_hex(8)}.tmp"
            try:
                passing.mkdir()
                for entry in manifest.entries:
                    self._copy(entry.digest, passing / entry.path, executable=entry.executable)
                os.replace(passing, target)  # noqa: PTH105 - as in `durable`
                sync_folder(target.parent)
            except BaseException:
                shutil.rmtree(passing, ignore_errors=True)
                raise

    def folder_path(self, digest: Digest, cache: Path | None = None) -> Path:
        """A folder to read in place below `cache` (default: `cache` beside the store), made when it is not there yet.

        What is there already is verified once by this process; when it is not as stored, it is made anew.
        """
        with self._making:  # two gates on one model start at the same moment; one of them makes it
            return self._folder((cache or self.root.parent / "cache") / digest, digest)

    def _folder(self, target: Path, digest: Digest) -> Path:
        manifest = self.read_manifest(digest)
        if self._is_whole(target, manifest):
            return target
        with said("replace", target):
            if target.is_symlink() or target.is_file():
                target.unlink()
            elif target.exists():
                shutil.rmtree(target)
        try:
            self.restore_folder(digest, target)
        except (UsageError, SurroundingsError):  # another process may have made it meanwhile
            if not self._is_whole(target, manifest):
                raise
        self._whole_folders.add(target)
        return target

    def verify(self, expected: Iterable[Digest] = ()) -> list[Damage]:
        """Hash every object again and name all that is wrong; `expected` are digests that must be there."""
        return check(self._objects, self._temp, expected)

    def sweep(self) -> list[Path]:
        """Remove temporary files of processes that died; returns what was removed."""
        gone = []
        for path in left_over(self._temp):
            with suppress(OSError):
                path.unlink()
                gone.append(path)
        return gone

    def _take(self, path: Path) -> tuple[Digest, int]:
        stored = self.put_file(path)
        return stored.digest, stored.size

    def _keeps(self, digest: Digest) -> bool:
        """Whether the object is there and whole. A damaged one counts as absent: it will be replaced."""
        if not self.has(digest):
            return False
        known = digest in self._verified
        try:
            path = self.open_path(digest)
        except DamageError:
            return False
        if not known:  # whoever renamed it may have died before the name was durable
            with said("write", path):
                sync_folder(path.parent)
        return True

    @contextmanager
    def _new_object(self, digest: Digest) -> Iterator[BinaryIO]:
        if not self._swept:
            self._swept = True
            self.sweep()
        path = place(self._objects, digest)
        with fresh_file(path, temp=self._temp, mode=_READ_ONLY) as handle:
            yield handle

    def _place(self, digest: Digest) -> Path:
        if not is_digest(digest):
            raise UsageError(f"`{digest}` is not a digest", help=_NO_DIGEST)
        path = place(self._objects, digest)
        if not path.is_file():
            raise DamageError(
                f"object {digest} is missing from the store `{self.root}`",
                help="run again with the original in place, which stores it anew, or bring it back from a backup",
            )
        return path

    def _damaged(self, digest: Digest) -> DamageError:
        path = place(self._objects, digest)
        return DamageError(
            f"object {digest} is damaged: the bytes in `{path}` are not those that were stored",
            help="delete that file and run again, which makes it anew, or bring it back from a backup",
        )

    def _copy(self, digest: Digest, target: Path, *, executable: bool) -> None:
        source = self._place(digest)
        hasher = hashlib.sha256()
        with fresh_file(target, temp=target.parent) as handle:
            with said("read", source), source.open("rb") as origin:
                while piece := origin.read(PIECE):
                    hasher.update(piece)
                    handle.write(piece)
            if hasher.hexdigest() != digest:
                raise self._damaged(digest)
            if executable:  # for everyone who may read it
                usual = os.fstat(handle.fileno()).st_mode
                os.fchmod(handle.fileno(), usual | (usual & 0o444) >> 2)

    def _is_whole(self, target: Path, manifest: Manifest) -> bool:
        """Whether `target` holds exactly the manifest's files; hashed once by this process."""
        if target in self._whole_folders and target.is_dir():
            return True
        try:
            whole = target.is_dir() and describe(target, hashed) == manifest
        except (UsageError, SurroundingsError):
            return False
        if whole:
            self._whole_folders.add(target)
        return whole
