"""`modelsync status` says its last answer again only while nothing that it was made from is different."""

from __future__ import annotations

import gc
import io
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from modelsync.api.versions import answered, glancing, ignoring
from modelsync.cli import again, invoke
from modelsync.engine.workspace import FOLDER
from modelsync.registry.journal import Journal
from modelsync.store import hashes
from tests.unit.api.versions.conftest import Project


def _fact(root: Path) -> None:
    with Journal(root / ".modelsync/registry.db") as journal:
        journal.append("test.fact", {})


def _spoil(file: Path) -> None:
    file.write_bytes(file.read_bytes().replace(b"clean", b"CLEAN"))


CHANGES: dict[str, Callable[[Path], object]] = {
    "a file": lambda root: (root / "data/a").write_text("2"),
    "a new file": lambda root: (root / "data/b").write_text("2"),
    "no file": lambda root: (root / "data/a").unlink(),
    "a rule": lambda root: (root / ".modelsyncignore").write_text("x\n"),
    "the pointer": lambda root: (root / "modelsync.data").write_text("x"),
    "no pointer": lambda root: (root / "modelsync.data").unlink(),
    "what is tracked": lambda root: (root / ".modelsync/tracked").write_text("x"),
    "a merge": lambda root: (root / ".modelsync/merge").write_text("x"),
    "work that was begun": lambda root: (root / ".modelsync/checkout").write_text("x"),
    "a deployment": lambda root: (root / ".modelsync/deploy").mkdir(),
    "a fact": _fact,
    "no index": lambda root: (root / ".modelsync/store/store.db").unlink(),
    "no packs": lambda root: (root / ".modelsync/store/packs").rename(root / "aside"),
    "what was seen": lambda root: (root / ".modelsync/seen").unlink(),
    "what was said": lambda root: _spoil(root / ".modelsync/said"),
}


def _status(capsys: pytest.CaptureFixture[str]) -> str:
    capsys.readouterr()
    invoke(["status"])
    return capsys.readouterr().out


@pytest.fixture
def quiet(project: Project, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Project:
    """A project whose last answer is remembered, without the two seconds that this takes."""
    for module in (answered, hashes):
        monkeypatch.setattr(module, "_RACY_NS", -(10**12))
    project.save("first", a="1")
    gc.collect()  # a database that is closed writes to its file
    first = _status(capsys)
    assert again.say_again()[0]
    assert capsys.readouterr().out == first == _status(capsys)
    assert "clean" in first
    return project


@pytest.mark.parametrize("name", CHANGES)
def test_after_any_change_the_long_way_is_gone(quiet: Project, name: str, capsys: pytest.CaptureFixture[str]) -> None:
    CHANGES[name](quiet.root)
    assert not again.say_again()[0]
    assert capsys.readouterr().out == ""


def test_what_is_young_is_not_kept(quiet: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    around = answered.Around(str(quiet.root / FOLDER))
    assert not around.is_settled
    seen = glancing.recall(quiet.root / ".modelsync/seen")
    assert seen is not None
    (quiet.root / ".modelsync/said").unlink()
    answered.remember(around, seen.glance, "words")
    assert not (quiet.root / ".modelsync/said").exists()
    old = time.time() - 60
    for path in (quiet.root / FOLDER).rglob("*"):
        os.utime(path, (old, old))
    assert not answered.Around(str(quiet.root / FOLDER)).is_settled  # the time of change can't be set


def test_it_is_not_kept_while_anything_is_open(quiet: Project, capsys: pytest.CaptureFixture[str]) -> None:
    said = quiet.root / ".modelsync/said"
    quiet.write("data/a", "2")
    said.unlink()
    assert "unstaged" in _status(capsys)
    quiet.add("data")
    assert "staged" in _status(capsys)
    assert not said.exists()


def test_colours_are_for_screens(quiet: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    class Screen(io.StringIO):
        def isatty(self) -> bool:
            return True

    for stream, bold in ((Screen(), "\x1b[1mdata on main\x1b[0m"), (io.StringIO(), "data on main: ")):
        monkeypatch.setattr(sys, "stdout", stream)
        assert again.say_again()[0]
        assert stream.getvalue().startswith(bold)


def test_the_short_way_imports_next_to_nothing(quiet: Project) -> None:
    heavy = {"click", "typing", "dataclasses", "pathlib", "re", "json", "sqlite3", "hashlib", "subprocess"}
    code = (
        f"import sys; from modelsync.cli import invoke; invoke(['status'])\nprint(sorted({heavy!r} & set(sys.modules)))"
    )
    said = subprocess.run([sys.executable, "-S", "-c", code], capture_output=True, text=True, check=False,
                          env={**os.environ, "PYTHONPATH": str(Path(answered.__file__).parents[3])})  # fmt: skip
    assert said.stdout.splitlines()[-1] == "[]", said.stdout + said.stderr
    assert "clean" in said.stdout


def test_the_project_is_found_as_by_the_other_commands(project: Project, tmp_path: Path) -> None:
    inner = project.root / "data/in"
    inner.mkdir(parents=True)
    home = os.path.realpath(project.root / FOLDER)
    assert answered.home_of(str(inner)) == answered.home_of(str(project.root)) == home
    (project.root / "data/modelsync.data").write_text("")
    assert answered.home_of(str(inner)) is None
    assert answered.home_of(str(tmp_path)) is None
    assert (answered._HOME, answered._POINTER) == (FOLDER, ignoring.POINTER)
