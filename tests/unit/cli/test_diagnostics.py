"""The text face of a finding."""

from __future__ import annotations

from pathlib import Path

import pytest

from modelsync.cli.diagnostics import TAB, WIDTH, render, show
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


def test_paths_are_shown_from_where_the_person_stands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    here = Diagnostic("MS101", at(1, 1, 2, tmp_path / "a/modelsync.yaml"), "x")
    away = Diagnostic("MS101", at(1, 1, 2, Path("/elsewhere/modelsync.yaml")), "x")
    assert render([here], {}, colour=False).startswith("a/modelsync.yaml:1:1: ")
    assert render([away], {}, colour=False).startswith("/elsewhere/modelsync.yaml:1:1: ")


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
