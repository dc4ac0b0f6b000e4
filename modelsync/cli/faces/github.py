"""The GitHub face: a workflow command for each finding, which marks the line in a pull request, and a last summary."""

from __future__ import annotations

import os
from pathlib import Path

from modelsync.api.checking import Report
from modelsync.cli.faces.words import mended, near, safe, sentences, source_root, total
from modelsync.core.diagnostics import Diagnostic, Pos

# Of a command's data GitHub decodes the first three, of its properties all; anything else would end or split it.
_DATA = {"%": "%25", "\r": "%0D", "\n": "%0A"}
_PROPERTY = {**_DATA, ":": "%3A", ",": "%2C"}


def face(report: Report) -> str:
    """One line for each finding, then the lines for people."""
    commands = [_command(found) for each in report.checked for found in each.diagnostics]
    return "\n".join((*commands, *mended(report), "".join(total(report))))


def _command(found: Diagnostic) -> str:
    at = found.at
    place = {"file": safe(_path(at.file)), "line": str(at.line), "endLine": str(at.end_line)}
    if at.line == at.end_line:  # GitHub takes columns only on one line
        place |= {"col": str(at.col), "endColumn": str(at.end_col)}
    properties = ",".join(
        f"{name}={_escaped(value, _PROPERTY)}" for name, value in (*place.items(), ("title", found.code))
    )
    related = [f"--> {_shown(other.at)}: {safe(other.message)}" for other in found.related]
    said = "\n".join((*sentences(found), *related, f"--> {_shown(at)}"))  # the log shows the message without its place
    return f"::{found.severity} {properties}::{_escaped(said, _DATA)}"


def _path(file: Path) -> str:
    """The path in the repository, where GitHub or Git says that this is, with its separators."""
    workspace = os.environ.get("GITHUB_WORKSPACE")
    whole, root = file.resolve(), (Path(workspace) if workspace else source_root()).resolve()
    return whole.relative_to(root).as_posix() if whole.is_relative_to(root) else Path(near(file)).as_posix()


def _shown(at: Pos) -> str:
    return f"{safe(_path(at.file))}:{at.line}:{at.col}"


def _escaped(text: str, signs: dict[str, str]) -> str:
    return "".join(signs.get(each, each) for each in text)
