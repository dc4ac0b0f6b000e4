"""One look at the tracked files as a whole: is anything different from when they were all as staged?"""

from __future__ import annotations

import hashlib
import marshal
import os
import stat
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from modelsync.api.versions import ignoring
from modelsync.core.digest import Digest
from modelsync.core.errors import SurroundingsError
from modelsync.store.durable import fresh_file

NAME = "seen"  # a small file below `.modelsync`; it can be deleted at any time
_FORMAT = "2"


@dataclass(frozen=True, slots=True)
class Glance:
    """What was to be seen then: the tree that the files are, how many, and their bytes together."""

    tree: Digest
    files: int
    size: int


def glance(root: Path, paths: tuple[str, ...]) -> str:
    """What `stat` says of everything below some paths, as one word; another word for any change at all.

    It sees more than a status does, such as files that are ignored: then nothing is lost but the short way.
    """
    hasher = hashlib.blake2b(_FORMAT.encode(), digest_size=20)
    top = os.path.join(root, "")  # noqa: PTH118 - texts, because there may be 100,000
    _add(hasher, [_said(top + ignoring.NAME)])
    for path in paths:
        said = _said(top + path)
        if said and stat.S_ISDIR(said[0]):
            _look(top + path, hasher)
        _add(hasher, [path, said[:2] if said and stat.S_ISDIR(said[0]) else said])
    return hasher.hexdigest()


def recall(memory: Path, word: str) -> Glance | None:
    """What was remembered under that very word; None when it was another one, or nothing."""
    try:
        known, tree, files, size = memory.read_text(encoding="ascii").split()
        return Glance(Digest(tree), int(files), int(size)) if known == word else None
    except (OSError, ValueError):
        return None


def remember(memory: Path, word: str, seen: Glance) -> None:
    """Keep what was seen; where nothing was made yet nothing is made."""
    if memory.parent.is_dir():
        with suppress(SurroundingsError), fresh_file(memory, temp=memory.parent / "tmp") as handle:
            handle.write(f"{word} {seen.tree} {seen.files} {seen.size}\n".encode())


def _look(folder: str, hasher: hashlib.blake2b) -> None:
    here, inside = [], []
    try:
        with os.scandir(folder) as items:
            for item in items:
                seen = item.stat(follow_symlinks=False)
                if item.is_dir(follow_symlinks=False):
                    if not ignoring.is_built_in(item.name):
                        inside.append(item.name)
                        here.append((item.name, 0, 0, 0, 0, 0))  # its own times say nothing that its files don't
                    continue
                here.append((item.name, seen.st_mode, seen.st_size, seen.st_mtime_ns, seen.st_ctime_ns, seen.st_ino))
    except OSError as error:
        here.append((str(error.errno), 0, 0, 0, 0, 0))
    here.sort()
    _add(hasher, here)
    for name in sorted(inside):
        _look(f"{folder}/{name}", hasher)


def _add(hasher: hashlib.blake2b, seen: Any) -> None:
    hasher.update(marshal.dumps(seen, 2))  # a version without references to what was written before: one form only


def _said(path: str) -> tuple[int, ...]:
    try:
        seen = os.lstat(path)
    except OSError:
        return ()
    return seen.st_mode, seen.st_ino, seen.st_size, seen.st_mtime_ns, seen.st_ctime_ns
