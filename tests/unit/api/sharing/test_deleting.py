"""`push --delete`: a branch of a remote goes, by compare and set, in a folder and on a real S3 server."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from modelsync.api.sharing.deleting import Deleted, delete
from modelsync.api.sharing.remotes import choose
from modelsync.core.clock import stamp
from modelsync.core.errors import UsageError
from modelsync.registry.references import StaleError
from tests.unit.api.sharing.conftest import Clone, cloned


@pytest.fixture(params=["folder", "s3"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty place."""
    return str(request.getfixturevalue("s3")) if request.param == "s3" else str(tmp_path / "place")


def gone(clone: Clone, *names: str) -> tuple[Deleted, ...]:
    return delete(clone.repository, choose(clone.repository, None), names)


def branched(ada: Clone, place: str) -> Clone:
    """`main` and `side` on the remote, `side` one commit further; `main` is checked out."""
    ada.add_remote(place)
    ada.push()
    ada.run("checkout", "-b", "side")
    ada.save("on side", side__txt="side\n")
    ada.push("side")
    ada.run("checkout", "main")
    return ada


def test_a_branch_goes_and_may_come_again(ada: Clone, place: str, tmp_path: Path) -> None:
    branched(ada, place)
    bob = cloned(place, tmp_path / "bob")
    said = ada.run("push", "origin", "--delete", "side")
    assert said.startswith("side is no longer on origin; it was ")
    found = ada.repository.references.values
    assert "remotes/origin/side" not in found and "branches/side" in found
    assert set(cloned(place, tmp_path / "cyd").repository.references.values) == {
        "HEAD",
        "branches/main",
        "remotes/origin/main",
    }
    assert [each.name for each in bob.fetch().references] == []
    with pytest.raises(UsageError, match="has no branch `side`"):
        gone(bob, "side")
    with pytest.raises(UsageError, match="has no branch or tag `side`"):
        bob.fetch("side")
    ada.push("side")
    assert [each.name for each in cloned(place, tmp_path / "dan").fetch("side").references] == []
    assert ada.push("side").references[0].old is not None


def test_what_somebody_else_pushed_does_not_go(ada: Clone, place: str, tmp_path: Path) -> None:
    branched(ada, place)
    bob = cloned(place, tmp_path / "bob")
    bob.run("checkout", "side")
    bob.save("more", more__txt="more\n")
    bob.push("side")
    with pytest.raises(StaleError, match="`side` on `origin` has commits that never came here: Ada") as told:
        gone(ada, "side")
    assert "`modelsync fetch origin`" in told.value.help
    assert "remotes/origin/side" in ada.repository.references.values
    ada.fetch()
    assert [each.old for each in gone(ada, "side")] == [bob.tip]
    bob.save("again", more__txt="again\n")
    bob.push("side")


def test_who_moved_it_in_between_wins(ada: Clone, place: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    branched(ada, place)
    bob = cloned(place, tmp_path / "bob")
    bob.run("checkout", "side")
    bob.save("more", more__txt="more\n")

    def late(moment: datetime) -> str:
        bob.push("side")
        return stamp(moment)

    monkeypatch.setattr("modelsync.api.sharing.deleting.stamp", late)  # after it was seen, before it is removed
    with pytest.raises(StaleError):
        gone(ada, "side")
    assert bob.fetch("side").references == ()


def test_what_can_not_be_deleted(ada: Clone, shared: Path) -> None:
    ada.run("tag", "v1")
    ada.push("v1")
    for name, said in (("main", "is what a clone of `origin` checks out"), ("v1", "is a tag"), ("mian", "no branch")):
        with pytest.raises(UsageError, match=said):
            gone(ada, name)
    assert "did you mean `main`" in ada.run("push", "origin", "--delete", "mian", exit=2)
    assert "push REMOTE --delete BRANCH" in ada.run("push", "origin", "--delete", exit=2)
    assert "has no branch `main`" not in ada.run("push")


def test_none_goes_when_one_may_not(ada: Clone, place: str) -> None:
    branched(ada, place)
    with pytest.raises(UsageError):
        gone(ada, "side", "main")
    assert ada.fetch("side").references == ()
