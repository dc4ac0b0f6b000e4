"""Work that is killed at every point, and work that fails: all of it, or nothing."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from modelsync.api.versions import carrying_out, work
from modelsync.api.versions.carrying_out import FAILPOINTS, carry_out, changing
from modelsync.api.versions.overwriting import FORCED, WouldLoseError
from modelsync.api.versions.switching import checkout
from modelsync.api.versions.work import FileChange, Work
from modelsync.core.digest import of_bytes
from modelsync.core.errors import DamageError, SurroundingsError, UsageError
from modelsync.registry.references import Move, StaleError
from modelsync.store.failpoints import VARIABLE
from modelsync.store.folders import Entry
from tests.unit.api.versions.conftest import Project

OLD = {"data/a": "1", "data/b/c": "1", "data/gone": "1"}
NEW = {"data/a": "2", "data/b": "2", "data/new/x": "2"}


@pytest.fixture
def two(project: Project) -> Project:
    """Two commits that differ in every way; `old` is a branch at the first one, which is checked out."""
    for path, text in OLD.items():
        project.write(path, text)
    project.save("old")
    for path in OLD:
        (project.root / path).unlink()
    (project.root / "data/b").rmdir()
    for path, text in NEW.items():
        project.write(path, text)
    project.save("new")
    checkout(project.repository, "main~1")
    assert project.files() == OLD
    return project


def killed(project: Project, point: str, *words: str) -> int:
    """Run a command that dies at a point; its exit code."""
    return subprocess.run(
        [sys.executable, "-m", "modelsync", *words],
        cwd=project.root,
        env={**os.environ, VARIABLE: point},
        capture_output=True,
        check=False,
    ).returncode


POINTS = [point for point in FAILPOINTS if point not in ("after_work_file", "after_work_small_file")]
POINTS += [f"after_work_file:{number}" for number in (1, 2, 3, 4)]
POINTS += [f"after_work_small_file:{number}" for number in (1, 2)]


@pytest.mark.parametrize("point", POINTS)
def test_whoever_comes_next_finishes_what_was_killed(two: Project, point: str) -> None:
    assert killed(two, point, "checkout", "main") == 137
    standing = two.standing()  # looking is enough
    assert standing.doing == ""
    if standing.branch is None:  # it had not begun
        assert two.files() == OLD
    else:
        assert two.files() == NEW
    assert standing.is_clean
    checkout(two.repository, "main")
    assert two.files() == NEW
    two.assert_clean()


@pytest.mark.parametrize("point", ["after_work_written", "after_work_moved", "after_work_small_file:1"])
def test_a_killed_commit_is_there_or_not(two: Project, point: str) -> None:
    checkout(two.repository, "main")
    two.write("data/a", "3")
    two.add("data")
    assert killed(two, point, "commit", "-m", "third") == 137
    two.assert_clean()
    head = two.repository.head
    assert head is not None and head.message == "third"
    assert str(two.repository.references.tip) in (two.root / "modelsync.data").read_text()


@pytest.mark.parametrize("point", ["after_work_file:4", "after_work_files", "after_work_moved"])
def test_a_folder_that_came_for_a_file_before_the_kill_is_not_in_the_way(two: Project, point: str) -> None:
    checkout(two.repository, "main")
    assert (two.root / "data/b").is_file()
    assert killed(two, point, "checkout", "main~1") == 137
    assert (two.root / "data/b/c").is_file()  # the work is done again, and finds the folder where the file was
    two.assert_clean()
    assert two.files() == OLD


def test_a_kill_while_files_are_rescued_loses_none(two: Project) -> None:
    two.write("data/a", "mine")
    two.write("data/new", "mine too")
    for number in range(1, 4):
        killed(two, f"after_work_file:{number}", "checkout", "--force", "main")
    checkout(two.repository, "main", FORCED)
    assert two.files() == NEW
    top = two.root / ".modelsync/lost-found"
    rescued = sorted(path.read_text() for path in top.rglob("*") if path.is_file())
    assert rescued == ["mine", "mine too"]


def test_what_changed_after_a_kill_is_not_overwritten(two: Project) -> None:
    assert killed(two, "after_work_written", "checkout", "main") == 137
    two.write("data/a", "mine, written since")
    with pytest.raises(UsageError, match="`data/a` changed while this was at work"):
        two.standing()
    assert two.files() == {**OLD, "data/a": "mine, written since"}
    standing = two.standing()
    assert [each.path for each in standing.changed] == ["data/a"]
    with pytest.raises(WouldLoseError):
        checkout(two.repository, "main")


@pytest.mark.parametrize("point", [3, 4])
def test_what_was_written_over_a_replaced_file_after_a_kill_stays(two: Project, point: int) -> None:
    assert killed(two, f"after_work_file:{point}", "checkout", "main") == 137
    done = [path for path, text in two.files().items() if text == "2"]
    left = sorted(NEW.keys() - set(done))[:1]
    assert done
    assert left
    for path in (*done, *left):
        two.write(path, "mine, written since")
    with pytest.raises(UsageError, match="changed while this was at work"):
        two.standing()
    two.standing()
    assert {two.files()[path] for path in (*done, *left)} == {"mine, written since"}


def test_stored_bytes_that_are_missing_are_told_before_a_file_is_touched(two: Project) -> None:
    entry = Entry("data/z", executable=False, size=1, digest=of_bytes(b"never stored"))
    with pytest.raises(DamageError):
        carry_out(two.repository, Work("test", (FileChange("data/a", None, entry),)))
    two.assert_clean()
    assert two.files() == OLD


def test_a_reference_that_moved_meanwhile_undoes_the_files(two: Project) -> None:
    with changing(two.repository) as current:
        stored = current.workspace.store.put_bytes(b"fresh")
        before = next(entry for entry in current.staged.entries if entry.path == "data/a")
        gone = next(entry for entry in current.staged.entries if entry.path == "data/gone")
        files = (
            FileChange("data/a", before, before._replace(digest=stored.digest, size=5)),
            FileChange("data/gone", gone, None),
            FileChange("data/more/new", None, Entry("data/more/new", False, 5, stored.digest)),
        )
        stale = Move("branches/main", of_bytes(b"elsewhere"), of_bytes(b"x"), "", "")
        with pytest.raises(StaleError):
            carry_out(current, Work("test", files, moves=(stale,)))
    assert two.files() == OLD
    assert not (two.root / "data/more").exists()
    two.assert_clean()


def test_a_file_comes_back_when_the_folder_in_its_place_is_undone(two: Project) -> None:
    checkout(two.repository, "main")
    with changing(two.repository) as current:
        stored = current.workspace.store.put_bytes(b"fresh")
        before = next(entry for entry in current.staged.entries if entry.path == "data/b")
        files = (
            FileChange("data/b", before, None),
            FileChange("data/b/c", None, Entry("data/b/c", False, 5, stored.digest)),
        )
        stale = Move("branches/main", of_bytes(b"elsewhere"), of_bytes(b"x"), "", "")
        with pytest.raises(StaleError):
            carry_out(current, Work("test", files, moves=(stale,)))
    assert two.files() == NEW
    two.assert_clean()


def test_what_was_rescued_comes_back_when_the_work_fails(two: Project) -> None:
    two.write("data/a", "mine")
    with changing(two.repository) as current:
        stored = current.workspace.store.put_bytes(b"fresh")
        change = FileChange("data/a", None, Entry("data/a", False, 5, stored.digest), rescue=True)
        stale = Move("branches/main", of_bytes(b"elsewhere"), of_bytes(b"x"), "", "")
        with pytest.raises(StaleError):
            carry_out(current, Work("test", (change,), moves=(stale,), lost=".modelsync/lost-found/x"))
    assert two.files() == {**OLD, "data/a": "mine"}


def test_a_file_goes_over_a_border_of_file_systems(tmp_path: Path) -> None:
    with TemporaryDirectory(dir="/dev/shm") as elsewhere:
        source, target = Path(elsewhere) / "a", tmp_path / "b"
        assert source.parent.stat().st_dev != tmp_path.stat().st_dev
        source.write_text("new")
        source.chmod(0o755)
        target.write_text("old")
        carrying_out._rename(source, target)
        assert (target.read_text(), source.exists()) == ("new", False)
        assert target.stat().st_mode & 0o111
        assert list(tmp_path.iterdir()) == [target]


def test_looking_leaves_a_living_command_alone(two: Project) -> None:
    journal = two.write(".modelsync/checkout", Work("checkout of main").encode())
    with two.repository.held():
        assert two.standing().doing == "checkout of main"
        assert journal.exists()
    assert two.standing().doing == ""
    assert not journal.exists()


def test_a_folder_that_may_not_be_written_undoes_the_rest(two: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    rename, calls = carrying_out._rename, list[Path]()

    def refuse(source: Path, target: Path) -> None:
        calls.append(target)
        if len(calls) == 2:
            raise PermissionError(13, "Permission denied", str(target))
        rename(source, target)

    monkeypatch.setattr(carrying_out, "_rename", refuse)
    with pytest.raises(SurroundingsError, match="Permission denied"):
        checkout(two.repository, "main")
    monkeypatch.undo()
    assert two.files() == OLD
    two.assert_clean()


def test_a_person_who_stops_it_finds_everything_as_before(two: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    rename, calls = carrying_out._rename, list[Path]()

    def stop(source: Path, target: Path) -> None:
        calls.append(target)
        if len(calls) == 2:
            raise KeyboardInterrupt
        rename(source, target)

    monkeypatch.setattr(carrying_out, "_rename", stop)
    with pytest.raises(KeyboardInterrupt):
        checkout(two.repository, "main")
    assert two.files() == OLD
    two.assert_clean()


def test_the_journal_of_work_comes_back_as_it_was_written(tmp_path: Path) -> None:
    entry = Entry("ä\n", executable=True, size=3, digest=of_bytes(b"x"))
    wanted = Work(
        "checkout of x",
        (FileChange("ä\n", None, entry), FileChange("b", entry._replace(path="b"), None, rescue=True)),
        (Move("HEAD", None, "branches/main", "why", "by"),),
        commit=of_bytes(b"c"),
        tracked="t",
        pointer=None,
        merge="",
        lost=".modelsync/lost-found/x",
    )
    file = tmp_path / "checkout"
    assert work.read(file) is None
    file.write_text(wanted.encode())
    assert work.read(file) == wanted
    for damage in ("", "{}", "[]\n", wanted.encode()[:40], wanted.encode().replace('"format":1', '"format":2')):
        file.write_text(damage)
        with pytest.raises(DamageError, match="is not as it was written"):
            work.read(file)
