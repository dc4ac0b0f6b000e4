"""The key of an effect: the same effect on the same content has the same key, however often it is tried."""

from __future__ import annotations

from typing import Any

from modelsync.core.digest import of_value


def effect_key(kind: str, *parts: Any) -> str:
    """A key from the kind of effect and all that decides it (plain values, digests, versions): 64 hex digits."""
    return of_value([kind, *parts])
