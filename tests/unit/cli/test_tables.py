from __future__ import annotations

import click

from modelsync.cli.tables import rows, when


def test_columns_align_and_lines_have_no_tail() -> None:
    lines = [click.unstyle(line) for line in rows(["NAME", "VERSION"], [["a", "1.0.0"], ["longer", ""]])]
    assert lines == ["NAME    VERSION", "a       1.0.0", "longer"]


def test_a_time_is_short() -> None:
    assert when("2026-03-01T14:00:05.123Z") == "2026-03-01 14:00:05"
