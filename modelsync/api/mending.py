"""The safe mends of a check put into the files, which are whole at every moment."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from modelsync.api.checking import Checked, Report, check, stamp, wanted
from modelsync.api.rewriting import replace_text
from modelsync.core.diagnostics import Fix

ROUNDS = 10  # a mend can bring the next slip to light; mends that never end stop here


def mend(paths: Sequence[Path], overrides: Mapping[str, str] | None = None) -> Report:
    """Check, put in the safe mends, and check again until there are none; every file is whole at every moment.

    Of mends that overlap the first is put in; the others wait for the next round. A file that was changed by somebody
    else in between is left to the next round too.
    """
    mended: dict[Path, int] = {}
    included: set[Path] = set()  # files with mends that no path names; known after the first look at them
    for _ in range(ROUNDS):
        specs = wanted(paths)
        before = {path: stamp(path) for path in (*specs, *included)}
        checked = check(specs, overrides)
        is_over = True
        for file, fixes in _fixes(checked).items():
            if before.get(file) != stamp(file):
                included.add(file)
                is_over = False
            elif count := _rewrite(file, fixes):
                mended[file] = mended.get(file, 0) + count
                is_over = False
        if is_over:
            return Report(checked, mended)
    return Report(check(paths, overrides), mended)


def put_in(text: str, fixes: Sequence[Fix]) -> tuple[str, int]:
    """The text with the mends that don't overlap, the first ones first, and how many went in.

    Places are those of `Pos`. A mend whose place is not in the text, or that would change nothing, is left out.
    """
    lines = _Lines(text)
    parts, done, count = [], 0, 0
    for fix in sorted(fixes, key=lambda fix: fix.at):
        first, last = lines.offset(fix.at.line, fix.at.col), lines.offset(fix.at.end_line, fix.at.end_col)
        if first is None or last is None or not done <= first <= last or (count and first == last == done):
            continue
        replacement = fix.replacement.replace("\n", lines.ending)
        if text[first:last] != replacement:
            parts += [text[done:first], replacement]
            done, count = last, count + 1
    return "".join((*parts, text[done:])), count


def _fixes(checked: Sequence[Checked]) -> dict[Path, list[Fix]]:
    """The mends of each file, whatever names lead to it: specs may share one that they include."""
    names: dict[Path, Path] = {}
    found: dict[Path, list[Fix]] = {}
    for each in checked:
        for fix in (diagnostic.fix for diagnostic in each.diagnostics):
            if fix is not None:
                file = names.setdefault(fix.at.file.resolve(), fix.at.file)
                found.setdefault(file, []).append(replace(fix, at=replace(fix.at, file=file)))
    return found


def _rewrite(file: Path, fixes: Sequence[Fix]) -> int:
    """Put in the mends that don't overlap, and say how many; bytes that no mend touches stay as they are."""
    try:
        text = file.read_bytes().decode("utf-8")
    except (OSError, UnicodeDecodeError):  # somebody changed it since it was checked; the next check tells
        return 0
    fresh, count = put_in(text, fixes)
    if count:
        replace_text(file, fresh)
    return count


class _Lines:
    """Where the lines of a text begin and end, counted as places are: behind a byte order mark, ends left out."""

    def __init__(self, text: str) -> None:
        start = 1 if text.startswith("\ufeff") else 0
        lines = text[start:].splitlines(keepends=True) or [""]
        self.ending = "\r\n" if lines[0].endswith("\r\n") else "\n"
        self._spans = []
        for line in lines:
            self._spans.append((start, start + len(line.rstrip("\r\n"))))
            start += len(line)
        if lines[-1].endswith(("\r", "\n")):
            self._spans.append((start, start))

    def offset(self, line: int, col: int) -> int | None:
        """The offset of a place in the text; None when there is no such place."""
        if not 1 <= line <= len(self._spans):
            return None
        begin, end = self._spans[line - 1]
        return begin + col - 1 if begin <= begin + col - 1 <= end else None
