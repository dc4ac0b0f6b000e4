"""One line that stands a level too far left or right: found by putting it back and looking at what is wrong then.

YAML takes such a line for a part of what is around it, so that its own fault is told as many others: an unknown key, a
section that is missing, keys written twice. Whether a line belongs elsewhere is asked of the whole checker, so it costs
as much as some more checks; long specs are not asked.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from itertools import islice, takewhile

from modelsync.core.diagnostics import Diagnostic, Fix, Pos
from modelsync.core.records import record
from modelsync.language.decode.spec import SPEC
from modelsync.language.text.nodes import Mapping, Node
from modelsync.language.text.nodes import Sequence as SequenceNode
from modelsync.language.text.source import Source

MOST_TRIES = 12
_SHAPE = ("MS101", "MS103", "MS107")  # told of what stands where nothing like it is known
_TWICE, _MISSING, _UNREADABLE = "MS006", "MS102", "MS001"
_LEVEL = 2  # columns that people indent by
_FIRST = 3  # faults whose lines are looked at; what comes after them is often their consequence
_HAS_NO = re.compile(r"has no `(\w+)`")
_COLUMNS = re.compile(r"stands in column \d+, the lines around it in column (\d+)")
_HALF = "is missing after"
_UNCLEAR = re.compile(r"does not fit|goes on with|is missing after")
_AROUND = 6  # lines around one that are looked at for the dashes of its list
_BLOCK = 60  # lines above and below one that are looked at for those in its column
_LONGEST = 40  # characters of a line that are shown
_NAMED = re.compile(r"name: *([\w-]+)|([\w-]+)")  # an item that is the name of what follows
_WORD = re.compile(r"[^\s:]+")


@record
class Checked:
    """What a text is and what is wrong with it."""

    root: Node | None
    errors: tuple[Diagnostic, ...]


@record
class _Move:
    """A line (from 0) put into another column (from 0), perhaps behind a dash, or as other words without its own."""

    row: int
    col: int
    dash: str = ""
    instead: str = ""  # the whole line

    def applied(self, lines: Sequence[str]) -> str:
        """The text with the line moved."""
        moved = " " * self.col + (self.instead or self.dash + lines[self.row].lstrip(" "))
        return "\n".join((*lines[: self.row], moved, *lines[self.row + 1 :])) + "\n"


def realigned(
    source: Source, found: Sequence[Diagnostic], check: Callable[[Source], Checked], tries: int = MOST_TRIES
) -> tuple[Diagnostic, ...] | None:
    """What is told instead when one line explains what was found: that line, and what is left once it is put back.

    None when no line does, or the faults speak of something else. `tries` is how often `check` may be asked at most.
    """
    lines = source.lines
    is_readable = all(each.code != _UNREADABLE for each in found)
    moves = _moves(lines, found) if is_readable else _moves_to_read(lines, found)
    before = {(each.code, each.message) for each in found}
    best: tuple[_Move, Checked] | None = None
    for move in islice(moves, min(tries, MOST_TRIES)):
        after = check(Source(source.path, move.applied(lines)))
        if after.root is None or (best is not None and len(after.errors) >= len(best[1].errors)):
            continue
        if not after.errors or (is_readable and {(each.code, each.message) for each in after.errors} < before):
            best = move, after
        if not after.errors:
            break
    if best is None or _is_said(best[0], found):
        return None
    move, after = best
    assert after.root is not None
    return (_told(source, move, after.root, _SHAPE[0] if is_readable else _UNREADABLE), *after.errors)


def _is_said(move: _Move, found: Sequence[Diagnostic]) -> bool:
    """Whether the reader says the very same already."""
    if move.dash or move.instead:
        return False
    said = (_COLUMNS.search(each.message) for each in found if each.at.line == move.row + 1)
    return any(each is not None and int(each[1]) - 1 == move.col for each in said)


def _is_suspicious(found: Diagnostic) -> bool:
    """Whether a fault can come from a line at the wrong level."""
    if found.code in _SHAPE:
        return not found.help.startswith("did you mean")
    return found.code == _TWICE


def _moves_to_read(lines: Sequence[str], found: Sequence[Diagnostic]) -> Iterator[_Move]:
    """What may be moved so that a text can be read: first what the reader itself proposes, then the lines there."""
    for each in found[:1]:
        row = each.at.line - 1
        yield from _undashed(lines, row)
        if proposed := _COLUMNS.search(each.message):
            yield from _first_item(lines, row)
            yield _Move(row, int(proposed[1]) - 1)
        elif not _UNCLEAR.search(each.message) and not _is_item(lines, row):
            return
        after = [*islice((each for each in range(row + 1, len(lines)) if _says(lines[each])), 1)]
        rows = [*_near(lines, row), *after]
        items = dict.fromkeys((*rows[:3], *(each for near in rows[1:2] for each in _near(lines, near)), *after))
        yield from (found for near in items for found in _dashed(lines, near))
        if _HALF not in each.message or _is_item(lines, row):  # while a key is written its colon is missing
            yield from (_Move(near, col) for near in rows for col in _columns(lines, near))


def _first_item(lines: Sequence[str], row: int) -> Iterator[_Move]:
    """The first item of a list as far right as the second, when other lists of the file begin so."""
    said = [each for each in range(row, -1, -1) if _says(lines[each])][:3]
    if len(said) < 3 or not (_is_item(lines, said[0]) and _is_item(lines, said[1])):
        return
    second, first, key = (_indent(lines[each]) for each in said)
    starts = [each for each in range(1, len(lines)) if _is_item(lines, each) and lines[each - 1].rstrip().endswith(":")]
    steps = [_indent(lines[each]) - _indent(lines[each - 1]) for each in starts if each != said[1]]
    if first == key and (not steps or second - key == max(set(steps), key=steps.count)):
        yield _Move(said[1], second)


def _dashed(lines: Sequence[str], row: int) -> Iterator[_Move]:
    """A line as an item of the list around it: its dash is gone, perhaps its space is left."""
    dashes = {
        _indent(lines[each])
        for each in range(max(row - _AROUND, 0), len(lines[: row + _AROUND]))
        if _is_item(lines, each)
    }
    here = _indent(lines[row])
    if not _is_item(lines, row):
        yield from (_Move(row, col, "- ") for col in (here, here - 1, here - 2) if col in dashes)


def _undashed(lines: Sequence[str], row: int) -> Iterator[_Move]:
    """The items near a line that stand among more keys than items: as keys, without their dashes."""
    for each in range(max(row - _AROUND, 0), min(row + _AROUND, len(lines))):
        if _is_item(lines, each) and (beside := list(_beside(lines, each))):
            items = sum(_is_item(lines, other) for other in beside)
            if items + 1 < len(beside) - items or (items == 0 and len(beside) == 1):
                rest = lines[each].lstrip(" ")[2:].partition(" #")[0].strip()
                name = _NAMED.fullmatch(rest)
                yield _Move(each, _indent(lines[each]), "", f"{name[1] or name[2]}:" if name else rest)


def _beside(lines: Sequence[str], row: int) -> Iterator[int]:
    """The lines in the column of an item in its own block; none where its list stands as far left as its key."""
    here, found = _indent(lines[row]), []
    for rows in (range(row - 1, -1, -1), range(row + 1, len(lines))):
        block = takewhile(lambda each: _indent(lines[each]) >= here, (each for each in rows if _says(lines[each])))
        found += [each for each in islice(block, _BLOCK) if _indent(lines[each]) == here]
    keys = [each for each in found if not _is_item(lines, each)]
    first = min((each for each in (row, *found) if _is_item(lines, each)), default=row)
    above = next((each for each in range(first - 1, -1, -1) if _says(lines[each])), -1)
    yield from () if above in keys and _indent(lines[above]) == here and _opens(lines[above]) else found


def _moves(lines: Sequence[str], found: Sequence[Diagnostic]) -> Iterator[_Move]:
    """Lines near the faults that may belong elsewhere, and where, likely ones first; each once."""
    suspicious = [each for each in found if _is_suspicious(each)][:_FIRST]
    missing = [each for each in found if each.code == _MISSING][:_FIRST]
    rows = [row for each in missing for row in _key_rows(lines, each)]
    rows += [each.at.line - 1 for each in missing if suspicious or _is_section(lines[each.at.line - 1])]
    for each in suspicious:
        rows += _near(lines, each.at.line - 1)
    for row in dict.fromkeys(rows):
        yield from (_Move(row, col) for col in _columns(lines, row) if _fits(lines, row, col))


def _is_item(lines: Sequence[str], row: int) -> bool:
    """Whether a line is an item of a list."""
    return row < len(lines) and lines[row].lstrip(" ").startswith("- ")


def _is_section(line: str) -> bool:
    """Whether a line below another begins as a section of the spec does."""
    word = _WORD.match(line.lstrip(" "))
    return line[:1] == " " and word is not None and word.group() in SPEC.keys


def _key_rows(lines: Sequence[str], found: Diagnostic) -> Iterator[int]:
    """The lines below a fault that begin with the very key that is missing there, the nearest two."""
    key = _HAS_NO.search(found.message)
    if key is not None:
        rows = (row for row in range(found.at.line - 1, len(lines)) if lines[row].lstrip(" ").startswith(f"{key[1]}:"))
        yield from islice(rows, 2)


def _near(lines: Sequence[str], row: int) -> Iterator[int]:
    """A line, the line before it, those before in its column, and the line that it stands below."""
    if not 0 <= row < len(lines):
        return
    yield row
    before = [each for each in range(row - 1, -1, -1) if _says(lines[each])]
    yield from before[:1]
    beside = [each for each in before if _indent(lines[each]) == _indent(lines[row])]
    yield from beside[:1]
    yield from islice((each for each in beside if lines[each].rstrip().endswith(":")), 1)
    yield from islice((each for each in before if _indent(lines[each]) < _indent(lines[row])), 1)


def _columns(lines: Sequence[str], row: int) -> Iterator[int]:
    """Where else a line may begin: as the lines around it, or a level beside."""
    above = next((_indent(lines[each]) for each in range(row - 1, -1, -1) if _says(lines[each])), 0)
    below = next((_indent(lines[each]) for each in range(row + 1, len(lines)) if _says(lines[each])), 0)
    here = _indent(lines[row])
    columns = dict.fromkeys((above, below, here + _LEVEL, here - _LEVEL))
    yield from (col for col in columns if col >= 0 and col != here)


def _fits(lines: Sequence[str], row: int, col: int) -> bool:
    """Whether a line could begin in a column, as far as the lines just above and below show it."""
    above = next((line for line in reversed(lines[:row]) if _says(line)), "")
    below = next((line for line in lines[row + 1 :] if _says(line)), "")
    if col > _indent(above) and not _opens(above):
        return False
    return _indent(below) <= col or _opens(lines[row])


def _opens(line: str) -> bool:
    """Whether lines below can belong to a line: a key or a dash without a whole value, a text that goes on."""
    code = line.partition(" #")[0].rstrip()
    is_open = sum(code.count(sign) for sign in "[{") > sum(code.count(sign) for sign in "]}")
    return not code or code[-1] in ":|>-" or code.lstrip().startswith("- ") or "&" in code or is_open


def _says(line: str) -> bool:
    return bool(line.strip()) and not line.lstrip().startswith("#")


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


def _told(source: Source, move: _Move, root: Node, code: str) -> Diagnostic:
    line, here = source.lines[move.row], _indent(source.lines[move.row])
    word = _WORD.match(line.lstrip(" "))
    shown = word.group()[:40] if word else line.strip()[:40]
    at = source.at(move.row + 1, here + 1, len(shown))
    whole = Pos(at.file, at.line, 1, at.line, at.end_col)
    fix = Fix(whole, " " * move.col + move.dash + line[here : here + len(shown)])
    owner = _owner(root, move.row + 1)
    if move.instead:
        shown = line[here:].partition(" #")[0].rstrip()
        name = move.instead if move.instead.endswith(":") else f"{move.instead.partition(':')[0]}:"
        at = source.at(move.row + 1, here + 1, len(shown))
        message = f"a dash stands before this entry of `{owner}`, and those beside it have none"
        help = f"write `{name}` instead of `{shown[:_LONGEST].partition(': {')[0]}`"
        return Diagnostic(code, at, message, help, fix=Fix(at, move.instead))
    if move.dash:
        return Diagnostic(code, at, f"a dash is missing before this item of `{owner}`", "write `- ` before it", fix=fix)
    goes = f"belongs to `{owner}`" if owner else "is a section, which begins in the first column"
    many = abs(here - move.col)
    spaces = "1 space" if many == 1 else f"{many} spaces"
    help = f"indent it by {spaces} more" if move.col > here else f"take away {spaces} before it"
    return Diagnostic(code, at, f"`{shown}` stands at the wrong level: it {goes}", help, fix=fix)


def _owner(root: Node, line: int) -> str:
    """The key that a line stands below, once it is put back."""
    found = ""
    queue: list[tuple[str, Node]] = [("", root)]
    while queue:
        name, node = queue.pop()
        if isinstance(node, Mapping):
            for item in node.items:
                if item.key.at.line == line:
                    return name
                queue.append((item.key.text, item.value))
        elif isinstance(node, SequenceNode):
            queue.extend((name, each) for each in node.items)
            found = name if any(each.at.line == line for each in node.items) else found
    return found
