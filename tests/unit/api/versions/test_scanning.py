"""What is listed and measured, and the short way when nothing changed."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from modelsync.api.versions import scanning
from modelsync.api.versions.ignoring import Ignoring, read
from modelsync.api.versions.scanning import inside, scan
from modelsync.core.errors import UsageError
from tests.unit.api.versions.conftest import Project


def listed(project: Project, rules: Ignoring) -> list[str]:
    return list(scan(project.root, ["data"], rules).files)


@pytest.mark.parametrize("ending", ["", "# no rule\n"])
def test_usual_and_odd_names_follow_the_same_rules(project: Project, ending: str) -> None:
    """The quick look at a name must agree with the thorough one."""
    names = (
        "a", "A.csv", "1", "a b", "_a", "a.", "a-", "x.pyc", "x.pyc.csv", "pyc", "Thumbs.db", "thumbs.db", "a~",
        "a.tmp", ".a.tmp", "modelsync.data", "modelsync.data2", ".gitignore", "ä", ".x.swp", ".DS_Store", "DS_Store",
    )  # fmt: skip
    for name in names:
        project.write(f"data/{name}", "x")
    if ending:
        project.write(".modelsyncignore", ending)
    left = {"x.pyc", "Thumbs.db", "a~", ".a.tmp", "modelsync.data", ".x.swp", ".DS_Store"}
    assert listed(project, read(project.root)) == sorted(f"data/{name}" for name in names if name not in left)


def test_the_short_way_is_taken_only_while_nothing_changed(project: Project) -> None:
    old = time.time() - 3600
    for name in "abc":
        os.utime(project.write(f"data/{name}", name), (old, old))
    project.save("first")
    memory = project.root / ".modelsync/seen"
    assert project.standing().is_clean
    assert not memory.exists()  # a file this young could change without being seen
    time.sleep(2.1)
    assert project.standing().is_clean  # read again, and known from now on
    assert project.standing().is_clean
    assert memory.exists()
    known = memory.read_text()
    project.write("data/a", "A")
    assert [each.path for each in project.standing().changed] == ["data/a"]
    (project.root / "data/a").unlink()
    assert project.standing().missing == ("data/a",)
    project.write("data/a", "a")
    (project.root / "data/b").chmod(0o755)
    assert [each.path for each in project.standing().changed] == ["data/b"]
    (project.root / "data/b").chmod(0o644)
    project.write("data/d", "d")
    assert project.standing().untracked == ("data/d",)
    memory.write_text(known)
    assert project.standing().untracked == ("data/d",)
    memory.write_text("\0" * 100)
    assert project.standing().untracked == ("data/d",)


def test_a_path_is_taken_from_where_one_stands(project: Project) -> None:
    (project.root / "a/b").mkdir(parents=True)
    assert inside(project.root, "c", project.root / "a/b") == "a/b/c"
    assert inside(project.root, "../c", project.root / "a/b") == "a/c"
    assert inside(project.root, ".", project.root) == "."
    assert inside(project.root, str(project.root / "x"), Path("/")) == "x"
    with pytest.raises(UsageError, match="lies outside"):
        inside(project.root, "../../..", project.root / "a/b")


def test_a_file_that_changes_while_it_is_read_equals_nothing(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    project.write("data/a", "1")
    found = scan(project.root, ["data"], Ignoring(None))

    def changing(path: Path) -> tuple[str, int]:
        path.write_text("12345")
        return "0" * 64, 1

    monkeypatch.setattr(scanning, "hashed", changing)
    (entry,) = scanning.measure(project.root, found.files, project.repository.workspace.hashes).entries
    assert entry.digest == scanning.UNREAD
