from __future__ import annotations

from pathlib import Path

import pytest

from modelsync.cli import COMMANDS, invoke


def test_every_command_of_the_table_says_what_it_does(capsys: pytest.CaptureFixture[str]) -> None:
    assert invoke(["--help"]) == 0
    said = " ".join(capsys.readouterr().out.split())
    for name, (_, words) in COMMANDS.items():
        assert name == "validate" or f"{name} {words}" in said
        assert invoke([name, "--help"]) == 0
        assert "Usage: modelsync" in capsys.readouterr().out


def test_a_misspelt_command_names_the_nearest(capsys: pytest.CaptureFixture[str]) -> None:
    assert invoke(["chekc"]) == 2
    assert "Did you mean `check`?" in capsys.readouterr().err
    assert invoke(["zzz"]) == 2
    assert "Did you mean" not in capsys.readouterr().err


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    assert invoke(["--version"]) == 0
    assert capsys.readouterr().out.startswith("modelsync, version ")


def test_errors_end_as_a_line_with_a_way_out_and_the_exit_code_of_their_family(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert invoke(["run"]) == 2
    said = capsys.readouterr().err
    assert "there is no modelsync.yaml" in said
    assert "modelsync init" in said
    assert invoke(["run", "--param", "learner"]) == 2
    (tmp_path / "modelsync.yaml").write_text("modelsync: 1\nproject: x\ndatsets: {}\n")
    assert invoke(["run"]) == 3
    assert "did you mean `datasets`" in capsys.readouterr().err


def test_a_fault_of_our_own_is_named_so_and_its_story_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def explode(_: object) -> None:
        raise RuntimeError("wires crossed")

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("modelsync.api.versions.repository.open_repository", explode)
    assert invoke(["status"]) == 70
    said = capsys.readouterr().err
    assert "RuntimeError: wires crossed" in said
    log = next(word for word in said.split() if word.endswith(".log;"))[:-1]
    assert "wires crossed" in Path(log).read_text()
    Path(log).unlink()
    assert list(tmp_path.iterdir()) == []
    (tmp_path / ".modelsync/logs").mkdir(parents=True)
    assert invoke(["status"]) == 70
    assert "wires crossed" in (tmp_path / ".modelsync/logs/crash.log").read_text()


def test_a_disk_that_refuses_is_no_fault_of_ours(capsys: pytest.CaptureFixture[str]) -> None:
    assert invoke(["init", "/proc/nowhere"]) == 9
    assert "look at the disk" in capsys.readouterr().err


def test_a_server_is_started_for_a_project_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert invoke(["server", "start"]) == 2
    assert list(tmp_path.iterdir()) == []
    monkeypatch.setenv("PREFECT_API_URL", "http://127.0.0.1:9/api")
    assert invoke(["ui"]) == 0
    assert capsys.readouterr().out == "http://127.0.0.1:9\n"
    monkeypatch.setenv("MLFLOW_TRACKING_URI", "http://127.0.0.1:8")
    assert invoke(["ui", "mlflow"]) == 0
    assert capsys.readouterr().out == "http://127.0.0.1:8\n"


def test_an_interrupt_is_130(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def stop(_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("modelsync.api.versions.repository.open_repository", stop)
    assert invoke(["status"]) == 130


@pytest.mark.parametrize(
    "words", [["status"], ["log"], ["model", "list"], ["dataset", "list"], ["deploy", "status"], ["server", "status"]]
)
def test_listings_of_nothing_say_so_and_make_nothing(
    words: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert invoke(words) == 0
    said = capsys.readouterr().out
    assert any(word in said for word in ("nothing", "no model", "no dataset", "not running"))
    assert list(tmp_path.iterdir()) == []


def test_init_and_check_and_plan(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert invoke(["init", "--name", "churn"]) == 0
    assert "modelsync run specs/churn/modelsync.yaml" in capsys.readouterr().out
    assert invoke(["check"]) == 0
    assert "ok specs/churn/modelsync.yaml" in capsys.readouterr().out
    assert invoke(["plan"]) == 0
    said = capsys.readouterr().out
    assert "churn: 7 to run" in said
    assert "expected: churn 0.1.0" in said
    assert "expected: churn 0.1.0\n  first version" in said
    assert invoke(["plan", "--param", "strength=-1"]) == 2
    assert "param `strength`" in capsys.readouterr().err
    assert invoke(["plan", "--param", "strenght=1"]) == 2
    assert "did you mean `strength`?" in capsys.readouterr().err
    assert invoke(["init", "--name", "churn"]) == 2
