"""What a check finds, each once, with the files and folders that suffer from it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import cached_property
from pathlib import Path

from modelsync.core.digest import Digest, short
from modelsync.core.errors import DamageError
from modelsync.store.closures import folders_of
from modelsync.store.packs import Kind
from modelsync.store.reading import BadRecordError, Reader

_NAMED = 20  # files and folders named in one finding


class Part(StrEnum):
    """What part of a store is not as it should be."""

    CONFIG = "config"
    INDEX = "index"
    PACK = "pack"
    RECORD = "record"
    MISSING = "missing"
    OBJECT = "object"  # a whole file of the first form
    STRANGER = "stranger"


@dataclass(frozen=True, slots=True)
class Damage:
    """One finding: the file, the digest it stands for (None when it stands for none), what is wrong, and which stored
    files suffer: a digest for a file, `path (folder digest)` for a file in a folder.
    """

    path: Path
    digest: Digest | None
    what: str
    part: Part
    affects: tuple[str, ...] = ()


@dataclass
class Findings:
    """The damages of one check."""

    reader: Reader
    expected: Collection[Digest]
    found: dict[tuple[Path, Digest | None], Damage] = field(default_factory=dict)
    lost: set[bytes] = field(default_factory=set)

    def add(self, part: Part, path: Path, digest: Digest | None, what: str, records: Iterable[bytes] = ()) -> None:
        """Note a damage once; `records` are the ids that are lost by it."""
        if (path, digest) not in self.found:
            lost = tuple(records)
            self.lost.update(lost)
            self.found[path, digest] = Damage(path, digest, what, part, tuple(item.hex() for item in lost))

    def covers(self, reader: Reader, digest: Digest) -> bool:
        """Whether it was said already why this file is not whole."""
        file = bytes.fromhex(digest)
        if file in self.lost:
            return True
        try:
            recipe = reader.recipe(file)
        except BadRecordError as bad:
            return any(path == bad.pack for path, _ in self.found)
        return recipe is not None and not self.lost.isdisjoint(recipe.ids)

    def named(self) -> list[Damage]:
        """Every damage with the names of what suffers, sorted by path."""
        damages = [
            replace(damage, affects=self._owners.of(bytes.fromhex(item) for item in damage.affects))
            if damage.affects
            else damage
            for damage in self.found.values()
        ]
        return sorted(damages, key=lambda damage: (str(damage.path), damage.digest or "", damage.what))

    @cached_property
    def _owners(self) -> _Owners:
        return _Owners(self.reader, self.expected)


class _Owners:
    """From a record up to the files and folders that need it; made only when something is damaged."""

    def __init__(self, reader: Reader, expected: Collection[Digest]) -> None:
        self._files = defaultdict[bytes, set[bytes]](set)
        self._folders = defaultdict[bytes, list[str]](list)
        for found in reader.index.records():
            if found.record.kind == Kind.RECIPE:
                try:
                    recipe = reader.recipe(found.record.id)
                except BadRecordError:
                    continue
                for chunk in recipe.ids if recipe else ():
                    self._files[chunk].add(found.record.id)
        for folder in sorted({*folders_of(reader), *expected}):
            try:
                entries = reader.manifest(folder).entries
            except DamageError:
                continue
            for entry in entries:
                self._folders[bytes.fromhex(entry.digest)].append(f"{entry.path} (folder {short(folder)})")

    def of(self, records: Iterable[bytes]) -> tuple[str, ...]:
        """The files and folders that need any of these records; the first ones, when they are many."""
        names: dict[str, None] = {}
        for record in records:
            for file in (record, *sorted(self._files.get(record, ()))):
                for name in self._folders.get(file) or (file.hex(),):
                    names[name] = None
            if len(names) > _NAMED:
                return (*list(names)[:_NAMED], "and more")
        return tuple(names)
