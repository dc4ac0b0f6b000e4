"""What stands in Git's own files after data came in by hand."""

from __future__ import annotations

from pathlib import Path

import pytest

from modelsync.api.versions import git_files
from modelsync.cli import invoke
from tests.unit.api.versions.conftest import Project


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (None, "/.modelsync/\n"),
        ("*.pyc\nbuild", "*.pyc\nbuild\n/.modelsync/\n"),
        ("*.pyc\n.modelsync\n", "*.pyc\n.modelsync\n"),
        ("/.modelsync/*\n", "/.modelsync/*\n"),
        (".*/\n", ".*/\n"),
    ],
)
def test_dataset_add_lets_git_ignore_the_store_once(in_git: Project, before: str | None, after: str) -> None:
    if before is not None:
        in_git.write(".gitignore", before)
    in_git.write("rows.csv", "id\n1\n")
    for _ in range(2):
        assert invoke(["dataset", "add", "rows.csv"]) == 0
        assert in_git.read(".gitignore") == after
    assert ".modelsync" not in in_git.git("status", "--porcelain")


def test_tracked_data_comes_into_its_block_below(in_git: Project) -> None:
    in_git.write("rows.csv", "id\n1\n")
    assert invoke(["dataset", "add", "rows.csv"]) == 0
    in_git.save("first", a="1")
    assert in_git.read(".gitignore") == f"/.modelsync/\n{git_files.BEGIN}\n/data/\n{git_files.END}\n"
    git_files.ignore_own(in_git.root)
    assert (in_git.read(".gitignore") or "").count(".modelsync/") == 1


def test_the_project_of_dvc_too(in_git: Project) -> None:
    in_git.write(".dvc/cache/files/md5/c4/ca4238a0b923820dcc509a6f75849b", "1")
    in_git.write("one.dvc", "outs:\n- md5: c4ca4238a0b923820dcc509a6f75849b\n  path: one\n")
    assert invoke(["import", "dvc"]) == 0
    assert in_git.read(".gitignore") == "/.modelsync/\n"


def test_a_project_below_the_top_has_a_file_of_its_own(in_git: Project) -> None:
    below = Project(in_git.root / "sub")
    (below.root / ".modelsync").mkdir(parents=True)
    git_files.ignore_own(below.root)
    assert below.read(".gitignore") == "/.modelsync/\n"
    assert in_git.read(".gitignore") is None


def test_nothing_is_written_outside_of_git(project: Project) -> None:
    git_files.ignore_own(project.root)
    assert not Path(project.root / ".gitignore").exists()
