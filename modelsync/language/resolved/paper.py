"""A resolved spec as YAML, with or without where each line comes from, and as plain values."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from modelsync.language.resolved.tree import Entry, Leaf, Origin, Row, Table, Tree
from modelsync.language.text.writing import Data, Style, Verbatim, alone, inline, key_text, pair

_STYLE = Style()
_COLUMN = 56  # where origins begin, as far as values leave room


def plain(tree: Tree) -> Any:
    """Mappings, lists and values."""
    match tree:
        case Leaf():
            return tree.value
        case Row():
            return [plain(each) for each in tree.items]
    return {entry.key: plain(entry.value) for entry in tree.entries}


def yaml(tree: Table) -> str:
    """The spec laid out as people write it, a blank line before each section of several lines."""
    lines: list[str] = []
    for entry in tree.entries:
        section = pair(entry.key, _data(entry.value), _STYLE, 0)
        lines += ["", *section] if lines and len(section) > 1 else section
    return "".join(f"{line}\n" for line in lines)


def yaml_with_origins(tree: Table) -> str:
    """One value a line, each with its origin as a comment; its file only where there are several."""
    sections = [list(_entry(entry, 0)) for entry in tree.entries]
    is_one = len({origin.at.file for section in sections for _, origin in section if origin.at is not None}) < 2
    lines: list[str] = []
    for each in sections:
        told = [(text, origin.in_one_file() if is_one else str(origin)) for text, origin in each]
        section = [f"{text:<{_COLUMN}}  # {said}" for text, said in told]
        lines += ["", *section] if lines and len(section) > 1 else section
    return "".join(f"{line}\n" for line in lines)


def origins(tree: Tree, pointer: str = "") -> Iterator[tuple[str, Origin]]:
    """The JSON pointer of every value, with its origin."""
    match tree:
        case Leaf():
            yield pointer, tree.origin
        case Row():
            for number, each in enumerate(tree.items):
                yield from origins(each, f"{pointer}/{number}")
        case Table():
            for entry in tree.entries:
                inner = f"{pointer}/{entry.key.replace('~', '~0').replace('/', '~1')}"
                yield from ((at, _joined(origin, entry.origin)) for at, origin in origins(entry.value, inner))


def _data(tree: Tree) -> Data:
    match tree:
        case Leaf():
            return Verbatim(tree.text) if tree.text else tree.value
        case Row():
            return [_data(each) for each in tree.items]
    return {entry.key: _data(entry.value) for entry in tree.entries}


_Line = tuple[str, Origin]


def _entry(entry: Entry, column: int) -> Iterator[_Line]:
    """A key with its value: beside it when that is one value, below it otherwise."""
    start = " " * column + key_text(entry.key)
    tree = entry.value
    if (text := _on_one_line(tree)) is not None:
        yield f"{start}: {text}", _joined(tree.origin, entry.origin)
        return
    yield f"{start}:", entry.origin
    yield from _inner(tree, column + 2)


def _inner(tree: Tree, column: int) -> Iterator[_Line]:
    if isinstance(tree, Table):
        for entry in tree.entries:
            yield from _entry(entry, column)
    elif isinstance(tree, Row):
        for each in tree.items:
            yield from _item(each, column)


def _item(tree: Tree, column: int) -> Iterator[_Line]:
    if (text := _on_one_line(tree)) is not None:
        yield f"{' ' * column}- {text}", tree.origin
        return
    first, *rest = _inner(tree, column + 2)
    yield f"{' ' * column}- {first[0][column + 2 :]}", first[1]
    yield from rest


def _on_one_line(tree: Tree) -> str | None:
    """A value that is one line: a leaf, nothing at all, or a list of leaves that were written in one line."""
    match tree:
        case Leaf():
            return alone(_data(tree))
        case Table(entries=()):
            return "{}"
        case Row() if all(isinstance(each, Leaf) and _same_line(each.origin, tree.origin) for each in tree.items):
            return inline(_data(tree))
    return None


def _same_line(one: Origin, other: Origin) -> bool:
    return one.said == other.said and (
        one.at is other.at is None
        or (
            one.at is not None
            and other.at is not None
            and one.at.line == other.at.line
            and one.at.file == other.at.file
        )
    )


def _joined(value: Origin, key: Origin) -> Origin:
    """What a key replaced is told with its value."""
    return Origin(value.at, tuple(dict.fromkeys((*value.said, *key.said))))
