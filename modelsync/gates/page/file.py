"""A page on the disk: all of it, or nothing."""

from __future__ import annotations

import os
import uuid
from pathlib import Path


def keep(page: str, path: Path) -> None:
    """Write a page; a reader sees the old one or the new one, and a crash leaves no half of it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{uuid.uuid4().hex}.part")
    with part.open("w", encoding="utf-8", errors="replace") as handle:  # a lone surrogate is no text
        handle.write(page)
        handle.flush()
        os.fsync(handle.fileno())
    part.replace(path)
