"""How paths, counts and sentences are written in every face."""

from __future__ import annotations

import os
from pathlib import Path

from modelsync.api.checking import Checked, Report
from modelsync.core.diagnostics import Diagnostic

FIX = "modelsync check --fix"


def near(file: Path) -> str:
    """The path from where the person is, if the file is below; as it is otherwise."""
    try:
        return str(file.relative_to(Path.cwd())) if file.is_absolute() else os.path.normpath(file)
    except (ValueError, OSError):
        return str(file)


def source_root() -> Path:
    """The top of the Git working tree that holds the current folder; the current folder outside of one."""
    here = Path.cwd()
    return next((each for each in (here, *here.parents) if (each / ".git").exists()), here)


def safe(text: str) -> str:
    """The text with every character escaped that a terminal would obey or that can't be seen."""
    return text if text.isprintable() else "".join(each if each.isprintable() else _escaped(each) for each in text)


def sentences(found: Diagnostic) -> list[str]:
    """The message, the help and the notes of a finding, one line each."""
    help = [f"help: {found.help}"] if found.help else []
    return [safe(line) for line in (found.message, *help, *(f"note: {note}" for note in found.notes))]


def count(number: int, noun: str) -> str:
    """`1 error`, `2 errors`."""
    return f"{number} {noun}{'' if number == 1 else 's'}"


def mended(report: Report) -> list[str]:
    """A line for each file into which mends were put."""
    return [f"mended {count(number, 'slip')} in {safe(near(file))}" for file, number in report.mended.items()]


def verdict(each: Checked) -> tuple[str, str]:
    """The line for one spec in two parts, the first of which deserves a colour: `ok` and its path, or the errors."""
    path = safe(near(each.path))
    warnings = f", {count(each.warnings, 'warning')}" if each.warnings else ""
    if each.errors:
        return count(each.errors, "error"), f"{warnings} in {path}"
    return "ok", f" {path}{warnings}"


def total(report: Report) -> tuple[str, str]:
    """The last line in the same two parts: for one spec its verdict, for several their sum; and what --fix can do."""
    on_disk = report.fixable and not report.texts
    fixable = f" ({report.fixable} fixable with `{FIX}`)" if on_disk else ""
    if len(report.checked) == 1:
        head, rest = verdict(report.checked[0])
        return head, rest + fixable
    warnings = f", {count(report.warnings, 'warning')}" if report.warnings else ""
    if report.errors:
        wrong = sum(1 for each in report.checked if each.errors)
        return count(report.errors, "error"), f"{warnings} in {wrong} of {count(len(report.checked), 'spec')}{fixable}"
    return "ok", f" {count(len(report.checked), 'spec')}{warnings}{fixable}"


def _escaped(character: str) -> str:
    code = ord(character)
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
