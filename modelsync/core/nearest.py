"""The name that was probably meant: one measure of nearness for every "did you mean"."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

_ENOUGH = 0.6  # difflib's own default: two of three letters in the same order
_MOST = 300  # names compared in full (50 microseconds each); a hostile file must not buy minutes with names
_SHORTLIST = 8  # names close enough that are ranked by distance
_PARTS = re.compile(r"[^\W_]+|[^\w\s]")  # words, and the signs between them
_WORDS = re.compile(r"[^\W_]+")
_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_JOINT = re.compile(r"[-\s]+")
_DIGITS = re.compile(r"[0-9]+")
_AS_IT_IS = re.compile(r"[a-z0-9_.]*")
_LONGEST = 256  # letters compared
_ROWS = ("qwertyuiop", "asdfghjkl;", "zxcvbnm,./")  # each half a key further right than the one above


def nearest(name: str, known: Iterable[str]) -> str:
    """The known name closest to `name`, or an empty text when none is close enough.

    The same words come first, joined as other languages join them (`noReference`, `blue-green`) or in another order
    (`to_be_not_null`, `to_not_be_null`); then names that one slip of the finger turns into this one, however short;
    then those with the fewest edits for their length. Of more than 300 names only those closest in length are compared.
    """
    wanted = folded(name)
    names = {folded(candidate): candidate for candidate in sorted(known, reverse=True)}
    if wanted in names:
        return names[wanted]
    words = _words(wanted)
    for each, candidate in names.items():
        if len(each) == len(wanted) and _words(each) == words:
            return candidate
    slips = {each: weight for each in names if len(each) > 1 and (weight := _slip(wanted, each)) is not None}
    if slips:
        return names[min(slips, key=lambda each: (slips[each], *_rank(wanted, each)))]
    import difflib  # only a fault needs it, and a good spec has none

    compared = sorted(names, key=lambda each: abs(len(each) - len(wanted)))[:_MOST]
    found = difflib.get_close_matches(wanted, compared, n=_SHORTLIST, cutoff=_ENOUGH)
    found = [each for each in found if _is_near(wanted, each)]
    return names[min(found, key=lambda each: _rank(wanted, each))] if found else ""


def _is_near(one: str, other: str) -> bool:
    """Whether two names are alike without the words that both begin and end with: `mail_hook` is not `chat_hook`."""
    import difflib

    first, second = _PARTS.findall(one), _PARTS.findall(other)
    while first and second and first[0] == second[0]:
        del first[0], second[0]
    while first and second and first[-1] == second[-1]:
        del first[-1], second[-1]
    if not first or not second:
        return True
    return difflib.SequenceMatcher(None, "_".join(first), "_".join(second)).ratio() >= _ENOUGH


def folded(name: str) -> str:
    """A name in snake case, at most 256 letters: `minValue`, `min-value` and `MIN_VALUE` are all `min_value`."""
    if _AS_IT_IS.fullmatch(name):
        return name[:_LONGEST]
    return _JOINT.sub("_", _HUMP.sub("_", name[:_LONGEST])).casefold()


def is_slip(written: str, meant: str) -> bool:
    """Whether one slip of the finger turns one name into the other; another number is another name."""
    one, other = folded(written), folded(meant)
    return _DIGITS.findall(one) == _DIGITS.findall(other) and (one == other or _slip(one, other) is not None)


def slipped(written: str, words: Sequence[str]) -> str:
    """The first of some words that a likely slip of the finger turns into this, however short; empty when none does."""
    return next((word for word in words if _slip(written.casefold(), word.casefold()) == 0), "")


def edits(written: str, meant: str) -> int:
    """How many letters must be put in, taken out, replaced or swapped with the next to get from one to the other."""
    two_above: list[int] = []
    above = list(range(len(meant) + 1))
    for row, letter in enumerate(written):
        here = [row + 1]
        for column, other in enumerate(meant):
            cost = min(above[column + 1] + 1, here[column] + 1, above[column] + (letter != other))
            if row and column and letter == meant[column - 1] and written[row - 1] == other:
                cost = min(cost, two_above[column - 1] + 1)
            here.append(cost)
        two_above, above = above, here
    return above[-1]


def _rank(written: str, meant: str) -> tuple[float, bool, float]:
    import difflib

    share = edits(written, meant) / max(len(written), len(meant))
    return share, written[:1] != meant[:1], -difflib.SequenceMatcher(None, written, meant).ratio()


def _slip(written: str, meant: str) -> int | None:
    """How odd the one slip between two words is: 0 as fingers slip, 1 another; None when it is more than one."""
    if abs(len(written) - len(meant)) > 1 or not written:
        return None
    shortest = min(len(written), len(meant))
    start = next((index for index in range(shortest) if written[index] != meant[index]), shortest)
    end = 0
    while end < shortest - start and written[-1 - end] == meant[-1 - end]:
        end += 1
    wrong, right = written[start : len(written) - end], meant[start : len(meant) - end]
    match len(wrong), len(right):
        case 0, 1:
            return 0
        case 1, 0:
            return 0 if wrong in (written[start - 1 : start], written[start + 1 : start + 2]) else 1
        case 1, 1:
            return 0 if _beside(wrong, right) else 1
        case 2, 2:
            return 0 if wrong == right[::-1] else None
    return None


def _beside(one: str, other: str) -> bool:
    """Whether two keys touch on the keyboard."""
    places = [
        next(((row, keys.find(key)) for row, keys in enumerate(_ROWS) if key in keys), None) for key in (one, other)
    ]
    if places[0] is None or places[1] is None:
        return False
    (upper, left), (lower, right) = sorted((places[0], places[1]))
    return left - right in ((0, 1) if upper < lower else (-1, 1)) and lower - upper <= 1


def _words(text: str) -> list[str]:
    return sorted(_WORDS.findall(text))
