from __future__ import annotations

import io
import subprocess
import sys
from pathlib import Path

import pytest

from modelsync.cli import invoke

UGLY, NEAT = (
    "modelsync:   1\nproject: x\nparams: {a: {type: int}}\n",
    "modelsync: 1\nproject: x\nparams: {a: {type: int}}\n",
)


@pytest.fixture
def spec(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    file = tmp_path / "specs/x/modelsync.yaml"
    file.parent.mkdir(parents=True)
    file.write_text(UGLY)
    return file


def test_it_writes_and_says_which_files(spec: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert invoke(["fmt"]) == 0
    assert capsys.readouterr().out == "formatted specs/x/modelsync.yaml\n"
    assert spec.read_text() == NEAT
    assert invoke(["fmt", "specs"]) == 0
    assert capsys.readouterr().out == "ok specs/x/modelsync.yaml\n"


def test_several_files(spec: Path, capsys: pytest.CaptureFixture[str]) -> None:
    other, wrong = spec.parent / "other.yaml", spec.parent / "wrong.yaml"
    other.write_text(NEAT)
    wrong.write_text("a: [1\n")
    assert invoke(["fmt", str(spec), str(other), str(wrong)]) == 3
    said = capsys.readouterr().out
    assert "specs/x/wrong.yaml:1:4: error[MS001]" in said
    assert said.endswith(
        "formatted specs/x/modelsync.yaml\nleft alone specs/x/wrong.yaml: it can't be read\nformatted 1 of 3 specs\n"
    )
    assert spec.read_text() == NEAT
    assert wrong.read_text() == "a: [1\n"
    assert invoke(["fmt", str(spec), str(other)]) == 0
    assert capsys.readouterr().out == "ok 2 specs\n"


def test_check_writes_nothing_and_is_an_exit_code(spec: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert invoke(["fmt", "--check"]) == 3
    assert capsys.readouterr().out == "would format specs/x/modelsync.yaml\n"
    assert spec.read_text() == UGLY
    spec.write_text(NEAT)
    assert invoke(["fmt", "--check"]) == 0


def test_diff_writes_nothing_and_shows_what_would_change(spec: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert invoke(["fmt", "--diff"]) == 0
    assert capsys.readouterr().out == (
        "--- specs/x/modelsync.yaml\n"
        "+++ specs/x/modelsync.yaml\n"
        "@@ -1,3 +1,3 @@\n"
        "-modelsync:   1\n"
        "+modelsync: 1\n"
        " project: x\n"
        " params: {a: {type: int}}\n"
        "would format specs/x/modelsync.yaml\n"
    )
    assert spec.read_text() == UGLY
    assert invoke(["fmt", "--diff", "--check"]) == 3


def test_the_diff_tells_a_last_line_without_end(spec: Path, capsys: pytest.CaptureFixture[str]) -> None:
    spec.write_text("project: x")
    assert invoke(["fmt", "--diff"]) == 0
    assert "-project: x\n\\ No newline at end of file\n+project: x\n" in capsys.readouterr().out


def through(data: bytes, *arguments: str) -> tuple[int, bytes, str]:
    """Exit code, standard output and error of a real process, as an editor starts it."""
    said = subprocess.run(
        [sys.executable, "-m", "modelsync", "fmt", "-", *arguments], input=data, capture_output=True, check=False
    )
    return said.returncode, said.stdout, said.stderr.decode()


def test_from_standard_input_to_standard_output() -> None:
    assert through("é:   1\r\n".encode()) == (0, "é: 1\n".encode(), "")
    code, out, err = through(b"a: 1\na: 2\n", "--stdin-path", "specs/x/modelsync.yaml")
    assert (code, out) == (3, b"")
    assert "specs/x/modelsync.yaml:2:1: error[MS006]: key `a` is written twice" in err
    assert "2 | a: 2" in err


def test_check_and_diff_of_standard_input(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def given(text: str) -> None:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text.encode())))

    given(UGLY)
    assert invoke(["fmt", "-", "--check"]) == 3
    given(NEAT)
    assert invoke(["fmt", "-", "--check"]) == 0
    assert capsys.readouterr().out == ""
    given(UGLY)
    assert invoke(["fmt", "-", "--diff"]) == 0
    assert "+modelsync: 1" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["fmt", "-", "x.yaml"], "stands alone"),
        (["fmt", "--stdin-path", "x.yaml"], "add `-`"),
        (["fmt", "missing.yaml"], "there is no spec `missing.yaml`"),
    ],
)
def test_usage(spec: Path, arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert invoke(arguments) == 2
    assert said in capsys.readouterr().err
    assert spec.read_text() == UGLY
