"""Branches, tags, `rm`, `log` and what must be kept."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from modelsync.api.versions import branching, git, pointer, telling
from modelsync.api.versions.adding import add
from modelsync.api.versions.differing import diff, split, table_diffs
from modelsync.api.versions.merging import merge
from modelsync.api.versions.overwriting import FORCED, WouldLoseError
from modelsync.api.versions.removing import forget, remove
from modelsync.api.versions.repository import open_repository
from modelsync.api.versions.switching import checkout, checkout_new
from modelsync.core.clock import now
from modelsync.core.digest import of_bytes
from modelsync.core.errors import DamageError, LockedError, SurroundingsError, UsageError
from modelsync.registry.references import HEAD
from tests.unit.api.versions.conftest import Project


def test_branches_are_made_listed_renamed_and_removed(project: Project) -> None:
    first = project.save("first", a="1")
    branching.new_branch(project.repository, "tune/rate", "HEAD")
    branching.rename_branch(project.repository, "main", "trunk")
    listed = branching.branches(project.repository)
    assert [(each.name, each.id, each.is_current) for each in listed] == [
        ("trunk", first, True),
        ("tune/rate", first, False),
    ]
    branching.remove_branch(project.repository, "tune/rate")
    with pytest.raises(UsageError, match="`trunk` is checked out"):
        branching.remove_branch(project.repository, "trunk")
    with pytest.raises(UsageError, match="there is no branch `trunc`") as caught:
        branching.remove_branch(project.repository, "trunc")
    assert caught.value.help == "did you mean `trunk`?"


def test_a_branch_with_commits_of_its_own_is_not_removed_silently(project: Project) -> None:
    project.save("first", a="1")
    checkout_new(project.repository, "tune", "HEAD")
    last = project.save("second", a="2")
    checkout(project.repository, "main")
    with pytest.raises(UsageError, match="has commits that no other branch or tag has"):
        branching.remove_branch(project.repository, "tune")
    assert branching.discard_branch(project.repository, "tune") == last
    assert checkout(project.repository, last[:10]).id == last  # for 30 days


def test_a_tag_says_the_same_for_ever_unless_forced(project: Project) -> None:
    first = project.save("first", a="1")
    branching.new_tag(project.repository, "v1", "HEAD")
    second = project.save("second", a="2")
    with pytest.raises(UsageError, match="`v1` is there already"):
        branching.new_tag(project.repository, "v1", "HEAD")
    assert project.repository.resolve("v1") == first
    branching.move_tag(project.repository, "v1", "HEAD")
    assert project.repository.resolve("v1") == second
    moves = [move for move in project.repository.references.moves if move.name == "tags/v1"]
    assert [(move.old, move.new, move.by) for move in moves] == [
        (None, first, "Ada <ada@example.org>"),
        (first, second, "Ada <ada@example.org>"),
    ]
    assert [each.name for each in branching.tags(project.repository)] == ["v1"]
    branching.remove_tag(project.repository, "v1")
    assert branching.tags(project.repository) == ()


def test_removed_files_go_and_kept_ones_stay(project: Project) -> None:
    project.save("first", a="1", b="1", c="1")
    assert remove(project.repository, ["data/a"]).paths == ("data/a",)
    assert forget(project.repository, ["data/b"]).paths == ("data/b",)
    assert project.files() == {"data/b": "1", "data/c": "1"}
    standing = project.standing()
    assert [each.path for each in standing.staged] == ["data/a", "data/b"]
    assert standing.untracked == ("data/b",)
    with pytest.raises(UsageError, match="`data/x` is not tracked"):
        remove(project.repository, ["data/x"])


def test_a_removed_file_that_no_commit_holds_is_refused_or_rescued(project: Project) -> None:
    project.save("first", a="1")
    project.write("data/a", "edited")
    project.write("data/new", "staged")
    project.add("data/new")
    for path in ("data/a", "data/new"):
        with pytest.raises(WouldLoseError) as caught:
            remove(project.repository, [path])
        assert caught.value.paths == (path,)
    done = remove(project.repository, ["data"], FORCED)
    assert sorted((project.root / path).read_text() for path in done.rescued) == ["edited", "staged"]
    assert project.repository.tracked.paths == ()
    assert not (project.root / "data").exists()


def test_a_log_names_what_references_name(project: Project) -> None:
    first = project.save("first", a="1")
    branching.new_tag(project.repository, "v1", "HEAD")
    second = project.save("second", a="2")
    told = telling.log(project.repository, "HEAD", 20)
    assert [(each.id, each.labels) for each in told] == [(second, (HEAD, "main")), (first, ("v1",))]
    assert [each.id for each in telling.log(project.repository, "v1..", 20)] == [second]
    assert [each.id for each in telling.log(project.repository, "main", 1)] == [second]
    with pytest.raises(UsageError, match="there is no branch"):
        telling.log(project.repository, "v2..main", 1)


def test_a_diff_is_between_two_states_or_here(project: Project) -> None:
    project.save("first", a="1", t__csv="id,x\n1,a\n2,b\n")
    project.save("second", a="2", t__csv="id,x\n1,a\n2,B\n3,c\n")
    project.write("data/new", "x")
    (project.root / "data/a").unlink()

    def paths(*words: str) -> list[str]:
        found = diff(project.repository, *split(project.repository, words))
        return [f"{each.kind} {each.path}" for each in found.changes]

    assert paths() == ["removed data/a", "added data/new"]
    assert paths("main~1", "main") == ["changed data/a", "changed data/t.csv"]
    assert paths("main~1", "main", "data/a") == ["changed data/a"]
    assert paths("data/new") == ["added data/new"]
    assert paths("main~1", "data/a") == ["removed data/a"]
    with pytest.raises(UsageError, match="there is no branch, tag or commit `mainn`"):
        paths("mainn")
    found = diff(project.repository, "main~1", "main")
    (table,) = table_diffs(project.repository, found, ["id"])
    assert table.rows is not None
    assert (table.rows.added, table.rows.removed, table.rows.changed) == (1, 0, 1)
    (table,) = table_diffs(project.repository, found, ["nokey"])
    assert "the key column `nokey` is not in both tables" in table.reason


def kept(project: Project, moment: datetime | None = None) -> set[str]:
    return set(telling.roots(project.repository, moment or now()))


def test_everything_that_a_name_leads_to_is_kept(in_git: Project) -> None:
    first = in_git.save("first", a="1")
    in_git.git("add", ".")
    in_git.git("commit", "-q", "-m", "pins first")
    checkout_new(in_git.repository, "tune", "HEAD")
    second = in_git.save("second", a="2")
    checkout(in_git.repository, "main")
    branching.discard_branch(in_git.repository, "tune")
    later = datetime.now(UTC) + timedelta(days=31)
    assert {first, second} <= kept(in_git)
    assert second not in kept(in_git, later)
    in_git.write("modelsync.data", f"format 1\ncommit {second}\n")
    assert second in kept(in_git, later)
    in_git.git("commit", "-q", "-a", "-m", "pins second")
    in_git.git("checkout", "-q", "HEAD~1")
    in_git.git("branch", "-f", "side", "main")
    trees = {in_git.repository.history.commit(id).tree for id in (first, second)}
    assert {second, *trees} <= kept(in_git, later)  # an older commit of Git pins it


def test_what_only_a_side_of_gits_history_pins_is_kept(in_git: Project) -> None:
    """Git leaves such a side out of a history that it simplifies."""
    in_git.save("first", a="1")
    in_git.git("add", ".")
    in_git.git("commit", "-q", "-m", "first")
    in_git.git("checkout", "-q", "-b", "side")
    second = in_git.save("second", a="2")
    in_git.git("commit", "-q", "-a", "-m", "second")
    in_git.git("checkout", "-q", "main")
    checkout(in_git.repository, "HEAD~1", FORCED)
    in_git.git("checkout", "-q", "--", "modelsync.data")
    in_git.git("merge", "-q", "-s", "ours", "-m", "as before", "side")
    in_git.git("branch", "-D", "side")
    in_git.git("reflog", "expire", "--expire=now", "--all")
    assert second in {pointer.decode(text) for text in git.pointers(in_git.root)}


def test_nothing_is_said_to_be_needless_while_git_can_not_answer(
    in_git: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    in_git.save("first", a="1")
    kept(in_git)
    monkeypatch.setenv("PATH", str(in_git.root))
    with pytest.raises(SurroundingsError, match="Git can't say which data"):
        kept(in_git)


def test_what_is_staged_and_an_open_merge_are_kept(project: Project) -> None:
    project.save("base", a="1")
    checkout_new(project.repository, "theirs", "HEAD")
    project.save("theirs", a="2")
    checkout(project.repository, "main")
    project.save("ours", a="3")
    merge(project.repository, "theirs")
    found = kept(project)
    assert of_bytes(b"2") in found  # data/a.theirs
    project.write("data/a", "4")
    project.add("data/a")
    assert project.repository.tracked.staged in kept(project)


def test_nothing_is_said_to_be_needless_while_a_commit_cannot_be_read(project: Project) -> None:
    first = project.save("first", a="1")
    project.save("second", a="2")
    project.repository.workspace.store.index.suspect([bytes.fromhex(first)])
    for pack in project.root.glob(".modelsync/store/packs/*/*.pack"):
        pack.chmod(0o644)
        pack.write_bytes(bytes(pack.stat().st_size))
    with pytest.raises(DamageError):
        kept(project)


@pytest.mark.parametrize(
    "act",
    [
        lambda project: add(project.repository, ["data"]),
        lambda project: checkout(project.repository, "main"),
        lambda project: branching.new_branch(project.repository, "x", "HEAD"),
    ],
)
def test_one_command_at_a_time_changes_a_project(project: Project, act: Callable[[Project], object]) -> None:
    project.save("first", a="1")
    with project.repository.held(), pytest.raises(LockedError, match="`tracked files` is being run by process"):
        act(project)
    act(project)


def test_a_slip_of_the_pen_makes_no_project(project: Project) -> None:
    (project.root / ".modelsync").rmdir()
    acts: list[Callable[[], object]] = [
        lambda: add(project.repository, ["nothing"]),
        lambda: checkout(project.repository, "main"),
        lambda: merge(project.repository, "main"),
        lambda: branching.new_tag(project.repository, "v1", "HEAD"),
        lambda: diff(project.repository, "main", None),
        lambda: telling.log(project.repository, "main", 1),
    ]
    for act in acts:
        with pytest.raises(UsageError):
            act()
    assert list(project.root.iterdir()) == []


def test_a_project_is_found_from_below(project: Project) -> None:
    below = project.root / "specs/x"
    below.mkdir(parents=True)
    assert open_repository(below).root == project.root
    bare = project.root.parent / "bare"
    for sign in (".git", "modelsync.yaml", "specs/x/modelsync.yaml", "modelsync.data", ".modelsync"):
        root = bare / sign.replace("/", "_")
        (root / "a/b").mkdir(parents=True)
        if sign.startswith("."):
            (root / sign).mkdir()
        else:
            (root / sign).parent.mkdir(parents=True, exist_ok=True)
            (root / sign).write_text("")
        assert open_repository(root / "a/b").root == root
    with pytest.raises(UsageError, match="does not exist"):
        open_repository(project.root / "nothing")
