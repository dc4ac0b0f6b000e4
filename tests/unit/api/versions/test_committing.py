from __future__ import annotations

import pytest

from modelsync.api.versions import pointer
from modelsync.api.versions.committing import commit
from modelsync.core.errors import UsageError
from modelsync.registry.commits import DATA_COMMITTED
from tests.unit.api.versions.conftest import Project


def test_a_commit_holds_what_is_staged_and_moves_the_branch(project: Project) -> None:
    first = project.save("first", a__csv="1")
    second = project.save("second", a__csv="2", b__csv="x")
    repository = project.repository
    made = repository.history.commit(second)
    assert (made.parents, made.message, made.paths) == ((first,), "second", ("data",))
    assert made.author == "Ada <ada@example.org>"
    assert [entry.path for entry in repository.tree(made).entries] == ["data/a.csv", "data/b.csv"]
    assert (repository.references.branch, repository.references.tip) == ("main", second)
    events = repository.workspace.journal.events(kinds=(DATA_COMMITTED,))
    assert [event.payload["commit"] for event in events] == [first, second]
    project.assert_clean()


def test_only_what_is_staged_is_committed(project: Project) -> None:
    project.save("first", a="1", b="1")
    project.write("data/a", "2")
    project.add("data/a")
    project.write("data/a", "3")
    project.write("data/b", "2")
    made = commit(project.repository, "second")
    assert made is not None
    assert [each.path for each in made.changes] == ["data/a"]
    standing = project.standing()
    assert standing.staged == ()
    assert [each.path for each in standing.changed] == ["data/a", "data/b"]


def test_the_same_content_makes_no_commit(project: Project) -> None:
    first = project.save("first", a="1")
    assert commit(project.repository, "again") is None
    assert project.repository.references.tip == first


@pytest.mark.parametrize(("message", "said"), [("", "needs a message"), (" \n ", "needs a message"), (None, "needs")])
def test_a_commit_says_what_changed(project: Project, message: str | None, said: str) -> None:
    project.write("data/a", "1")
    project.add("data")
    with pytest.raises(UsageError, match=said):
        commit(project.repository, message)
    with pytest.raises(UsageError, match="the message has"):
        commit(project.repository, "x" * 100_000)
    assert project.repository.references.tip is None


def test_there_is_nothing_to_commit_before_something_is_added(project: Project) -> None:
    with pytest.raises(UsageError, match="nothing is tracked yet"):
        commit(project.repository, "x")


def test_the_code_beside_is_known(in_git: Project) -> None:
    first = in_git.save("first", a="1")
    code = in_git.git("rev-parse", "HEAD").strip()
    made = in_git.repository.history.commit(first)
    assert made.git is not None
    assert (made.git.commit, made.git.dirty) == (code, False)  # pointer and .gitignore are no code
    in_git.write("code.py", "x = 2\n")
    made = in_git.repository.history.commit(in_git.save("second", a="2"))
    assert made.git is not None and made.git.dirty


def test_the_pointer_names_the_commit_and_each_tracked_path(project: Project) -> None:
    project.write("model.bin", "12345")
    project.write("data/sub/b", "22")
    project.write("data/a", "1")
    project.add("model.bin", "data")
    made = commit(project.repository, "first")
    assert made is not None
    lines = (project.root / "modelsync.data").read_text().splitlines()
    assert lines[1:3] == ["format 1", f"commit {made.id}"]
    folder = project.repository.workspace.store.put_folder(project.root / "data")
    assert lines[3] == f"{folder.digest} 3 2 data/"
    assert lines[4].endswith(" 5 1 model.bin")
    assert pointer.decode((project.root / "modelsync.data").read_text()) == made.id


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "is no pointer"),
        ("format 1\n", "is no pointer"),
        ("format 1\ncommit abc\n", "is no pointer"),
        (f"format 2\ncommit {'0' * 64}\n", "has format 2"),
        (f"<<<<<<< HEAD\nformat 1\ncommit {'0' * 64}\n=======\n>>>>>>> x\n", "left unmerged by Git"),
    ],
)
def test_what_is_no_pointer_is_told(text: str, said: str) -> None:
    with pytest.raises(UsageError, match=said):
        pointer.decode(text)
    assert pointer.decode(f"# x\r\nformat 1\r\ncommit {'0' * 64}\r\n0 1 1 a\r\n") == "0" * 64
