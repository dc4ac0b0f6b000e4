"""Is the store still what it was: every object hashed again, and everything that does not belong there named."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from modelsync.core.digest import Digest, of_file
from modelsync.store.durable import left_over
from modelsync.store.folders import HEADER, Manifest, is_digest

_FOREIGN = "does not belong in the store"


@dataclass(frozen=True, slots=True)
class Damage:
    """One finding: the file, the digest it stands for (None when it stands for none), and what is wrong."""

    path: Path
    digest: Digest | None
    what: str


def place(objects: Path, digest: str) -> Path:
    """Where the object of that digest lies: 256 folders keep each of them short."""
    return objects / digest[:2] / digest


def check(objects: Path, temp: Path, expected: Iterable[Digest] = ()) -> list[Damage]:
    """Every damage in a store, sorted by path; nothing is changed. `expected` are digests that must be there."""
    found: list[Damage] = []
    present: set[str] = set()
    needed: dict[Digest, str] = {digest: "a fact names it" for digest in expected}
    for path in _files(objects):
        damage = _judge(objects, path)
        if damage is not None:
            found.append(damage)
            continue
        present.add(path.name)
        for entry in _members(path):
            needed.setdefault(entry[0], f"folder {path.name} holds it as `{entry[1]}`")
    damaged = {damage.digest for damage in found}
    for digest, reason in needed.items():
        if digest not in present and digest not in damaged:
            found.append(Damage(place(objects, digest), digest, f"is missing; {reason}"))
    found += [Damage(path, None, "was left by a process that died") for path in left_over(temp)]
    return sorted(found, key=lambda damage: (str(damage.path), damage.what))


def _files(folder: Path) -> Iterator[Path]:
    if not folder.is_dir():
        return
    for path in sorted(folder.iterdir()):
        if path.is_dir() and not path.is_symlink():
            yield from _files(path)
        else:
            yield path


def _judge(objects: Path, path: Path) -> Damage | None:
    """What is wrong with one file below `objects`; None when nothing is."""
    if not is_digest(path.name) or path.is_symlink() or not path.is_file():
        return Damage(path, None, _FOREIGN)
    digest = Digest(path.name)
    try:
        actual = of_file(path)
    except OSError as error:
        return Damage(path, digest, f"cannot be read: {error.strerror}")
    if actual != digest:
        return Damage(path, digest, f"its bytes hash to {actual}")
    if path != place(objects, digest):
        return Damage(path, None, f"lies in the wrong folder, expected {place(objects, digest)}")
    return None


def _members(path: Path) -> list[tuple[Digest, str]]:
    """Digest and path of each file when the object is a folder's manifest, else nothing."""
    header = HEADER.encode()
    with path.open("rb") as handle:
        if handle.read(len(header)) != header:
            return []
    try:
        manifest = Manifest.decode(path.read_bytes())
    except ValueError:  # somebody's file that only begins like a manifest
        return []
    return [(entry.digest, entry.path) for entry in manifest.entries]
