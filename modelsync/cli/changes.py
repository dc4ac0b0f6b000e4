"""Changes of tracked files in words: one line each, and not too many."""

from __future__ import annotations

from collections.abc import Sequence

from modelsync.api.versions.changes import Change
from modelsync.core.printable import printable
from modelsync.core.units import say_bytes

WIDE = 9  # letters of the first column

_MOST = 30  # lines of one list; a folder of images has thousands


def change_lines(changes: Sequence[Change], word: str) -> list[str]:
    """`staged  changed  data/x.csv  12 B -> 14 B`, one line for each path; `word` may be empty."""
    lead = f"{word:<{WIDE}}  " if word else ""
    lines = [f"{lead}{each.kind:<7}  {printable(each.path)}  {_sizes(each)}".rstrip() for each in changes[: _MOST + 1]]
    return shortened(lines, len(changes))


def shortened(lines: Sequence[str], count: int = 0) -> list[str]:
    """The first lines, and how many more there are; `count` of them in all, when not all were made."""
    more = max(count, len(lines)) - _MOST
    return list(lines) if more <= 1 else [*lines[:_MOST], f"and {more:,} more"]


def _sizes(change: Change) -> str:
    if change.old is None:
        return "" if change.new is None else say_bytes(change.new.size)
    if change.new is None or change.new.digest == change.old.digest:
        return ""
    old, new = say_bytes(change.old.size), say_bytes(change.new.size)
    return new if old == new else f"{old} -> {new}"
