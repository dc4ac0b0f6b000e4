"""`commit` in words: who committed, and what Git still waits for."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from modelsync.cli import invoke


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for name in ("MODELSYNC_AUTHOR", "GIT_AUTHOR_NAME", "GIT_AUTHOR_EMAIL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    (tmp_path / "a.csv").write_text("id\n1\n")
    assert invoke(["add", "a.csv"]) == 0
    return tmp_path


def test_who_never_said_a_name_is_told_both_ways(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert invoke(["commit", "-m", "first"]) == 0
    said = capsys.readouterr().err
    assert "nobody said who you are" in said
    assert "`git config --global user.name NAME`" in said and 'MODELSYNC_AUTHOR="Name <mail>"' in said


def test_who_did_is_not(project: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MODELSYNC_AUTHOR", "Ada <ada@example.org>")
    assert invoke(["commit", "-m", "first"]) == 0
    assert capsys.readouterr().err == ""
