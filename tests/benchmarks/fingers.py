"""Slips of the finger: all ways to spoil one letter of a word."""

from __future__ import annotations

from collections.abc import Iterator

_ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
EDITS = ("swapped", "dropped", "doubled", "neighbour")


def slips(word: str, edit: str) -> Iterator[str]:
    """Every other word that one slip of a kind makes of a word."""
    for index, letter in enumerate(word):
        before, after = word[:index], word[index + 1 :]
        match edit:
            case "swapped":
                found = [before + after[0] + letter + after[1:]] if after and after[0] != letter else []
            case "dropped":
                found = [before + after]
            case "doubled":
                found = [before + letter + letter + after]
            case _:
                found = [before + other + after for other in neighbours(letter)]
        yield from (each for each in found if each and each != word)


def neighbours(letter: str) -> Iterator[str]:
    """The letters beside a letter on the keyboard, in its case."""
    small = letter.lower()
    for number, row in enumerate(_ROWS):
        place = row.find(small)
        if place < 0:
            continue
        # each row lies half a key to the right of the one above
        beside = [(number, place - 1), (number, place + 1), (number - 1, place), (number - 1, place + 1)]
        beside += [(number + 1, place - 1), (number + 1, place)]
        for other, column in beside:
            if 0 <= other < len(_ROWS) and 0 <= column < len(_ROWS[other]):
                found = _ROWS[other][column]
                yield found.upper() if letter.isupper() else found
