"""Remotes that can only be read: a folder remote that some web server shows."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from modelsync.core.errors import DamageError, UsageError
from modelsync.store.remotes.address import Address
from modelsync.store.remotes.asking import Asker
from modelsync.store.remotes.base import Access, Got, Listed, Mark, Span
from modelsync.store.remotes.buckets import CLIENT, RETRY
from modelsync.store.remotes.folder import CATALOGUE, FORMAT


@dataclass(slots=True)
class Http:
    """Objects behind a URL. Servers that know no ranges are asked for whole objects, of which the last is kept."""

    label: str
    store: Any
    _last: tuple[str, bytes] = field(default=("", b""), repr=False)

    def read(self, key: str) -> Got | None:
        """A small object; None when it is not there."""
        import obstore

        try:
            return Got(self._ask(lambda: bytes(obstore.get(self.store, key).bytes())), Mark(None))
        except FileNotFoundError:
            return None

    def ranges(self, key: str, spans: Sequence[Span]) -> list[bytes]:
        """Parts of an object."""
        import obstore

        kept, whole = self._last
        if kept == key:
            return [whole[start:end] for start, end in spans]
        starts, ends = [start for start, _ in spans], [end for _, end in spans]

        def get() -> list[bytes] | None:
            try:
                return [bytes(part) for part in obstore.get_ranges(self.store, key, starts=starts, ends=ends)]
            except obstore.exceptions.NotSupportedError:
                return None
            except obstore.exceptions.GenericError as error:
                if "range" not in str(error).partition("\n")[0].lower():
                    raise
                return None

        parts = self._ask(get)
        if parts is None:
            whole = self._ask(lambda: bytes(obstore.get(self.store, key).bytes()))
            self._last = (key, whole)
            parts = [whole[start:end] for start, end in spans]
        return parts

    def size(self, key: str) -> int | None:
        """The bytes of an object; None when it is not there."""
        import obstore

        try:
            return int(self._ask(lambda: obstore.head(self.store, key))["size"])
        except FileNotFoundError:
            return None

    def list(self, prefix: str) -> Iterator[Listed]:
        """The objects that the catalogue names; DamageError when it is none."""
        got = self.read(CATALOGUE)
        if got is None:
            return
        try:
            value: Any = json.loads(got.data)
            if value["format"] > FORMAT:
                raise UsageError(f"`{self.label}` has a newer format", help="use a newer ModelSync")
            objects = {str(key): int(size) for key, size in value["objects"].items()}
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
            raise DamageError(f"`{self.label}/{CATALOGUE}` is damaged", help="push once to the folder there") from None
        for key, size in objects.items():
            if key.startswith(prefix):
                yield Listed(key, size, 0.0)

    def create(self, key: str, data: bytes) -> bool:
        """UsageError: nothing can be written."""
        raise self._refused()

    def replace(self, key: str, data: bytes, mark: Mark) -> bool:
        """UsageError: nothing can be written."""
        raise self._refused()

    def overwrite(self, key: str, data: bytes) -> None:
        """UsageError: nothing can be written."""
        raise self._refused()

    def remove(self, key: str) -> None:
        """UsageError: nothing can be written."""
        raise self._refused()

    def settle(self) -> None:
        """Nothing: nothing can be written."""

    @property
    def _ask(self) -> Asker:
        return Asker(self.label)

    def _refused(self) -> UsageError:
        return UsageError(
            f"`{self.label}` can only be read", help="push to the folder or bucket itself, under another remote"
        )


def open_http(address: Address, access: Access) -> Http:
    """The place behind a URL; the options of `access` are headers, such as `authorization`."""
    from obstore.exceptions import BaseError
    from obstore.store import HTTPStore

    headers = dict(access.options)
    options: Any = {**CLIENT, "allow_http": True, **({"default_headers": headers} if headers else {})}
    retry: Any = RETRY
    try:
        store = HTTPStore.from_url(address.where, client_options=options, retry_config=retry)
    except (BaseError, ValueError) as error:
        said = str(error).partition("\n")[0]
        raise UsageError(f"`{address.url}` can't be used: {said}", help="check the address") from None
    return Http(address.url, store)
