"""What belongs to what: a folder's files, a file's chunks, down to every record that a digest needs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from modelsync.core.digest import Digest
from modelsync.core.errors import DamageError
from modelsync.store.folders import HEADER, Entry, Manifest
from modelsync.store.packs import FOLDER, Kind, verified
from modelsync.store.reading import BadRecordError, Reader

_HEADER = HEADER.encode()


def entries(reader: Reader, digest: Digest) -> tuple[Entry, ...]:
    """The files of a folder; none when the digest is a file that is no manifest. DamageError as `Reader.read`."""
    if not _is_like_a_manifest(reader, digest):
        return ()
    try:
        return Manifest.decode(reader.read(digest)).entries
    except ValueError:  # somebody's file that only begins like a manifest
        return ()


def begins_like_a_manifest(path: Path) -> bool:
    """Whether a file may be the manifest of a folder."""
    with path.open("rb") as handle:
        return handle.read(len(_HEADER)) == _HEADER


def closure(reader: Reader, digest: Digest) -> Iterator[bytes]:
    """The ids of all records that a file or a folder needs, each once; DamageError when one of them is missing."""
    walk = Walk(reader)
    walk.add([digest])
    for lost, reason in (walk.unreadable | walk.lost).items():
        raise DamageError(
            f"object {digest} is not whole: record {lost.hex()} is missing ({reason})",
            help="`modelsync fsck --repair` names what is lost and brings it back from a remote",
        )
    yield from walk.reached


@dataclass(slots=True)
class Walk:
    """A walk from digests to everything below them. Nothing stops it: what is not there is noted in `lost`, and what
    is there but cannot be read, so that nobody knows what is below it, in `unreadable`.
    """

    reader: Reader
    reached: set[bytes] = field(default_factory=set)
    lost: dict[bytes, str] = field(default_factory=dict)
    unreadable: dict[bytes, str] = field(default_factory=dict)
    loose: set[Digest] = field(default_factory=set)

    def add(self, digests: Iterable[Digest]) -> None:
        """Reach these files and folders and everything they need."""
        fresh = {bytes.fromhex(digest): "it was asked for" for digest in digests}
        files: dict[bytes, str] = {}
        for item in self._files(fresh):
            try:
                inside = entries(self.reader, Digest(item.hex()))
            except DamageError as error:
                self.unreadable[item] = error.message
                continue
            for entry in inside:
                files.setdefault(bytes.fromhex(entry.digest), f"folder {item.hex()} holds it as `{entry.path}`")
        self._files(files)

    def _files(self, wanted: dict[bytes, str]) -> list[bytes]:
        """Reach files and their chunks; the answer is those that are there and were not reached before."""
        fresh = {item: reason for item, reason in wanted.items() if item not in self.reached}
        found = self.reader.index.find(fresh)
        for item, row in found.items():
            self.reached.add(item)
            if row.record.kind == Kind.RECIPE:
                self._chunks(item)
        there = list(found)
        for item in fresh.keys() - found.keys():
            digest = Digest(item.hex())
            if self.reader.loose.path(digest) is not None:
                self.loose.add(digest)
                there.append(item)
            else:
                self.lost[item] = fresh[item]
        return there

    def _chunks(self, file: bytes) -> None:
        try:
            recipe = self.reader.recipe(file)
        except BadRecordError as bad:
            self.unreadable[file] = bad.why
            return
        if recipe is not None:
            found = self.reader.index.find(recipe.ids - self.reached)
            for chunk in recipe.ids - self.reached - found.keys():
                self.lost[chunk] = f"file {file.hex()} needs it"
            self.reached |= found.keys()


def folders_of(reader: Reader) -> list[Digest]:
    """Every folder in the packs."""
    return [Digest(found.record.id.hex()) for found in reader.index.records() if found.record.flags & FOLDER]


def _is_like_a_manifest(reader: Reader, digest: Digest) -> bool:
    """Looked at without reading a large file."""
    file = bytes.fromhex(digest)
    found = reader.index.find([file]).get(file)
    if found is None:
        path = reader.loose.path(digest)
        return path is not None and begins_like_a_manifest(path)
    try:
        recipe = reader.recipe(file)
        first = file if recipe is None else recipe.chunks[0][0]
        return reader.load([first], verified)[0].startswith(_HEADER)
    except BadRecordError as bad:
        raise DamageError(f"object {digest} is damaged: {bad.why}", help="`modelsync fsck` says more") from None
