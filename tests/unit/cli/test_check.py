"""`modelsync check` as a person, an editor and a pipeline type it."""

from __future__ import annotations

import io
import json
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace

import pytest

from modelsync.api.starting import init
from modelsync.cli import invoke
from modelsync.cli.faces import FACES

PATIENCE = 60.0  # seconds for a process on a busy machine
BLUE = "strategy: blue_green"


@pytest.fixture(autouse=True)
def _plain(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("FORCE_COLOR", "CLICOLOR_FORCE", "GITHUB_WORKSPACE"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def spec(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The spec of a new project, as it is named from the project's folder, which is the current one."""
    made = init(tmp_path, "churn").spec
    monkeypatch.chdir(tmp_path)
    return made.relative_to(tmp_path)


def spoil(spec: Path, new: str = "stratgy: blue_green") -> str:
    """Make a slip that has a safe mend; the good text."""
    good = spec.read_text()
    assert BLUE in good
    spec.write_text(good.replace(BLUE, new))
    return good


def test_a_good_spec_is_one_line(spec: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert invoke(["check"]) == 0
    assert capsys.readouterr().out == f"ok {spec}\n"


def test_a_bad_spec_is_exit_3_in_every_format(spec: Path, capsys: pytest.CaptureFixture[str]) -> None:
    spoil(spec)
    for name in FACES:
        assert invoke(["check", "--format", name]) == 3
        said = capsys.readouterr()
        assert "MS101" in said.out
        assert said.err == ""


@pytest.mark.parametrize("name", ["json", "sarif"])
def test_a_document_is_all_that_stands_on_standard_output(
    name: str, spec: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    spoil(spec)
    assert invoke(["check", "--fix", "--format", name, "."]) == 0
    assert isinstance(json.loads(capsys.readouterr().out), dict)
    assert invoke(["check", "--format", name, "nowhere.yaml"]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert "nowhere.yaml" in said.err


def test_several_specs_are_told_apart_and_summed_up(spec: Path, capsys: pytest.CaptureFixture[str]) -> None:
    other = spec.parents[1] / "other/modelsync.yaml"
    other.parent.mkdir()
    other.write_text(spec.read_text().replace("specs/churn/data", "specs/churn/data"))
    spoil(other)
    for arguments in (["check"], ["check", "."], ["check", "specs"], ["check", str(spec), str(other)]):
        assert invoke(arguments) == 3
        lines = capsys.readouterr().out.splitlines()
        assert f"ok {spec}" in lines
        assert lines[-1] == "1 error in 1 of 2 specs (1 fixable with `modelsync check --fix`)"


def test_fix_says_what_it_mended_and_is_done_the_first_time(spec: Path, capsys: pytest.CaptureFixture[str]) -> None:
    good = spoil(spec)
    assert invoke(["check", "--fix"]) == 0
    assert capsys.readouterr().out == f"mended 1 slip in {spec}\nok {spec}\n"
    assert spec.read_text() == good
    assert invoke(["check", "--fix"]) == 0
    assert capsys.readouterr().out == f"ok {spec}\n"


def test_standard_input_stands_for_a_file(
    spec: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def typed(text: str) -> None:
        monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(text.encode())))

    good = spec.read_text()
    typed(good.replace(BLUE, "stratgy: blue_green"))
    assert invoke(["check", "-", "--stdin-path", str(spec)]) == 3
    said = capsys.readouterr().out
    assert re.match(rf"{re.escape(str(spec))}:\d+:\d+: error\[MS101\]", said)
    assert "stratgy: blue_green" in said  # the snippet is from what was typed, not from the file
    assert said.endswith(f"\n1 error in {spec}\n")
    typed(good)
    assert invoke(["check", "-", "--stdin-path", str(spec)]) == 0
    assert spec.read_text() == good
    typed("modelsync: 1\nprojct: x\n")
    assert invoke(["check", "-"]) == 3
    assert capsys.readouterr().out.splitlines()[-1].endswith(" in <stdin>")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["-", "modelsync.yaml"], "stands alone"),
        (["-", "--fix"], "`--fix` writes into a file"),
        (["-", "--watch"], "`--watch` looks at files"),
        (["--stdin-path", "x.yaml"], "add `-`"),
        (["--watch", "--format", "json"], "text, not json"),
        (["--watch", "nowhere.yaml"], "there is no spec `nowhere.yaml`"),
        (["flows"], "there is no modelsync.yaml in `flows` nor below it"),
        (["--format", "xml"], "xml"),
    ],
)
def test_what_does_not_go_together_is_a_usage_error(
    arguments: list[str], said: str, spec: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert spec.is_file()
    assert invoke(["check", *arguments]) == 2
    answer = capsys.readouterr()
    assert said in answer.err
    assert answer.out == ""


def test_help_imports_no_language() -> None:
    code = (
        "import sys; from modelsync.cli import invoke; invoke(['check', '--help']);"
        "print('modelsync.language' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True)
    assert done.stdout.splitlines()[-1] == "False"


@pytest.mark.parametrize("name", FACES)
def test_only_the_face_that_is_asked_for_is_imported(name: str, spec: Path) -> None:
    code = (
        f"import sys; from modelsync.cli import invoke; invoke(['check', '--format', '{name}', '{spec}']);"
        "print([n for n in sys.modules if n.startswith('modelsync.cli.faces.')],"
        "'difflib' in sys.modules, 'asyncio' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True)
    modules = re.findall(r"modelsync\.cli\.faces\.(\w+)", done.stdout.splitlines()[-1])
    assert set(modules) == {"words", name}
    assert done.stdout.splitlines()[-1].endswith("] False False")


@contextmanager
def watch(*arguments: str) -> Iterator[subprocess.Popen[str]]:
    """A watch in a process of its own, which is over at the end of the block."""
    process = subprocess.Popen(
        [sys.executable, "-m", "modelsync", "check", "--watch", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()
        for pipe in (process.stdout, process.stderr):
            assert pipe is not None
            pipe.close()


def round_of(process: subprocess.Popen[str]) -> list[str]:
    """What a watch says up to the line that it waits with."""
    assert process.stdout is not None
    lines = []
    for line in process.stdout:
        lines.append(line.rstrip("\n"))
        if re.fullmatch(r"\d\d:\d\d:\d\d watching \d+ files?, Ctrl-C ends", lines[-1]):
            return lines[:-1]
    raise AssertionError(lines)


@pytest.mark.timeout(PATIENCE)
def test_a_watch_checks_again_until_it_is_interrupted(spec: Path, tmp_path: Path) -> None:
    with watch(str(spec)) as process:
        assert round_of(process) == [f"ok {spec}"]
        good = spoil(spec)
        assert round_of(process)[-1] == f"1 error in {spec} (1 fixable with `modelsync check --fix`)"
        spec.unlink()
        assert round_of(process) == [f"error: there is no spec `{spec}`"]
        spec.write_text(good)
        assert round_of(process) == [f"ok {spec}"]
        code = tmp_path / "flows/churn.py"
        code.write_text(code.read_text() + "\ndef broken(:\n")
        assert round_of(process)[-1].endswith(f"in {spec}")
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=PATIENCE)
        assert (out, err, process.returncode) == ("", "", 130)


@pytest.mark.timeout(PATIENCE)
def test_a_watch_mends_once_and_keeps_what_it_said(spec: Path) -> None:
    good = spoil(spec)
    with watch("--fix", str(spec)) as process:
        assert round_of(process) == [f"mended 1 slip in {spec}", f"ok {spec}"]
        assert spec.read_text() == good
        time.sleep(1.0)  # long enough for another round, which would take the words off the screen
        process.send_signal(signal.SIGINT)
        assert process.communicate(timeout=PATIENCE) == ("", "")
