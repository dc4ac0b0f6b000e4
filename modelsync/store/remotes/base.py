"""What every remote place can do: whole objects under keys, changed only by those who saw what they change."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

Span = tuple[int, int]
"""The first byte and the one behind the last."""


@dataclass(frozen=True, slots=True)
class Mark:
    """What is different whenever an object is: an ETag, a generation. Places fill what they compare."""

    tag: str | None
    version: str | None = None


@dataclass(frozen=True, slots=True)
class Got:
    """The bytes of an object, and the mark by which a change is noticed."""

    data: bytes
    mark: Mark


@dataclass(frozen=True, slots=True)
class Listed:
    """An object by its key, its bytes, and when it was written: seconds since 1970 by the clock of that place."""

    key: str
    size: int
    modified: float


@dataclass(frozen=True, slots=True)
class Access:
    """How a place is reached: another endpoint than the usual one, a region, the provider's own options.

    `options` may hold secrets, which are never shown.
    """

    endpoint: str = ""
    region: str = ""
    options: Mapping[str, str] = field(default_factory=dict, repr=False)


class Place(Protocol):
    """Objects under keys with `/`. Every method may raise SurroundingsError (nobody answers, no access, disk) and
    UsageError (no such bucket or folder).
    """

    @property
    def label(self) -> str:
        """The address as it may be shown."""

    def read(self, key: str) -> Got | None:
        """A small object; None when it is not there."""

    def ranges(self, key: str, spans: Sequence[Span]) -> list[bytes]:
        """Parts of an object in the order asked for; a part may be short when the object is. FileNotFoundError when
        it is not there.
        """

    def size(self, key: str) -> int | None:
        """The bytes of an object; None when it is not there."""

    def create(self, key: str, data: bytes) -> bool:
        """Write an object that is not there yet; False, and nothing is written, when it is."""

    def replace(self, key: str, data: bytes, mark: Mark) -> bool:
        """Write an object that still has this mark; False, and nothing is written, when it has not."""

    def overwrite(self, key: str, data: bytes) -> None:
        """Write an object whatever is there."""

    def remove(self, key: str) -> None:
        """Remove an object; nothing happens when it is not there."""

    def list(self, prefix: str) -> Iterator[Listed]:
        """The objects whose keys begin with a folder (`packs/`), or all (``)."""

    def settle(self) -> None:
        """What must be done after objects came or went, so that readers who can't list see them."""
