"""How an SQLite file is opened by those who only read, also where nothing can be written beside it."""

from __future__ import annotations

import os
from pathlib import Path


def is_writable(path: Path) -> bool:
    """Whether the folder of a database may be written: SQLite keeps its log there, even for those who only read."""
    return os.access(path.parent, os.W_OK)


def reading_address(path: Path) -> str:
    """The URI to open a database with for reading only.

    In a folder that can't be written, such as a mounted snapshot, SQLite is told that the file does not change, unless
    a log beside it says that somebody writes it or died while writing: then what is in the log must be seen.
    """
    plain = f"{path.absolute().as_uri()}?mode=ro"
    if is_writable(path) or _has_log(path):
        return plain
    return f"{plain}&immutable=1"


def _has_log(path: Path) -> bool:
    try:
        return path.with_name(f"{path.name}-wal").stat().st_size > 0
    except OSError:
        return False
