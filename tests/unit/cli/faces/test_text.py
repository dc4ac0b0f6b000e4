"""The text face of a finding."""

from __future__ import annotations

import os
import re
from pathlib import Path

import click
import pytest

from modelsync.api.checking import Checked, Report
from modelsync.cli.faces.text import TAB, WIDTH, face, render, show
from modelsync.core.diagnostics import Diagnostic, Fix, Pos, Related, Severity

FILE = Path("specs/churn/modelsync.yaml")


def at(line: int, col: int, end: int, file: Path = FILE) -> Pos:
    return Pos(file, line, col, line, end)


def shown(line: str, col: int, end: int) -> list[str]:
    """The snippet and the carets of a finding on a line."""
    found = Diagnostic("MS101", at(1, col, end), "x")
    return [each[4:] for each in render([found], {FILE: line}, colour=False).splitlines()[2:4]]


def test_a_finding_as_the_language_describes_it() -> None:
    place = at(21, 5, 13)
    found = Diagnostic(
        "MS101",
        place,
        "unknown key `freshnes` in dataset `customers`",
        "did you mean `freshness`?",
        ("keys allowed here: contract, freshness, source, tags, versioning",),
        (Related(at(29, 3, 11), "`features` is defined here"),),
        fix=Fix(place, "freshness"),
    )
    text = "\n" * 20 + "    freshnes: {max_age: 36h}\n"
    assert render([found], {FILE: text}, colour=False) == (
        "specs/churn/modelsync.yaml:21:5: error[MS101]: unknown key `freshnes` in dataset `customers`\n"
        "   |\n"
        "21 |     freshnes: {max_age: 36h}\n"
        "   |     ^^^^^^^^\n"
        "   = help: did you mean `freshness`?  (fixable)\n"
        "   = note: keys allowed here: contract, freshness, source, tags, versioning\n"
        "  --> specs/churn/modelsync.yaml:29:3: `features` is defined here\n"
    )


def test_blocks_are_told_apart_by_an_empty_line() -> None:
    found = [Diagnostic("MS101", at(1, 1, 2), "a"), Diagnostic("MS207", at(2, 1, 2), "b", severity=Severity.WARNING)]
    text = render(found, {FILE: "x\ny\n"}, colour=False)
    assert "^\n\nspecs/churn/modelsync.yaml:2:1: warning[MS207]: b\n" in text


@pytest.mark.parametrize(
    ("line", "col", "end", "snippet", "caret"),
    [
        ("key: value", 6, 11, "key: value", "     ^^^^^"),
        ("key: value", 6, 6, "key: value", "     ^"),
        ("key:", 40, 41, "key:", "    ^"),
        ("\tkey: v", 2, 5, " " * TAB + "key: v", " " * TAB + "^^^"),
        ("客: 値段", 4, 6, "客: 値段", "    ^^^^"),
        ("e\u0301: x", 5, 6, "e\\u0301: x".replace("\\u0301", "\u0301"), "   ^"),
        ("a: \x1b[2J", 4, 5, "a: \\x1b[2J", "   ^^^^"),
        ("a: \u202e!", 4, 5, "a: \\u202e!", "   ^^^^^^"),
    ],
)
def test_the_caret_stands_below_what_is_meant(line: str, col: int, end: int, snippet: str, caret: str) -> None:
    assert shown(line, col, end) == [snippet, caret]


def test_a_long_line_is_cut_around_the_caret() -> None:
    near = shown("a" * 400, 10, 12)
    assert len(near[0]) == WIDTH + 3
    assert near == ["a" * WIDTH + "...", " " * 9 + "^^"]
    far = shown("a" * 300 + "HERE" + "b" * 300, 301, 305)
    start = far[1].index("^")
    assert far[0][start : start + 4] == "HERE"
    assert far[0].startswith("...")
    assert far[0].endswith("...")


def test_a_span_over_lines_is_marked_to_the_end_of_its_first_line() -> None:
    found = Diagnostic("MS001", Pos(FILE, 1, 4, 3, 2), "x")
    assert render([found], {FILE: "a: |  \n  b\n"}, colour=False).splitlines()[3] == "  |    ^"


@pytest.mark.parametrize("text", ["", "\n\n"])
def test_without_a_line_there_is_no_snippet(text: str) -> None:
    found = Diagnostic("MS009", at(1, 1, 2), "the file says nothing", "write something")
    assert render([found], {FILE: text}, colour=False).splitlines()[1] == "  = help: write something"
    assert render([found], {}, colour=False).splitlines()[1] == "  = help: write something"


def test_colour_only_when_asked() -> None:
    found = [Diagnostic("MS101", at(1, 1, 2), "x", "y", ("z",))]
    assert "\x1b" not in render(found, {FILE: "a"}, colour=False)
    assert "\x1b[31m" in render(found, {FILE: "a"}, colour=True)


def test_a_message_can_not_steer_the_terminal() -> None:
    found = Diagnostic("MS101", at(1, 1, 2), "key `\x1b[2J\U000e0001`")
    assert render([found], {}, colour=False).splitlines()[0].endswith("key `\\x1b[2J\\U000e0001`")


def test_show_reads_the_files_and_chooses_the_stream(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "modelsync.yaml"
    file.write_text("bad: 1\n")
    missing = Related(at(1, 1, 2, tmp_path / "gone.py"), "here")
    show([Diagnostic("MS101", at(1, 1, 4, file), "x", related=(missing,))], err=True)
    said = capsys.readouterr()
    assert said.out == ""
    assert "1 | bad: 1" in said.err
    show([], err=False)
    assert capsys.readouterr().out == ""


def test_a_related_place_in_another_file_shows_its_line() -> None:
    code = Path("flows/churn.py")
    found = Diagnostic(
        "MS402",
        at(7, 3, 6),
        "x",
        related=(Related(at(120, 1, 4, code), "`fit` is defined here"), Related(at(1, 1, 2), "and used here")),
    )
    sources = {FILE: "a: b" + "\n" * 6 + "  run: y\n", code: "\n" * 119 + "\tdef fit(\x1b): ...\n"}
    assert render([found], sources, colour=False) == (
        "specs/churn/modelsync.yaml:7:3: error[MS402]: x\n"
        "    |\n"
        "7   |   run: y\n"
        "    |   ^^^\n"
        "   --> flows/churn.py:120:1: `fit` is defined here\n"
        "120 |     def fit(\\x1b): ...\n"
        "   --> specs/churn/modelsync.yaml:1:1: and used here\n"
    )


def test_only_the_first_lines_of_findings_look_like_places() -> None:
    other = Related(at(3, 1, 2, Path("flows/churn.py")), "here")
    found = Diagnostic("MS101", at(1, 1, 2), "x", "help", ("note",), (other,))
    report = Report((Checked(FILE, None, (found, found)),), texts={FILE: "a", Path("flows/churn.py"): "\n\nb: 1:1: c"})
    lines = click.unstyle(face(report)).splitlines()
    places = [line for line in lines if re.match(r"\S+:\d+:\d+: (error|warning)\[MS\d{3}\]: ", line)]
    assert len(places) == 2
    assert [line for line in lines if line not in places and not re.match(r"( |\d+ +\||$)", line)] == [lines[-1]]
    assert lines[-1] == f"2 errors in {FILE}"


def test_several_specs_have_a_line_each_and_one_for_all() -> None:
    wrong = Checked(Path("b.yaml"), None, (Diagnostic("MS101", at(1, 1, 2, Path("b.yaml")), "x"),))
    warned = Checked(
        Path("c.yaml"), None, (Diagnostic("MS207", at(1, 1, 2, Path("c.yaml")), "y", severity=Severity.WARNING),)
    )
    report = Report((Checked(Path("a.yaml"), None, ()), wrong, warned), {Path("a.yaml"): 3})
    assert click.unstyle(face(report)).splitlines() == [
        "mended 3 slips in a.yaml",
        "ok a.yaml",
        "b.yaml:1:1: error[MS101]: x",
        "",
        "1 error in b.yaml",
        "c.yaml:1:1: warning[MS207]: y",
        "",
        "ok c.yaml, 1 warning",
        "",
        "1 error, 1 warning in 1 of 3 specs",
    ]


def test_a_pipe_is_never_waited_for(tmp_path: Path) -> None:
    pipe = tmp_path / "modelsync.yaml"
    os.mkfifo(pipe)
    found = Diagnostic("MS101", at(1, 1, 2, pipe), "x")
    assert "error[MS101]" in face(Report((Checked(pipe, None, (found,)),)))


def test_lines_are_counted_as_yaml_counts_them() -> None:
    found = Diagnostic("MS003", at(3, 1, 2), "x")
    assert "3 | c" in render([found], {FILE: "a\u2028\x0c\rb\r\nc"}, colour=False)
