"""Faults of form: indentation, dashes, colons, quotes, brackets, tabs."""

from __future__ import annotations

from collections.abc import Iterator

from modelsync.language.text.nodes import Item, Mapping, Node, Scalar, Sequence
from tests.benchmarks.faults import Fault
from tests.benchmarks.spots import Place, Survey


def _lines(text: str) -> Iterator[tuple[int, int, str]]:
    """Each line that says something: its number, its offset and itself."""
    offset = 0
    for number, line in enumerate(text.splitlines(keepends=True), 1):
        if line.strip() and not line.lstrip().startswith("#"):
            yield number, offset, line.rstrip("\n")
        offset += len(line)


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


def indentation(survey: Survey) -> Iterator[Fault]:
    """One space more or less."""
    return _shifted(survey, "indentation", 1)


def level(survey: Survey) -> Iterator[Fault]:
    """One level more or less."""
    return _shifted(survey, "level", 2)


def _shifted(survey: Survey, kind: str, by: int) -> Iterator[Fault]:
    for number, offset, line in _lines(survey.text):
        deep = _indent(line)
        yield Fault(kind, "more", offset, offset, " " * by, frozenset({(number, deep + by + 1)}))
        if deep >= by:
            yield Fault(kind, "less", offset, offset + by, "", frozenset({(number, deep - by + 1)}))


def dash(survey: Survey) -> Iterator[Fault]:
    """A dash that stands elsewhere, has no space after it, or is gone."""
    for number, offset, line in _lines(survey.text):
        deep = _indent(line)
        if not line.lstrip().startswith("- "):
            continue
        at, places = offset + deep, frozenset({(number, deep + 1)})
        for by in (1, 2):
            yield Fault("dash", "more", offset, offset, " " * by, frozenset({(number, deep + by + 1)}))
            yield Fault("dash", "less", offset, offset + by, "", frozenset({(number, deep - by + 1)}))
        yield Fault("dash", "no space", at + 1, at + 2, "", places)
        yield Fault("dash", "gone", at, at + 2, "", places)
        yield Fault("dash", "gone, not its space", at, at + 1, " ", frozenset({(number, deep + 1), (number, deep + 3)}))


def colon(survey: Survey) -> Iterator[Fault]:
    """A key without its colon."""
    for end, places in _colons(survey):
        yield Fault("colon", "", end, end + 1, "", places)


def space(survey: Survey) -> Iterator[Fault]:
    """A colon without its space."""
    for end, places in _colons(survey):
        if survey.text[end + 1 : end + 2] == " ":
            yield Fault("space", "", end + 1, end + 2, "", places)


def _colons(survey: Survey) -> Iterator[tuple[int, frozenset[Place]]]:
    for item in {item.key.at: item for item in _items(survey.root) if item.key.at.file == survey.spec.path}.values():
        at = item.key.at
        end = survey.offset(at.line, at.end_col)
        if survey.text[end : end + 1] == ":":
            yield end, frozenset({(at.line, at.col), (at.line, at.end_col)})


def _items(node: Node) -> Iterator[Item]:
    match node:
        case Mapping():
            for item in node.items:
                yield item
                yield from _items(item.value)
        case Sequence():
            for each in node.items:
                yield from _items(each)


def quote(survey: Survey) -> Iterator[Fault]:
    """A quote too few or too many; told at either of the pair."""
    for node in {each.at: each for each in survey.scalars if each.style in ("'", '"')}.values():
        at = node.at
        start, end = survey.offset(at.line, at.col), survey.offset(at.end_line, at.end_col) - 1
        yield from _halved(survey, "quote", start, end, {start}, {end})


def bracket(survey: Survey) -> Iterator[Fault]:
    """A bracket or brace too few or too many; told at either of the pair.

    Of brackets that close one after the other, `]]}`, nobody can see which is the one too few or too many.
    """
    pairs = dict(_brackets(survey))
    ends = {end: start for start, end in pairs.items()}
    for start, end in pairs.items():
        closers = {end}
        while max(closers) + 1 in ends and survey.text[max(closers) + 1] == survey.text[end]:
            closers.add(max(closers) + 1)
        while min(closers) - 1 in ends and survey.text[min(closers) - 1] == survey.text[end]:
            closers.add(min(closers) - 1)
        yield from _halved(survey, "bracket", start, end, {ends[each] for each in closers}, closers)


def _halved(survey: Survey, kind: str, start: int, end: int, openers: set[int], closers: set[int]) -> Iterator[Fault]:
    """One of two signs gone or doubled; each place counts in the new text."""
    text = survey.text
    for name, offset in (("opening", start), ("closing", end)):
        gone, more = text[:offset] + text[offset + 1 :], text[: offset + 1] + text[offset:]
        after = {each - (each > offset) for each in openers | closers | {start, end}}
        yield Fault(kind, f"{name} dropped", offset, offset + 1, "", _places(gone, after))
        after = {each + (each > offset) for each in openers | closers | {start, end, offset}}
        yield Fault(kind, f"{name} doubled", offset, offset, text[offset], _places(more, after | {offset + 1}))


def _places(text: str, offsets: set[int]) -> frozenset[Place]:
    return frozenset((text.count("\n", 0, each) + 1, each - text.rfind("\n", 0, each)) for each in offsets)


def _brackets(survey: Survey) -> Iterator[tuple[int, int]]:
    for node in _collections(survey.root):
        if node.at.file == survey.spec.path and node.via is None and survey.is_flow(node):
            start = survey.offset(node.at.line, node.at.col)
            yield start, closing(survey.text, start)


def _collections(node: Node) -> Iterator[Node]:
    if not isinstance(node, Scalar):
        yield node
    for each in (item.value for item in node.items) if isinstance(node, Mapping) else getattr(node, "items", ()):
        yield from _collections(each)


def closing(text: str, start: int) -> int:
    """The offset of the bracket that closes the one at an offset."""
    depth, offset = 0, start
    while True:
        sign = text[offset]
        if sign in "\"'" and text[offset - 1] in " [{,:":
            offset = text.index(sign, offset + 1)
        elif sign in "[{":
            depth += 1
        elif sign in "]}":
            depth -= 1
            if not depth:
                return offset
        offset += 1


def tab(survey: Survey) -> Iterator[Fault]:
    """A tab where spaces belong."""
    for number, offset, line in _lines(survey.text):
        deep = _indent(line)
        if deep:
            places = frozenset({(number, 1), (number, 2), (number, deep)})
            yield Fault("tab", "for the indentation", offset, offset + deep, "\t", places)
            last = frozenset({(number, deep - 1), (number, deep)})
            yield Fault("tab", "for a level", offset + deep - 2, offset + deep, "\t", last)
        else:
            yield Fault("tab", "before the line", offset, offset, "\t", frozenset({(number, 1), (number, 2)}))
        after = offset + deep
        yield Fault(
            "tab", "after the indentation", after, after, "\t", frozenset({(number, deep + 1), (number, deep + 2)})
        )
    for end, places in _colons(survey):
        if survey.text[end + 1 : end + 2] == " ":
            row, col = survey.place(end)
            yield Fault("tab", "after a colon", end + 1, end + 2, "\t", places | {(row, col + 1), (row, col + 2)})


BREAKS = {
    "indentation": indentation,
    "level": level,
    "dash": dash,
    "colon": colon,
    "space": space,
    "quote": quote,
    "bracket": bracket,
    "tab": tab,
}
"""The kinds of faults after which the text may not be read as it was meant."""
