"""One fault in a good spec: what is replaced, where it must be told, and what must be suggested."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from tests.benchmarks.fingers import EDITS, slips
from tests.benchmarks.spots import Place, Survey, TreePath

TYPOS = (
    "key",
    "definition",
    "reference",
    "bare name",
    "enum",
    "kind",
    "expectation",
    "expectation argument",
    "argument",
    "function",
    "file",
    "param",
    "condition",
    "metric",
    "drift test",
    "column",
)
"""The kinds of words; a slip in each must be told with the word that was meant."""


@dataclass(frozen=True, slots=True)
class Fault:
    """The text between two offsets becomes another."""

    kind: str
    group: str  # what it is more closely
    start: int
    end: int
    new: str
    places: frozenset[Place] = frozenset()  # where it may be told, in the new text
    meant: frozenset[str] = frozenset()  # the first suggestions that are right; empty: none is asked for
    free: str = ""  # why the spec is still good
    owner: TreePath | None = None  # instead of places: what misses a key is told at itself or at its name

    def applied(self, text: str) -> str:
        """The spoilt text."""
        return text[: self.start] + self.new + text[self.end :]


Maker = Callable[[Survey], Iterator[Fault]]


def typos(kind: str) -> Maker:
    """All slips in words of one kind."""

    def made(survey: Survey) -> Iterator[Fault]:
        for spot in survey.spots:
            if spot.kind != kind:
                continue
            word = survey.text[spot.start : spot.end]
            before, after = survey.text[spot.whole[0] : spot.start], survey.text[spot.end : spot.whole[1]]
            for edit in EDITS:
                for new in slips(word, edit):
                    free = spot.free or ("it is another right word" if before + new + after in spot.legal else "")
                    meant = spot.meant | {new} if kind == "definition" else spot.meant
                    places = frozenset(_after(survey, place, spot.end, len(new) - len(word)) for place in spot.places)
                    yield Fault(kind, f"{edit} {spot.group}", spot.start, spot.end, new, places, meant, free)

    return made


def _after(survey: Survey, place: Place, end: int, more: int) -> Place:
    """Where a place is when letters before it in its line are more or fewer."""
    line, col = place
    is_moved = survey.text.count("\n", 0, end) + 1 == line and survey.offset(line, col) >= end
    return (line, col + more) if is_moved else place
