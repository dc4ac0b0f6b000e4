"""A text put in the place of a file's old one: whole at every moment, with the file's permissions."""

from __future__ import annotations

import os
from pathlib import Path

from modelsync.core.errors import SurroundingsError


def replace_text(file: Path, text: str) -> None:
    """Write a file anew as UTF-8; a link stays one, and what it leads to is written.

    SurroundingsError when the file is read-only: renaming a new file over it would go round that.
    """
    if not os.access(file, os.W_OK):
        raise SurroundingsError(f"`{file}` can't be written: it is read-only", help="give yourself the right to write")
    from modelsync.store.durable import fresh_file  # only a change needs it

    target = file.resolve()
    with fresh_file(target, temp=target.parent, mode=target.stat().st_mode & 0o7777) as handle:
        handle.write(text.encode("utf-8"))
