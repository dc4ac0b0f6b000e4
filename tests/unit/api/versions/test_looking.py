from __future__ import annotations

import os

import pytest

from modelsync.api.versions.looking import status
from modelsync.core.errors import DamageError
from tests.unit.api.versions.conftest import Project


def test_a_project_without_tracked_files_has_no_such_part(project: Project) -> None:
    assert status(project.repository) is None
    assert list((project.root / ".modelsync").iterdir()) == []  # looking creates nothing


def test_every_way_of_differing_has_its_word(project: Project) -> None:
    project.save("first", same="1", changed="1", missing="1", staged="1", both="1", gone="1")
    project.write("data/staged", "2")
    project.write("data/both", "2")
    (project.root / "data/gone").unlink()
    project.add("data/staged", "data/both", "data/gone")
    project.write("data/both", "3")
    project.write("data/changed", "2")
    (project.root / "data/missing").unlink()
    project.write("data/new", "x")
    (project.root / "data/link").symlink_to("same")
    standing = project.standing()
    assert [each.path for each in standing.staged] == ["data/both", "data/gone", "data/staged"]
    assert [each.path for each in standing.changed] == ["data/both", "data/changed"]
    assert standing.missing == ("data/missing",)
    assert standing.untracked == ("data/new",)
    assert standing.odd == {"data/link": "it is a link"}
    assert not standing.is_clean


def test_a_right_to_run_is_a_change(project: Project) -> None:
    project.save("first", a="1")
    (project.root / "data/a").chmod(0o755)
    (change,) = project.standing().changed
    assert str(change.kind) == "may run"


def test_an_edit_that_keeps_size_and_time_is_seen(project: Project) -> None:
    project.save("first", a="1")
    file = project.root / "data/a"
    before = file.stat()
    file.write_text("2")
    os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert [each.path for each in project.standing().changed] == ["data/a"]


def test_a_pointer_that_names_another_commit_is_told(project: Project) -> None:
    first = project.save("first", a="1")
    text = (project.root / "modelsync.data").read_text()
    project.save("second", a="2")
    project.write("modelsync.data", text)
    assert project.standing().pinned == first
    project.write("modelsync.data", "broken")
    assert project.standing().pinned == "unreadable"


@pytest.mark.parametrize("text", ["", "x", "{}\n", '{"format":2,"kind":"modelsync tracked","staged":null}\n', "\udcff"])
def test_a_damaged_list_of_tracked_files_is_told_and_can_be_deleted(project: Project, text: str) -> None:
    project.save("first", a="1")
    project.write("data/a", "2")
    file = project.root / ".modelsync/tracked"
    file.write_bytes(text.encode(errors="surrogateescape"))
    with pytest.raises(DamageError, match="is not as it was written"):
        project.standing()
    file.unlink()
    standing = project.standing()
    assert standing.paths == ("data",)
    assert [each.path for each in standing.changed] == ["data/a"]
    project.save("second")
    project.assert_clean()


def test_a_damaged_note_of_a_merge_is_told(project: Project) -> None:
    project.save("first", a="1")
    project.write(".modelsync/merge", '{"format":1}')
    with pytest.raises(DamageError, match="is not as it was written"):
        project.standing()


def test_a_file_that_cannot_be_read_counts_as_changed(project: Project) -> None:
    if os.geteuid() == 0:  # everything can be read by this account: a folder that vanishes must do
        project.save("first", a="1")
        (project.root / "data").rename(project.root / "elsewhere")
        assert project.standing().missing == ("data/a",)
        return
    project.save("first", a="1")
    (project.root / "data/a").chmod(0)
    assert [each.path for each in project.standing().changed] == ["data/a"]
