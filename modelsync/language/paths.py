"""Paths that a spec writes: relative to the project root, and never out of it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from itertools import islice
from pathlib import Path, PurePosixPath

from modelsync.core.nearest import nearest
from modelsync.core.records import record

_LONGEST_PATH = 1024  # file systems refuse more, some with an exception
_LONGEST_NAME = 255  # bytes in one part of a path
_LOOKED_AT = 2000  # files and folders that are looked at for the one that was meant
_DEEPEST = 3  # folders below the root that are looked into for it


@record
class Refused:
    """Why a path can't be used: the code of the diagnostic, the sentence and the way out."""

    code: str
    message: str
    help: str = ""


def inside(root: Path, written: str) -> Path | Refused:
    """The absolute path that `written` names below `root` (itself resolved), refused when it leaves, also by a link."""
    if any(len(part.encode()) > _LONGEST_NAME for part in written.split("/")) or len(written) > _LONGEST_PATH:
        return Refused("MS104", f"`{written[:40]}...` is too long for a path")
    if "\\" in written or Path(written).is_absolute() or written.startswith("~"):
        message = f"`{written}` is not a path relative to the root"
        return Refused("MS601", message, "write it with `/`, from the root")
    path = Path(os.path.normpath(root / written))
    if not path.is_relative_to(root) or not resolved(path).is_relative_to(root):
        message = f"`{written}` leaves the project root"
        return Refused("MS601", message, "copy it into the project, or set `root:`")
    return path


def from_root(root: Path, folder: Path, written: str) -> str:
    """The path from `root` that was meant by one written from `folder`; empty when nothing lies there."""
    path = Path(os.path.normpath(folder / written))
    if Path(written).is_absolute() or len(written) > _LONGEST_PATH or not path.is_relative_to(root):
        return ""
    try:
        there = path.exists()
    except (OSError, ValueError):
        return ""
    return path.relative_to(root).as_posix() if there and path != root / written else ""


def resolved(path: Path) -> Path:
    """The path without links; the top of the file system for a circle of links, which leads nowhere."""
    try:
        return path.resolve()
    except (OSError, RuntimeError):
        return Path(path.anchor)


def root_of(folder: Path, written: str) -> Path | None:
    """The project root that `root: written` names for a spec in `folder` (resolved); None when it is not above it."""
    root = Path(os.path.normpath(folder / written))
    return None if Path(written).is_absolute() or not folder.is_relative_to(root) else root


def meant(root: Path, written: str) -> str:
    """The path below `root` that was probably meant by one that does not exist; empty when there is none like it.

    Each part may be misspelt, and so may the `/` between them; a file may also lie in another folder.
    """
    if Path(written).is_absolute() or "\\" in written:
        return ""
    ended = "/" if written.endswith("/") else ""
    parts = PurePosixPath(written).parts
    return _part_by_part(root, parts, ended) or _anywhere(root, "/".join(parts), ended)


def _part_by_part(root: Path, parts: tuple[str, ...], ended: str) -> str:
    folder = root
    for index, part in enumerate(parts):
        is_folder = index < len(parts) - 1 or bool(ended)
        there = [each.name for each in _entries(folder) if not is_folder or each.is_dir()]
        near = part if part in there else nearest(part, there)
        if not near:
            return ""
        folder /= near
    return folder.relative_to(root).as_posix() + ended


def _anywhere(root: Path, written: str, ended: str) -> str:
    suffix = PurePosixPath(written).suffix
    found = (each for each in islice(_below(root, _DEEPEST), _LOOKED_AT) if each.suffix == suffix)
    there = [each.relative_to(root).as_posix() for each in found if each.is_dir() or not ended]
    same = [each for each in there if each.rpartition("/")[2] == written.rpartition("/")[2]]
    near = same[0] if len(same) == 1 else nearest(written, same or there)
    return near + ended if near else ""


def _below(folder: Path, levels: int) -> Iterator[Path]:
    """What lies in a folder and in those below it, near ones first."""
    entries = _entries(folder)
    yield from entries
    for each in entries if levels else ():
        if each.is_dir() and not each.is_symlink():
            yield from _below(each, levels - 1)


def _entries(folder: Path) -> list[Path]:
    """What lies in a folder and is not hidden; nothing when it can't be listed."""
    try:
        with os.scandir(folder) as there:
            names = [each.name for each in islice(there, _LOOKED_AT) if not each.name.startswith((".", "__"))]
    except OSError:
        return []
    return [folder / name for name in sorted(names)]
