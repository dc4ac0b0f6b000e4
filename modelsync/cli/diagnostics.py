"""The text face of diagnostics: place, sentence, snippet with a caret, a way out."""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Mapping, Sequence
from pathlib import Path

import click

from modelsync.core.diagnostics import Diagnostic, Pos, Severity

WIDTH = 160  # columns of a snippet; a longer line is cut around the caret
TAB = 4  # spaces that a tab is shown as
_COLOURS = {Severity.ERROR: "red", Severity.WARNING: "yellow"}


def show(diagnostics: Sequence[Diagnostic], *, err: bool) -> None:
    """Print findings with their snippets; `err` chooses the stream. Colour goes only to a terminal."""
    if diagnostics:
        files = {place.file for each in diagnostics for place in (each.at, *(other.at for other in each.related))}
        click.echo(render(diagnostics, {file: _text(file) for file in files}, colour=True), err=err)


def render(diagnostics: Sequence[Diagnostic], sources: Mapping[Path, str], *, colour: bool) -> str:
    """The findings as text, one block each, an empty line between them; `sources` holds the text of each file."""
    lines = {file: text.splitlines() for file, text in sources.items()}
    return "\n".join(_block(each, lines.get(each.at.file, []), colour=colour) for each in diagnostics)


def _block(found: Diagnostic, lines: Sequence[str], *, colour: bool) -> str:
    def styled(text: str, **style: str | bool) -> str:
        return click.style(text, **style) if colour else text  # type: ignore[arg-type]

    tone = _COLOURS[found.severity]
    head = styled(f"{found.severity}[{found.code}]", fg=tone, bold=True)
    block = [f"{_place(found.at)}: {head}: {styled(_safe(found.message), bold=True)}"]
    gutter = " " * (len(str(found.at.line)) + 1)
    bar = styled("|", fg="blue")
    if 1 <= found.at.line <= len(lines) and lines[found.at.line - 1].strip():
        shown, caret = _snippet(lines[found.at.line - 1], found.at)
        number = styled(str(found.at.line), fg="blue")
        block += [f"{gutter}{bar}", f"{number} {bar} {shown}".rstrip(), f"{gutter}{bar} {styled(caret, fg=tone)}"]
    if found.help:
        fixable = "  (fixable)" if found.fix is not None else ""
        block.append(f"{gutter}= {styled('help', fg='cyan')}: {_safe(found.help)}{fixable}")
    block += [f"{gutter}= {styled('note', fg='cyan')}: {_safe(note)}" for note in found.notes]
    block += [f"{gutter[1:]}--> {_place(other.at)}: {_safe(other.message)}" for other in found.related]
    return "\n".join((*block, ""))


def _place(at: Pos) -> str:
    return f"{_safe(_near(at.file))}:{at.line}:{at.col}"


def _near(file: Path) -> str:
    """The path from where the person is, if the file is below; as it is otherwise."""
    try:
        return str(file.relative_to(Path.cwd())) if file.is_absolute() else os.path.normpath(file)
    except (ValueError, OSError):
        return str(file)


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
    cut = _first(shown, WIDTH)
    room = max(_width(cut) - left, 1)
    return cut + ("..." if len(cut) < len(shown) else ""), " " * left + "^" * min(marked_width, room)


def _wide(text: str) -> str:
    """A part of a line with tabs as spaces and without characters that a terminal would obey."""
    return _safe(text.replace("\t", " " * TAB))


def _safe(text: str) -> str:
    return "".join(each if each.isprintable() else _escaped(each) for each in text)


def _escaped(character: str) -> str:
    code = ord(character)
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


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
    try:
        return file.read_text(encoding="utf-8-sig", errors="replace")
    except OSError:
        return ""
