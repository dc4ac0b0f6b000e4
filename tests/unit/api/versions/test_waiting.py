from __future__ import annotations

from pathlib import Path

import pytest

from modelsync.api.versions.waiting import is_git_waiting
from tests.unit.api.versions.conftest import Project


@pytest.mark.parametrize("name", ["MERGE_HEAD", "CHERRY_PICK_HEAD", "REVERT_HEAD", "rebase-merge", "rebase-apply"])
def test_what_is_under_way_is_seen_from_below(in_git: Project, name: str) -> None:
    below = in_git.root / "a/b"
    below.mkdir(parents=True)
    assert not is_git_waiting(str(below))
    (in_git.root / ".git" / name).touch()
    assert is_git_waiting(str(below)) and is_git_waiting(str(in_git.root))


def test_a_work_tree_beside_another_has_its_own(in_git: Project) -> None:
    in_git.git("worktree", "add", "-q", "../beside", "-b", "beside")
    beside = in_git.root.parent / "beside"
    (in_git.root / ".git/MERGE_HEAD").touch()
    assert not is_git_waiting(str(beside))
    (in_git.root / ".git/worktrees/beside/MERGE_HEAD").touch()
    assert is_git_waiting(str(beside))


def test_a_file_that_leads_nowhere_and_no_git(tmp_path: Path) -> None:
    assert not is_git_waiting(str(tmp_path))
    (tmp_path / ".git").write_text("gitdir: /nowhere/at/all\n")
    assert not is_git_waiting(str(tmp_path))
