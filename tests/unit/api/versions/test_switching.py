from __future__ import annotations

import pytest

from modelsync.api.versions.adding import add
from modelsync.api.versions.committing import commit
from modelsync.api.versions.overwriting import FORCED, WouldLoseError
from modelsync.api.versions.removing import forget
from modelsync.api.versions.restoring import restore
from modelsync.api.versions.switching import checkout, checkout_new, checkout_pinned
from modelsync.core.errors import UsageError
from modelsync.registry.references import REMOTES, Move, move
from tests.unit.api.versions.conftest import Project


def lost(project: Project) -> dict[str, str]:
    """What was rescued, by its path."""
    top = project.root / ".modelsync/lost-found"
    return {"/".join(path.relative_to(top).parts[1:]): path.read_text() for path in top.rglob("*") if path.is_file()}


def tracked(project: Project) -> list[str]:
    return list(project.repository.tracked.paths)


def test_a_checkout_makes_the_files_those_of_a_commit(project: Project) -> None:
    first = project.save("first", a="1", gone="1")
    project.write("data/new/run", "x").chmod(0o755)
    second = project.save("second", a="2", gone=None)
    done = checkout(project.repository, first)
    assert (done.branch, done.id, done.written, done.removed) == (None, first, 2, 1)
    assert project.files() == {"data/a": "1", "data/gone": "1"}
    assert not (project.root / "data/new").exists()
    project.assert_clean()
    done = checkout(project.repository, "main")
    assert (done.branch, done.id) == ("main", second)
    assert project.files() == {"data/a": "2", "data/new/run": "x"}
    assert (project.root / "data/new/run").stat().st_mode & 0o111
    project.assert_clean()


def test_commits_on_a_branch_do_not_move_another(project: Project) -> None:
    first = project.save("first", a="1")
    checkout_new(project.repository, "tune", "HEAD")
    second = project.save("second", a="2")
    assert project.repository.references.labels(first) == ("main",)
    assert project.repository.references.labels(second) == ("tune",)
    with pytest.raises(UsageError, match="the branch `tune` exists already"):
        checkout_new(project.repository, "tune", "HEAD")


def test_untouched_local_changes_stay(project: Project) -> None:
    first = project.save("first", a="1", b="1", c="1")
    project.save("second", a="2")
    project.write("data/b", "local")
    project.write("data/c", "staged")
    project.add("data/c")
    project.write("data/c", "staged and changed")
    project.write("data/new", "untracked")
    checkout(project.repository, first)
    assert project.files() == {
        "data/a": "1",
        "data/b": "local",
        "data/c": "staged and changed",
        "data/new": "untracked",
    }
    standing = project.standing()
    assert [each.path for each in standing.staged] == ["data/c"]
    assert [each.path for each in standing.changed] == ["data/b", "data/c"]
    assert standing.untracked == ("data/new",)


def changed(project: Project) -> None:
    project.write("data/a", "mine")


def staged_too(project: Project) -> None:
    project.write("data/a", "mine")
    project.add("data/a")


def untracked_in_the_way(project: Project) -> None:
    project.write("data/later", "mine")


def folder_in_the_way(project: Project) -> None:
    project.write("data/later/mine", "mine")


def file_where_a_folder_comes(project: Project) -> None:
    project.write("data/deep", "mine")


def link_in_the_way(project: Project) -> None:
    project.write("mine", "mine")
    (project.root / "data/later").symlink_to(project.root / "mine")


OBSTACLES = [
    (changed, "data/a"),
    (staged_too, "data/a"),
    (untracked_in_the_way, "data/later"),
    (folder_in_the_way, "data/later/mine"),
    (file_where_a_folder_comes, "data/deep"),
    (link_in_the_way, "data/later"),
]


@pytest.mark.parametrize(("act", "path"), OBSTACLES, ids=lambda value: getattr(value, "__name__", ""))
def test_nothing_of_a_persons_own_is_overwritten_silently(project: Project, act: object, path: str) -> None:
    project.save("first", a="1")
    project.write("data/deep/x", "theirs")
    second = project.save("second", a="2", later="theirs")
    checkout(project.repository, "main~1")
    assert callable(act)
    act(project)
    before = project.files()
    with pytest.raises(WouldLoseError, match="would overwrite what is stored nowhere") as caught:
        checkout(project.repository, "main")
    assert caught.value.paths == (path,)
    assert "--force" in caught.value.help
    assert project.files() == before
    done = checkout(project.repository, "main", FORCED)
    assert done.id == second
    assert project.files() == {"data/a": "2", "data/deep/x": "theirs", "data/later": "theirs"}
    assert lost(project) == {path: "mine"}
    assert done.rescued[0].startswith(".modelsync/lost-found/")
    project.assert_clean()


def test_a_file_that_is_as_wanted_already_is_in_nobodys_way(project: Project) -> None:
    project.save("first", a="1")
    project.save("second", a="2", later="theirs")
    checkout(project.repository, "main~1")
    project.write("data/later", "theirs")
    assert checkout(project.repository, "main").written == 1
    project.assert_clean()


def test_a_folder_behind_a_link_is_not_written_to(project: Project) -> None:
    project.save("first", a="1")
    project.write("data/deep/x", "theirs")
    project.save("second")
    checkout(project.repository, "main~1")
    outside = project.root.parent / "outside"
    outside.mkdir()
    (project.root / "data/deep").symlink_to(outside)
    with pytest.raises(UsageError, match="`data/deep` is a link"):
        checkout(project.repository, "main", FORCED)
    assert list(outside.iterdir()) == []


def test_missing_files_come_back_only_when_asked(project: Project) -> None:
    project.save("first", a="1", b="1")
    (project.root / "data/a").unlink()
    assert checkout(project.repository, "main").written == 0
    assert project.standing().missing == ("data/a",)
    done = restore(project.repository, ["data"], None)
    assert done.paths == ("data/a",)
    project.assert_clean()


def test_single_files_come_back_as_staged_or_as_committed(project: Project) -> None:
    first = project.save("first", a="1", b="1")
    project.save("second", a="2", b="2")
    restore(project.repository, ["data/a"], first)
    assert project.files() == {"data/a": "1", "data/b": "2"}
    assert [each.path for each in project.standing().staged] == ["data/a"]
    restore(project.repository, ["data/a"], "HEAD")
    project.assert_clean()
    project.write("data/a", "mine")
    for revision in (None, "HEAD", first):
        with pytest.raises(WouldLoseError):
            restore(project.repository, ["data/a"], revision)
    assert restore(project.repository, ["data/a"], None, FORCED).paths == ("data/a",)
    assert lost(project) == {"data/a": "mine"}
    project.assert_clean()
    with pytest.raises(UsageError, match="there is no `data/x` in `HEAD`"):
        restore(project.repository, ["data/x"], "HEAD")


def test_what_is_only_staged_counts_as_a_persons_own(project: Project) -> None:
    first = project.save("first", a="1")
    project.save("second", a="2")
    project.write("data/a", "staged")
    project.add("data/a")
    with pytest.raises(WouldLoseError):
        restore(project.repository, ["data/a"], first)


def test_tracked_paths_are_those_of_the_commit(project: Project) -> None:
    project.save("first", a="1")
    project.write("models/m.bin", "m")
    project.add("models")
    commit(project.repository, "model")
    checkout(project.repository, "main~1")
    assert tracked(project) == ["data"]
    assert not (project.root / "models").exists()
    checkout(project.repository, "main")
    assert tracked(project) == ["data", "models"]
    assert project.read("models/m.bin") == "m"
    forget(project.repository, ["models"])
    commit(project.repository, "no model")
    assert project.read("models/m.bin") == "m"
    checkout(project.repository, "main~1")
    project.assert_clean()


def test_a_branch_that_only_a_remote_has_is_made(project: Project) -> None:
    first = project.save("first", a="1")
    project.save("second", a="2")
    move(project.repository.workspace.journal, [Move(REMOTES + "origin/tune", None, first, "fetch", "x")])
    done = checkout(project.repository, "tune")
    assert (done.branch, done.id) == ("tune", first)


def test_git_pins_the_data(in_git: Project) -> None:
    first = in_git.save("first", a="1")
    in_git.git("add", ".")
    in_git.git("commit", "-q", "-m", "first data")
    second = in_git.save("second", a="2")
    in_git.git("commit", "-q", "-a", "-m", "second data")
    in_git.git("checkout", "-q", "HEAD~1")
    assert in_git.standing().pinned == first
    done = checkout_pinned(in_git.repository)
    assert (done.branch, done.id, in_git.read("data/a")) == (None, first, "1")
    in_git.git("checkout", "-q", "main")
    done = checkout_pinned(in_git.repository)
    assert (done.branch, done.id, in_git.read("data/a")) == ("main", second, "2")
    assert in_git.git("status", "--porcelain") == ""
    in_git.assert_clean()


def test_the_branch_called_as_gits_follows_what_git_pins(in_git: Project) -> None:
    first = in_git.save("first", a="1")
    second = in_git.save("second", a="2")
    text = (in_git.root / "modelsync.data").read_text()
    checkout(in_git.repository, first)
    repository = in_git.repository
    move(repository.workspace.journal, [Move("branches/main", second, first, "as before a pull", "x")])
    in_git.write("modelsync.data", text)
    done = checkout_pinned(in_git.repository)
    assert (done.branch, done.id) == ("main", second)


def test_a_new_branch_of_git_gets_its_own_here(in_git: Project) -> None:
    first = in_git.save("first", a="1")
    in_git.git("add", ".")
    in_git.git("commit", "-q", "-m", "first data")
    second = in_git.save("second", a="2")
    in_git.git("checkout", "-q", "-b", "side")
    in_git.git("checkout", "-q", "modelsync.data")
    done = checkout_pinned(in_git.repository)
    assert (done.branch, done.id) == ("side", first)
    assert in_git.repository.references.values["branches/main"] == second


def test_a_pointer_to_a_commit_that_is_not_here_is_told(project: Project) -> None:
    with pytest.raises(UsageError, match=r"there is no `modelsync\.data`"):
        checkout_pinned(project.repository)
    project.write("modelsync.data", f"format 1\ncommit {'0' * 64}\n")
    with pytest.raises(UsageError, match=r"commit 000000000000, which `modelsync\.data` names, is not here"):
        checkout_pinned(project.repository)


def test_many_files_are_switched_at_once(project: Project) -> None:
    for number in range(600):
        project.write(f"data/{number % 30}/{number}", str(number))
    project.add("data")
    commit(project.repository, "first")
    for number in range(0, 600, 2):
        project.write(f"data/{number % 30}/{number}", "x")
    add(project.repository, ["data"])
    commit(project.repository, "second")
    done = checkout(project.repository, "main~1")
    assert (done.written, done.removed) == (300, 0)
    assert set(project.files().values()) == {str(number) for number in range(600)}
    project.assert_clean()
