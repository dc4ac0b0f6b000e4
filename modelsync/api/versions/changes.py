"""What differs between two manifests, path by path."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

from modelsync.store.folders import Entry, Manifest


class Kind(StrEnum):
    """How a path differs."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"
    MODE = "may run"  # only the right to run it changed


class Change(NamedTuple):
    """One path that differs; None: no file there on that side. A tuple, because a first `add` makes 50,000."""

    path: str
    old: Entry | None
    new: Entry | None

    @property
    def kind(self) -> Kind:
        """How it differs."""
        if self.old is None:
            return Kind.ADDED
        if self.new is None:
            return Kind.REMOVED
        return Kind.MODE if self.old.digest == self.new.digest else Kind.CHANGED


def changes(old: Manifest, new: Manifest) -> tuple[Change, ...]:
    """Every path that differs, sorted."""
    if old is new or old.entries == new.entries:
        return ()
    before, after = by_path(old), by_path(new)
    differing = {entry.path for entry in set(old.entries) ^ set(new.entries)}
    return tuple(Change(path, before.get(path), after.get(path)) for path in sorted(differing))


def by_path(manifest: Manifest) -> dict[str, Entry]:
    """The files of a manifest by their path."""
    return {entry.path: entry for entry in manifest.entries}
