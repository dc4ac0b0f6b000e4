from __future__ import annotations

from pathlib import Path

from modelsync.core.diagnostics import Diagnostic, Pos, Severity


def test_findings_are_ordered_by_place_then_code() -> None:
    def at(line: int, col: int, code: str) -> Diagnostic:
        return Diagnostic(code, Pos(Path("a.yaml"), line, col, line, col + 1), "x")

    found = [at(2, 1, "MS101"), at(1, 5, "MS201"), at(1, 5, "MS101"), at(1, 2, "MS501")]
    ordered = sorted(found, key=lambda diagnostic: diagnostic.order)
    assert [(d.at.line, d.at.col, d.code) for d in ordered] == [
        (1, 2, "MS501"),
        (1, 5, "MS101"),
        (1, 5, "MS201"),
        (2, 1, "MS101"),
    ]


def test_a_place_reads_as_editors_take_it_and_a_finding_is_an_error_by_default() -> None:
    place = Pos(Path("specs/a.yaml"), 3, 7, 3, 9)
    assert str(place) == "specs/a.yaml:3:7"
    assert Diagnostic("MS101", place, "x").severity is Severity.ERROR
