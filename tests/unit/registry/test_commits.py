from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from modelsync.core.digest import Digest, of_bytes
from modelsync.registry.commits import DATA_COMMITTED, Commit, GitState, committed
from modelsync.registry.journal import Journal

TREE, PARENT = of_bytes(b"tree"), of_bytes(b"parent")
COMMIT = Commit(
    tree=TREE,
    paths=("data/ü.csv", "images"),
    parents=(PARENT,),
    author="Ada <ada@example.org>",
    time="2026-03-01T12:00:00.000Z",
    message="More customers\n\nfrom the second shop",
    git=GitState("a" * 40, dirty=True),
)


def test_a_commit_comes_back_from_its_bytes_and_is_named_by_them() -> None:
    assert Commit.decode(COMMIT.encode()) == COMMIT
    assert COMMIT.id == of_bytes(COMMIT.encode())
    assert COMMIT.encode().endswith(b"}\n")
    assert COMMIT.title == "More customers"
    without = replace(COMMIT, git=None, parents=())
    assert Commit.decode(without.encode()) == without


def test_the_form_is_pinned() -> None:
    """These bytes are in people's stores: whoever changes the form needs a new format."""
    assert COMMIT.id == "0e8ae0e59a8f5b27a17e0fc5c4bea42b25fa69137fa5415efd23bb90bd98d486"
    assert json.loads(COMMIT.encode()) == {
        "author": "Ada <ada@example.org>",
        "format": 1,
        "git": {"commit": "a" * 40, "dirty": True},
        "kind": "modelsync commit",
        "message": "More customers\n\nfrom the second shop",
        "parents": [PARENT],
        "paths": ["data/ü.csv", "images"],
        "time": "2026-03-01T12:00:00.000Z",
        "tree": TREE,
    }


@pytest.mark.parametrize(
    "change",
    [
        {"tree": of_bytes(b"other")},
        {"paths": ()},
        {"parents": ()},
        {"author": "x <x@y>"},
        {"time": "2026-03-01T12:00:00.001Z"},
        {"message": "x"},
        {"git": None},
        {"git": GitState("a" * 40, dirty=False)},
    ],
)
def test_the_id_knows_every_field(change: dict[str, Any]) -> None:
    assert replace(COMMIT, **change).id != COMMIT.id


def changed(**fields: Any) -> bytes:
    value = {**json.loads(COMMIT.encode()), **fields}
    return (json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False) + "\n").encode()


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "no JSON"),
        (b"\xff\xfe", "no JSON"),
        (b"[" * 100_000, "no JSON"),
        (b"[]", "no commit"),
        (changed(kind="modelsync folder"), "no commit"),
        (changed(format=2), "format 2"),
        (changed(more=1), "fields"),
        (changed(tree="x"), "no digest"),
        (changed(parents=["../x"]), "no digest"),
        (changed(parents="x"), "no list"),
        (changed(author=None), "author"),
        (changed(message="x" * 70_000), "message"),
        (changed(git={"commit": "a" * 40}), "git"),
        (changed(git={"commit": "-rf", "dirty": True}), "git"),
        (COMMIT.encode()[:-1], "one form"),
        (b" " + COMMIT.encode(), "one form"),
    ],
)
def test_what_is_no_commit_is_told(data: bytes, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        Commit.decode(data)


def test_the_journal_tells_of_a_commit_once(journal: Journal) -> None:
    assert committed(journal, COMMIT, "main").fresh
    assert not committed(journal, COMMIT, "other").fresh
    (event,) = journal.events(kinds=(DATA_COMMITTED,))
    assert event.payload["commit"] == COMMIT.id
    assert (event.payload["on"], event.payload["message"]) == ("main", "More customers")
    assert Digest(event.payload["tree"]) == TREE


@pytest.mark.parametrize("path", ["..", ".", "", "/etc", "a/../b", "a//b", ".git", "x/.ModelSync/y", "a\nb", "a/"])
def test_a_commit_that_tracks_what_no_project_may_is_none(path: str) -> None:
    with pytest.raises(ValueError, match="which is no path that a project may track"):
        Commit.decode(replace(COMMIT, paths=(path,)).encode())
