"""A text that is being typed, made readable: a marker stands where the cursor is, and what is unfinished is closed."""

from __future__ import annotations

import re
from collections.abc import Iterator

from modelsync.core.records import record
from modelsync.language.text.nodes import Mapping, Node, Scalar, Sequence
from modelsync.language.text.read import read
from modelsync.language.text.source import Source

MARK = "zzzcursorzzz"
_WORD = re.compile(r"[^\s,\[\]{}:#\"']*$")
_CLOSING = {"{": "}", "[": "]"}


@record
class Cursor:
    """Where the cursor is: what was typed of the word before it, and the path to the marker in the tree."""

    root: Node
    typed: str  # of the word, up to the cursor
    is_key: bool
    path: tuple[str, ...]  # to the marker: keys, names, list positions
    holders: tuple[Mapping, ...]  # the mappings on the way, the outermost first


def find(source: Source, line: int, col: int) -> Cursor | None:
    """The cursor at a place (from 1); None when the text can't be read even with mends."""
    lines = list(source.lines) or [""]
    while len(lines) < line:
        lines.append("")
    before, after = lines[line - 1][: col - 1], lines[line - 1][col - 1 :]
    hole = before.rfind("${{")
    if hole >= 0 and "}}" not in before[hole:]:
        return None  # inside `${{ }}` the text is no YAML
    opened = _brackets(lines[: line - 1], before)
    typed = _WORD.search(before)
    word = typed.group() if typed else ""
    is_key = _is_key(before[: len(before) - len(word)], opened)
    for text in _candidates(lines, line, before[: len(before) - len(word)], after, opened, is_key=is_key):
        said = read(Source(source.path, text))
        if said.root is not None and (found := _search(said.root, (), ())) is not None:
            path, holders = found
            return Cursor(said.root, word, is_key, path, holders)
    return None


def _brackets(above: list[str], before: str) -> str:
    """The brackets that are open at the cursor, the outermost first; quotes and comments are looked through."""
    opened: list[str] = []
    for line in (*above, before):
        plain = re.sub(r"\"[^\"]*\"|'[^']*'", "", line)
        plain = re.sub(r"(^|\s)#.*", "", plain)
        for sign in plain:
            if sign in "{[":
                opened.append(sign)
            elif sign in "}]" and opened:
                opened.pop()
    return "".join(opened)


def _is_key(before: str, opened: str) -> bool:
    """Whether a key belongs there: nothing on the line, or in the braces, wants a value."""
    if opened.endswith("["):
        return False
    if opened.endswith("{"):
        return not re.search(r":\s*$", before)
    return re.fullmatch(r"\s*(- +)*[\"']?", before) is not None


def _candidates(lines: list[str], line: int, before: str, after: str, opened: str, *, is_key: bool) -> Iterator[str]:
    """Texts to try, the least changed first: the rest of the line kept, dropped, and all below it dropped as well."""
    above, below = lines[: line - 1], lines[line:]
    rest = re.sub(r"^[^\s,\[\]{}:#\"']*", "", after)
    mark = f"{MARK}: " if is_key and not rest.lstrip().startswith(":") else MARK
    closing = "".join(_CLOSING[sign] for sign in reversed(opened))
    for tail, following in ((rest, below), ("", below), (closing, below), (closing, []), ("", [])):
        yield "\n".join((*above, before + mark + tail, *following))
    yield "\n".join((*above, f"{before}- {mark}"))
    if not is_key:  # `- wo`: an item of a list that may hold mappings
        yield "\n".join((*above, f"{before}{MARK}: "))


def _search(
    node: Node, path: tuple[str, ...], holders: tuple[Mapping, ...]
) -> tuple[tuple[str, ...], tuple[Mapping, ...]] | None:
    match node:
        case Scalar() if MARK in node.text:
            return path, holders
        case Mapping():
            for item in node.items:
                if MARK in item.key.text:
                    return path, (*holders, node)
                if item.via is None and (found := _search(item.value, (*path, item.key.text), (*holders, node))):
                    return found
        case Sequence():
            for index, each in enumerate(node.items):
                if found := _search(each, (*path, str(index)), holders):
                    return found
    return None
