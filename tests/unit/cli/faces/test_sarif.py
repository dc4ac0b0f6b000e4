"""The SARIF log has the structure that the standard asks for, and says what was found."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest

from modelsync import __version__
from modelsync.api.checking import Checked, Report
from modelsync.cli.faces.sarif import face
from modelsync.core.diagnostics import Diagnostic, Fix, Pos, Related, Severity

SPEC = Path("specs/churn/modelsync.yaml")
AT = Pos(SPEC, 21, 5, 21, 13)

# The objects of SARIF 2.1.0 that are used: each property with what it holds ("?" marks what may be left out). The
# standard allows more; what is not here is not written.
STRUCTURE: dict[str, dict[str, Any]] = {
    "log": {"$schema": str, "version": str, "runs": ["run"]},
    "run": {"tool": "tool", "columnKind": str, "results": ["result"]},
    "tool": {"driver": "driver"},
    "driver": {"name": str, "version": str, "semanticVersion": str, "rules": ["rule"]},
    "rule": {"id": str, "shortDescription": "text", "fullDescription": "text", "help": "text"},
    "result": {
        "ruleId": str, "ruleIndex": int, "level": str, "message": "text", "locations": ["location"],
        "relatedLocations?": ["related"], "fixes?": ["fix"],
    },
    "location": {"physicalLocation": "physical"},
    "related": {"id": int, "physicalLocation": "physical", "message": "text"},
    "physical": {"artifactLocation": "artifact", "region": "region"},
    "artifact": {"uri": str, "uriBaseId?": str},
    "region": {"startLine": int, "startColumn": int, "endLine": int, "endColumn": int},
    "text": {"text": str},
    "fix": {"description": "text", "artifactChanges": ["change"]},
    "change": {"artifactLocation": "artifact", "replacements": ["replacement"]},
    "replacement": {"deletedRegion": "region", "insertedContent?": "text"},
}  # fmt: skip


def compare(found: Any, wanted: Any) -> None:
    if isinstance(wanted, list):
        assert isinstance(found, list)
        for each in found:
            compare(each, wanted[0])
    elif isinstance(wanted, type):
        assert type(found) is wanted
    else:
        parts = STRUCTURE[wanted]
        names = {name.rstrip("?") for name in parts}
        assert {name for name in parts if not name.endswith("?")} <= found.keys() <= names, wanted
        for name, inner in parts.items():
            if name.rstrip("?") in found:
                compare(found[name.rstrip("?")], inner)


def log(*found: Diagnostic) -> dict[str, Any]:
    text = face(Report((Checked(SPEC, None, found),)))
    assert text.isascii()
    document: dict[str, Any] = json.loads(text)
    compare(document, "log")
    return document


def results(*found: Diagnostic) -> list[dict[str, Any]]:
    written: list[dict[str, Any]] = log(*found)["runs"][0]["results"]
    return written


def test_a_log_without_findings_says_so() -> None:
    document = log()
    assert document["version"] == "2.1.0"
    assert document["$schema"].endswith("/sarif-schema-2.1.0.json")
    run = document["runs"][0]
    assert run["results"] == []
    assert run["columnKind"] == "unicodeCodePoints"
    driver = run["tool"]["driver"]
    assert (driver["name"], driver["version"], driver["rules"]) == ("ModelSync", __version__, [])


def test_every_code_is_a_rule_once_and_every_result_points_to_its_rule() -> None:
    codes = ["MS201", "MS101", "MS201", "MS506", "MS999"]
    run = log(*(Diagnostic(code, AT, "x") for code in codes))["runs"][0]
    rules = run["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == ["MS101", "MS201", "MS506", "MS999"]
    assert [rules[result["ruleIndex"]]["id"] for result in run["results"]] == codes
    assert [result["ruleId"] for result in run["results"]] == codes


def test_a_result_in_full() -> None:
    other = Related(Pos(Path("flows/churn.py"), 29, 3, 29, 11), "`features` is defined here")
    found = Diagnostic("MS201", AT, "no step `f`", "did you mean `g`?", ("n",), (other,), fix=Fix(AT, "g"))
    artifact = {"uri": "specs/churn/modelsync.yaml", "uriBaseId": "%SRCROOT%"}
    region = {"startLine": 21, "startColumn": 5, "endLine": 21, "endColumn": 13}
    assert results(found) == [
        {
            "ruleId": "MS201",
            "ruleIndex": 0,
            "level": "error",
            "message": {"text": "no step `f`\nhelp: did you mean `g`?\nnote: n"},
            "locations": [{"physicalLocation": {"artifactLocation": artifact, "region": region}}],
            "relatedLocations": [
                {
                    "id": 1,
                    "physicalLocation": {
                        "artifactLocation": {"uri": "flows/churn.py", "uriBaseId": "%SRCROOT%"},
                        "region": {"startLine": 29, "startColumn": 3, "endLine": 29, "endColumn": 11},
                    },
                    "message": {"text": "`features` is defined here"},
                }
            ],
            "fixes": [
                {
                    "description": {"text": "did you mean `g`?"},
                    "artifactChanges": [
                        {
                            "artifactLocation": artifact,
                            "replacements": [{"deletedRegion": region, "insertedContent": {"text": "g"}}],
                        }
                    ],
                }
            ],
        }
    ]


def test_a_warning_and_a_mend_that_only_takes_away() -> None:
    (result,) = results(Diagnostic("MS207", AT, "x", severity=Severity.WARNING, fix=Fix(AT, "")))
    assert result["level"] == "warning"
    (fix,) = result["fixes"]
    assert "insertedContent" not in fix["artifactChanges"][0]["replacements"][0]
    assert fix["description"]["text"]


@pytest.mark.parametrize(
    ("file", "uri"),
    [
        ("a b/ü%,[x]{0}#?.yaml", "a%20b/%C3%BC%25%2C%5Bx%5D%7B0%7D%23%3F.yaml"),
        ("./a/../b.yaml", "b.yaml"),
        ("c:d.yaml", "c%3Ad.yaml"),
        ("\udcff.yaml", "%FF.yaml"),
    ],
)
def test_a_path_below_is_a_uri_from_the_current_folder(file: str, uri: str) -> None:
    (result,) = results(Diagnostic("MS101", Pos(Path(file), 1, 1, 1, 2), "x"))
    assert result["locations"][0]["physicalLocation"]["artifactLocation"] == {"uri": uri, "uriBaseId": "%SRCROOT%"}


def test_from_a_folder_below_paths_start_at_the_top_of_the_working_tree(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "specs/churn").mkdir(parents=True)
    monkeypatch.chdir(tmp_path / "specs")
    for git, uri in ((False, "churn/a.yaml"), (True, "specs/churn/a.yaml")):
        if git:
            (tmp_path / ".git").touch()  # a file, as in a linked working tree
        (result,) = results(Diagnostic("MS101", Pos(Path("churn/a.yaml"), 1, 1, 1, 2), "x"))
        artifact = result["locations"][0]["physicalLocation"]["artifactLocation"]
        assert artifact == {"uri": uri, "uriBaseId": "%SRCROOT%"}


def test_a_path_elsewhere_is_a_whole_uri(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for file in (Path("../a b.yaml"), tmp_path.parent / "a b.yaml"):
        (result,) = results(Diagnostic("MS101", Pos(file, 1, 1, 1, 2), "x"))
        artifact = result["locations"][0]["physicalLocation"]["artifactLocation"]
        assert artifact.keys() == {"uri"}
        assert unquote(artifact["uri"]) == f"file://{tmp_path.parent}/a b.yaml"


@pytest.mark.parametrize(
    ("message", "text"),
    [
        ("`{max_age: 36h}` and `${{ params.x }}` and [a, b]", "`{max_age: 36h}` and `${{ params.x }}` and [a, b]"),
        ("`{0}` is no argument", "`{{0}}` is no argument"),
        ("[a](b) is no link", "\\[a](b) is no link"),
        ("\x1b[2J", "\\x1b[2J"),
    ],
)
def test_a_message_is_taken_as_it_is_written(message: str, text: str) -> None:
    assert results(Diagnostic("MS101", AT, message))[0]["message"]["text"] == text
