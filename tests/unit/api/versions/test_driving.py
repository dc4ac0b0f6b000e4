"""Git and ModelSync together, with the real Git: the pointer is merged by merging the data."""

from __future__ import annotations

from pathlib import Path

import pytest

from modelsync.api.versions import git, git_files
from modelsync.api.versions.branching import new_branch
from modelsync.api.versions.committing import commit
from modelsync.api.versions.driving import PointersApartError, drive
from modelsync.api.versions.merging import merge
from modelsync.api.versions.switching import checkout, checkout_pinned
from modelsync.core.digest import short
from modelsync.core.errors import UsageError
from tests.unit.api.versions.conftest import Project


def saved(project: Project, message: str, **files: str | None) -> str:
    """A commit of the data, pinned by a commit of Git."""
    id = project.save(message, **files)
    project.git("add", "-A")
    project.git("commit", "-q", "-m", message)
    return id


@pytest.fixture
def forked(in_git: Project) -> Project:
    """Git's branches `main` (here) and `side`, which pin data that grew apart; ModelSync has no branch for them."""
    git_files.install(in_git.root)
    saved(in_git, "base", a="1", b="1")
    in_git.git("checkout", "-q", "-b", "side")
    saved(in_git, "side", b="side")
    in_git.git("checkout", "-q", "main")
    checkout_pinned(in_git.repository)
    return in_git


def test_git_merges_the_data_by_itself(forked: Project) -> None:
    saved(forked, "main", a="main")
    said = forked.git("merge", "--no-edit", "side")
    assert "the data is merged in" in said
    done = checkout_pinned(forked.repository)
    assert forked.files() == {"data/a": "main", "data/b": "side"}
    assert [forked.repository.history.commit(id).message for id in done.commit.parents] == ["main", "side"]
    assert forked.git("status", "--porcelain") == ""
    forked.assert_clean()


def test_data_that_cannot_be_merged_stops_git_and_names_both(forked: Project) -> None:
    ours = saved(forked, "main", b="main")
    said = forked.git("merge", "--no-edit", "side", code=1)
    assert "CONFLICT" in said
    assert f"{short(ours)} (ours)" in said and "(theirs) can't be merged by itself" in said
    assert "data/b: changed on both sides" in said
    assert forked.git("status", "--porcelain").startswith("UU modelsync.data")
    side = said.split("(ours) and ")[1][:12]
    done = merge(forked.repository, side)
    assert done is not None and done.id is None
    forked.write("data/b", "both")
    forked.add("data/b")
    assert commit(forked.repository, None) is not None
    forked.git("add", "modelsync.data")
    forked.git("commit", "-q", "-m", "merged")
    forked.assert_clean()
    forked.git("checkout", "-q", "HEAD^2")
    checkout_pinned(forked.repository)
    assert forked.read("data/b") == "side"


def test_the_advice_names_branches(project: Project, tmp_path: Path) -> None:
    project.save("base", a="1")
    new_branch(project.repository, "side", "main")
    project.save("main", a="main")
    (tmp_path / "ours").write_text((project.root / "modelsync.data").read_text())
    checkout(project.repository, "side")
    project.save("side", a="side")
    (tmp_path / "theirs").write_text((project.root / "modelsync.data").read_text())
    with pytest.raises(PointersApartError) as told:
        drive(project.repository, tmp_path / "ours", tmp_path / "theirs")
    assert "`modelsync checkout main` and `modelsync merge side` open the merge" in told.value.help
    checkout(project.repository, "main")
    with pytest.raises(PointersApartError) as told:
        drive(project.repository, tmp_path / "ours", tmp_path / "theirs")
    assert told.value.help.startswith("`modelsync merge side` opens the merge; end it with `modelsync commit`")


def test_without_the_driver_git_leaves_the_pointer_unmerged_and_that_is_told(forked: Project) -> None:
    forked.git("config", "--remove-section", "merge.modelsync")
    saved(forked, "main", a="main")
    forked.git("merge", "--no-edit", "side", code=1)
    with pytest.raises(UsageError, match="was left unmerged by Git"):
        checkout_pinned(forked.repository)


def test_a_side_that_only_came_later_is_taken(forked: Project, tmp_path: Path) -> None:
    forked.git("checkout", "-q", "side")
    newer = (forked.root / "modelsync.data").read_text()
    forked.git("checkout", "-q", "main")
    older = (forked.root / "modelsync.data").read_text()
    for ours, theirs in ((older, newer), (newer, older)):
        (tmp_path / "a").write_text(ours)
        (tmp_path / "b").write_text(theirs)
        drive(forked.repository, tmp_path / "a", tmp_path / "b")
        assert (tmp_path / "a").read_text() == newer


@pytest.mark.parametrize("text", ["", "x", f"format 1\ncommit {'0' * 64}\n"])
def test_a_pointer_that_is_none_or_leads_nowhere_is_told(forked: Project, tmp_path: Path, text: str) -> None:
    (tmp_path / "b").write_text(text)
    with pytest.raises(UsageError):
        drive(forked.repository, forked.root / "modelsync.data", tmp_path / "b")


def test_install_writes_once(in_git: Project) -> None:
    first = git_files.install(in_git.root)
    assert [line.split(":")[0] for line in first] == [
        "git config merge.modelsync.name",
        "git config merge.modelsync.driver",
        ".gitattributes",
    ]
    assert git_files.install(in_git.root) == ()
    assert (in_git.root / ".gitattributes").read_text() == "modelsync.data merge=modelsync\n"


def test_a_project_may_lie_below_the_top_of_a_repository(in_git: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(in_git.root)
    below = Project(in_git.root / "sub/project")
    (below.root / ".modelsync").mkdir(parents=True)
    git_files.install(below.root)
    saved(below, "base", a="1", b="1")
    below.git("checkout", "-q", "-b", "side")
    saved(below, "side", b="side")
    below.git("checkout", "-q", "main")
    checkout_pinned(below.repository)
    saved(below, "main", a="main")
    in_git.git("merge", "--no-edit", "side")
    checkout_pinned(below.repository)
    assert below.files() == {"data/a": "main", "data/b": "side"}
    assert not (in_git.root / "modelsync.data").exists()
    assert len(git.pointers(below.root)) == 4


def test_install_needs_a_repository(project: Project) -> None:
    with pytest.raises(UsageError, match="lies in no Git repository"):
        git_files.install(project.root)


@pytest.mark.parametrize(
    ("text", "lines", "result"),
    [
        ("", ["/data/"], "BEGIN\n/.modelsync/\n/data/\nEND\n"),
        ("*.pyc\n.modelsync/\n", ["/data/"], "*.pyc\n.modelsync/\nBEGIN\n/data/\nEND\n"),
        ("a\nBEGIN\n/old/\nEND\nb\n", ["/new/"], "a\nBEGIN\n/.modelsync/\n/new/\nEND\nb\n"),
        ("a\nBEGIN\n/old/\nEND\nb\n", [], "a\nb\n"),
        ("a\nBEGIN\n/old/", ["/new/"], "a\nBEGIN\n/.modelsync/\n/new/\nEND\n"),
        ("a", [], "a\n"),
    ],
)
def test_the_block_for_git_leaves_other_lines_alone(text: str, lines: list[str], result: str) -> None:
    def real(short: str) -> str:
        return short.replace("BEGIN", git_files.BEGIN).replace("END", git_files.END)

    assert git_files.with_block(real(text), lines) == real(result)


def test_who_commits_is_asked_in_order(in_git: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    assert git.author(in_git.root) == "Ada <ada@example.org>"
    monkeypatch.delenv("MODELSYNC_AUTHOR")
    assert git.author(in_git.root) == "Grace <grace@example.org>"
    monkeypatch.setenv("GIT_AUTHOR_NAME", "Alan\nM.")
    monkeypatch.setenv("GIT_AUTHOR_EMAIL", "alan@example.org")
    assert git.author(in_git.root) == "Alan M. <alan@example.org>"
    for name in ("GIT_AUTHOR_NAME", "GIT_AUTHOR_EMAIL"):
        monkeypatch.delenv(name)
    monkeypatch.setenv("PATH", "/nowhere")  # no Git at all
    name, _, mail = git.author(in_git.root).partition(" <")
    assert name and mail.startswith(f"{name}@")
    assert git.state(in_git.root) is None
