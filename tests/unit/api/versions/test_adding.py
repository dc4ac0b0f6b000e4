from __future__ import annotations

import os
import random
import time
from pathlib import Path

import pytest

from modelsync.api.versions.adding import add, restage
from modelsync.api.versions.changes import Kind
from modelsync.api.versions.ignoring import Ignoring
from modelsync.api.versions.scanning import scan
from modelsync.core.digest import of_bytes
from modelsync.core.errors import UsageError
from modelsync.store import headstart
from modelsync.store.following import Follower
from modelsync.store.hashes import FileHashes
from modelsync.store.objects import Store
from tests.unit.api.versions.conftest import Project


def staged(project: Project) -> list[str]:
    return [entry.path for entry in project.repository.staged.entries]


def tracked(project: Project) -> list[str]:
    return list(project.repository.tracked.paths)


def test_a_folder_is_staged_with_what_is_in_it_and_stored(project: Project) -> None:
    project.write("data/a.csv", "1")
    project.write("data/deep/b.bin", "2").chmod(0o755)
    added = add(project.repository, ["data"], project.root)
    assert [(each.path, each.kind) for each in added.changes] == [
        ("data/a.csv", Kind.ADDED),
        ("data/deep/b.bin", Kind.ADDED),
    ]
    assert (added.files, added.size) == (2, 2)
    assert tracked(project) == ["data"]
    assert [entry.executable for entry in project.repository.staged.entries] == [False, True]
    assert project.repository.workspace.store.read_bytes(of_bytes(b"1")) == b"1"


def test_adding_again_stages_what_changed_came_and_went(project: Project) -> None:
    for name in "abc":
        project.write(f"data/{name}", name)
    project.add("data")
    project.write("data/a", "A")
    (project.root / "data/b").unlink()
    project.write("data/d", "d")
    added = add(project.repository, ["data"], project.root)
    assert [(each.path, each.kind) for each in added.changes] == [
        ("data/a", Kind.CHANGED),
        ("data/b", Kind.REMOVED),
        ("data/d", Kind.ADDED),
    ]
    assert staged(project) == ["data/a", "data/c", "data/d"]
    assert add(project.repository, ["data"], project.root).changes == ()


@pytest.mark.parametrize("path", ["events.csv", "data/events.csv"])
def test_a_large_file_is_cut_where_its_last_version_was_cut(
    project: Project, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    searched, search = list[int](), Follower._search

    def counting(self: Follower, rest: memoryview) -> tuple[bytes, memoryview]:
        searched.append(len(rest))
        return search(self, rest)

    monkeypatch.setattr(Follower, "_search", counting)
    draw, top = random.Random(1), path.split("/", maxsplit=1)[0]
    data = draw.randbytes(6_000_000)
    (project.root / path).parent.mkdir(exist_ok=True)
    (project.root / path).write_bytes(data)
    project.add(top)
    assert searched == []  # there was no version before
    data = data[:3_000_000] + draw.randbytes(1_000) + data[3_000_000:]
    (project.root / path).write_bytes(data)
    project.add(top)
    assert 0 < len(searched) < 10
    store, file = project.repository.workspace.store, of_bytes(data)
    assert store.read_bytes(file) == data
    whole = Store(project.root / "whole")
    assert whole.put_file(project.root / path).digest == file
    assert store.reader.recipe(bytes.fromhex(file)) == whole.reader.recipe(bytes.fromhex(file))


def test_only_what_is_named_is_staged(project: Project) -> None:
    project.write("data/a", "1")
    project.write("data/b", "1")
    project.add("data")
    project.write("data/a", "2")
    project.write("data/b", "2")
    (change,) = add(project.repository, ["data/b"], project.root).changes
    assert change.path == "data/b"
    assert tracked(project) == ["data"]
    (project.root / "data/b").unlink()
    (change,) = add(project.repository, ["data/b"], project.root).changes
    assert change.kind is Kind.REMOVED
    assert [each.path for each in restage(project.repository).changes] == ["data/a"]


def test_a_folder_takes_in_what_was_tracked_below_it(project: Project) -> None:
    project.write("data/a", "1")
    project.write("data/sub/b", "1")
    project.write("other/c", "1")
    project.add("data/a", "data/sub", "other")
    assert tracked(project) == ["data/a", "data/sub", "other"]
    project.add("data")
    assert tracked(project) == ["data", "other"]


def test_a_file_that_became_a_folder_and_back(project: Project) -> None:
    project.write("data/x", "file")
    project.add("data")
    (project.root / "data/x").unlink()
    project.write("data/x/y", "inside")
    project.add("data/x/y")
    assert staged(project) == ["data/x/y"]
    (project.root / "data/x/y").unlink()
    (project.root / "data/x").rmdir()
    project.write("data/x", "file")
    project.add("data")
    assert staged(project) == ["data/x"]


def test_what_is_ignored_is_left_out(project: Project) -> None:
    for name in ("a.csv", "b.tmp", "keep.tmp", "__pycache__/x.pyc", ".git/config", "sub/.DS_Store", "sub/raw/c", "d~"):
        project.write(f"data/{name}", "x")
    project.write(".modelsyncignore", "*.tmp\n!keep.tmp\n/data/sub/raw/\n# a remark\n")
    project.add("data")
    assert staged(project) == ["data/a.csv", "data/keep.tmp"]


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("data/b.tmp", r"is ignored: data/b.tmp \(.modelsyncignore\)"),
        ("data/__pycache__", "built in"),
        (".modelsync", "a tool's own"),
        (".MODELSYNC/store", "a tool's own"),
        ("data/.git/config", "a tool's own"),
        (".", "the whole project is not tracked"),
        ("nothing", "`nothing` does not exist"),
        ("../outside", "lies outside of the project"),
        ("/etc/passwd", "lies outside of the project"),
        ("data/link", "is a link"),
        ("linked/x", "`linked` is a link"),
        ("data/pipe", "neither a file nor a folder"),
    ],
)
def test_what_cannot_be_tracked_is_refused_and_nothing_is_staged(project: Project, path: str, said: str) -> None:
    for name in ("a", "b.tmp", "__pycache__/x", ".git/config"):
        project.write(f"data/{name}", "x")
    (project.root.parent / "outside").write_text("x")
    (project.root / "data/link").symlink_to("a")
    (project.root / "linked").symlink_to(project.root / "data")
    (project.root / "linked/x").write_text("x")
    os.mkfifo(project.root / "data/pipe")
    project.write(".modelsyncignore", "*.tmp")
    with pytest.raises(UsageError, match=said) as caught:
        add(project.repository, ["data/a", path], project.root)
    assert caught.value.help
    assert tracked(project) == []


def test_a_link_in_a_folder_is_told_by_its_name(project: Project) -> None:
    project.write("data/a", "x")
    (project.root / "data/link").symlink_to("/etc/passwd")
    with pytest.raises(UsageError, match="`data/link` can't be tracked: it is a link"):
        project.add("data")
    project.write(".modelsyncignore", "data/link\n")
    project.add("data")
    assert staged(project) == ["data/a"]


@pytest.mark.parametrize("name", ["new\nline", "bell\a", os.fsdecode(b"not\xffutf8")])
def test_names_that_no_list_can_show_are_refused(project: Project, name: str) -> None:
    project.write("data/a", "x")
    (project.root / "data" / name).write_text("x")
    with pytest.raises(UsageError, match="its name"):
        project.add("data")


@pytest.mark.parametrize(
    "name", ["ä ö", "日本.csv", "--help", "a'b\"c", "$(x)", "*", "[x]", "#x", "!x", " lead", "a\\b"]
)
def test_other_names_are_just_names(in_git: Project, name: str) -> None:
    in_git.write(f"data/{name}", "x")
    in_git.add(f"data/{name}")
    assert staged(in_git) == [f"data/{name}"]
    assert "data" not in in_git.git("status", "--porcelain", "-uall")  # the line in .gitignore fits


def test_paths_are_taken_from_the_folder_one_stands_in(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    project.write("data/sub/a", "x")
    monkeypatch.chdir(project.root / "data")
    add(project.repository, ["sub"])
    assert tracked(project) == ["data/sub"]


def test_git_ignores_what_is_tracked_here_unless_it_has_it(in_git: Project) -> None:
    in_git.write("data/a.csv", "1")
    in_git.write("small.csv", "1")
    in_git.git("add", "small.csv")
    in_git.git("commit", "-q", "-m", "small")
    added = add(in_git.repository, ["data", "small.csv"], in_git.root)
    assert added.in_git == ("small.csv",)
    text = (in_git.root / ".gitignore").read_text()
    assert "/data/\n" in text
    assert "small" not in text
    assert in_git.git("status", "--porcelain").split() == ["??", ".gitignore"]


def test_a_file_that_was_damaged_in_the_store_is_stored_anew(project: Project) -> None:
    project.write("data/a", "content")
    project.add("data")
    repository = project.repository
    files = scan(project.root, ["data"], Ignoring(None)).files
    later = time.time_ns() + 10**10  # as if the file had been old enough to be known without reading
    repository.workspace.hashes.remember(project.root, files, {"data/a": of_bytes(b"content")}, later)
    repository.workspace.store.index.suspect([bytes.fromhex(of_bytes(b"content"))])
    assert not project.repository.workspace.store.has(of_bytes(b"content"))
    project.add("data")
    assert project.repository.workspace.store.has(of_bytes(b"content"))


def test_an_empty_folder_can_be_tracked(project: Project) -> None:
    (project.root / "data").mkdir()
    project.add("data")
    assert tracked(project) == ["data"]
    assert staged(project) == []


def test_a_project_reached_by_a_link_is_the_same(project: Project, tmp_path: Path) -> None:
    project.write("data/a", "x")
    (tmp_path / "shortcut").symlink_to(project.root)
    add(project.repository, [str(tmp_path / "shortcut/data")])
    assert staged(project) == ["data/a"]


def test_a_file_that_is_read_ahead_is_young_from_when_that_began(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(headstart, "LARGE", 1_000)
    path = project.write("data", "1" * 2_000)
    hashes = FileHashes(project.repository.workspace.home / "hashes.db", lambda: time.time_ns() + 10**10)
    for is_ahead in (True, False):
        if is_ahead:
            headstart.begin(str(path))
        repository = project.repository
        vars(repository.workspace)["hashes"] = hashes  # by its clock, the file is old when its turn comes
        add(repository, ["data"], project.root)
        headstart.close()
        listed = scan(project.root, ["data"], Ignoring(None)).files
        assert bool(hashes.recall(project.root, listed)) != is_ahead
    hashes.close()
