"""Whole files as the first form of the store kept them: read for ever, never written any more."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from modelsync.core.digest import Digest
from modelsync.store.places import Places
from modelsync.store.steady import PIECE


def place(objects: Path, digest: str) -> Path:
    """Where the object of that digest lies: 256 folders keep each of them short."""
    return objects / digest[:2] / digest


class Loose:
    """The objects below `objects/`; most stores have none."""

    def __init__(self, places: Places) -> None:
        self._objects = places.objects

    def path(self, digest: str) -> Path | None:
        """Where an object lies; None when there is none."""
        path = place(self._objects, digest)
        return path if path.is_file() else None

    def pieces(self, digest: str) -> Iterator[bytes]:
        """The bytes of an object, not verified."""
        with place(self._objects, digest).open("rb") as handle:
            while piece := handle.read(PIECE):
                yield piece

    def all(self) -> list[tuple[Digest, Path]]:
        """Every file that lies where its name says, sorted."""
        return [(Digest(path.name), path) for path in files_below(self._objects) if self.path(path.name) == path]


def files_below(folder: Path) -> Iterator[Path]:
    """Everything in a folder that is no folder itself, sorted; links are not followed."""
    if not folder.is_dir():
        return
    for path in sorted(folder.iterdir()):
        if path.is_dir() and not path.is_symlink():
            yield from files_below(path)
        else:
            yield path
