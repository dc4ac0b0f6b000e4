"""`store stats`, `fsck`, `gc`: nothing that is needed goes, everything that is damaged is named."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import click
import pytest

from modelsync.api import housekeeping
from modelsync.cli import invoke
from modelsync.core.digest import Digest
from modelsync.engine.workspace import Workspace
from modelsync.store import collecting

ROWS = "id\n" + "".join(f"{number}\n" for number in range(200))


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    root = tmp_path / "project"
    root.mkdir()
    monkeypatch.chdir(root)
    (root / "rows.csv").write_text(ROWS)
    assert invoke(["dataset", "add", "rows.csv"]) == 0
    return root


def said(capsys: pytest.CaptureFixture[str], *words: str, exit: int = 0) -> str:
    capsys.readouterr()
    assert invoke(["store", *words]) == exit
    told = capsys.readouterr()
    return click.unstyle(told.out + told.err)


def test_stats_and_a_clean_store(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lines = said(capsys, "stats").splitlines()
    assert lines[0].startswith("2 files, 2 chunks, ")
    assert lines[2].startswith("sharing 1.00x, compression ")
    assert said(capsys, "fsck") == said(capsys, "fsck", "--full") == "ok nothing is wrong\n"


def test_gc_frees_what_no_fact_names_and_keeps_all_that_one_does(
    project: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(collecting, "YOUNG", 0.0)
    store = Workspace(project).store
    orphan = store.put_bytes(b"nobody names it " * 99).digest
    named = store.put_bytes(b"only a fact of a newer version names it " * 99).digest
    Workspace(project).journal.append("future.kind", {"deep": [{"digest": named}]})
    assert said(capsys, "gc", "--dry-run").startswith("would free ")
    assert store.has(orphan)
    assert said(capsys, "gc").startswith("freed ")
    kept = Workspace(project)
    assert not kept.store.has(orphan)
    assert kept.store.has(named)
    [version] = kept.state().datasets["rows"]
    assert kept.store.has(version.digest)
    assert kept.store.has(version.table.digest)
    assert invoke(["dataset", "verify"]) == 0


def test_fsck_names_what_is_missing(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for pack in (project / ".modelsync/store/packs").rglob("*.pack"):
        pack.chmod(0o644)
        pack.unlink()
    told = said(capsys, "fsck", exit=9)
    assert "    needed by rows@1.0.0\n" in told
    assert "    needed by rows@1.0.0 (as a table)\n" in told
    assert "`modelsync fsck --repair` mends what can be mended" in told
    assert said(capsys, "fsck", "--repair", exit=9).count("damaged") >= 1
    assert invoke(["dataset", "add", "rows.csv"]) == 0  # the original is still there
    assert said(capsys, "fsck", "--full") == "ok nothing is wrong\n"


def test_what_is_lost_comes_back_from_a_remote(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    notes = project / "notes.txt"
    for text in ("first", "second"):
        notes.write_text(text)
        for words in ("add rows.csv notes.txt", f"commit -m {text}"):
            assert invoke(words.split()) == 0, capsys.readouterr()
    for words in ("remote add origin ../shelf", "push"):
        assert invoke(words.split()) == 0, capsys.readouterr()
    (project / "rows.csv").unlink()
    for pack in (project / ".modelsync/store/packs").rglob("*.pack"):
        pack.chmod(0o644)
        pack.unlink()
    with closing(sqlite3.connect(project / ".modelsync/store/store.db")) as index, index:
        for table in ("record", "pack"):  # then only the reference says that a commit is missing, and only it what else
            index.execute(f"delete from {table}")
    assert "    needed by rows@1.0.0\n" in said(capsys, "fsck", exit=9)
    said(capsys, "fsck", "--repair", exit=9)  # what stays lost is the typed table, which was never tracked
    assert invoke(["dataset", "download", "rows"]) == 0
    assert (project / "rows.csv").read_text() == ROWS
    workspace = Workspace(project)
    [version] = workspace.state().datasets["rows"]
    assert workspace.store.reader.lacking(sorted(housekeeping.needed(workspace))) == {version.table.digest}


def test_an_index_that_is_gone_is_built_again(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for path in (project / ".modelsync/store").glob("store.db*"):
        path.unlink()
    said(capsys, "fsck", "--repair")
    assert invoke(["dataset", "verify"]) == 0


def test_what_is_needed_is_named_by_facts(project: Path) -> None:
    workspace = Workspace(project)
    [version] = workspace.state().datasets["rows"]
    assert (
        {Digest(version.digest), version.table.digest}
        <= housekeeping.needed(workspace)
        <= housekeeping.roots(workspace)
    )


def test_without_its_registry_nothing_is_collected(
    project: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(collecting, "YOUNG", 0.0)
    before = said(capsys, "stats")
    for file in (project / ".modelsync").glob("registry.db*"):
        file.unlink()
    for words in (["gc"], ["gc", "--dry-run"]):
        assert "nothing may be collected without it" in said(capsys, *words, exit=9)
    assert said(capsys, "stats") == before


def test_a_registry_that_is_gone_is_named(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for file in (project / ".modelsync").glob("registry.db*"):
        file.unlink()
    for words in (["fsck"], ["fsck", "--full"], ["fsck", "--repair"]):
        told = said(capsys, *words, exit=9)
        assert f"damaged {project / '.modelsync/registry.db'}: is missing, and the store holds content" in told
        assert "`gc` refuses until then" in told
    Workspace(project).journal.append("a.fact", {})
    assert said(capsys, "fsck") == "ok nothing is wrong\n"


def test_a_registry_before_the_first_commit_is_whole(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "rows.csv").write_text(ROWS)
    assert invoke(["add", "rows.csv"]) == 0
    assert said(capsys, "fsck") == "ok nothing is wrong\n"
    assert "`modelsync commit` is the first fact" in said(capsys, "gc", exit=9)
    (tmp_path / ".modelsync/registry.db").unlink()
    assert "registry.db: is missing" in said(capsys, "fsck", exit=9)
