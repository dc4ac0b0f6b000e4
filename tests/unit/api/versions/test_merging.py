from __future__ import annotations

import csv
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from modelsync.api.versions.committing import UndecidedError, commit
from modelsync.api.versions.merging import Merging, abort, merge
from modelsync.api.versions.overwriting import WouldLoseError
from modelsync.api.versions.removing import remove
from modelsync.api.versions.restoring import restore
from modelsync.api.versions.switching import checkout, checkout_new
from modelsync.core.errors import ExitCode, UsageError
from modelsync.registry.references import Move, move
from tests.unit.api.versions.conftest import Project

BASE = "id,plan,days\n1,basic,10\n2,basic,20\n3,pro,30\n"


def sides(project: Project, base: dict[str, str], ours: dict[str, str | None], theirs: dict[str, str | None]) -> None:
    """A common past, theirs on `theirs`, ours checked out on `main`."""
    project.save("base", **base)
    checkout_new(project.repository, "theirs", "HEAD")
    project.save("theirs", **theirs)
    checkout(project.repository, "main")
    project.save("ours", **ours)


def merged(project: Project, **more: object) -> Merging:
    done = merge(project.repository, "theirs", **more)  # type: ignore[arg-type]
    assert done is not None
    return done


def test_what_each_side_did_comes_together(project: Project) -> None:
    sides(project, {"a": "1", "b": "1", "c": "1"}, {"a": "ours", "new": "o"}, {"b": "theirs", "c": None, "more": "t"})
    done = merged(project)
    assert project.files() == {"data/a": "ours", "data/b": "theirs", "data/more": "t", "data/new": "o"}
    head = project.repository.head
    assert head is not None and done.id == head.id
    assert [project.repository.history.commit(id).message for id in head.parents] == ["ours", "theirs"]
    assert head.message == "Merge theirs into main"
    project.assert_clean()
    assert merge(project.repository, "theirs") is None


def test_a_branch_that_is_only_behind_moves_forward(project: Project) -> None:
    project.save("base", a="1")
    checkout_new(project.repository, "theirs", "HEAD")
    last = project.save("theirs", a="2")
    checkout(project.repository, "main")
    done = merged(project)
    assert (done.was_behind, done.id, project.files()) == (True, last, {"data/a": "2"})
    assert project.repository.references.branch == "main"
    project.assert_clean()


def test_a_file_that_both_changed_waits_for_a_decision(project: Project) -> None:
    sides(project, {"a__bin": "1"}, {"a__bin": "ours"}, {"a__bin": "theirs"})
    done = merged(project)
    assert done.id is None
    assert [(each.path, each.kind) for each in done.conflicts] == [("data/a.bin", "changed on both sides")]
    assert project.files() == {"data/a.bin": "ours", "data/a.bin.theirs": "theirs"}
    standing = project.standing()
    assert standing.merge is not None and not standing.is_clean
    assert standing.untracked == ()  # what the merge wrote is no news
    with pytest.raises(UndecidedError, match=r"data/a\.bin: changed on both sides") as caught:
        commit(project.repository, None)
    assert caught.value.exit_code == ExitCode.HELD
    for act in (lambda: checkout(project.repository, "theirs"), lambda: merge(project.repository, "theirs")):
        with pytest.raises(UsageError, match="the merge of `theirs` is open"):
            act()
    project.write("data/a.bin", "both")
    project.add("data")
    made = commit(project.repository, None)
    assert made is not None
    assert (made.commit.message, len(made.commit.parents)) == ("Merge theirs into main", 2)
    assert project.files() == {"data/a.bin": "both"}
    project.assert_clean()
    assert merge(project.repository, "theirs") is None


def test_keeping_ours_is_a_decision_too(project: Project) -> None:
    sides(project, {"a": "1"}, {"a": "ours"}, {"a": "theirs"})
    merged(project)
    project.add("data/a")
    assert commit(project.repository, "ours it is") is not None
    assert project.files() == {"data/a": "ours"}


def test_taking_theirs_and_what_was_removed(project: Project) -> None:
    sides(
        project, {"a": "1", "b": "1", "c": "1"}, {"a": "ours", "b": None, "c": "ours"}, {"a": "2", "b": "2", "c": None}
    )
    done = merged(project)
    assert [(each.path, each.kind) for each in done.conflicts] == [
        ("data/a", "changed on both sides"),
        ("data/b", "removed here, changed there"),
        ("data/c", "changed here, removed there"),
    ]
    assert project.files() == {"data/a": "ours", "data/a.theirs": "2", "data/b.theirs": "2", "data/c": "ours"}
    restore(project.repository, ["data/a"], "theirs")
    project.add("data/a")
    remove(project.repository, ["data/b"])
    remove(project.repository, ["data/c"])
    assert commit(project.repository, None) is not None
    assert project.files() == {"data/a": "2"}
    project.assert_clean()


def test_abort_goes_back_and_keeps_what_was_edited(project: Project) -> None:
    sides(project, {"a": "1", "b": "1"}, {"a": "ours"}, {"a": "theirs", "b": "theirs", "new": "t"})
    merged(project)
    assert project.files()["data/b"] == "theirs"
    project.write("data/a", "half decided")
    project.write("data/a.theirs", "notes")
    rescued = abort(project.repository)
    assert project.files() == {"data/a": "ours", "data/b": "1"}
    assert {Path(path).name: (project.root / path).read_text() for path in rescued} == {
        "a": "half decided",
        "a.theirs": "notes",
    }
    project.assert_clean()
    with pytest.raises(UsageError, match="no merge is open"):
        abort(project.repository)
    assert merged(project).id is None


def test_a_table_that_both_changed_is_merged_by_rows(project: Project) -> None:
    ours = BASE.replace("1,basic,10", "1,pro,10").replace("3,pro,30\n", "")
    theirs = BASE.replace("2,basic,20", "2,basic,021") + '4,"a, b",40\n'
    sides(project, {"t__csv": BASE}, {"t__csv": ours}, {"t__csv": theirs})
    done = merged(project, key=["id"])
    assert done.id is not None
    assert [(each.path, each.key, each.conflicts) for each in done.rows] == [("data/t.csv", ("id",), 0)]
    assert project.read("data/t.csv") == 'id,plan,days\n1,pro,10\n2,basic,021\n4,"a, b",40\n'
    project.assert_clean()


def test_rows_in_conflict_are_listed_with_all_three_values(project: Project) -> None:
    ours, theirs = BASE.replace("2,basic,20", "2,plus,20"), BASE.replace("2,basic,20", "2,pro,20") + "4,pro,40\n"
    sides(project, {"t__csv": BASE}, {"t__csv": ours}, {"t__csv": theirs})
    done = merged(project, key=["id"])
    assert [(each.kind, each.beside) for each in done.conflicts] == [
        ("1 conflict in rows", ("data/t.csv.conflicts.csv",))
    ]
    assert project.read("data/t.csv") == ours + "4,pro,40\n"
    with (project.root / "data/t.csv.conflicts.csv").open(newline="") as handle:
        assert list(csv.reader(handle)) == [
            ["id", "column", "conflict", "base", "ours", "theirs"],
            ["2", "plan", "edited by both", "basic", "plus", "pro"],
        ]
    project.write("data/t.csv", (project.read("data/t.csv") or "").replace("plus", "pro"))
    project.add("data/t.csv")
    assert commit(project.repository, None) is not None
    assert project.files() == {"data/t.csv": theirs}
    project.assert_clean()


def test_the_key_comes_from_the_contract_of_the_spec(project: Project) -> None:
    project.write(
        "modelsync.yaml",
        "modelsync: 1\nproject: shop\ndatasets:\n  t:\n    source: data/t.csv\n"
        "    contract: {key: [id], columns: {id: int, plan: string, days: int}}\n",
    )
    ours, theirs = BASE.replace("1,basic", "1,pro"), BASE.replace("2,basic", "2,pro")
    sides(
        project,
        {"t__csv": BASE, "u__csv": BASE},
        {"t__csv": ours, "u__csv": ours},
        {"t__csv": theirs, "u__csv": theirs},
    )
    done = merged(project)
    assert [each.path for each in done.rows] == ["data/t.csv"]
    assert [(each.path, each.kind) for each in done.conflicts] == [
        ("data/u.csv", "changed on both sides; with `--key COLUMN` its rows can be merged")
    ]


def test_a_table_with_a_bad_key_stays_a_file(project: Project) -> None:
    sides(project, {"t__csv": BASE}, {"t__csv": BASE + "3,x,1\n"}, {"t__csv": BASE + "5,x,1\n"})
    done = merged(project, key=["id"])
    assert done.conflicts[0].kind.startswith(
        "changed on both sides; its rows can't be merged: the key `3` names two rows"
    )
    assert project.files()["data/t.csv.theirs"] == BASE + "5,x,1\n"


def test_json_lines_keep_how_they_were_written(project: Project) -> None:
    lines = ['{"id": 1, "x": 1.50, "tags": ["a", 1.0]}', '{"id": 2, "x": null}', '{"id": 3}']
    base = "\n".join(lines) + "\n"
    ours, theirs = base.replace("1.50", "1.60"), base + '{"id": 4, "y": "ü"}\n'
    sides(project, {"t__jsonl": base}, {"t__jsonl": ours}, {"t__jsonl": theirs})
    assert merged(project, key=["id"]).id is not None
    assert project.read("data/t.jsonl") == ours + '{"id": 4, "y": "ü"}\n'


def test_parquet_tables_are_merged_with_their_types(project: Project) -> None:
    def table(days: list[int]) -> None:
        (project.root / "data").mkdir(exist_ok=True)
        made = pa.table({"id": pa.array(range(len(days)), pa.int32()), "days": pa.array(days, pa.int16())})
        pq.write_table(made, project.root / "data/t.parquet")

    table([1, 2, 3])
    project.save("base")
    checkout_new(project.repository, "theirs", "HEAD")
    table([1, 2, 3, 4])
    project.save("theirs")
    checkout(project.repository, "main")
    table([9, 2, 3])
    project.save("ours")
    assert merged(project, key=["id"]).id is not None
    found = pq.read_table(project.root / "data/t.parquet")
    assert found.column("days").to_pylist() == [9, 2, 3, 4]
    assert found.schema.field("days").type == pa.int16()


def test_windows_line_ends_stay(project: Project) -> None:
    base = BASE.replace("\n", "\r\n")
    for name, text in (("base", base), ("theirs", base + "4,x,1\r\n"), ("ours", base.replace("1,basic", "1,pro"))):
        if name == "theirs":
            checkout_new(project.repository, "theirs", "HEAD")
        if name == "ours":
            checkout(project.repository, "main")
        (project.root / "data").mkdir(exist_ok=True)
        (project.root / "data/t.csv").write_bytes(text.encode())
        project.save(name)
    assert merged(project, key=["id"]).id is not None
    assert (project.root / "data/t.csv").read_bytes().decode() == base.replace("1,basic", "1,pro") + "4,x,1\r\n"


def test_branches_merged_crosswise_can_be_merged_again(project: Project) -> None:
    sides(project, {"a": "1", "b": "1"}, {"a": "2"}, {"b": "2"})
    ours, theirs = (project.repository.resolve(name) for name in ("main", "theirs"))
    assert merge(project.repository, theirs) is not None
    checkout(project.repository, "theirs")
    assert merge(project.repository, ours) is not None
    project.save("theirs again", c="3")
    checkout(project.repository, "main")
    project.save("ours again", a="4")
    assert len(project.repository.history.bases(*map(project.repository.resolve, ("main", "theirs")))) == 2
    assert merged(project).id is not None
    assert project.files() == {"data/a": "4", "data/b": "2", "data/c": "3"}


def test_histories_without_a_common_past_are_merged_as_additions(project: Project) -> None:
    project.save("ours", a="1")
    done = project.repository
    other = Project(project.root.parent / "other")
    (other.root / ".modelsync").mkdir(parents=True)
    theirs = other.save("theirs", b="2")
    commit_ = other.repository.history.commit(theirs)
    store = done.workspace.store
    for data in (commit_.encode(), other.repository.tree(commit_).encode(), b"2"):
        store.put_bytes(data)
    move(done.workspace.journal, [Move("remotes/o/main", None, theirs, "", "")])
    assert merge(project.repository, "o/main") is not None
    assert project.files() == {"data/a": "1", "data/b": "2"}


def test_local_changes_in_the_way_of_a_merge_are_refused(project: Project) -> None:
    sides(project, {"a": "1", "b": "1"}, {"a": "2"}, {"b": "2", "new": "2"})
    project.write("data/new", "mine")
    with pytest.raises(WouldLoseError) as caught:
        merge(project.repository, "theirs")
    assert caught.value.paths == ("data/new",)
    (project.root / "data/new").unlink()
    project.write("data/a", "mine")  # not concerned
    assert merged(project).id is not None
    assert project.files() == {"data/a": "mine", "data/b": "2", "data/new": "2"}
    project.add("data/a")
    checkout_new(project.repository, "more", "HEAD~1")
    with pytest.raises(UsageError, match="something is staged"):
        merge(project.repository, "theirs")
