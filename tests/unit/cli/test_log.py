"""`log`: what somebody expects who knows Git, and the runs beside it."""

from __future__ import annotations

from pathlib import Path

import pytest

from modelsync.cli import invoke
from modelsync.engine.workspace import Workspace
from modelsync.registry import facts
from modelsync.registry.records import RunRecord


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MODELSYNC_AUTHOR", "Ada <ada@example.org>")
    (tmp_path / "data").mkdir()
    (tmp_path / "data/a").write_text("1")
    return tmp_path


def run(project: Path) -> None:
    facts.run_started(Workspace(project).journal, RunRecord("r", "churn", "spec", "d", {}, None, "Ada"))


def said(capsys: pytest.CaptureFixture[str], *words: str, exit: int = 0) -> tuple[str, str]:
    capsys.readouterr()
    assert invoke(["log", *words]) == exit
    told = capsys.readouterr()
    return told.out, told.err


def save(message: str) -> None:
    assert invoke(["add", "data"]) == invoke(["commit", "-m", message]) == 0


def test_without_a_reference_the_commits_of_this_branch(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    save("first")
    (project / "data/a").write_text("2")
    save("second")
    out, err = said(capsys)
    assert [line.split(">")[-1].strip() for line in out.splitlines()[1:]] == ["(HEAD, main) second", "first"]
    assert err == ""
    assert out == said(capsys, "main")[0]
    assert "second" in said(capsys, "--last", "1")[0] and "first" not in said(capsys, "--last", "1")[0]


def test_runs_stay_in_reach(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(project)
    assert said(capsys)[0].splitlines()[1].startswith("#1   churn")  # no commit yet
    save("first")
    out, err = said(capsys)
    assert "first" in out and "#1" not in out
    assert "`modelsync log --runs` shows the runs" in err
    assert said(capsys, "--runs")[0].splitlines()[1].startswith("#1   churn")
    assert "leave out one of both" in said(capsys, "main", "--runs", exit=2)[1]


def test_where_nothing_happened_both_beginnings_are_named(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out, _ = said(capsys)
    assert "`modelsync run`" in out and "`modelsync commit`" in out
    assert not (project / ".modelsync").exists()
