"""Copies of stored content to be read in place: made when needed, verified, read-only, and made again at any time."""

from __future__ import annotations

import os
import shutil
import threading
import time
from contextlib import suppress
from pathlib import Path

from modelsync.core.digest import Digest, of_file
from modelsync.core.errors import SurroundingsError, UsageError
from modelsync.store.durable import left_over, make_folder, said
from modelsync.store.folders import Manifest, describe
from modelsync.store.reading import Reader
from modelsync.store.restoring import copy_out, folder_out
from modelsync.store.steady import Identity, hashed

_MOST = 20 << 30  # bytes of all copies together, or a tenth of what the disk has free if that is less
_FRESH = 3600.0  # seconds since the last use within which a copy is never removed: somebody may be about to open it
_TOUCH = 600.0  # seconds between two notes of use
_READ_ONLY = 0o444


class Materials:
    """The files in `cache/files`. A copy that is not as stored is replaced."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._folder = reader.places.cache / "files"
        self._verified: dict[Digest, Identity] = {}  # hashed once by this process, and unchanged since
        self._whole_folders: set[Path] = set()  # the same for folders
        self._making = threading.Lock()

    def file(self, digest: Digest) -> Path:
        """Where the bytes of a file lie. DamageError when the store can't give them, SurroundingsError by the disk."""
        target = self._folder / digest
        with said("read", target):
            if not self._is_whole(target, digest):
                self._make(target, digest)
            return target

    def folder(self, digest: Digest, cache: Path) -> Path:
        """Where a copy of a folder lies below `cache`; errors as `file`."""
        with self._making:  # two gates on one model start at the same moment; one of them makes it
            target = cache / digest
            manifest = self._reader.manifest(digest)
            if not self._is_whole_folder(target, manifest):
                self._make_folder(target, manifest)
            return target

    def make_room(self, size: int) -> None:
        """Remove the copies that were not used for the longest time, until `size` more bytes fit below the limit."""
        if not self._folder.is_dir():
            return
        files = [(path, path.stat()) for path in self._folder.iterdir() if path.is_file()]
        used = sum(seen.st_size for _, seen in files)
        limit = min(_MOST, (shutil.disk_usage(self._folder).free + used) // 10)
        for path, seen in sorted(files, key=lambda item: item[1].st_mtime):
            if used + size <= limit:
                return
            if time.time() - seen.st_mtime > _FRESH:
                with suppress(OSError):
                    path.unlink()
                    used -= seen.st_size

    def _is_whole(self, target: Path, digest: Digest) -> bool:
        if not target.is_file() or target.is_symlink():
            return False
        seen = Identity.from_stat(target.stat())
        if self._verified.get(digest) != seen:
            if of_file(target) != digest:
                return False
            self._verified[digest] = seen
        if time.time() - seen.mtime_ns / 1e9 > _TOUCH:
            with suppress(OSError):  # not ours to touch: then it only looks older than it is
                os.utime(target)
                self._verified[digest] = Identity.from_stat(target.stat())
        return True

    def _make(self, target: Path, digest: Digest) -> None:
        size = self._reader.size(digest)
        make_folder(self._folder)
        for path in left_over(self._folder / "tmp"):
            with suppress(OSError):
                path.unlink()
        if target.is_dir() and not target.is_symlink():
            shutil.rmtree(target)
        self.make_room(size)
        copy_out(self._reader, digest, target, temp=self._folder / "tmp", mode=_READ_ONLY)
        self._verified[digest] = Identity.from_stat(target.stat())

    def _make_folder(self, target: Path, manifest: Manifest) -> None:
        with said("replace", target):
            if target.is_symlink() or target.is_file():
                target.unlink()
            elif target.exists():
                shutil.rmtree(target)
        try:
            folder_out(self._reader, manifest, target)
        except (UsageError, SurroundingsError):  # another process may have made it meanwhile
            if not self._is_whole_folder(target, manifest):
                raise
        self._whole_folders.add(target)

    def _is_whole_folder(self, target: Path, manifest: Manifest) -> bool:
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
