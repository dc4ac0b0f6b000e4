"""What stands where in a good spec: each word that can be misspelt, with what would be right in its place."""

from __future__ import annotations

from dataclasses import dataclass, field

from modelsync.language.known import Known
from modelsync.language.model import Spec
from modelsync.language.shapes import Fields, Shape
from modelsync.language.text.nodes import Item, Mapping, Node, Scalar

Place = tuple[int, int]  # line and column, from 1
TreePath = tuple[str | int, ...]  # the keys and numbers that lead to a node


@dataclass(frozen=True, slots=True)
class Spot:
    """One word: its offsets in the text, where a slip in it may be told, and which first suggestions are right."""

    kind: str
    group: str  # what it is more closely, so that the many of one sort do not crowd out the few of another
    start: int
    end: int
    places: frozenset[Place]
    meant: frozenset[str]
    whole: tuple[int, int]  # the offsets of the scalar it belongs to
    legal: frozenset[str] = frozenset()  # whole scalars that would be right too
    free: str = ""  # why a slip in it leaves a good spec


@dataclass(frozen=True, slots=True)
class Leaf:
    """A value with its shape."""

    shape: Shape
    node: Node
    key: str
    path: TreePath


@dataclass(frozen=True, slots=True)
class Entry:
    """A key of a mapping with known keys, and the name of what it belongs to."""

    fields: Fields
    owner: Mapping
    item: Item
    path: TreePath  # of the owner
    flow: bool


@dataclass(slots=True)
class Survey:
    """Everything found in one text."""

    text: str
    root: Mapping
    spec: Spec
    known: Known
    included: str = ""  # the texts of all files that it includes
    spots: list[Spot] = field(default_factory=list)
    leaves: list[Leaf] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)
    scalars: list[Scalar] = field(default_factory=list)
    defined: dict[tuple[str, ...], Scalar] = field(default_factory=dict)
    uses: dict[tuple[str, ...], list[Place]] = field(default_factory=dict)
    _starts: list[int] = field(default_factory=list)

    def offset(self, line: int, col: int) -> int:
        """The offset of a place."""
        return self._starts[line - 1] + col - 1

    def place(self, offset: int) -> Place:
        """The place of an offset."""
        before = self.text[:offset]
        return before.count("\n") + 1, offset - before.rfind("\n")

    def inner(self, node: Scalar) -> tuple[int, int] | None:
        """The offsets of a scalar's text, None where they can't be had: escapes, several lines, another file."""
        if node.at.line != node.at.end_line or node.at.file != self.spec.path or not node.text:
            return None
        start = self.offset(node.at.line, node.at.col) + (1 if node.style in ("'", '"') else 0)
        end = start + len(node.text)
        return (start, end) if self.text[start:end] == node.text else None

    def is_flow(self, node: Node) -> bool:
        """Whether a collection is written with brackets."""
        return self.text[self.offset(node.at.line, node.at.col)] in "[{"
