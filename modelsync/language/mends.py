"""Which mends are safe: only a slip of the pen is replaced without asking, never a word by another word."""

from __future__ import annotations

import re
from itertools import zip_longest

from modelsync.core.diagnostics import Fix, Pos
from modelsync.core.nearest import folded

_SAME = 0.8  # of the letters, in order: `trian` and `train`, but not `train` and `test`
_DIGITS = re.compile(r"[0-9]+")
_PLAIN = re.compile(r"[A-Za-z0-9_./:()\"-]+")  # what can stand in YAML without quotes


def slip(at: Pos, written: str, meant: str) -> Fix | None:
    """The mend when every part of a dotted path is as good as right; None when the writer must decide."""
    parts = zip_longest(written.split("."), meant.split("."), fillvalue="")
    safe = bool(meant) and _PLAIN.fullmatch(meant) and all(_is_slip(one, other) for one, other in parts)
    return Fix(at, meant) if safe else None


def _is_slip(written: str, meant: str) -> bool:
    import difflib  # only a fault needs it

    if folded(written) == folded(meant):
        return True  # the same words, joined in another way: `minValue`, `blue-green`
    if _DIGITS.findall(written) != _DIGITS.findall(meant):
        return False  # `feature_1` is not a slip for `feature_2`
    return difflib.SequenceMatcher(None, written[:256], meant[:256]).ratio() >= _SAME
