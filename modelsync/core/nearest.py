"""The name that was probably meant: one measure of nearness for every "did you mean"."""

from __future__ import annotations

from collections.abc import Iterable

_ENOUGH = 0.6  # difflib's own default: two of three letters in the same order


def nearest(name: str, known: Iterable[str]) -> str:
    """The known name closest to `name`, or an empty text when none is close enough."""
    import difflib  # only a fault needs it, and a good spec has none

    folded = {candidate.casefold(): candidate for candidate in sorted(known, reverse=True)}
    found = difflib.get_close_matches(name.casefold()[:256], folded, n=1, cutoff=_ENOUGH)
    return folded[found[0]] if found else ""
