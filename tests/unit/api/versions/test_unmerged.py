"""A pointer that Git left unmerged, with the real Git."""

from __future__ import annotations

import click
import pytest

from modelsync.api.versions import git_files
from modelsync.api.versions.committing import commit
from modelsync.api.versions.merging import merge
from modelsync.api.versions.switching import checkout_pinned
from modelsync.api.versions.unmerged import UnmergedError, glimpse
from modelsync.cli import invoke
from modelsync.cli.tracking import unmerged_lines
from modelsync.core.digest import Digest, short
from tests.unit.api.versions.conftest import Project


def saved(project: Project, message: str, **files: str | None) -> Digest:
    id = project.save(message, **files)
    project.git("add", "-A")
    project.git("commit", "-q", "-m", message)
    return id


@pytest.fixture(params=["marks", "driver"])
def torn(request: pytest.FixtureRequest, in_git: Project) -> tuple[Project, Digest, Digest]:
    """A merge of Git that stopped at the pointer, with its marks in the file or stopped by our driver; both sides."""
    if request.param == "driver":
        git_files.install(in_git.root)
    saved(in_git, "base", a="1")
    in_git.git("checkout", "-q", "-b", "side")
    theirs = saved(in_git, "side", a="side")
    in_git.git("checkout", "-q", "main")
    checkout_pinned(in_git.repository)
    ours = saved(in_git, "main", a="main")
    in_git.git("merge", "--no-edit", "side", code=1)
    assert ("<<<<<<<" in (in_git.root / "modelsync.data").read_text()) is (request.param == "marks")
    return in_git, ours, theirs


def test_a_commit_hides_no_side_of_an_unmerged_pointer(torn: tuple[Project, Digest, Digest]) -> None:
    project, ours, _ = torn
    before = (project.root / "modelsync.data").read_text()
    project.write("data/a", "mine")
    project.add("data")
    with pytest.raises(UnmergedError, match="left unmerged by Git") as told:
        commit(project.repository, "mine")
    assert "`modelsync merge main`" in told.value.help and "git checkout --ours" in told.value.help
    assert (project.root / "modelsync.data").read_text() == before
    assert project.repository.references.tip == ours
    project.git("checkout", "--ours", "modelsync.data")
    project.git("add", "modelsync.data")
    assert commit(project.repository, "mine") is not None


def test_a_merge_of_both_sides_ends_it(torn: tuple[Project, Digest, Digest]) -> None:
    project, _, theirs = torn
    seen = glimpse(project.repository)
    assert seen is not None and seen.left == (theirs,)
    (line,) = unmerged_lines(seen)
    assert click.unstyle(line).startswith("modelsync.data is unmerged in Git: bring both together: `modelsync merge")
    assert merge(project.repository, short(theirs)) is not None
    project.write("data/a", "both")
    project.add("data/a")
    assert commit(project.repository, None) is not None
    seen = glimpse(project.repository)
    assert seen is not None and seen.left == () and "`git add modelsync.data` tells Git so" in seen.help
    project.write("data/a", "later")
    project.add("data/a")
    assert commit(project.repository, "later") is not None
    project.git("add", "-A")
    project.git("commit", "-q", "-m", "merged")
    assert glimpse(project.repository) is None


def test_marks_that_somebody_told_git_to_keep_are_seen(torn: tuple[Project, Digest, Digest]) -> None:
    project, _, _ = torn
    if "<<<<<<<" not in (project.root / "modelsync.data").read_text():
        return
    project.git("add", "modelsync.data")
    project.git("commit", "-q", "-m", "oops")
    with pytest.raises(UnmergedError):
        commit(project.repository, "mine")


def test_nothing_is_unmerged_usually(in_git: Project) -> None:
    saved(in_git, "base", a="1")
    assert glimpse(in_git.repository) is None


def test_status_says_it_each_time(torn: tuple[Project, Digest, Digest], capsys: pytest.CaptureFixture[str]) -> None:
    project, _, _ = torn
    for _ in range(2):
        assert invoke(["status", "-C", str(project.root)]) == 0
        assert "modelsync.data is unmerged in Git" in capsys.readouterr().out
