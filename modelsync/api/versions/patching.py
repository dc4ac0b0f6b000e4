"""What differs from the staged tree, looked for only in the folders in which anything can be different."""

from __future__ import annotations

from dataclasses import dataclass

from modelsync.api.versions import ignoring
from modelsync.api.versions.changes import Change, changes
from modelsync.api.versions.glancing import Glance, Seen
from modelsync.api.versions.repository import Repository
from modelsync.api.versions.scanning import Scan, scan_folders
from modelsync.core.digest import Digest
from modelsync.store.folders import Entry, Manifest
from modelsync.store.splicing import Line, directly_in, spliced

_MOST = 2_000  # differing files; with more, reading the whole manifest is faster


@dataclass(frozen=True, slots=True)
class Part:
    """Some folders as they are staged (`text` is the whole staged manifest, `lines` theirs) and as they are now."""

    text: bytes
    lines: tuple[Line, ...]
    found: Scan

    @property
    def before(self) -> Manifest:
        """The files of these folders as they are staged."""
        return Manifest(tuple(sorted(line.entry for line in self.lines)))

    def differing(self, now: Manifest) -> tuple[Change, ...]:
        """How the files of these folders differ from what is staged."""
        return changes(self.before, now)

    def manifest(self, differing: tuple[Change, ...]) -> bytes:
        """The text of the whole manifest with these changes."""
        gone = {each.path for each in differing if each.old is not None}
        new: list[Entry] = [each.new for each in differing if each.new is not None]
        return spliced(self.text, [line for line in self.lines if line.entry.path in gone], new)


def part(repository: Repository, seen: Seen | None, now: Glance) -> Part | None:
    """Those folders that are not as they were when the files were as staged; None when that is not known."""
    staged = repository.tracked.staged
    if seen is None or staged is None or seen.tree != staged:
        return None
    folders = now.differing(seen.glance)
    rules = ignoring.read(repository.root)
    if folders is None or rules.by_file is not None:
        return None
    found = scan_folders(repository.root, sorted(folders & now.folders.keys()), rules)
    if len(found.files) > _MOST:
        return None
    text = repository.workspace.store.read_bytes(Digest(staged))
    return Part(text, tuple(line for folder in sorted(folders) for line in directly_in(text, folder)), found)
