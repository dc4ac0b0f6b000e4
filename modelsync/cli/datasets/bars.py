"""Numbers as a row of block characters, for how values lie in a column."""

from __future__ import annotations

import math
import sys
from collections.abc import Sequence

_BLOCKS = "▁▂▃▄▅▆▇█"
_PLAIN = ".:-=+*#@"  # for a screen that can't show blocks


def bars(counts: Sequence[int], wide: int) -> str:
    """One sign for each count, or for some neighbours together when there is no room; an empty bin is a space."""
    if not counts:
        return ""
    together = math.ceil(len(counts) / max(wide, 1))
    bins = [sum(counts[at : at + together]) for at in range(0, len(counts), together)]
    signs, most = _signs(), max(bins)
    return "".join(signs[math.ceil(count / most * len(signs)) - 1] if count else " " for count in bins)


def _signs() -> str:
    try:
        _BLOCKS.encode(sys.stdout.encoding or "ascii")
    except (UnicodeEncodeError, LookupError):
        return _PLAIN
    return _BLOCKS
