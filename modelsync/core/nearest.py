"""The name that was probably meant: one measure of nearness for every "did you mean"."""

from __future__ import annotations

import re
from collections.abc import Iterable

_ENOUGH = 0.6  # difflib's own default: two of three letters in the same order
_MOST = 300  # names compared in full (50 microseconds each); a hostile file must not buy minutes with names
_WORDS = re.compile(r"[^\W_]+")
_LONGEST = 256  # letters compared


def nearest(name: str, known: Iterable[str]) -> str:
    """The known name closest to `name`, or an empty text when none is close enough.

    The same words in another order come first (`to_be_not_null`, `to_not_be_null`). Of more than 300 names only those
    closest in length are compared.
    """
    import difflib  # only a fault needs it, and a good spec has none

    wanted = name.casefold()[:_LONGEST]
    folded = {candidate.casefold()[:_LONGEST]: candidate for candidate in sorted(known, reverse=True)}
    for each, candidate in folded.items():
        if len(each) == len(wanted) and _words(each) == _words(wanted):
            return candidate
    compared = sorted(folded, key=lambda each: abs(len(each) - len(wanted)))[:_MOST]
    found = difflib.get_close_matches(wanted, compared, n=1, cutoff=_ENOUGH)
    return folded[found[0]] if found else ""


def _words(text: str) -> list[str]:
    return sorted(_WORDS.findall(text))
