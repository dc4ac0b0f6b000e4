"""`config` as people call it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from modelsync.cli import invoke
from tests.unit.plan.difference.conftest import FLOW, GUARDED


@pytest.fixture(autouse=True)
def _project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "modelsync.yaml").write_text(GUARDED.replace("engine: {concurrency: 4}", "include: [team.yaml]"))
    (tmp_path / "team.yaml").write_text("engine: {concurrency: 2}\nmodels: {m: {versioning: {start: 9.9.9}}}\n")
    (tmp_path / "flow.py").write_text(FLOW)
    (tmp_path / "rows.csv").write_text("x,y\n1,p\n2,n\n")
    monkeypatch.chdir(tmp_path)


def said(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert invoke(["config", *arguments]) == 0
    captured = capsys.readouterr()
    assert captured.err == ""
    return captured.out


def test_what_is_printed_can_stand_in_the_place_of_the_spec(capsys: pytest.CaptureFixture[str]) -> None:
    for arguments in ([], ["--resolved"], ["--resolved", "--show-origin"], ["--resolved", "--format", "json"]):
        Path("copy.yaml").write_text(said(capsys, *arguments))
        assert invoke(["spec", "diff", "modelsync.yaml", "copy.yaml", "--format", "json"]) == 0
        found = json.loads(capsys.readouterr().out)
        # A param that is put in is told: with another value of it the step would not run again.
        told = {(change["class"], change["message"].split(" ")[0]) for change in found["changes"]}
        assert told <= {("changed", "`with`"), ("cosmetic", "only")}
        assert not found["alarms"]


def test_the_values_in_force_with_where_they_come_from(capsys: pytest.CaptureFixture[str]) -> None:
    lines = {
        line.split("  # ")[0].strip(): line
        for line in said(capsys, "--resolved", "--show-origin", "-p", "size=5").splitlines()
    }
    assert lines["default: 5"].endswith("# -p size=5")
    assert ", params.size (-p size=5)" in lines["size: 5"]
    assert lines["concurrency: 2"].endswith("# team.yaml:1")
    assert lines["runner: threads"].endswith("# default")
    assert lines["start: 0.1.0"].endswith(", over team.yaml:2")
    assert lines["url: secrets.hook"].partition("# ")[2].startswith("modelsync.yaml:")


def test_without_resolved_it_is_as_written(capsys: pytest.CaptureFixture[str]) -> None:
    text = said(capsys)
    assert 'size: "${{ params.size }}"' in text
    assert "concurrency: 2" in text
    assert "include" not in text
    assert "runner" not in text


def test_json_has_the_same_values_and_the_pointers_of_origins(capsys: pytest.CaptureFixture[str]) -> None:
    plain = json.loads(said(capsys, "--resolved", "--format", "json"))
    traced = json.loads(said(capsys, "--resolved", "--format", "json", "--show-origin"))
    assert traced["spec"] == plain
    assert plain["engine"] == {"concurrency": 2, "runner": "threads"}
    assert traced["origins"]["/engine/runner"] == "default"
    assert traced["origins"]["/models/m/versioning/start"].endswith("over team.yaml:2")


def test_nothing_of_the_environment_is_shown_but_what_is_put_in(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOOK", "https://hooks.example.org/secret-value")
    monkeypatch.setenv("PLACE", "over-there")
    monkeypatch.setenv("LEAK", "ghp_" + "a" * 36)
    monkeypatch.setenv("MODELSYNC_PARAM_SIZE", "7")
    text = (
        Path("modelsync.yaml")
        .read_text()
        .replace("{MODE: fast}", '{MODE: "${{ env.PLACE }}", SIGN: "${{ env.LEAK }}"}')
    )
    Path("modelsync.yaml").write_text(text)
    found = said(capsys, "--resolved", "--show-origin")
    assert "secret-value" not in found
    assert "ghp_" not in found
    assert "MODE: over-there" in found
    assert 'SIGN: "***"' in found
    assert "params.size (MODELSYNC_PARAM_SIZE)" in found
    assert "env: HOOK" in found


def test_faults_are_told_and_nothing_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    assert invoke(["config", "-p", "none=1"]) == 2
    Path("modelsync.yaml").write_text("modelsync: 1\nproject: x\nengine: {concurrency: many}\n")
    assert invoke(["config", "--resolved"]) == 3
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "MS103" in captured.err
