"""Paths that a spec writes: relative to the project root, and never out of it."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

_LONGEST_PATH = 1024  # file systems refuse more, some with an exception
_LONGEST_NAME = 255  # bytes in one part of a path


@dataclass(frozen=True, slots=True)
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
