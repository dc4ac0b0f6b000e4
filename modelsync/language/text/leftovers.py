"""What is no YAML and everybody writes: marks of a merge, `${{ }}` without quotes, apostrophes, tags of other tools."""

from __future__ import annotations

import re

from modelsync.core.diagnostics import Diagnostic, Fix
from modelsync.language.text.source import Source

_MERGE = re.compile(r"(<{7}|\|{7}|={7}|>{7})(?: |$)")
_APOSTROPHE = re.compile(r"\w'\w")
_QUOTED_WORD = re.compile(r"""(\s*(?:- )*[\w.-]+:\s+(["'])(?:(?!\2).)+\2\s+)[^"'#\s][^"']*$""")
_BEFORE = re.compile(r"(?:^|[\[{,]|[-:,]\s)\s*$")
_BEHIND = re.compile(r"\s*(?:$|[\]},]|\s#)")
_HOLE = re.compile(r"(?<![\"'])\$\{\{[^{}]*\}\}")


def leftover(source: Source, line: int, col: int) -> Diagnostic | None:
    """The leftover behind an error of the parser at a place (from 0), if there is one.

    Of a merge the first mark is told, wherever the parser stopped: it takes the marks for values that go on.
    """
    for number, text in enumerate(source.lines):
        if mark := _MERGE.match(text):
            help = "keep one side, and remove the lines with the marks"
            return Diagnostic(
                "MS001", source.at(number + 1, 1, len(mark[1])), "this is a mark of a merge conflict", help
            )
    text = source.lines[line] if line < len(source.lines) else ""
    for hole in _HOLE.finditer(text):
        around = text[hole.start() - 1 : hole.start()] + text[hole.end() : hole.end() + 1]
        if hole.start() <= col <= hole.end() and not set(around) & {'"', "'"}:
            return _unquoted(source, line, hole)
    return _prose(source, line, col, text)


def _unquoted(source: Source, line: int, hole: re.Match[str]) -> Diagnostic:
    """`${{ }}` without quotes; mended where it is the whole value, because only then it is clear where quotes go."""
    at, quoted = source.at(line + 1, hole.start() + 1, len(hole.group())), f'"{hole.group()}"'
    message = "inside brackets `${{ }}` needs quotes"
    if _BEFORE.search(hole.string[: hole.start()]) and _BEHIND.match(hole.string[hole.end() :]):
        return Diagnostic("MS001", at, message, f"write `{quoted}`", fix=Fix(at, quoted))
    return Diagnostic("MS001", at, message, "put the whole value in double quotes")


def _prose(source: Source, line: int, col: int, text: str) -> Diagnostic | None:
    """What people write in sentences: an apostrophe, and one word in quotes."""
    if _APOSTROPHE.match(text, col - 2) and col >= 2:
        at = source.at(line + 1, col)
        message = "an apostrophe inside single quotes is written twice"
        return Diagnostic("MS001", at, message, "write `''`", fix=Fix(at, "''"))
    if (said := _QUOTED_WORD.match(text)) and col >= said.end(1):
        at = source.at(line + 1, said.end(1) + 1, len(text) - said.end(1))
        return Diagnostic("MS001", at, "nothing may follow the closing quote", "put the whole value in quotes")
    return None


def instead_of_tag(tag: str) -> str:
    """What to write instead of a tag that other YAML files use."""
    return _TAGS.get(tag.casefold(), "remove the tag")


_TAGS = {
    "!env": 'put a variable in: `"${{ env.NAME }}"`',
    "!include": "name the file under `include:`",
    "!secret": "declare it under `secrets`, and write `secrets.name`",
    "!vault": "declare it under `secrets`, and write `secrets.name`",
}
