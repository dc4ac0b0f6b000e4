"""What every place that can be written does, whatever it is made of."""

from __future__ import annotations

import threading

import pytest

from modelsync.store.remotes.base import Listed, Mark, Place
from modelsync.store.remotes.kinds import KINDS


def test_every_kind_of_address_has_its_file() -> None:
    assert list(KINDS) == ["s3", "gs", "http", "folder"]


def test_nothing_is_there_at_first(place: Place) -> None:
    assert place.read("config.json") is None
    assert place.size("config.json") is None
    assert list(place.list("")) == []
    place.remove("config.json")
    with pytest.raises(FileNotFoundError):
        place.ranges("config.json", [(0, 1)])


def test_what_was_written_is_read(place: Place) -> None:
    assert place.create("packs/ab/x", b"0123456789")
    got = place.read("packs/ab/x")
    assert got is not None and got.data == b"0123456789"
    assert place.size("packs/ab/x") == 10
    assert place.ranges("packs/ab/x", [(0, 1), (8, 10), (2, 5)]) == [b"0", b"89", b"234"]
    place.remove("packs/ab/x")
    assert place.read("packs/ab/x") is None


def test_only_one_creates(place: Place) -> None:
    won: list[bytes] = []

    def create(data: bytes) -> None:
        if place.create("refs/branches/main", data):
            won.append(data)

    threads = [threading.Thread(target=create, args=(bytes([65 + number]),)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    got = place.read("refs/branches/main")
    assert got is not None and won == [got.data]


def test_only_who_saw_it_replaces(place: Place) -> None:
    place.create("refs/x", b"1")
    first = place.read("refs/x")
    assert first is not None and place.replace("refs/x", b"2", first.mark)
    assert not place.replace("refs/x", b"3", first.mark)
    now = place.read("refs/x")
    assert now is not None and now.data == b"2" and now.mark != first.mark
    place.overwrite("refs/x", b"4")
    assert not place.replace("refs/x", b"5", now.mark)
    place.remove("refs/x")
    assert not place.replace("refs/x", b"6", now.mark)
    assert place.read("refs/x") is None


def test_objects_are_listed_below_a_folder(place: Place) -> None:
    keys = ["packs/ab/x", "packs/cd/y", "packs2/z", "refs/tags/tune~rate-ä+%2F x"]
    for key in keys:
        place.create(key, key.encode())
    listed = list(place.list(""))
    assert sorted(each.key for each in listed) == keys
    assert {each.key for each in place.list("packs/")} == {"packs/ab/x", "packs/cd/y"}
    assert all(isinstance(each, Listed) and each.size == len(each.key.encode()) for each in listed)
    assert all(each.modified > 1_700_000_000 for each in listed)
    got = place.read(keys[3])
    assert got is not None and got.data == keys[3].encode()
    assert isinstance(got.mark, Mark)
