"""`modelsync explain`: one code, all codes, and a code that does not exist."""

from __future__ import annotations

import pytest

from modelsync.cli import invoke
from modelsync.language.catalogue import CATALOGUE


def test_one_code(capsys: pytest.CaptureFixture[str]) -> None:
    assert invoke(["explain", "506"]) == 0
    said = capsys.readouterr().out
    assert said.startswith("error[MS506]: silent about the first release\n")
    assert "Why: The first release has no champion." in said
    assert "\n        no_reference: pass\n" in said
    assert said.rstrip().endswith("See also: MS508 (whose champion?)")


def test_a_warning_is_told_as_one(capsys: pytest.CaptureFixture[str]) -> None:
    assert invoke(["explain", "ms207"]) == 0
    assert capsys.readouterr().out.startswith("warning[MS207]: used by nothing\n")


def test_without_a_code_all_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert invoke(["explain"]) == 0
    said = capsys.readouterr().out
    assert all(f"  {code}  {entry.title}" in said for code, entry in CATALOGUE.items())


def test_a_wrong_code_is_a_wrong_use(capsys: pytest.CaptureFixture[str]) -> None:
    assert invoke(["explain", "MS519"]) == 2
    assert "did you mean MS518" in capsys.readouterr().err
