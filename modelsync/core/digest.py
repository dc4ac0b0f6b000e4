"""Names made from content: SHA-256 of bytes, files and plain structures."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any, NewType

Digest = NewType("Digest", str)
"""64 hexadecimal digits, what `sha256sum` prints."""

_PIECE = 1 << 20  # one MiB: large enough that the hash, not the calls, is the cost


def of_bytes(data: bytes) -> Digest:
    """The digest of some bytes."""
    return Digest(hashlib.sha256(data).hexdigest())


def of_file(path: Path) -> Digest:
    """The digest of a whole file, read in pieces."""
    hasher = hashlib.sha256()
    with path.open("rb") as handle:
        while piece := handle.read(_PIECE):
            hasher.update(piece)
    return Digest(hasher.hexdigest())


def canonical(value: Any) -> str:
    """One text for one structure: sorted keys, no spaces, finite numbers only."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False, default=str)


def of_value(value: Any) -> Digest:
    """The digest of a plain structure (maps, lists, text, numbers)."""
    return of_bytes(canonical(value).encode())


def short(digest: str) -> str:
    """The first twelve digits, for people."""
    return digest[:12]
