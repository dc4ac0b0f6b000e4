"""What every kind of source can do: say what it is like now, and bring its bytes to a local folder."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import Protocol

from modelsync.core import digest
from modelsync.core.errors import SurroundingsError, UsageError

Progress = Callable[[int, int | None], None]
"""Told the bytes that have come and the bytes there are, None when nobody knows."""


def silent(done: int, total: int | None) -> None:
    """A progress that nobody watches."""


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """What a source is like, learnt without reading all of it.

    `value` changes when the content does; None when only fetching can tell, and then `note` says why. `modified` is
    the time of the newest content, where the source knows one.
    """

    value: str | None
    note: str = ""
    modified: datetime | None = None


@dataclass(frozen=True, slots=True)
class Fetched:
    """A source as local files: paths below `root` with `/`, sorted, `size` in bytes of all together.

    `single` tells one file from a folder that holds one. `notes` are facts a person should know of.
    """

    root: Path
    names: tuple[str, ...]
    size: int
    fingerprint: Fingerprint
    single: bool
    notes: tuple[str, ...] = ()

    @property
    def paths(self) -> tuple[Path, ...]:
        """The files themselves, in the order of `names`."""
        return tuple(self.root / name for name in self.names)

    @property
    def place(self) -> Path:
        """The one file, or the folder."""
        return self.root / self.names[0] if self.single else self.root


class Source(Protocol):
    """One kind of source; `label` names it in sentences and holds no secret."""

    @property
    def label(self) -> str:
        """The source for people."""
        ...

    def fingerprint(self) -> Fingerprint:
        """What it is like now; UsageError when it does not exist, SurroundingsError when it can't be asked."""
        ...

    def fetch(self, into: Path, progress: Progress = silent) -> Fetched:
        """Its files; `into` is a folder that does not exist yet, made only where bytes must be copied.

        Whatever ends the work early, nothing is left at `into` or beside it.
        """
        ...


@contextmanager
def arriving(into: Path) -> Iterator[Path]:
    """A folder to write into that stands at `into` when the block ends well, and nowhere otherwise."""
    import secrets  # these two cost milliseconds, and naming a source needs neither
    import shutil

    if into.exists():
        raise UsageError(f"`{into}` exists already", help="name a folder that does not exist yet")
    passing = into.with_name(f".{into.name}.{os.getpid()}-{secrets.token_hex(4)}.part")
    try:
        try:
            passing.mkdir(parents=True)
            yield passing
            passing.rename(into)
        except OSError as error:
            raise unwritable(into, error) from error
    finally:
        shutil.rmtree(passing, ignore_errors=True)


def unwritable(path: Path, error: OSError) -> SurroundingsError:
    """The error for a disk that does not take what was fetched."""
    return SurroundingsError(
        f"`{path}` can't be written: {error.strerror or error}",
        help="check the disk and its permissions, and run it again; nothing half-written was left",
    )


def refuse_names(label: str, names: list[str]) -> None:
    """UsageError for a name that is no plain path below a folder, and for one that is a file and a folder at once."""
    for name in names:
        parts = name.split("/")
        if any(part in ("", ".", "..") or "\0" in part or "\\" in part for part in parts):
            raise UsageError(
                f"{label} holds the name {name!r}, which is no path below a folder", help="rename it, or leave it out"
            )
    files = set(names)
    for name in names:
        for above in PurePosixPath(name).parents:
            if str(above) in files:
                raise UsageError(f"{label} has `{above}` as a file and as a folder at once", help="rename one of them")


def of_items(items: list[tuple[object, ...]]) -> str:
    """One short text for what is known of many files."""
    return digest.of_value([list(item) for item in items])
