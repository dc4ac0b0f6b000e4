"""One quote or bracket too few or too many on a line: found by trying which one makes the spec right.

The parser stumbles where nothing goes on any more, often at the other end of the line. Each sign that could be put in
or taken out is tried on the line alone, which is quick; what can be read then is asked of the whole checker.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from itertools import islice

from modelsync.core.diagnostics import Diagnostic, Fix
from modelsync.core.records import record
from modelsync.language.realign import Checked
from modelsync.language.text.read import read
from modelsync.language.text.source import Source

MOST_CHECKS = 10
_UNREADABLE = "MS001"
_LONGEST = 400  # characters of a line that is tried
_SAID = re.compile("never closed|closes nothing|is missing|two quotes")  # the reader sees it as well
_PAIRS = {"[": "]", "{": "}", '"': '"', "'": "'"}
_BEGINS = re.compile(r"(?:(?<=: )|(?<=- )|(?<=[,\[{] )|(?<=[\[{]))(?=\S)|^(?=\S)")  # where a value or a key can begin
_GAPS = re.compile(r"""(?<=[\w"']) (?=["'\[{\w])""")  # between a key and its value, where the colon belongs
_ENDS = re.compile(r"(?<=\S)(?=,|[\]}]|: |\s*$)")  # where one can end


@record
class _Mend:
    """A sign of a line (from 0) taken out, or put in at a column (from 0)."""

    row: int
    col: int
    sign: str
    is_missing: bool

    def applied(self, line: str) -> str:
        """The line with it."""
        return line[: self.col] + (self.sign + line[self.col :] if self.is_missing else line[self.col + 1 :])


def resigned(
    source: Source, found: Sequence[Diagnostic], check: Callable[[Source], Checked], tries: int = MOST_CHECKS
) -> tuple[Diagnostic, ...] | None:
    """What is told instead when one sign explains why a text can't be read; None when none does, or it is said."""
    if len(found) != 1 or found[0].code != _UNREADABLE:
        return None
    lines, row = source.lines, found[0].at.line - 1
    line = lines[row] if row < len(lines) else ""
    likely = sorted(_mends(line, row), key=lambda each: _oddness(each, line))
    paired = (each for each in likely if each.sign not in "\"'" or each.applied(line).count(each.sign) % 2 == 0)
    readable = (each for each in paired if _can_be_read(source, each.applied(line)))
    for mend in islice(readable, min(tries, MOST_CHECKS)):
        text = "\n".join((*lines[:row], mend.applied(line), *lines[row + 1 :])) + "\n"
        if not check(Source(source.path, text)).errors:
            knows = found[0].fix is not None or _SAID.search(found[0].message)
            return None if knows and found[0].at.col - 1 in _ends(mend, line) else (_told(source, mend),)
    return None


def _mends(line: str, row: int) -> Iterator[_Mend]:
    """Every sign that could be too many, and every one that could be missing."""
    code = line.partition(" #")[0].rstrip()
    signs = [sign for sign in _PAIRS if sign in code or _PAIRS[sign] in code]
    if not signs or len(code) > _LONGEST:
        return
    yield from (_Mend(row, col, letter, False) for col, letter in enumerate(code) if letter in "[]{}\"'")
    starts = [found.start() for found in _BEGINS.finditer(code.lstrip(" "))]
    indent = len(code) - len(code.lstrip(" "))
    yield from (_Mend(row, found.start(), ":", True) for found in _GAPS.finditer(code))
    for sign in signs:
        yield from (_Mend(row, indent + col, sign, True) for col in starts)
        yield from (_Mend(row, found.start(), _PAIRS[sign], True) for found in _ENDS.finditer(code))


def _oddness(mend: _Mend, line: str) -> tuple[int, int, int]:
    """What separates values and would stand inside quotes; signs are rather doubled, or missing, than too many; and how
    far the sign would be from the other of its pair."""
    hidden = sum(len(_SEPARATES.findall(text)) for text in _QUOTED.findall(mend.applied(line)))
    is_doubled = mend.sign in (line[mend.col - 1 : mend.col], line[mend.col + 1 : mend.col + 2])
    if not mend.is_missing:
        return hidden, 0 if is_doubled else 2, -mend.col if mend.sign in "]}" else mend.col
    return hidden, 1, abs(_paired(mend.applied(line)).get(mend.col, mend.col) - mend.col)


_QUOTED = re.compile(r"""(?<![^\s\[{,:])(?:"[^"]*"|'[^']*')""")
_BORDERS = re.compile(r"(?<!\w)'|'(?!\w)")  # single quotes that are no apostrophes
_SEPARATES = re.compile(r"[,:] ")


def _can_be_read(source: Source, line: str) -> bool:
    """Whether a line can be read alone, its dashes left out, and no quote is left over."""
    if line.count('"') % 2 or len(_BORDERS.findall(line)) % 2:
        return False
    found = read(Source(source.path, re.sub(r"^[ -]*(?=\S)", "", line) + "\n"))
    return found.root is not None and not found.diagnostics


def _ends(mend: _Mend, line: str) -> set[int]:
    """The columns (from 0, in the line as it is) of a sign and of the other of its pair."""
    if not mend.is_missing:
        return {mend.col, *(col for col in (mend.col - 1, mend.col + 1) if line[col : col + 1] == mend.sign)}
    pairs = _paired(mend.applied(line))
    other = pairs.get(mend.col)
    return {mend.col} if other is None else {mend.col, other - (other > mend.col)}


def _paired(line: str) -> dict[int, int]:
    """Each sign of a line that is right with the other of its pair."""
    found: dict[int, int] = {}
    opened: list[int] = []
    for col, letter in enumerate(line):
        quote = opened and line[opened[-1]] in "\"'"
        if quote and letter != line[opened[-1]]:
            continue
        if letter in "]}\"'" and opened and _PAIRS[line[opened[-1]]] == letter:
            start = opened.pop()
            found[start], found[col] = col, start
        elif letter in _PAIRS:
            opened.append(col)
    return found


def _told(source: Source, mend: _Mend) -> Diagnostic:
    at = source.at(mend.row + 1, mend.col + 1)
    if mend.is_missing:
        fix = Fix(source.at(mend.row + 1, mend.col + 1, 0), mend.sign)
        return Diagnostic(_UNREADABLE, at, f"a `{mend.sign}` is missing here", f"put in `{mend.sign}`", fix=fix)
    return Diagnostic(_UNREADABLE, at, f"this `{mend.sign}` is one too many", "take it out", fix=Fix(at, ""))
