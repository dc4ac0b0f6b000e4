"""The pointer file: the few lines in Git by which a Git commit pins the data."""

from __future__ import annotations

import re
from dataclasses import dataclass

from modelsync.api.versions.ignoring import POINTER
from modelsync.api.versions.tracked import below
from modelsync.core.digest import Digest
from modelsync.core.errors import UsageError
from modelsync.registry.commits import Commit
from modelsync.store.folders import Manifest

_HEAD = "# The data that belongs to this commit; `modelsync checkout` restores it. Written by ModelSync, not by hand."
_FORMAT = 1
_LINES = re.compile(r"format (\d+)\ncommit ([0-9a-f]{64})\n", re.ASCII)
_LONGEST = 1 << 20


@dataclass(frozen=True, slots=True)
class _Line:
    """One tracked path: the digest of the file (of the folder: of its manifest), bytes, number of files."""

    path: str
    digest: Digest
    size: int
    files: int

    def __str__(self) -> str:
        return f"{self.digest} {self.size} {self.files} {self.path}"


def encode(commit: Commit, manifest: Manifest) -> str:
    """The text of the pointer to a commit, whose files are given. A folder's path ends with `/`."""
    lines = "".join(f"{_line(path, manifest)}\n" for path in commit.paths)
    return f"{_HEAD}\nformat {_FORMAT}\ncommit {commit.id}\n{lines}"


def decode(text: str, name: str = POINTER) -> Digest:
    """The commit that a pointer names; UsageError when the text is no pointer, or left unmerged by Git."""
    if any(line.startswith(("<<<<<<< ", ">>>>>>> ")) for line in text.splitlines()):
        raise UsageError(
            f"`{name}` was left unmerged by Git",
            help="take one side (`git checkout --ours modelsync.data`), then `modelsync merge` the other commit; "
            "`modelsync git install` lets Git do that by itself",
        )
    body = "".join(f"{line}\n" for line in text.splitlines() if line and not line.startswith("#"))
    found = _LINES.match(body)
    if found is None or len(text) > _LONGEST:
        raise UsageError(
            f"`{name}` is no pointer to data",
            help="bring it back from Git, or write it anew with `modelsync checkout HEAD`",
        )
    if int(found[1]) != _FORMAT:
        raise UsageError(
            f"`{name}` has format {found[1]}, this ModelSync knows format {_FORMAT}", help="use a newer ModelSync"
        )
    return Digest(found[2])


def _line(path: str, manifest: Manifest) -> _Line:
    entries = below(manifest, path)
    if len(entries) == 1 and entries[0].path == path:
        return _Line(path, entries[0].digest, entries[0].size, 1)
    start = len(path) + 1
    folder = Manifest(tuple(entry._replace(path=entry.path[start:]) for entry in entries))
    return _Line(f"{path}/", folder.digest, folder.size, len(entries))
