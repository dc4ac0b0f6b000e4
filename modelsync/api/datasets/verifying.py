"""`dataset verify`: every stored byte of versions read again and held against its name."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from modelsync.api.datasets.looking import version, versions
from modelsync.core.artifacts import FOLDER_TYPES, Artifact
from modelsync.core.digest import Digest
from modelsync.core.errors import DamageError
from modelsync.data.sources.base import Progress, silent
from modelsync.engine.workspace import Workspace
from modelsync.plan.choices import source_of
from modelsync.registry.records import DatasetVersion


@dataclass(frozen=True, slots=True)
class Verified:
    """A version, the bytes that were read for it, and what is wrong with it (empty: nothing)."""

    version: DatasetVersion
    size: int
    problems: tuple[str, ...]


def verify(workspace: Workspace, name: str | None = None, progress: Progress = silent) -> Iterator[Verified]:
    """Each version (of one dataset, or one version of it; else of all), judged one after the other.

    Bytes that several versions share are read once. `progress` is told the bytes read.
    """
    wanted = [version(workspace, name)] if name and "@" in name else versions(workspace, name)
    parts = {each.spelled: _parts(each) for each in wanted}
    total = sum({part.digest: part.size for found in parts.values() for part in found}.values())
    judge = _Judge(workspace, progress, total)
    for each in wanted:
        before = judge.done
        problems = tuple(dict.fromkeys(said for part in parts[each.spelled] for said in judge.problems(part)))
        yield Verified(each, judge.done - before, problems)


def _parts(found: DatasetVersion) -> tuple[Artifact, ...]:
    source = source_of(found)
    return (source,) if source.digest == found.table.digest else (source, found.table)


class _Judge:
    """Reads each file once."""

    def __init__(self, workspace: Workspace, progress: Progress, total: int) -> None:
        self._store, self._progress, self._total = workspace.store, progress, total
        self._known: dict[str, str] = {}  # digest -> what is wrong with it
        self.done = 0

    def problems(self, part: Artifact) -> Iterator[str]:
        if part.type not in FOLDER_TYPES:
            files = [part.digest]
        else:
            try:
                files = [entry.digest for entry in self._store.read_manifest(part.digest).entries]
            except DamageError as error:
                yield error.message
                return
        for digest in files:
            if digest not in self._known:
                self._known[digest] = self._read(digest)
            if self._known[digest]:
                yield self._known[digest]

    def _read(self, digest: Digest) -> str:
        try:
            self._store.reader.copy(digest, self._count)
        except DamageError as error:
            return error.message
        return ""

    def _count(self, piece: bytes) -> None:
        self.done += len(piece)
        self._progress(self.done, self._total)
