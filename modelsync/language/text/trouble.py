"""What the YAML parser stumbled over, in plain words and at the place where the mend belongs."""

from __future__ import annotations

import re

from ruamel.yaml.error import MarkedYAMLError

from modelsync.core.diagnostics import Diagnostic, Fix, Pos, Related
from modelsync.core.records import record
from modelsync.language.text.leftovers import leftover
from modelsync.language.text.nodes import Scalar
from modelsync.language.text.outline import Entry, Slip, masked, outline, slip, unspaced
from modelsync.language.text.scanner import Events
from modelsync.language.text.source import Source
from modelsync.language.text.suspects import NO_COLON, NO_SPACE, is_one_value

_NO_END = "could not find expected ':'"  # the library tells where it gave up; the key is where it began
# What the library says -> what happened, and a way out. The first that fits is used.
_SAID = (
    ("mapping values are not allowed", "a value can't hold `: `", "quote the value, or begin a new line for the key"),
    ("mapping keys are not allowed", "a value can't begin with `? `", "quote the value"),
    ("sequence entries are not allowed", "a list can't begin here", "begin a new line for it, or write `[a, b]`"),
    (
        _NO_END,
        "a `:` is missing after this key",
        "write `key: value`, with a space after the colon",
    ),
    ("expected the node content", "a value is missing here", ""),
    ("expected <block end>", "this does not fit the lines above", "check the indentation"),
    ("expected '<document start>'", "this does not fit the lines above", "check the indentation"),
    ("cannot start any token", "a plain value can't start with this character", "quote the value"),
    ("unknown escape character", "this escape does not exist", "use single quotes for text with backslashes"),
    ("expected escape sequence", "this escape has too few digits", "`\\x` has 2 hexadecimal digits, `\\u` 4, `\\U` 8"),
)
# The same for what begins a value: shown at its beginning.
_BEGINNINGS = (
    ("while scanning an alias", "`*` begins a reference to an anchor, and no name follows", "quote the value"),
    ("while scanning an anchor", "`&` begins an anchor, and no name follows", "quote the value"),
    (
        "while scanning a block scalar",
        "`{sign}` begins a text on the lines below",
        "quote the value if it is meant here",
    ),
    ("while parsing a tag", "`!` begins a tag, and this is none", "quote the value"),
    ("while scanning a tag", "`!` begins a tag, and this is none", "quote the value"),
    ("while scanning an tag", "`!` begins a tag, and this is none", "quote the value"),
    ("while parsing a node", "`!` begins a tag, and this is none", "quote the value"),
)
_ENDS_EARLY = ("found unexpected end of stream", "found unexpected document separator")
_LINES = ("mapping values", "could not find", "expected <block end>", "expected '<document start>'")  # of block style
_PAIRS = {"]": "[", "}": "{"}
_MOST_TEXT = 64 * 1024  # a mend in a longer text is not tried out: reading it again would take too long
_WORD = re.compile(r"\S+")
_DASH = re.compile(r"\s*-(?:\s|$)")
_LAST_WORD = re.compile(r"\S+\s*$")
_KEY_ALONE = re.compile(r"[A-Za-z_]\w*(?:\s+[\"'].*)?")
_BEFORE_QUOTE = re.compile(r"[{,]\s*([A-Za-z_]\w*)(?::|\s+)[\"']")
_HEADER = re.compile(r"(?:^|[:\s])[|>][-+0-9]*\s*$")
_FIRST_VALUE = re.compile(r"(\s*(?:- +)*)[^:]*?:\s+(?:[&!]\S*\s+)*")
_CLOSERS = re.compile(r"[\]}]")


def explain(error: MarkedYAMLError, source: Source, events: Events) -> Diagnostic:
    """The diagnostic for one error of the library; `events` is where it was met."""
    said = _Said.of(error, source, events)
    if "tag that is too long" in said.problem:
        return Diagnostic("MS005", said.at(), "a tag has at most 1,024 characters", "remove the tag")
    if found := leftover(source, said.line, said.col):
        return found
    for reason in (_tab, _quote, _bracket, _text_below, _line, _follower, _beginning):
        if found := reason(said):
            return found
    for sign, message, help in _SAID:
        if sign in said.problem:
            return said.fault(said.place(*said.start) if sign == _NO_END else said.at(), message, help)
    reason_given = said.problem.splitlines()[0] if said.problem else "no reason given"
    return said.fault(said.at(), f"this can't be read as YAML: {reason_given}")


@record
class _Said:
    """What the library said: in words, where it stood (from 0), and where what it stood in began."""

    source: Source
    context: str
    problem: str
    line: int
    col: int
    start: tuple[int, int]
    long: tuple[tuple[int, int], tuple[int, int]] | None  # the last text in quotes that took several lines

    @staticmethod
    def of(error: MarkedYAMLError, source: Source, events: Events) -> _Said:
        mark, start = error.problem_mark or error.context_mark, error.context_mark or error.problem_mark
        last = max(len(source.lines) - 1, 0)
        line = min(getattr(mark, "line", 0), last)
        context, problem = str(error.context or ""), str(error.problem or error.context or "")
        begun = min(getattr(start, "line", 0), last), getattr(start, "column", 0)
        quote = events.long_quote
        long = None if quote is None else ((quote[0].line, quote[0].column), (quote[1].line, quote[1].column))
        return _Said(source, context, problem, line, getattr(mark, "column", 0), begun, long)

    @property
    def text(self) -> str:
        return self.source.lines[self.line] if self.source.lines else ""

    def at(self, length: int = 1) -> Pos:
        return self.place(self.line, self.col, length)

    def place(self, line: int, col: int, length: int = 1) -> Pos:
        return self.source.at(line + 1, col + 1, length)

    def fault(self, at: Pos, message: str, help: str = "", fix: Fix | None = None, *related: Related) -> Diagnostic:
        return Diagnostic("MS001", at, message, help, (), related, fix=_tried(fix, self.source, self.line))


def _tried(fix: Fix | None, source: Source, line: int) -> Fix | None:
    """The mend if the text can be read with it, or at least further than `line`."""
    if fix is None or len(source.text) > _MOST_TEXT:
        return None
    lines = list(source.lines)
    row = fix.at.line - 1
    lines[row] = lines[row][: fix.at.col - 1] + fix.replacement + lines[row][fix.at.end_col - 1 :]
    try:
        for _ in Events("\n".join(lines)):
            pass
    except MarkedYAMLError as error:
        mark = error.context_mark if str(error.problem).startswith(_ENDS_EARLY) else error.problem_mark
        return fix if mark is not None and mark.line > max(row, line) else None
    except Exception:  # the library lets bare ValueError and others out: something else is wrong too
        return None
    return fix


def _tab(said: _Said) -> Diagnostic | None:
    if "'\\t'" not in said.problem:
        return None
    before, tabs = said.text[: said.col], _blank_from(said.text, said.col)
    if before.strip():
        return said.fault(said.at(), "a tab can't stand here", "write a space", Fix(said.at(len(tabs)), " "))
    return said.fault(said.at(), "a tab can't stand here", "indent with spaces")


def _blank_from(text: str, start: int) -> str:
    return text[start : len(text) - len(text[start:].lstrip())]


def _quote(said: _Said) -> Diagnostic | None:
    """A quote that is never closed, or closed by the next one on a later line, before which all went wrong."""
    if said.problem.startswith(_ENDS_EARLY):
        start = said.start
    elif said.long is not None and said.long[1][0] == said.line and said.long[1][1] <= said.col:
        start = said.long[0]
    else:
        return None
    row, col = start
    if pair := _BEFORE_QUOTE.search(said.source.lines[row][:col]):  # it closes, but nothing opened: `{a:"b"}`
        lone = unspaced([Entry(row, pair.start(1), "text", said.source.lines[row][pair.start(1) :])], row)
        return None if lone is None else misfit(lone, said.source)
    return said.fault(said.place(row, col), "the quote that opens here is never closed", "close it on the same line")


def _bracket(said: _Said) -> Diagnostic | None:
    """Inside brackets: a comma or the closing bracket is missing, or another bracket closes."""
    found = re.search(r"but (?:got|found) '([\]}])'", said.problem)
    closer = found[1] if found else ""
    if not said.context.startswith("while parsing a flow") or "expected the node" in said.problem:
        if closer and (lone := unspaced(outline(said.source.lines, said.line), said.line)):
            return misfit(lone, said.source)
        return _closes_nothing(said, closer) if closer else None
    line, col = said.start
    opener = said.source.lines[line][col : col + 1]
    opened = said.place(line, col)
    if _is_left_open(said):
        help = "close it on the same line; quote values that hold brackets"
        return said.fault(opened, "the bracket that opens here is never closed", help)
    if closer:
        message = f"`{closer}` can't close the `{opener}` that is open here"
        wanted = {"[": "]", "{": "}"}.get(opener, "")
        return said.fault(said.at(), message, f"write `{wanted}` first", None, Related(opened, "it opens here"))
    if better := _quote_twice(said) or _pair(said, opener):
        return better
    col = said.col
    if "':'" in said.problem and (word := _LAST_WORD.search(said.text[: said.col])):
        col = word.start()  # the key before the colon is what the comma should stand before
    at = said.place(said.line, col, max(said.col - col, 1))
    return said.fault(at, "a `,` is missing before this", "quote values that hold brackets, commas or `: `")


def _pair(said: _Said, opener: str) -> Diagnostic | None:
    """A key inside braces whose colon, or the space after it, is missing."""
    before = said.text[: said.col]
    begin = max(before.rfind("{"), before.rfind(",")) + 1
    begin += len(before[begin:]) - len(before[begin:].lstrip())
    written = before[begin:].strip()
    if opener != "{" or ": " in written:
        return None
    entry = Entry(said.line, begin, "text", said.text[begin:])
    is_key = NO_SPACE.match(entry.text) or _KEY_ALONE.fullmatch(written)
    lone = unspaced([entry], said.line) if is_key else None
    return None if lone is None else misfit(lone, said.source)


def _closes_nothing(said: _Said, closer: str) -> Diagnostic:
    twice = said.text[: said.col].endswith(closer)
    fix = Fix(said.place(said.line, said.col - 1, 2), closer) if twice else None
    message = f"this `{closer}` closes nothing that is open"
    return said.fault(said.at(), message, f"remove it, or open it with `{_PAIRS[closer]}`", fix)


def _is_left_open(said: _Said) -> bool:
    """Whether a line began after the bracket that can't stand inside it, because it is not indented more."""
    line, _ = said.start
    lines = said.source.lines
    edge = _indent(lines[line])
    if said.problem.endswith("'<stream end>'"):
        return True
    return any(
        text.strip() and _indent(text) <= edge and text.strip()[0] not in "]}#"
        for text in lines[line + 1 : said.line + 1]
    )


def _indent(text: str) -> int:
    return len(text) - len(text.lstrip(" "))


def _text_below(said: _Said) -> Diagnostic | None:
    """A text below `|` or `>` whose first line is indented more than the others: there it seems to end."""
    row, lines = said.line - 1, said.source.lines
    while row > 0 and not lines[row].strip():
        row -= 1
    header = row - 1
    while header >= 0 and not lines[header].strip():
        header -= 1
    first, here = _indent(lines[row]), _indent(said.text)
    if header < 0 or not _HEADER.search(masked(lines[header])) or not _indent(lines[header]) < here < first:
        return None
    following = _indent(lines[said.line + 1]) if said.line + 1 < len(lines) else 0
    if following == first or (following != here and (first - _indent(lines[header])) % 2 == 0):
        return None  # the others are like the first, or it has the usual indentation
    whole = said.place(row, 0, first + 1)
    fix = Fix(whole, " " * here + lines[row][first]) if first == here + 1 else None
    message = f"this text begins in column {first + 1} and goes on in column {here + 1}"
    return said.fault(said.place(row, first), message, "indent all its lines alike", fix)


def _line(said: _Said) -> Diagnostic | None:
    """A line that does not fit those around it: by its indentation, or for want of a colon or a space."""
    if not said.problem.startswith(_LINES):
        return None
    row = said.start[0] if said.problem.startswith("could not find") else said.line
    found = slip(outline(said.source.lines, row), row)
    return None if found is None else misfit(found, said.source)


def misfit(found: Slip, source: Source) -> Diagnostic:
    """The diagnostic for a slip."""
    entry, line = found.entry, found.entry.line
    word = _WORD.match(entry.text)
    written = word.group() if word else entry.text
    match found.kind:
        case "space" if colon := NO_SPACE.match(entry.text):
            at = source.at(line + 1, 1 + entry.col, colon.end())
            return _misfit(
                source, at, "there is no space after this colon", f"write `{colon[1]}: ...`", Fix(at, f"{colon[1]}: ")
            )
        case "gap":
            at = source.at(line + 1, 1 + entry.col)
            return _misfit(source, at, "there is no space after this dash", "write `- ...`", Fix(at, "- "))
        case "colon" if key := NO_COLON.match(entry.text):
            at = source.at(line + 1, 1 + entry.col, len(key[1]))
            fix = Fix(at, f"{key[1]}:") if not key[2] or is_one_value(key[2]) else None
            return _misfit(source, at, f"a `:` is missing after `{key[1]}`", f"write `{key[1]}: ...`", fix)
    shown = written.rstrip(":")[:40]
    at = source.at(line + 1, 1 + entry.col, len(shown) or 1)
    columns = " or ".join(str(col + 1) for col in found.cols)
    message = f"`{shown}` stands in column {entry.col + 1}, the lines around it in column {columns}"
    if len(found.cols) > 1:
        return _misfit(source, at, message, f"indent it to column {columns}")
    many = abs(entry.col - found.cols[0])
    spaces = "1 space" if many == 1 else f"{many} spaces"
    whole = Pos(at.file, at.line, 1, at.end_line, at.end_col)
    fix = Fix(whole, " " * found.cols[0] + shown) if many == 1 and entry.kind != "text" else None
    return _misfit(source, at, message, f"remove {spaces}" if entry.col > found.cols[0] else f"add {spaces}", fix)


def _misfit(source: Source, at: Pos, message: str, help: str, fix: Fix | None = None) -> Diagnostic:
    return Diagnostic("MS001", at, message, help, fix=_tried(fix, source, at.line - 1))


def dash_inside(node: Scalar, source: Source) -> Diagnostic | None:
    """The fault of a text that goes on over a line with a dash: the item of a list, indented too far."""
    for row in range(node.at.line, min(node.at.end_line, len(source.lines))):
        if _DASH.match(source.lines[row]):
            found = slip(outline(source.lines, row), row)
            if found is not None:
                return misfit(found, source)
            at = source.at(row + 1, len(source.lines[row]) - len(source.lines[row].lstrip()) + 1)
            return _misfit(source, at, "this dash goes on with the text above", "indent it as the other items")
    return None


def _follower(said: _Said) -> Diagnostic | None:
    """Something after a value that is already complete, on its line."""
    before = said.text[: said.col].rstrip()
    if said.problem.startswith("mapping values") and (opener := _never_opened(said)):
        return opener
    if not said.problem.startswith(("expected <block end>", "expected '<document start>'")) or not before:
        return None
    if before[-1] in "\"'":
        is_apostrophe = said.text[: said.col].endswith("'")
        help = "an apostrophe is written twice here, `''`" if is_apostrophe else "put the whole value in quotes"
        return _quote_twice(said) or said.fault(said.at(), "nothing may follow the closing quote", help)
    if before[-1] in "]}":
        return said.fault(said.at(), "nothing may follow the closing bracket", "quote the value if it is text")
    return None


def _quote_twice(said: _Said) -> Diagnostic | None:
    """`""text"` and `"text""`: two quotes where one belongs."""
    before = said.text[: said.col].rstrip()
    first = len(before) - (1 if said.text[said.col : said.col + 1] == before[-1:] else 2)
    pair = said.text[max(first, 0) : first + 2]
    if pair not in ('""', "''"):
        return None
    at = said.place(said.line, first, 2)
    return said.fault(at, "two quotes stand here where one belongs", "remove one", Fix(at, pair[0]))


def _never_opened(said: _Said) -> Diagnostic | None:
    """`key: a: 1}`: the bracket that is missing where the value begins, or after the dash."""
    code = masked(said.text)
    closer = _CLOSERS.search(code, said.col)
    value = _FIRST_VALUE.match(code)
    if closer is None or value is None or value.end() >= said.col:
        return None
    opener, col = _PAIRS[closer.group()], value.end()
    first, _, _ = code[col : closer.start()].partition(",")
    if opener == "{" and ":" not in first:
        col = value.end(1)  # `- a: 1, b: 2}`
    message, related = f"a `{opener}` is missing here", "this closes nothing that is open"
    fix = Fix(said.place(said.line, col), opener + said.text[col])
    help = f"write `{opener}`, or quote the value"
    return said.fault(fix.at, message, help, fix, Related(said.place(said.line, closer.start()), related))


def _beginning(said: _Said) -> Diagnostic | None:
    for context, message, help in _BEGINNINGS:
        if said.context.startswith(context):
            line, col = said.start
            sign = said.source.lines[line][col : col + 1]
            return said.fault(said.place(line, col), message.format(sign=sign), help)
    return None
