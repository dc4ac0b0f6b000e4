"""Workflow commands: what GitHub reads back is what was meant."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from modelsync.api.checking import Checked, Report
from modelsync.cli.faces.github import face
from modelsync.core.diagnostics import Diagnostic, Fix, Pos, Related, Severity

SPEC = Path("specs/churn/modelsync.yaml")
AT = Pos(SPEC, 21, 5, 21, 13)


@pytest.fixture(autouse=True)
def _no_workspace(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("GITHUB_WORKSPACE", raising=False)


def commands(*found: Diagnostic) -> list[str]:
    return face(Report((Checked(SPEC, None, found),))).splitlines()


def read(command: str) -> tuple[str, dict[str, str], str]:
    """A command as GitHub takes it apart: its name, its properties, its message."""
    match = re.fullmatch(r"::(\w+) (.*?)::(.*)", command)
    assert match is not None, command
    name, properties, message = match.groups()
    pairs = dict(each.split("=", 1) for each in properties.split(","))
    return name, {key: _decoded(value, ":,") for key, value in pairs.items()}, _decoded(message, "")


def _decoded(text: str, more: str) -> str:
    for sign in "\r\n" + more:
        text = text.replace(f"%{ord(sign):02X}", sign)
    return text.replace("%25", "%")


def test_a_finding_is_one_line_with_place_title_and_everything_that_helps() -> None:
    other = Related(Pos(SPEC, 29, 3, 29, 11), "`features` is defined here")
    found = Diagnostic("MS201", AT, "step `f` does not exist", "did you mean `features`?", ("a", "b"), (other,))
    assert commands(found) == [
        "::error file=specs/churn/modelsync.yaml,line=21,endLine=21,col=5,endColumn=13,title=MS201::"
        "step `f` does not exist%0Ahelp: did you mean `features`?%0Anote: a%0Anote: b"
        "%0A--> specs/churn/modelsync.yaml:29:3: `features` is defined here%0A--> specs/churn/modelsync.yaml:21:5",
        "1 error in specs/churn/modelsync.yaml",
    ]


def test_a_warning_over_lines_has_no_columns() -> None:
    found = Diagnostic("MS207", Pos(SPEC, 1, 5, 3, 2), "x", severity=Severity.WARNING)
    name, properties, _ = read(commands(found)[0])
    assert name == "warning"
    assert properties == {"file": str(SPEC), "line": "1", "endLine": "3", "title": "MS207"}


def test_nothing_in_a_spec_can_end_or_split_a_command() -> None:
    odd = Path("a,b:c%2C::error ::d\n.yaml")
    message = "50 % of `a::error::b`,%0A\r\n::set-output name=x::y \x1b[2J"
    line, summary = face(
        Report((Checked(odd, None, (Diagnostic("MS101", Pos(odd, 1, 1, 1, 2), message),)),))
    ).splitlines()
    _, properties, said = read(line)
    assert properties["file"] == "a,b:c%2C::error ::d\\x0a.yaml"
    assert said.splitlines()[0] == "50 % of `a::error::b`,%0A\\x0d\\x0a::set-output name=x::y \\x1b[2J"
    assert summary == "1 error in a,b:c%2C::error ::d\\x0a.yaml"


def test_paths_start_at_the_workspace_when_the_file_is_in_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "sub").mkdir()
    monkeypatch.chdir(tmp_path / "sub")
    monkeypatch.setenv("GITHUB_WORKSPACE", str(tmp_path))
    assert read(commands(Diagnostic("MS101", AT, "x"))[0])[1]["file"] == f"sub/{SPEC}"
    monkeypatch.setenv("GITHUB_WORKSPACE", "/elsewhere")
    assert read(commands(Diagnostic("MS101", AT, "x"))[0])[1]["file"] == str(SPEC)


def test_the_last_lines_are_for_people() -> None:
    report = Report((Checked(SPEC, None, (Diagnostic("MS101", AT, "x", fix=Fix(AT, "y")),)),), {SPEC: 2})
    assert face(report).splitlines()[1:] == [
        f"mended 2 slips in {SPEC}",
        f"1 error in {SPEC} (1 fixable with `modelsync check --fix`)",
    ]
    assert face(Report((Checked(SPEC, None, ()),))) == f"ok {SPEC}"


def test_from_a_folder_below_paths_start_at_the_top_of_the_working_tree(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / ".git").mkdir()
    monkeypatch.chdir(tmp_path / "sub")
    _, properties, said = read(commands(Diagnostic("MS101", AT, "x"))[0])
    assert properties["file"] == f"sub/{SPEC.as_posix()}"
    assert f"--> sub/{SPEC.as_posix()}:21:5" in said
