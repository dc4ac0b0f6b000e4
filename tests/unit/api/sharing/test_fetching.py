from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from modelsync.api.versions.turning import put_manifest
from modelsync.core.errors import DamageError, UsageError
from modelsync.registry.references import REMOTES, Move, brief, move
from modelsync.store.folders import Entry, Manifest
from modelsync.store.remotes.layout import RemoteRef, ref_key
from tests.unit.api.sharing.conftest import Clone, cloned


def test_no_file_and_no_own_branch_changes(ada: Clone, shared: Path, tmp_path: Path) -> None:
    bob = cloned(str(shared), tmp_path / "bob")
    bob.save("second", more__txt="more\n")
    bob.push()
    before, tip = ada.files(), ada.tip
    fetched = ada.fetch()
    assert [(each.name, each.old, each.new) for each in fetched.references] == [("remotes/origin/main", tip, bob.tip)]
    assert ada.files() == before and ada.tip == tip
    assert ada.repository.references.named(REMOTES) == {"origin/main": bob.tip}
    assert ada.fetch().references == ()


def test_a_tag_says_the_same_for_ever(ada: Clone, shared: Path, tmp_path: Path) -> None:
    bob = cloned(str(shared), tmp_path / "bob")
    ada.run("tag", "v1")
    ada.push("v1")
    bob.save("second", more__txt="more\n")
    bob.run("tag", "v1")
    fetched = bob.fetch()
    assert [name for name, _ in fetched.refused] == ["v1"] and "is here at" in fetched.refused[0][1]
    with pytest.raises(UsageError, match="the tag `v1` is on `origin` already"):
        bob.push("v1")
    assert ada.fetch("v1").references == ()


@pytest.mark.parametrize("name", ["branches/a b", "branches/-x", "other/x", "branches/x.lock", "tags/HEAD"])
def test_hostile_names_are_not_taken(ada: Clone, shared: Path, tmp_path: Path, name: str) -> None:
    tip = ada.tip
    assert tip is not None
    path = shared / ref_key(name)
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(RemoteRef(name, tip, "Eve", "2026").encode())
    bob = cloned(str(shared), tmp_path / "bob")
    assert set(bob.repository.references.values) == {"HEAD", "branches/main", "remotes/origin/main"}
    assert [each for each, _ in ada.fetch().refused] == [brief(name)]


@pytest.mark.parametrize(
    "path", [".git/hooks/post-checkout", "data/.GIT/config", ".modelsync ./x", "data/.g\u200cit/x"]
)
def test_a_commit_that_is_a_trap_is_not_taken(ada: Clone, shared: Path, tmp_path: Path, path: str) -> None:
    bob, repository = cloned(str(shared), tmp_path / "bob"), ada.repository
    head = repository.head
    assert head is not None
    store = repository.workspace.store
    digest = store.put_bytes(b"#!/bin/sh\n").digest
    tree = put_manifest(repository, Manifest((Entry(path, executable=True, size=10, digest=digest),)))
    trap = replace(head, tree=tree, parents=(head.id,))
    store.put_bytes(trap.encode())
    move(repository.workspace.journal, [Move("branches/main", head.id, trap.id, "trap", "Eve")])
    ada.push()
    with pytest.raises(DamageError, match="no checkout may write"):
        bob.pull()
    assert bob.tip == head.id
    with pytest.raises(DamageError, match="no checkout may write"):
        cloned(str(shared), tmp_path / "cyd")
    assert not (tmp_path / "cyd").exists()


def test_a_commit_that_would_take_files_along_is_not_taken(ada: Clone, shared: Path, tmp_path: Path) -> None:
    bob, repository = cloned(str(shared), tmp_path / "bob"), ada.repository
    head = repository.head
    assert head is not None
    trap = replace(head, paths=(*head.paths, ".env"), parents=(head.id,))
    repository.workspace.store.put_bytes(trap.encode())
    move(repository.workspace.journal, [Move("branches/main", head.id, trap.id, "trap", "Eve")])
    ada.push()
    with pytest.raises(DamageError, match=r"tracks `\.env` and has nothing there"):
        bob.pull()
    assert bob.tip == head.id


def test_what_it_has_not(ada: Clone, shared: Path) -> None:
    with pytest.raises(UsageError, match="has no branch or tag `mian`") as caught:
        ada.fetch("mian")
    assert "`main`" in caught.value.help


def test_a_branch_whose_bytes_never_came(ada: Clone, shared: Path, tmp_path: Path) -> None:
    path = shared / ref_key("branches/ghost")
    path.write_bytes(RemoteRef("branches/ghost", type(ada.tip or "")("f" * 64), "Eve", "2026").encode())  # type: ignore[arg-type]
    with pytest.raises(DamageError, match="lacks the record f"):
        ada.fetch()
    assert "remotes/origin/ghost" not in ada.repository.references.values


def test_damage_there_is_mended_from_a_whole_clone(ada: Clone, shared: Path, tmp_path: Path) -> None:
    (pack,) = shared.glob("packs/*/*.pack")
    whole = pack.read_bytes()
    pack.chmod(0o644)
    pack.write_bytes(whole[:-1] + b"?" if whole[-1:] != b"?" else b"")
    pack.write_bytes(b"\0" * len(whole))
    with pytest.raises(DamageError, match=pack.name) as caught:
        cloned(str(shared), tmp_path / "bob")
    assert "push --check" in caught.value.help
    pack.unlink()
    assert "sent " in ada.run("push", "--check")
    bob = cloned(str(shared), tmp_path / "bob")
    assert bob.files() == ada.files()


def test_a_remote_that_was_emptied_gets_everything_again(ada: Clone, shared: Path, tmp_path: Path) -> None:
    for path in sorted(shared.rglob("*"), reverse=True):
        path.rmdir() if path.is_dir() else path.unlink()
    assert ada.push().sent.packs == 1
    assert cloned(str(shared), tmp_path / "bob").files() == ada.files()
