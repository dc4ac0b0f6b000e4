"""The lines of a text that is no YAML, as keys and dashes with their columns, and the slip that explains them best.

The parser stops where nothing fits any more, often lines below the slip. Here every small mend near that place is tried
on the outline: the mend after which most lines fit, with the usual steps of indentation, names the line that is wrong.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from modelsync.core.records import record
from modelsync.language.text.suspects import NO_COLON, NO_GAP, NO_SPACE

_UP, _DOWN = 400, 60  # lines above and below the place of the error that are looked at: a tenth of a second at most
_NEAREST, _FARTHEST = 16, 6  # lines above that may be wrong: those next to the error, and the first of its neighbours
_MARK = re.compile(r"(?:---|\.\.\.)(?:\s|$)")
_LONGEST = 1000  # characters of a line that are looked at
_SLIP = 3  # columns that a line may be off
_STRING = re.compile(r"""(?<![^\s\[{,:])(?:"(?:[^"\\]|\\.)*"|'(?:[^']|'')*')""")
_COMMENT = re.compile(r"(?:^|\s)#.*")
_DASH = re.compile(r"-(?:\s+|$)")
_KEY = re.compile(r"[^\s\[{&*!|>%@`,].*?:(?=\s|$)|\?(?=\s|$)")
_PROPERTIES = re.compile(r"\s*(?:[&!]\S*\s*)*")
_BRACKETS = re.compile(r"[\[{][^\[\]{}]*[\]}]")
_BLOCK = re.compile(r"[|>][-+0-9]*$")


@record
class Entry:
    """One thing that begins on a line: a dash, a key, or a value that stands alone. Places count from 0."""

    line: int
    col: int
    kind: str  # dash | key | text (plain) | value
    text: str  # from there to the end of the line, without a comment
    is_open: bool = False  # more may follow, indented
    goes_on: bool = False  # ends with plain text, which a next line may continue


@record
class Slip:
    """What is wrong with one entry: `shift` (it belongs in another column), or a missing `colon`, `space` or `gap`.

    A `space` is missing after the colon of a key, a `gap` after a dash. `cols` are the columns that fit, the likeliest
    first; with more than one the writer must decide.
    """

    kind: str
    entry: Entry
    cols: tuple[int, ...]


def outline(lines: Sequence[str], row: int) -> list[Entry]:
    """The entries around a line (from 0); what stands inside block scalars and longer brackets is left out."""
    first = max(row - _UP, 0)
    found = _around(lines, first)
    depth, inner, outer = 0, 0, -1  # open brackets; where the text of a block scalar begins, and the key above it
    for number, line in enumerate(lines[first : row + _DOWN], first):
        code = masked(line)
        col = len(code) - len(code.lstrip())
        if not code.strip() or _MARK.match(code):
            continue
        if outer >= 0 and not inner:
            inner = col if col > outer else _LONGEST
        if outer >= 0 and col >= inner:
            continue
        inner, outer = 0, -1
        if depth == 0:
            begun = list(_entries(number, col, code.rstrip(), line))
            found += begun
            if _BLOCK.search(code.rstrip()):
                outer = max((each.col for each in begun if each.kind != "value"), default=-1)
        depth = max(depth + sum(map(code.count, "[{")) - sum(map(code.count, "]}")), 0)
    return found


def _around(lines: Sequence[str], first: int) -> list[Entry]:
    """The keys and dashes above a line that hold it, outermost first."""
    found: list[Entry] = []
    edge = _LONGEST
    for number in range(first - 1, -1, -1):
        line = lines[number]
        col = len(line) - len(line.lstrip())
        if col < edge and line.strip() and line.lstrip()[0] != "#":
            found[:0] = _entries(number, col, masked(line).rstrip(), line)
            edge = col
        if edge == 0:
            break
    return found


def masked(line: str) -> str:
    """A line without its comment, with NUL in place of what stands in quotes and inside closed brackets."""
    code = _COMMENT.sub("", _STRING.sub(_hidden, line[:_LONGEST]))
    while (inner := _BRACKETS.sub(_hidden, code)) != code:
        code = inner
    return code


def _hidden(found: re.Match[str]) -> str:
    return "\0" * len(found.group())


def _entries(number: int, col: int, code: str, line: str) -> Iterator[Entry]:
    while dash := _DASH.match(code, col):
        yield Entry(number, col, "dash", line[col : len(code)], True)
        col = dash.end()
    if col >= len(code):
        return
    key = _KEY.match(code, _after_properties(code, col))
    value = code[_after_properties(code, key.end() if key else col) :]
    if key is None and not value:
        return  # an anchor or a tag alone: what it belongs to follows
    is_plain = bool(value) and value[0] not in "\0\"'[{|>*"
    kind = "key" if key else "text" if is_plain else "value"
    yield Entry(number, col, kind, line[col : len(code)], key is not None and not value, is_plain)


def _after_properties(code: str, start: int) -> int:
    found = _PROPERTIES.match(code, start)
    return found.end() if found else start


def slip(entries: Sequence[Entry], line: int) -> Slip | None:
    """The slip that explains best why nothing fits any more at `line` (from 0); None when no small mend helps."""
    here = next((index for index, entry in enumerate(entries) if entry.line >= line), len(entries) - 1)
    if here < 0:
        return None
    usual = _usual(entries)
    reached, _ = _read(entries, usual)
    if reached == len(entries) or entries[reached].line > line:  # the outline is fine up to here
        return unspaced(entries, line)
    tried = []
    for mend in _mends(entries, here):
        now, odd = _read([_mended(entry, mend) for entry in entries], usual)
        if now > reached:
            stuck, above = entries[reached], entries[reached - 1]
            is_beside = above.col == stuck.col and stuck.kind == "key"
            is_here = mend.entry is stuck or (mend.entry is above and is_beside)
            is_certain = mend.kind != "shift" and is_here
            tried.append(_Tried(mend, now, is_certain, odd, abs(mend.entry.line - line)))
    if not tried:
        return None
    best = min(tried, key=lambda each: each.rank)
    equal = sorted((each for each in tried if each.is_as_good_as(best)), key=lambda each: each.rank)
    return replace(best.mend, cols=tuple(each.mend.cols[0] for each in equal))


@record
class _Tried:
    """A mend with what it led to: how many entries fit, and how much is odd."""

    mend: Slip
    reached: int
    is_certain: bool  # it is a missing colon or space, right where nothing fitted any more
    odd: int
    away: int  # lines from the error

    @property
    def distance(self) -> int:
        return abs(self.mend.cols[0] - self.mend.entry.col) if self.mend.kind == "shift" else _SLIP

    @property
    def rank(self) -> tuple[int, ...]:
        """The least is the best; of two columns the one further to the right, which is that of the lines above."""
        return -self.reached, not self.is_certain, self.odd, self.distance, self.away, -self.mend.cols[0]

    def is_as_good_as(self, best: _Tried) -> bool:
        """Whether the entry may as well belong into another column; above lines of its own, oddness decides little."""
        same = (self.mend.entry, self.mend.kind, self.reached, self.distance)
        if same != (best.mend.entry, best.mend.kind, best.reached, best.distance):
            return False
        return self.odd == best.odd or best.mend.entry.is_open


def unspaced(entries: Iterable[Entry], line: int) -> Slip | None:
    """The missing space or colon of a line, as far as the line alone shows it."""
    return next((mend for entry in entries if entry.line == line for mend in _unspaced(entry)), None)


def _unspaced(entry: Entry) -> Iterator[Slip]:
    if entry.kind in ("text", "key") and NO_GAP.match(entry.text):
        yield Slip("gap", entry, (entry.col,))
    if entry.kind in ("text", "value") and NO_SPACE.match(entry.text):
        yield Slip("space", entry, (entry.col,))
    elif (
        entry.kind in ("text", "value") and (found := NO_COLON.match(entry.text)) and (found[2] or entry.kind == "text")
    ):
        yield Slip("colon", entry, (entry.col,))


def _usual(entries: Iterable[Entry]) -> dict[tuple[str, str], int]:
    """The most common step of indentation from one kind of entry to the other; of all together by ("", "")."""
    steps: dict[tuple[str, str], Counter[int]] = {}
    before = None
    for entry in entries:
        if before is not None and before.is_open and (entry.col > before.col or entry.kind == "dash"):
            for kinds in ((before.kind, entry.kind), ("", "")):
                steps.setdefault(kinds, Counter())[entry.col - before.col] += 1
        before = entry
    known = {kinds: _most_common(counted) for kinds, counted in steps.items() if counted.total() > 1}
    return {("", ""): 2} | known


def _most_common(counted: Counter[int]) -> int:
    """Of equally common steps the one that people use."""
    return max(counted, key=lambda step: (counted[step], step == 2, step == 4))


@dataclass(slots=True)
class _Level:
    """A mapping or list that is open: its column, its kind, and the keys it has."""

    col: int
    kind: str
    names: set[str] = field(default_factory=set)
    is_open: bool = True  # all its keys have lines below them


class _Reading:
    """Puts entries one below the other as YAML would, and counts what is odd although it fits."""

    def __init__(self, usual: dict[tuple[str, str], int]) -> None:
        self._levels: list[_Level] = []
        self._before: Entry | None = None
        self._usual = usual
        self.odd = 0

    def take(self, entry: Entry) -> bool:
        """Whether the entry fits below those before it."""
        levels, before, is_inside = self._levels, self._before, True
        self._before = entry
        while levels and levels[-1].col > entry.col:
            levels.pop()
            is_inside = False
        if entry.kind == "key" and [(each.col, each.kind) for each in levels[-2:]] == [
            (entry.col, "key"),
            (entry.col, "dash"),
        ]:
            levels.pop()  # the end of a list that stands as far left as its key
        if levels and levels[-1].col == entry.col:
            if before is not None and before.is_open and (before.kind, entry.kind) == ("key", "dash"):
                levels.append(_Level(entry.col, "dash"))
                return True
            return self._joins(levels[-1], entry, before)
        if before is None or (is_inside and before.is_open):
            self._begins(entry, before)
            return True
        self.odd += 1  # a text over several lines is rare in a spec
        return before.goes_on and entry.kind == "text" and (is_inside or before.kind == "text")

    def _joins(self, level: _Level, entry: Entry, before: Entry | None) -> bool:
        if entry.kind != level.kind:
            return False
        if entry.kind == "key":
            self.odd += before is not None and before.is_open  # a key with nothing below it
            self._name(level, entry)
        return True

    def _begins(self, entry: Entry, before: Entry | None) -> None:
        """A value of an open entry, or the root."""
        kinds = ("", "") if before is None else (before.kind, entry.kind)
        step = entry.col if before is None else entry.col - before.col
        self.odd += step != (0 if before is None else self._usual.get(kinds, self._usual.get(("", ""), step)))
        if entry.kind in ("key", "dash"):
            self._levels.append(_Level(entry.col, entry.kind))
            self._name(self._levels[-1], entry)

    def _name(self, level: _Level, entry: Entry) -> None:
        """A key that stands twice is odd, and so is a value among keys that all have lines below them."""
        name = entry.text.partition(":")[0]
        self.odd += (name in level.names) + (not entry.is_open and len(level.names) > 1 and level.is_open)
        level.names.add(name)
        level.is_open = level.is_open and entry.is_open


def _read(entries: Sequence[Entry], usual: dict[tuple[str, str], int]) -> tuple[int, int]:
    """How many entries fit one after the other, and how much is odd."""
    reading = _Reading(usual)
    for index, entry in enumerate(entries):
        if not reading.take(entry):
            return index, reading.odd
    return len(entries), reading.odd


def _mends(entries: Sequence[Entry], here: int) -> Iterator[Slip]:
    """What could be wrong near an entry: on its own line, on those above whose columns are close, and on the next."""
    lines = _suspects(entries, here)
    columns = {entry.col for entry in entries if entry.line in lines}
    before = None
    for entry in entries:
        if entry.line in lines:
            yield from _unspaced(entry)
            if entry.line != before:  # what stands after a dash moves with it
                near = {col for col in columns if abs(col - entry.col) <= _SLIP} | {entry.col - 1, entry.col + 1}
                yield from (Slip("shift", entry, (col,)) for col in sorted(near) if col >= 0 and col != entry.col)
        before = entry.line


def _suspects(entries: Sequence[Entry], here: int) -> set[int]:
    middle = entries[here].col
    above: list[int] = []
    for entry in reversed(entries[:here]):
        if abs(entry.col - middle) <= _SLIP and entry.line not in above:
            above.append(entry.line)
        if entry.col < middle - _SLIP:
            break
    near = [entry.line for entry in entries[max(here - 1, 0) : here + 3]]
    return {*above[:_NEAREST], *above[-_FARTHEST:], *near}


def _mended(entry: Entry, mend: Slip) -> Entry:
    if entry.line != mend.entry.line:
        return entry
    if mend.kind == "shift":
        return replace(entry, col=entry.col + mend.cols[0] - mend.entry.col)
    if entry != mend.entry:
        return entry
    if mend.kind == "gap":
        return replace(entry, kind="dash", goes_on=True)
    found = (NO_SPACE if mend.kind == "space" else NO_COLON).match(entry.text)
    rest = entry.text[found.end(1) :].lstrip(" :") if found else ""
    rest = rest[_after_properties(rest, 0) :]
    return replace(entry, kind="key", is_open=not rest, goes_on=bool(rest))
