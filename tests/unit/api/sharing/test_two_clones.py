"""Two people with one bucket of a real S3 server: they push, pull, meet, disagree, and are killed."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import pytest

from modelsync.core.errors import ModelSyncError
from modelsync.registry.references import StaleError
from tests.unit.api.sharing.conftest import Clone, cloned


def test_they_push_and_pull(ada: Clone, s3: str, tmp_path: Path) -> None:
    assert ada.add_remote(s3) == "shared"
    assert ada.push().sent.packs == 1
    bob = cloned(s3, tmp_path / "bob")
    assert bob.files() == ada.files() and bob.tip == ada.tip
    bob.save("from bob", new__txt="bob\n", notes__txt=None)
    bob.push()
    pulled = ada.pull()
    assert pulled.merging is not None and pulled.merging.was_behind
    assert ada.files() == bob.files() and ada.tip == bob.tip
    assert ada.pull().merging is None and ada.push().sent.packs == 0
    ada.assert_whole()
    bob.assert_whole()


def test_who_comes_late_is_told_to_pull(ada: Clone, s3: str, tmp_path: Path) -> None:
    ada.add_remote(s3)
    ada.push()
    bob = cloned(s3, tmp_path / "bob")
    bob.save("from bob", bob__txt="bob\n")
    bob.push()
    ada.save("from ada", ada__txt="ada\n")
    with pytest.raises(StaleError, match="`main` on `origin` has commits that are not in yours: Ada") as caught:
        ada.push()
    assert "pull" in caught.value.help
    merging = ada.pull().merging
    assert merging is not None and not merging.was_behind and merging.conflicts == ()
    ada.push()
    bob.pull()
    assert bob.files() == ada.files() and {"ada.txt", "bob.txt"} <= bob.files().keys()


def test_a_row_that_both_changed_is_a_conflict(ada: Clone, s3: str, tmp_path: Path) -> None:
    ada.add_remote(s3)
    ada.push()
    bob = cloned(s3, tmp_path / "bob")
    bob.save("bob's", people__csv="id,age\n1,31\n2,40\n3,50\n")
    bob.push()
    ada.save("ada's", people__csv="id,age\n1,32\n2,40\n")
    pulled = ada.pull(key=("id",))
    assert pulled.merging is not None and pulled.merging.id is None
    assert [each.path for each in pulled.merging.conflicts] == ["data/people.csv"]
    ada.save("both", people__csv="id,age\n1,32\n2,40\n3,50\n")
    ada.push()
    bob.pull()
    assert bob.files() == ada.files() and "1,32" in bob.files()["people.csv"]
    bob.assert_whole()


def test_two_push_at_once_and_one_wins(ada: Clone, s3: str, tmp_path: Path) -> None:
    ada.add_remote(s3)
    ada.push()
    people = [ada, cloned(s3, tmp_path / "bob"), cloned(s3, tmp_path / "cyd")]
    for number, person in enumerate(people):
        person.save(f"from {number}", **{f"own{number}__txt": f"{number}\n"})
    barrier, ends = threading.Barrier(len(people)), dict[int, str]()

    def go(number: int) -> None:
        barrier.wait()
        try:
            people[number].push()
            ends[number] = "won"
        except ModelSyncError as error:
            ends[number] = error.help

    threads = [threading.Thread(target=go, args=(number,)) for number in range(len(people))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(ends.values()) == ["`modelsync pull` first, then push again"] * 2 + ["won"]
    winner = next(number for number, end in ends.items() if end == "won")
    for number, person in enumerate(people):
        if number != winner:
            person.pull()
            person.push()
    fresh = cloned(s3, tmp_path / "fresh")
    assert {"own0.txt", "own1.txt", "own2.txt"} <= fresh.files().keys()
    fresh.assert_whole()


@pytest.mark.parametrize("request_", ["before_remote_request:9", "before_remote_request:11", "after_remote_request:11"])
def test_a_killed_push_is_pushed_again(ada: Clone, s3: str, tmp_path: Path, request_: str) -> None:
    ada.add_remote(s3)
    ada.push()
    ada.save("more", big__txt="".join(f"row {number}\n" for number in range(30_000)), other__txt="x\n")
    ada.run("push", exit=137, failpoint=request_)
    before = cloned(s3, tmp_path / "before")  # whoever comes meanwhile sees the one or the other
    before.assert_whole()
    assert ada.run("push").count("main") == 1
    bob = cloned(s3, tmp_path / "bob")
    assert bob.files() == ada.files() and bob.tip == ada.tip
    bob.assert_whole()


def test_a_bad_line_is_waited_for(ada: Clone, s3: str, line: Any, tmp_path: Path) -> None:
    line.use()
    line.fault = lambda number, method, path: (503, "cut", None, "deaf", None)[number % 5]
    ada.add_remote(s3)
    ada.save("more", more__txt="more\n")
    ada.push()
    bob = cloned(s3, tmp_path / "bob")
    assert bob.files() == ada.files()
    bob.assert_whole()


def test_a_server_without_compare_and_set_is_not_shared(ada: Clone, s3: str, line: Any, tmp_path: Path) -> None:
    line.use()
    line.forgets = ("if-match", "if-none-match")
    assert ada.add_remote(s3) == "single"
    with pytest.raises(ModelSyncError, match="can't be shared: it overwrites") as caught:
        ada.push()
    assert "--single-writer" in caught.value.help
    assert "single-writer" in ada.run("push", exit=2)
    ada.run("push", "--single-writer")
    bob = cloned(s3, tmp_path / "bob")
    assert bob.files() == ada.files()
    ada.run("remote", "remove", "origin")
    assert "can't be shared" not in ada.run("remote", "add", "origin", s3, "--single-writer")
    ada.save("next", more__txt="more\n")
    ada.push()
    bob.pull()
    assert bob.files() == ada.files()
