"""The JSON document, key by key."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from modelsync.api.checking import Checked, Report
from modelsync.cli.faces.json import face
from modelsync.core.diagnostics import Diagnostic, Fix, Pos, Related, Severity

SPEC = Path("specs/churn/modelsync.yaml")
AT = Pos(SPEC, 21, 5, 21, 13)
ODD = "\x00\x07\x1b[2J\x7f\x9b\u202e\u2028\udcff"


def test_the_whole_document() -> None:
    found = Diagnostic(
        "MS201",
        AT,
        "step `feature` does not exist",
        "did you mean `features`?",
        ("a note",),
        (Related(Pos(Path("flows/churn.py"), 1, 1, 2, 4), "`features` is defined here"),),
        fix=Fix(AT, "features"),
    )
    warning = Diagnostic("MS207", Pos(SPEC, 1, 1, 3, 2), "unused", severity=Severity.WARNING)
    warned = Checked(Path("c.yaml"), None, (warning,))
    report = Report((Checked(SPEC, None, (found, warning)), Checked(Path("b.yaml"), None, ()), warned), {SPEC: 2})
    place: dict[str, Any] = {"file": str(SPEC), "start": {"line": 21, "col": 5}, "end": {"line": 21, "col": 13}}
    document = json.loads(face(report))
    assert document["files"].pop(2)["ok"] is True
    assert document == {
        "version": 1,
        "files": [
            {
                "path": str(SPEC),
                "ok": False,
                "mended": 2,
                "diagnostics": [
                    {
                        "code": "MS201",
                        "severity": "error",
                        "message": "step `feature` does not exist",
                        "help": "did you mean `features`?",
                        "notes": ["a note"],
                        **place,
                        "fix": {**place, "replacement": "features"},
                        "related": [
                            {
                                "file": "flows/churn.py",
                                "start": {"line": 1, "col": 1},
                                "end": {"line": 2, "col": 4},
                                "message": "`features` is defined here",
                            }
                        ],
                    },
                    {
                        "code": "MS207",
                        "severity": "warning",
                        "message": "unused",
                        "help": "",
                        "notes": [],
                        "file": str(SPEC),
                        "start": {"line": 1, "col": 1},
                        "end": {"line": 3, "col": 2},
                        "fix": None,
                        "related": [],
                    },
                ],
            },
            {"path": "b.yaml", "ok": True, "mended": 0, "diagnostics": []},
        ],
        "counts": {"files": 3, "errors": 1, "warnings": 2, "fixable": 1, "mended": 2},
    }


def test_the_order_of_keys_is_stable() -> None:
    text = face(Report((Checked(SPEC, None, (Diagnostic("MS101", AT, "x"),)),)))
    keys = [line.split('"')[1] for line in text.splitlines() if '": ' in line]
    assert keys[:10] == [
        "version",
        "files",
        "path",
        "ok",
        "mended",
        "diagnostics",
        "code",
        "severity",
        "message",
        "help",
    ]


def test_no_control_character_is_written_as_it_is_and_none_is_lost() -> None:
    odd = Pos(Path(f"a{ODD}.yaml"), 1, 1, 1, 2)
    text = face(Report((Checked(odd.file, None, (Diagnostic("MS101", odd, ODD, ODD, (ODD,)),)),)))
    assert text.isascii()
    assert text.replace("\n", "").isprintable()
    found = json.loads(text)["files"][0]["diagnostics"][0]
    assert (found["message"], found["help"], found["notes"]) == (ODD, ODD, [ODD])
