"""Three-way merge of manifests: by path, digest and the right to run; what both sides changed differently is listed."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from modelsync.core.digest import Digest
from modelsync.store.folders import Entry, Manifest

# In a base that was itself merged from several: nobody can say what stood there, so that it equals neither side.
UNSETTLED = Digest("")

_Files = dict[str, Entry]


class ConflictKind(StrEnum):
    """What the two sides did to one path."""

    BOTH_CHANGED = "changed on both sides"
    BOTH_ADDED = "added on both sides"
    OURS_REMOVED = "removed here, changed there"
    THEIRS_REMOVED = "changed here, removed there"
    CLASH = "a file on one side, a folder on the other"


@dataclass(frozen=True, slots=True)
class Conflict:
    """One path that can't be merged by its digest; None: no such file on that side."""

    path: str
    kind: ConflictKind
    base: Entry | None
    ours: Entry | None
    theirs: Entry | None


@dataclass(frozen=True, slots=True)
class Merged:
    """What both sides together make, with our state of every path in conflict, and the conflicts sorted by path."""

    manifest: Manifest
    conflicts: tuple[Conflict, ...]


def merge(base: Manifest, ours: Manifest, theirs: Manifest) -> Merged:
    """Bring both sides' changes since `base` together."""
    old, here, there = (_by_path(manifest) for manifest in (base, ours, theirs))
    result: _Files = {}
    conflicts: list[Conflict] = []
    for path in sorted({*old, *here, *there}):
        found = _merge_one(old.get(path), here.get(path), there.get(path))
        if isinstance(found, ConflictKind):
            conflicts.append(Conflict(path, found, old.get(path), here.get(path), there.get(path)))
            found = here.get(path)
        if found is not None:
            result[path] = found
    clashes = _settle_clashes(result, old, here, there)
    told = {clash.path for clash in clashes}
    conflicts = [*clashes, *(each for each in conflicts if each.path not in told)]
    manifest = Manifest(tuple(result[path] for path in sorted(result)))
    return Merged(manifest, tuple(sorted(conflicts, key=lambda each: each.path)))


def merge_bases(base: Manifest, one: Manifest, other: Manifest) -> Manifest:
    """One base of two, for branches that were merged crosswise; what can't be settled is marked as such."""
    merged = merge(base, one, other)
    found = _by_path(merged.manifest)
    for conflict in merged.conflicts:
        found[conflict.path] = Entry(conflict.path, executable=False, size=0, digest=UNSETTLED)
    return Manifest(tuple(found[path] for path in sorted(found)))


def _by_path(manifest: Manifest) -> _Files:
    return {entry.path: entry for entry in manifest.entries}


def _merge_one(base: Entry | None, ours: Entry | None, theirs: Entry | None) -> Entry | ConflictKind | None:
    if theirs in (ours, base):
        return ours
    if ours == base:
        return theirs
    if ours is None:
        return ConflictKind.OURS_REMOVED
    if theirs is None:
        return ConflictKind.THEIRS_REMOVED
    if base is None:
        if ours.digest != theirs.digest:
            return ConflictKind.BOTH_ADDED
        return ours._replace(executable=ours.executable or theirs.executable)
    runs = theirs.executable if ours.executable == base.executable else ours.executable
    if ours.digest in (theirs.digest, base.digest):
        return theirs._replace(executable=runs)
    if theirs.digest == base.digest:
        return ours._replace(executable=runs)
    return ConflictKind.BOTH_CHANGED


def _settle_clashes(result: _Files, old: _Files, here: _Files, there: _Files) -> list[Conflict]:
    """Where a file of one side is a folder of the other: ours stays, and the file's path is in conflict."""
    clashing: dict[str, set[str]] = {}
    for path in result:
        above = path.rpartition("/")[0]
        while above:
            if above in result:
                clashing.setdefault(above, set()).add(path)
            above = above.rpartition("/")[0]
    for file, inside in clashing.items():
        for path in [file] if file not in here else sorted(inside):
            result.pop(path, None)
    return [
        Conflict(file, ConflictKind.CLASH, old.get(file), here.get(file), there.get(file)) for file in sorted(clashing)
    ]
