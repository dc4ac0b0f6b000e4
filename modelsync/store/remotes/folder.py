"""Remotes in a folder, such as a shared disk. Done without obstore, which can't compare and set a local file."""

from __future__ import annotations

import fcntl
import json
import os
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from modelsync.core.digest import of_bytes
from modelsync.core.errors import SurroundingsError
from modelsync.store.durable import fresh_file, left_over, make_folder, said
from modelsync.store.failpoints import reached
from modelsync.store.remotes.address import Address
from modelsync.store.remotes.base import Access, Got, Listed, Mark, Span

CATALOGUE = "catalogue.json"
FORMAT = 1
_LOCK, _TEMP = "lock", "tmp"
_PATIENCE = 120.0  # seconds; whoever holds the lock writes one object


@dataclass(frozen=True, slots=True)
class Folder:
    """Objects as files below a folder. Writers take turns; readers see whole files only."""

    label: str
    root: Path

    def read(self, key: str) -> Got | None:
        """A small object; None when it is not there."""
        with said("read", self.root / key):
            try:
                data = (self.root / key).read_bytes()
            except (FileNotFoundError, NotADirectoryError):
                return None
        return Got(data, Mark(of_bytes(data)))

    def ranges(self, key: str, spans: Sequence[Span]) -> list[bytes]:
        """Parts of an object."""
        try:
            with (self.root / key).open("rb", buffering=0) as handle:
                return [os.pread(handle.fileno(), end - start, start) for start, end in spans]
        except FileNotFoundError:
            raise
        except OSError as error:
            with said("read", self.root / key):
                raise error

    def size(self, key: str) -> int | None:
        """The bytes of an object; None when it is not there."""
        with said("read", self.root / key):
            try:
                return (self.root / key).stat().st_size
            except (FileNotFoundError, NotADirectoryError):
                return None

    def create(self, key: str, data: bytes) -> bool:
        """Write an object that is not there yet."""
        with self._alone():
            if (self.root / key).exists():
                return False
            self._write(key, data)
        return True

    def replace(self, key: str, data: bytes, mark: Mark) -> bool:
        """Write an object that still has this mark."""
        with self._alone():
            now = self.read(key)
            if now is None or now.mark != mark:
                return False
            self._write(key, data)
        return True

    def overwrite(self, key: str, data: bytes) -> None:
        """Write an object whatever is there."""
        with self._alone():
            self._write(key, data)

    def remove(self, key: str) -> None:
        """Remove an object; nothing happens when it is not there."""
        with self._alone(), said("remove", self.root / key):
            (self.root / key).unlink(missing_ok=True)

    def list(self, prefix: str) -> Iterator[Listed]:
        """The objects below a folder."""
        start = self.root / prefix
        with said("read", start):
            if not start.is_dir():
                return
            for folder, names, files in os.walk(start):
                names[:] = sorted(name for name in names if Path(folder, name) != self.root / _TEMP)
                for name in sorted(files):
                    path = Path(folder, name)
                    key = path.relative_to(self.root).as_posix()
                    if key not in (_LOCK, CATALOGUE):
                        with suppress(FileNotFoundError):
                            seen = path.stat()
                            yield Listed(key, seen.st_size, seen.st_mtime)

    def settle(self) -> None:
        """List all objects in a file, for those who read this folder over HTTP."""
        with self._alone():
            objects = {each.key: each.size for each in self.list("")}
            self._write(CATALOGUE, json.dumps({"format": FORMAT, "objects": objects}, indent=0).encode())
            for path in left_over(self.root / _TEMP):
                with suppress(OSError):
                    path.unlink()

    def _write(self, key: str, data: bytes) -> None:
        reached("before_remote_request")
        with fresh_file(self.root / key, temp=self.root / _TEMP) as handle:
            handle.write(data)
        reached("after_remote_request")

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """While this block runs no other process writes here."""
        with said("write", self.root):
            make_folder(self.root)
            handle = os.open(self.root / _LOCK, os.O_RDWR | os.O_CREAT, 0o666)
        try:
            self._wait(handle)
            yield
        finally:
            os.close(handle)

    def _wait(self, handle: int) -> None:
        until = time.monotonic() + _PATIENCE
        while True:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                return
            except BlockingIOError:
                if time.monotonic() > until:
                    raise SurroundingsError(
                        f"`{self.label}` has been locked for {_PATIENCE:.0f} s",
                        help="another process writes there; wait for it or end it, then run again",
                    ) from None
                time.sleep(0.02)
            except OSError as error:
                with said("lock", self.root / _LOCK):
                    raise error


def open_folder(address: Address, _: Access) -> Folder:
    """The folder of an address; it is made by the first write."""
    return Folder(address.url, Path(address.where))
