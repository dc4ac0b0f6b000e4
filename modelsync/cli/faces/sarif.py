"""The SARIF face: one log of version 2.1.0, for code scanning and viewers."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import Any
from urllib.parse import quote

from modelsync import __version__
from modelsync.api.checking import Report
from modelsync.cli.faces.words import safe, sentences, source_root
from modelsync.core.diagnostics import Diagnostic, Fix, Pos, Related

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
BASE = "%SRCROOT%"  # the top of the Git working tree, or the current folder; who reads the log decides where it is

# The first digit of a code -> what its family is about, as language.md lists them.
_FAMILIES = {
    "0": "The file can be read as YAML",
    "1": "Keys and values have the shape that the language asks for",
    "2": "References lead to something that exists and fits",
    "3": "Expressions use names that exist, with the types they have",
    "4": "Functions get the arguments they ask for",
    "5": "Gates, versions, stages and deployments are complete and fit together",
    "6": "Secrets stay secret, and what affects safety is written",
}
_LINK = re.compile(r"\[(?=[^\]]*\]\()")  # a message with [text](target) would become a link
_PLACEHOLDER = re.compile(r"\{(\d+)\}")  # {0} would be replaced by an argument


def face(report: Report) -> str:
    """The log."""
    found = [diagnostic for each in report.checked for diagnostic in each.diagnostics]
    codes = sorted({each.code for each in found})
    driver = {
        "name": "ModelSync",
        "version": __version__,
        "semanticVersion": __version__,
        "rules": [_rule(code) for code in codes],
    }
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "results": [_result(each, codes.index(each.code)) for each in found],
    }
    return json.dumps({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2)


def _rule(code: str) -> dict[str, Any]:
    """What code scanning asks of a rule: two descriptions and a help."""
    about = {"text": f"{_FAMILIES.get(code[2:3], 'The spec is right')}."}
    help = {"text": "The message of each result says what to write instead."}
    return {"id": code, "shortDescription": about, "fullDescription": about, "help": help}


def _result(found: Diagnostic, rule: int) -> dict[str, Any]:
    result: dict[str, Any] = {
        "ruleId": found.code,
        "ruleIndex": rule,
        "level": found.severity.value,
        "message": _message("\n".join(sentences(found))),
        "locations": [{"physicalLocation": _physical(found.at)}],
    }
    if found.related:
        result["relatedLocations"] = [_related(number, other) for number, other in enumerate(found.related, 1)]
    if found.fix is not None:
        result["fixes"] = [_fix(found.fix, found.help)]
    return result


def _related(number: int, other: Related) -> dict[str, Any]:
    return {"id": number, "physicalLocation": _physical(other.at), "message": _message(safe(other.message))}


def _fix(fix: Fix, help: str) -> dict[str, Any]:
    replacement: dict[str, Any] = {"deletedRegion": _region(fix.at)}
    if fix.replacement:
        replacement["insertedContent"] = {"text": fix.replacement}
    return {
        "description": _message(safe(help) or f"Replace it by `{safe(fix.replacement)}`"),
        "artifactChanges": [{"artifactLocation": _artifact(fix.at.file), "replacements": [replacement]}],
    }


def _message(text: str) -> dict[str, str]:
    return {"text": _PLACEHOLDER.sub(r"{{\1}}", _LINK.sub(r"\\[", text))}


def _physical(at: Pos) -> dict[str, Any]:
    return {"artifactLocation": _artifact(at.file), "region": _region(at)}


def _region(at: Pos) -> dict[str, int]:
    return {"startLine": at.line, "startColumn": at.col, "endLine": at.end_line, "endColumn": at.end_col}


def _artifact(file: Path) -> dict[str, str]:
    """A URI from the root of the sources when the file is below it, a whole one otherwise."""
    root, whole = source_root(), Path(os.path.normpath(Path.cwd() / file))
    if whole.is_relative_to(root):
        return {"uri": quote(os.fsencode(whole.relative_to(root).as_posix())), "uriBaseId": BASE}
    return {"uri": f"file://{quote(os.fsencode(whole.as_posix()))}"}
