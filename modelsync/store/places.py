"""Where everything of a store lies below its root."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

PACK_ENDING = ".pack"


@dataclass(frozen=True, slots=True)
class Places:
    """The paths of one store; nothing is created by naming them."""

    root: Path

    @property
    def config(self) -> Path:
        """Format and pinned numbers."""
        return self.root / "config.json"

    @property
    def index(self) -> Path:
        """The database that says where each record lies."""
        return self.root / "store.db"

    @property
    def packs(self) -> Path:
        """The packs, in 256 folders."""
        return self.root / "packs"

    @property
    def temp(self) -> Path:
        """Files that are being written."""
        return self.root / "tmp"

    @property
    def objects(self) -> Path:
        """Whole files of the first form of the store."""
        return self.root / "objects"

    @property
    def damaged(self) -> Path:
        """Packs out of which something was lost, kept for whoever wants to look at them."""
        return self.root / "damaged"

    @property
    def cache(self) -> Path:
        """Copies that can be made again at any time, beside the store."""
        return self.root.parent / "cache"

    def pack(self, name: str) -> Path:
        """Where the pack of that name (its SHA-256) lies."""
        return self.packs / name[:2] / f"{name}{PACK_ENDING}"
