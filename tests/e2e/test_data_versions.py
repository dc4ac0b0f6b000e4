"""Git-like work through the command line and the real Git: kills at any moment, several at once, light starts."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from modelsync.cli import invoke
from modelsync.store import headstart
from tests.e2e.conftest import Cli

HEAVY = ("prefect", "mlflow", "pandas", "pyarrow", "numpy", "great_expectations", "pydantic", "rich", "pathspec")
OLD = {f"data/{number}": f"old {number}" for number in range(40)}
NEW = {f"data/{number // 2}/{number}": f"new {number}" for number in range(40, 80)}


@pytest.fixture
def cli(tmp_path: Path) -> Cli:
    """A Git repository with one file, whose settings come from nowhere else."""
    environment = {
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_NOSYSTEM": "1",
        "MODELSYNC_AUTHOR": "Ada <ada@example.org>",
    }
    made = Cli(tmp_path, environment)
    git(made, "init", "-q", "-b", "main")
    git(made, "config", "user.name", "Ada")
    git(made, "config", "user.email", "ada@example.org")
    return made


def git(cli: Cli, *words: str) -> str:
    environment = {**os.environ, **cli.environment}
    said = subprocess.run(["git", *words], cwd=cli.folder, env=environment, capture_output=True, text=True, check=True)
    return said.stdout


def write(cli: Cli, files: dict[str, str]) -> None:
    for path, text in files.items():
        (cli.folder / path).parent.mkdir(parents=True, exist_ok=True)
        (cli.folder / path).write_text(text)


def found(cli: Cli) -> dict[str, str]:
    files = sorted(path for path in (cli.folder / "data").rglob("*") if path.is_file())
    return {path.relative_to(cli.folder).as_posix(): path.read_text() for path in files}


def test_a_checkout_killed_at_any_moment_is_finished_or_was_never_begun(cli: Cli) -> None:
    write(cli, OLD)
    cli("add", "data")
    cli("commit", "-m", "old")
    cli("checkout", "-b", "new")
    for path in OLD:
        (cli.folder / path).unlink()
    write(cli, NEW)
    cli("commit", "-a", "-m", "new")
    chance = random.Random(7)
    began = time.monotonic()
    cli("checkout", "main")
    span = time.monotonic() - began
    for number in range(6):
        target = "new" if number % 2 == 0 else "main"
        process = cli.start("checkout", target)
        time.sleep(span * chance.uniform(0.4, 1.1))
        process.kill()
        process.communicate()
        said = cli("status")
        here = "new" if "data on new" in said else "main"
        assert found(cli) == (NEW if here == "new" else OLD), said
        assert "clean)" in said, said
        cli("checkout", target)
    assert "clean)" in cli("status")


def test_a_commit_killed_at_any_moment_is_there_or_not(cli: Cli) -> None:
    write(cli, {"data/a": "0"})
    cli("add", "data")
    cli("commit", "-m", "0")
    chance = random.Random(11)
    for number in range(1, 6):
        write(cli, {"data/a": str(number)})
        process = cli.start("commit", "-a", "-m", str(number))
        time.sleep(chance.uniform(0.1, 0.6))
        process.kill()
        process.communicate()
        said = cli("status")
        log = cli("log", "HEAD")
        pinned = (cli.folder / "modelsync.data").read_text().split("\ncommit ")[1][:12]
        assert f"\n{pinned}" in log
        assert ("clean)" in said) == (f" {number}\n" in log), said + log
        assert found(cli) == {"data/a": str(number)}


def test_several_at_once_never_mix(cli: Cli) -> None:
    write(cli, {"data/a": "0"})
    cli("add", "data")
    cli("commit", "-m", "first")
    for number in range(4):
        write(cli, {f"more{number}/x": "1"})
    running = [cli.start("add", f"more{number}") for number in range(4)]
    codes = [(process.communicate()[0], process.returncode)[1] for process in running]
    assert set(codes) <= {0, 7}
    assert 0 in codes
    for number in range(4):
        cli("add", f"more{number}")
    cli("commit", "-m", "all")
    said = cli("status")
    assert "(5 files" in said and "clean)" in said


def test_a_clone_of_git_with_the_same_store_restores_what_it_pins(
    cli: Cli, tmp_path_factory: pytest.TempPathFactory
) -> None:
    write(cli, {"data/a": "1", "model.bin": "m"})
    cli("add", "data", "model.bin")
    cli("commit", "-m", "first")
    git(cli, "add", ".")
    git(cli, "commit", "-q", "-m", "first")
    assert sorted(git(cli, "ls-files").split()) == [".gitignore", "modelsync.data"]
    top = tmp_path_factory.mktemp("clone") / "clone"
    git(cli, "clone", "-q", str(cli.folder), str(top))
    clone = Cli(top, cli.environment)
    assert "is not here" in clone("checkout", exit=2)
    (top / ".modelsync").mkdir(exist_ok=True)
    subprocess.run(["cp", "-r", str(cli.folder / ".modelsync/store"), str(top / ".modelsync/store")], check=True)
    assert "on main" in clone("checkout")
    assert found(clone) == {"data/a": "1"}
    assert (top / "model.bin").read_text() == "m"
    assert git(clone, "status", "--porcelain") == ""


LIGHT = (["add", "--help"], ["status"], ["branch"], ["tag"], ["log", "HEAD"], ["commit", "-h"])


def test_light_commands_import_nothing_heavy(cli: Cli) -> None:
    write(cli, {"data/a": "1"})
    cli("add", "data")
    cli("commit", "-m", "first")
    code = (
        "import sys; from modelsync.cli import invoke\n"
        f"codes = [invoke(words) for words in {LIGHT!r}]\n"
        f"print('loaded:', [n for n in {HEAVY!r} if n in sys.modules], 'exit:', set(codes))"
    )
    said = subprocess.run([sys.executable, "-c", code], cwd=cli.folder, capture_output=True, text=True, check=False)
    assert said.stdout.splitlines()[-1] == "loaded: [] exit: {0}", said.stdout + said.stderr


def test_words_that_fit_nothing_are_answered_in_a_sentence(
    cli: Cli, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    write(cli, {"data/a": "1"})
    monkeypatch.chdir(cli.folder)
    for words in (
        ["commit", "-m", "x"], ["checkout"], ["checkout", "main"], ["checkout", "--", "data/a"], ["checkout", "--"],
        ["merge"], ["merge", "x"], ["merge", "--abort"], ["branch", "a b"], ["branch", "-d", "x"], ["branch", "-d"],
        ["tag", "v1"], ["tag", "-d"], ["diff", "nothing"], ["log", "nothing"], ["rm", "data"], ["add", "nothing"],
        ["merge-driver", "a", "b", "c"], ["branch", "-m", "x"],
    ):  # fmt: skip
        assert invoke(words) == 2, words
        assert "rror: " in capsys.readouterr().err, words
    for words, said in (
        (["tag"], "no tags yet"),
        (["branch"], "no commit yet"),
        (["diff"], "no difference"),
        (["git", "install"], "wrote .gitattributes"),
    ):
        assert invoke(words) == 0
        assert said in capsys.readouterr().out


def test_a_new_version_of_a_large_file_is_read_from_the_start_of_the_command(
    cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(cli.folder)
    begun, begin = list[str](), headstart.begin

    def seen(path: str) -> None:
        begun.append(path)
        begin(path)

    monkeypatch.setattr(headstart, "begin", seen)
    data = random.Random(1).randbytes(34 << 20)
    for words, content, is_begun in (
        (["add", "table"], data, False),  # of the first version nothing is known
        (["add", "table"], data + b"more", True),
        (["add", "table"], data[:-5], True),
        (["add", "table"], b"small", False),
    ):
        (cli.folder / "table").write_bytes(content)
        assert invoke(words) == 0
        assert begun == ["table"] * is_begun
        assert "head start" not in {thread.name for thread in threading.enumerate()}
        begun.clear()
        (cli.folder / "table").unlink()
        cli("commit", "-m", "next")
        cli("checkout", "--force", "HEAD", "--", "table")
        assert (cli.folder / "table").read_bytes() == content
