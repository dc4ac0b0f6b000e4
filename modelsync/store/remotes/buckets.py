"""A remote in a bucket, whoever provides it: what S3 and Google's store have in common."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from modelsync.store.remotes.asking import Asker
from modelsync.store.remotes.base import Got, Listed, Mark, Span

# A pack of 64 MiB takes nine minutes over 1 Mbit/s. Silence is noticed much earlier.
CLIENT: dict[str, Any] = {"timeout": "20m", "connect_timeout": "10s", "read_timeout": "2m"}
RETRY: dict[str, Any] = {"max_retries": 0}  # tries are counted in one place, by `asking`

_PAGE = 1000  # objects of one answer, which is what servers give at most


@dataclass(frozen=True, slots=True)
class Bucket:
    """Objects below a prefix of a bucket."""

    label: str
    store: Any
    prefix: str

    def read(self, key: str) -> Got | None:
        """A small object; None when it is not there."""
        import obstore

        def get() -> Got:
            answer = obstore.get(self.store, self._path(key))
            data = bytes(answer.bytes())
            return Got(data, Mark(answer.meta["e_tag"], answer.meta["version"]))

        try:
            return self._ask(get)
        except FileNotFoundError:
            return None

    def ranges(self, key: str, spans: Sequence[Span]) -> list[bytes]:
        """Parts of an object, several at a time."""
        import obstore

        starts, ends = [start for start, _ in spans], [end for _, end in spans]

        def get() -> list[bytes]:
            return [bytes(part) for part in obstore.get_ranges(self.store, self._path(key), starts=starts, ends=ends)]

        return self._ask(get)

    def size(self, key: str) -> int | None:
        """The bytes of an object; None when it is not there."""
        import obstore

        try:
            return int(self._ask(lambda: obstore.head(self.store, self._path(key)))["size"])
        except FileNotFoundError:
            return None

    def create(self, key: str, data: bytes) -> bool:
        """Write an object that is not there yet, in one request: nothing half-sent is ever kept."""
        return self._put(key, data, "create")

    def replace(self, key: str, data: bytes, mark: Mark) -> bool:
        """Write an object that still has this mark."""
        return self._put(key, data, {"e_tag": mark.tag} if mark.version is None else {"version": mark.version})

    def overwrite(self, key: str, data: bytes) -> None:
        """Write an object whatever is there."""
        self._put(key, data, "overwrite")

    def remove(self, key: str) -> None:
        """Remove an object; nothing happens when it is not there."""
        import obstore

        try:
            self._ask(lambda: obstore.delete(self.store, self._path(key)))
        except FileNotFoundError:
            return

    def list(self, prefix: str) -> Iterator[Listed]:
        """The objects below a folder, page by page."""
        import obstore

        above, after = len(self._path("")), None
        start = self._path(prefix).rstrip("/") or None

        def ask() -> Sequence[Any] | None:
            """From where the last page ended: a stream that broke says next time that it is at its end."""
            return next(obstore.list(self.store, prefix=start, offset=after, chunk_size=_PAGE), None)

        while page := self._ask(ask):
            for each in page:
                yield Listed(each["path"][above:], each["size"], each["last_modified"].timestamp())
            if len(page) < _PAGE:
                return
            after = page[-1]["path"]

    def settle(self) -> None:
        """Nothing: buckets can be listed."""

    @property
    def _ask(self) -> Asker:
        return Asker(self.label)

    def _put(self, key: str, data: bytes, mode: Any) -> bool:
        import obstore
        from obstore import exceptions

        try:
            self._ask(lambda: obstore.put(self.store, self._path(key), data, mode=mode, use_multipart=False))
        except (exceptions.AlreadyExistsError, exceptions.PreconditionError, FileNotFoundError):
            return False
        return True

    def _path(self, key: str) -> str:
        return f"{self.prefix}/{key}" if self.prefix else key
