"""Where the rows of a dataset come from: asked cheaply for a plan, opened for a run."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from modelsync.core.digest import Digest, of_value
from modelsync.data.sources.base import Fingerprint, Source
from modelsync.data.sources.local import FileSource, FolderSource, PatternSource
from modelsync.engine.secrets import secret
from modelsync.language.model import Dataset, Secret, SourceKind, Spec
from modelsync.plan.world import Look
from modelsync.store.folders import Entry, Manifest
from modelsync.store.hashes import FileHashes

_ELSEWHERE = (SourceKind.URL, SourceKind.QUERY)
_EXECUTABLE = 0o100


def open_source(root: Path, item: Dataset, secrets: Mapping[str, Secret]) -> Source:
    """The source that a dataset names; what a path is, file or folder, is seen on the disk. Paths start at `root`."""
    match item.kind:
        case SourceKind.GLOB:
            return PatternSource(root, item.source)
        case SourceKind.URL:
            from modelsync.data.sources import catalogue  # HTTP and buckets take time to import

            return catalogue.at(item.source)
        case SourceKind.QUERY:
            from modelsync.data.sources.query import QuerySource

            assert item.connection is not None, "the decoder asks for one"
            return QuerySource(item.source, secret(root, secrets, item.connection))
    path = root / item.source if item.path is None else item.path
    return FolderSource(path) if path.is_dir() else FileSource(path)


def look(spec: Spec, item: Dataset, hashes: FileHashes) -> Look:
    """What a source is like now. Files on this machine are read if they changed; nothing is fetched from elsewhere.

    UsageError when there is no such source, SurroundingsError when it can't be read or asked.
    """
    source = open_source(spec.root, item, spec.secrets)
    if item.kind in _ELSEWHERE:
        seen = source.fingerprint()
        return Look(None, fingerprint_of(item, seen), seen.note, seen.modified)
    modified = None if item.max_age is None else source.fingerprint().modified
    return Look(_digest(source, hashes), modified=modified)


def fingerprint_of(item: Dataset, seen: Fingerprint) -> str:
    """What is kept of a source with the version made from it; empty when only fetching tells whether it changed."""
    local = item.kind not in _ELSEWHERE  # the digest itself says more
    return "" if local or seen.value is None else of_value({"source": item.source, "value": seen.value})


def pattern_manifest(source: PatternSource, hashes: FileHashes) -> Manifest:
    """The files that a pattern matches as the manifest of a folder, by their paths below the root."""
    fetched = source.fetch(Path())  # local files are used where they lie: nothing is copied
    return Manifest(tuple(_entry(hashes, name, path) for name, path in zip(fetched.names, fetched.paths, strict=True)))


def _entry(hashes: FileHashes, name: str, path: Path) -> Entry:
    digest, size = hashes.measure(path)
    return Entry(name, bool(path.stat().st_mode & _EXECUTABLE), size, digest)


def _digest(source: Source, hashes: FileHashes) -> Digest:
    if isinstance(source, FileSource):
        return hashes.digest(source.path)
    if isinstance(source, FolderSource):
        return hashes.manifest(source.path).digest
    assert isinstance(source, PatternSource), "every other source is elsewhere"
    return pattern_manifest(source, hashes).digest
