"""The JSON face: one document, stable, for editors and scripts.

    {"version": 1,
     "files": [{"path": ..., "ok": ..., "mended": ..., "diagnostics": [
        {"code": "MS101", "severity": "error" | "warning", "message": ..., "help": ..., "notes": [...],
         "file": ..., "start": {"line": ..., "col": ...}, "end": {"line": ..., "col": ...},
         "fix": {"file": ..., "start": ..., "end": ..., "replacement": ...} | null,
         "related": [{"file": ..., "start": ..., "end": ..., "message": ...}]}]}],
     "counts": {"files": ..., "errors": ..., "warnings": ..., "fixable": ..., "mended": ...}}

`version` is that of this format; keys may be added to it, none is renamed or removed. Lines and columns start at 1,
columns count characters (Unicode code points), the end is exclusive. A byte order mark has no column. Paths are as
in the text face: from the current folder when they are below it. A text that is not there is empty, never null. The
document is plain ASCII.
"""

from __future__ import annotations

import json
from typing import Any

from modelsync.api.checking import Checked, Report
from modelsync.cli.faces.words import near
from modelsync.core.diagnostics import Diagnostic, Fix, Pos, Related

VERSION = 1


def face(report: Report) -> str:
    """The document."""
    counts = {
        "files": len(report.checked),
        "errors": report.errors,
        "warnings": report.warnings,
        "fixable": report.fixable,
        "mended": sum(report.mended.values()),
    }
    files = [_file(each, report) for each in report.checked]
    return json.dumps({"version": VERSION, "files": files, "counts": counts}, indent=2)


def _file(each: Checked, report: Report) -> dict[str, Any]:
    return {
        "path": near(each.path),
        "ok": not each.errors,
        "mended": report.mended.get(each.path, 0),
        "diagnostics": [_diagnostic(found) for found in each.diagnostics],
    }


def _diagnostic(found: Diagnostic) -> dict[str, Any]:
    return {
        "code": found.code,
        "severity": found.severity.value,
        "message": found.message,
        "help": found.help,
        "notes": list(found.notes),
        **_place(found.at),
        "fix": _fix(found.fix),
        "related": [_related(other) for other in found.related],
    }


def _fix(fix: Fix | None) -> dict[str, Any] | None:
    return {**_place(fix.at), "replacement": fix.replacement} if fix is not None else None


def _related(other: Related) -> dict[str, Any]:
    return {**_place(other.at), "message": other.message}


def _place(at: Pos) -> dict[str, Any]:
    return {
        "file": near(at.file),
        "start": {"line": at.line, "col": at.col},
        "end": {"line": at.end_line, "col": at.end_col},
    }
