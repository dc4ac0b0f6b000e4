"""`add` and `status` by what was seen before come to the same as by reading everything."""

from __future__ import annotations

import os
import random
import shutil
import time

import pytest

from modelsync.api.versions import glancing, restaging
from modelsync.api.versions.adding import add
from modelsync.api.versions.looking import status
from modelsync.api.versions.repository import Repository
from modelsync.engine.workspace import Workspace
from tests.unit.api.versions.conftest import Project


@pytest.fixture
def settled(project: Project, monkeypatch: pytest.MonkeyPatch) -> Project:
    """A project whose files were seen as staged, and are old enough to be told by their looks."""
    monkeypatch.setattr(glancing, "_MANY", 0)
    old = time.time() - 3600
    for number in range(12):
        os.utime(project.write(f"data/{number % 3}/in {number % 2}/{number}.txt", f"{number}"), (old, old))
    for name in ("data/top", "data/1/beside", "one"):
        os.utime(project.write(name, name), (old, old))
    project.add("data", "one")
    project.save("first")
    return project


def _seen(project: Project) -> glancing.Seen:
    """What is remembered once the files are old enough."""
    time.sleep(2.1)
    assert project.standing().is_clean
    found = glancing.recall(project.root / ".modelsync/seen")
    assert found is not None
    return found


def _anew(project: Project, paths: tuple[str, ...]) -> tuple[object, ...]:
    """What the long way says and stages for the same files."""
    copy = project.root.parent / "copy"
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(project.root, copy, symlinks=True)
    for name in ("seen", "said"):
        (copy / ".modelsync" / name).unlink(missing_ok=True)
    repository = Repository(Workspace(copy))
    standing = status(repository)
    assert standing is not None
    done = add(Repository(Workspace(copy)), paths, copy)
    tracked = (copy / ".modelsync/tracked").read_text()
    return standing.changed, standing.missing, standing.untracked, standing.files, standing.size, done, tracked


def test_what_differs_is_found_and_staged_as_by_reading_everything(
    settled: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    _seen(settled)
    longs = list[str]()
    real = restaging.restage_part

    def counting(repository: Repository, seen: restaging.Sight | None) -> restaging.Restaged | None:
        found = real(repository, seen)
        longs.append("long" if found is None else "short")
        return found

    monkeypatch.setattr("modelsync.api.versions.adding.restage_part", counting)
    chance = random.Random(5)
    for round in range(5):
        for _ in range(chance.randint(1, 3)):
            _change(settled, chance)
        expected = _anew(settled, ("data", "one"))
        longs.clear()
        standing = settled.standing()
        done = add(settled.repository, ("data", "one"), settled.root)
        tracked = (settled.root / ".modelsync/tracked").read_text()
        found = standing.changed, standing.missing, standing.untracked, standing.files, standing.size, done, tracked
        assert found == expected, round
        assert longs == ["short"], round
        settled.save(f"round {round}") if done.changes else None
    assert settled.repository.workspace.store.verify() == []
    settled.assert_clean()


def _change(project: Project, chance: random.Random) -> None:
    files = sorted(project.files())
    act = chance.choice(["write", "write", "remove", "make", "make a folder", "move"])
    path = chance.choice(files)
    if act == "write":
        project.write(path, str(chance.random()))
    elif act == "remove" and len(files) > 5:
        (project.root / path).unlink()
    elif act == "make":
        project.write(f"{os.path.dirname(path)}/new{chance.randint(0, 99)}", "new")  # noqa: PTH120
    elif act == "make a folder":
        project.write(f"{os.path.dirname(path)}/-more{chance.randint(0, 99)}/x/y", "new")  # noqa: PTH120
    else:
        (project.root / path).rename(project.root / f"data/moved{chance.randint(0, 99)}")


def test_a_file_written_right_after_it_was_staged_is_seen(settled: Project) -> None:
    _seen(settled)
    file = settled.write("data/top", "aaa")
    settled.add("data", "one")
    before = file.stat()
    file.write_text("bbb")
    os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert [each.path for each in settled.standing().changed] == ["data/top"]
    found = glancing.recall(settled.root / ".modelsync/seen")
    assert found is not None
    assert found.glance.folders["data"] == bytes(20)  # so young that it is looked at again, whatever it looks like


def test_what_cannot_be_told_goes_the_long_way(settled: Project) -> None:
    _seen(settled)
    settled.write("one", "2")  # a path of its own
    assert [each.path for each in settled.standing().changed] == ["one"]
    settled.add("data", "one")
    settled.write(".modelsyncignore", "top\n")
    settled.write("data/top", "2")
    assert settled.standing().missing == ("data/top",)
    (settled.root / ".modelsyncignore").unlink()
    (settled.root / "data/0/link").symlink_to("nowhere")
    assert settled.standing().odd == {"data/0/link": "it is a link"}
    settled.write("data/2/x", "2")
    settled.add("data/2")  # not all that is tracked
    assert [each.path for each in settled.standing().changed] == ["data/top"]


def test_what_is_ignored_or_odd_is_so_in_folders_that_differ(settled: Project) -> None:
    _seen(settled)
    link = settled.root / "data/0/link"
    link.symlink_to("nowhere")
    assert settled.standing().odd == {"data/0/link": "it is a link"}
    link.unlink()
    settled.write(".modelsyncignore", "hidden/\n")
    assert settled.standing().is_clean
    settled.write("data/0/hidden/x", "x")
    assert settled.standing().is_clean
    settled.write("data/0/hidden/y", "y")
    assert settled.standing().is_clean
