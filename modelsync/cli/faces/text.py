"""The text face: place, sentence, snippet with a caret, a way out; then a line for each spec and one for all."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from pathlib import Path

import click

from modelsync.api.checking import Report
from modelsync.cli.faces.words import mended, near, safe, total, verdict
from modelsync.cli.printing import put
from modelsync.core.diagnostics import Diagnostic, Pos, Severity
from modelsync.language.secrecy import masked

WIDTH = 160  # columns of a snippet; a longer line is cut around the caret
TAB = 4  # spaces that a tab is shown as
MOST = 4 * 1024 * 1024  # bytes of a file that are read for its snippets
_COLOURS = {Severity.ERROR: "red", Severity.WARNING: "yellow"}
_LINE_END = re.compile(r"\r\n|\r|\n")  # what YAML and Python count as one; `str.splitlines` knows more


def face(report: Report) -> str:
    """Everything that was found, with colours; `put` leaves them out where they are not wanted."""
    lines = mended(report)
    for each in report.checked:
        if each.diagnostics:
            lines.append(render(each.diagnostics, _sources(each.diagnostics, report.texts), colour=True))
        if len(report.checked) > 1:
            lines.append(_coloured(*verdict(each)))
    if len(report.checked) > 1:
        lines.append("")
    return "\n".join((*lines, _coloured(*total(report))))


def show(diagnostics: Sequence[Diagnostic], *, err: bool) -> None:
    """Print findings with their snippets; `err` chooses the stream. Colour goes only where it is wanted."""
    if diagnostics:
        put(render(diagnostics, _sources(diagnostics, {}), colour=True), err=err)


def render(diagnostics: Sequence[Diagnostic], sources: Mapping[Path, str], *, colour: bool) -> str:
    """The findings as text, one block each, an empty line between them; `sources` holds the text of each file."""
    lines = {file: _LINE_END.split(text) for file, text in sources.items()}
    return "\n".join(_block(each, lines, colour=colour) for each in diagnostics)


def _coloured(head: str, rest: str) -> str:
    return click.style(head, fg="green" if head == "ok" else "red", bold=True) + rest


def _sources(diagnostics: Sequence[Diagnostic], texts: Mapping[Path, str]) -> dict[Path, str]:
    files = {place.file for each in diagnostics for place in (each.at, *(other.at for other in each.related))}
    return {file: texts[file] if file in texts else _text(file) for file in files}


def _block(found: Diagnostic, sources: Mapping[Path, Sequence[str]], *, colour: bool) -> str:
    def styled(text: str, **style: str | bool) -> str:
        return click.style(text, **style) if colour else text  # type: ignore[arg-type]

    tone = _COLOURS[found.severity]
    head = styled(f"{found.severity}[{found.code}]", fg=tone, bold=True)
    block = [f"{_place(found.at)}: {head}: {styled(safe(found.message), bold=True)}"]
    elsewhere = {other: _line(other.at, sources) for other in found.related if other.at.file != found.at.file}
    digits = max(len(str(at.line)) for at in (found.at, *(other.at for other, line in elsewhere.items() if line)))
    gutter, bar = " " * (digits + 1), styled("|", fg="blue")

    def numbered(at: Pos, line: str) -> str:
        return f"{styled(str(at.line).ljust(digits), fg='blue')} {bar} {line}".rstrip()

    if line := _line(found.at, sources):
        shown, caret = _snippet(line, found.at)
        block += [f"{gutter}{bar}", numbered(found.at, shown), f"{gutter}{bar} {styled(caret, fg=tone)}"]
    if found.help:
        fixable = "  (fixable)" if found.fix is not None else ""
        block.append(f"{gutter}= {styled('help', fg='cyan')}: {safe(found.help)}{fixable}")
    block += [f"{gutter}= {styled('note', fg='cyan')}: {safe(note)}" for note in found.notes]
    for other in found.related:
        block.append(f"{gutter[1:]}--> {_place(other.at)}: {safe(other.message)}")
        if line := elsewhere.get(other, ""):  # in a file that is not open before the reader
            block.append(numbered(other.at, _cut(_wide(line))))
    return "\n".join((*block, ""))


def _place(at: Pos) -> str:
    return f"{safe(near(at.file))}:{at.line}:{at.col}"


def _line(at: Pos, sources: Mapping[Path, Sequence[str]]) -> str:
    """The line of a place; empty when there is none or nothing to see on it."""
    lines = sources.get(at.file, ())
    line = lines[at.line - 1] if 1 <= at.line <= len(lines) else ""
    return masked(line) if line.strip() else ""


def _snippet(line: str, at: Pos) -> tuple[str, str]:
    """The line as shown and the carets below it, both cut to WIDTH around the first caret."""
    start = min(at.col - 1, len(line))
    stop = at.end_col - 1 if at.end_line == at.line else len(line.rstrip())
    before, marked, after = (_wide(part) for part in (line[:start], line[start:stop], line[max(start, stop) :]))
    marked_width = max(_width(marked), 1)
    shown, left = before + marked + after, _width(before)
    if left > WIDTH - 40:  # the caret would be off the screen: show the part of the line around it
        keep = _last(before, WIDTH // 2)
        shown, left = f"...{keep}{marked}{after}", _width(keep) + 3
    room = max(_width(_first(shown, WIDTH)) - left, 1)
    return _cut(shown), " " * left + "^" * min(marked_width, room)


def _cut(line: str) -> str:
    cut = _first(line, WIDTH)
    return cut + ("..." if len(cut) < len(line) else "")


def _wide(text: str) -> str:
    """A part of a line with tabs as spaces and without characters that a terminal would obey."""
    return safe(text.replace("\t", " " * TAB))


def _width(text: str) -> int:
    """Columns on a terminal: wide characters take two, combining marks none."""
    return sum(_columns(each) for each in text)


def _columns(character: str) -> int:
    if unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def _first(text: str, width: int) -> str:
    used = 0
    for index, each in enumerate(text):
        used += _columns(each)
        if used > width:
            return text[:index]
    return text


def _last(text: str, width: int) -> str:
    return _first(text[::-1], width)[::-1]


def _text(file: Path) -> str:
    """What a file holds, or nothing when there is no such file; a pipe is never waited for."""
    try:
        if not file.is_file():
            return ""
        with file.open("rb") as handle:
            return handle.read(MOST).decode("utf-8-sig", errors="replace")
    except OSError:
        return ""
