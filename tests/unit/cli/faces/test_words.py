"""Paths, counts and sentences as every face writes them."""

from __future__ import annotations

from pathlib import Path

import pytest

from modelsync.api.checking import Checked, Report
from modelsync.cli.faces.words import mended, near, safe, sentences, total, verdict
from modelsync.core.diagnostics import Diagnostic, Fix, Pos, Severity

AT = Pos(Path("a.yaml"), 1, 1, 1, 2)
ERROR = Diagnostic("MS101", AT, "x", "y", ("z", "\x1b"))
FIXABLE = Diagnostic("MS101", AT, "x", fix=Fix(AT, "y"))
WARNING = Diagnostic("MS207", AT, "x", severity=Severity.WARNING)


def checked(*found: Diagnostic, path: str = "a.yaml") -> Checked:
    return Checked(Path(path), None, found)


@pytest.mark.parametrize(
    ("found", "said"),
    [
        ((), "ok a.yaml"),
        ((WARNING,), "ok a.yaml, 1 warning"),
        ((WARNING, WARNING), "ok a.yaml, 2 warnings"),
        ((ERROR,), "1 error in a.yaml"),
        ((ERROR, ERROR, WARNING), "2 errors, 1 warning in a.yaml"),
    ],
)
def test_the_verdict_on_one_spec(found: tuple[Diagnostic, ...], said: str) -> None:
    assert "".join(verdict(checked(*found))) == said
    assert "".join(total(Report((checked(*found),)))) == said


@pytest.mark.parametrize(
    ("specs", "said"),
    [
        ([(FIXABLE, ERROR)], "2 errors in a.yaml (1 fixable with `modelsync check --fix`)"),
        ([(), ()], "ok 2 specs"),
        ([(), (WARNING,)], "ok 2 specs, 1 warning"),
        (
            [(), (ERROR,), (FIXABLE, WARNING)],
            "2 errors, 1 warning in 2 of 3 specs (1 fixable with `modelsync check --fix`)",
        ),
    ],
)
def test_the_last_line(specs: list[tuple[Diagnostic, ...]], said: str) -> None:
    assert "".join(total(Report(tuple(checked(*found) for found in specs)))) == said


def test_what_was_read_from_no_file_is_not_offered_to_be_mended() -> None:
    report = Report((checked(FIXABLE),), texts={Path("a.yaml"): "x"})
    assert "".join(total(report)) == "1 error in a.yaml"


def test_a_line_for_each_file_that_was_mended() -> None:
    report = Report((), {Path("a.yaml"): 1, Path("b\x1b.yaml"): 2})
    assert mended(report) == ["mended 1 slip in a.yaml", "mended 2 slips in b\\x1b.yaml"]


def test_the_sentences_of_a_finding_hold_one_line_each() -> None:
    assert sentences(ERROR) == ["x", "help: y", "note: z", "note: \\x1b"]
    assert sentences(Diagnostic("MS101", AT, "two\nlines")) == ["two\\x0alines"]


def test_paths_are_shown_from_where_the_person_stands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert near(tmp_path / "a/b.yaml") == "a/b.yaml"
    assert near(Path("./a/../b.yaml")) == "b.yaml"
    assert near(Path("/elsewhere/b.yaml")) == "/elsewhere/b.yaml"


def test_nothing_invisible_gets_through() -> None:
    assert safe("größe 値段") == "größe 値段"
    assert safe("\x00\x7f\x9b\u202e\u2028\udcff\U000e0001") == "\\x00\\x7f\\x9b\\u202e\\u2028\\udcff\\U000e0001"
