from __future__ import annotations

import hashlib
import os
import random
from pathlib import Path

import pytest

from modelsync.store import beginnings
from modelsync.store.beginnings import Beginnings, Tracker
from modelsync.store.places import Places


@pytest.fixture
def memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Beginnings:
    monkeypatch.setattr(beginnings, "EVERY", 1_000)
    monkeypatch.setattr(beginnings, "LARGE", 5_000)
    return Beginnings(Places(tmp_path / "store"))


def tracked(data: bytes, known: tuple[bytes, ...] = (), piece: int = 1_000) -> tuple[Tracker, list[bool]]:
    tracker = Tracker(known)
    return tracker, [tracker.update(data[begin : begin + piece]) for begin in range(0, len(data), piece)]


def test_files_are_the_same_until_their_first_other_byte(memory: Beginnings) -> None:
    data = random.Random(1).randbytes(10_500)
    first, _ = tracked(data)
    memory.remember(first)
    known = memory.recall(first.whole.digest())
    assert known == tuple(hashlib.sha256(data[:end]).digest() for end in range(1_000, 10_001, 1_000))
    assert tracked(data, known)[1] == [True] * 10 + [False]  # where it ends inside a piece nothing is known
    assert tracked(data[:4_500] + b"x" + data[4_500:], known)[1] == [True] * 4 + [False] * 7
    assert tracked(b"x" + data, known)[1] == [False] * 11
    assert tracked(data + b"more" * 500, known)[1] == [True] * 10 + [False] * 3


def test_other_pieces_say_nothing_wrong(memory: Beginnings) -> None:
    data = random.Random(1).randbytes(9_000)
    first, _ = tracked(data)
    for piece in (1, 300, 500, 700, 1_500):
        tracker, same = tracked(data[:4_900] + b"x" + data[4_901:], tuple(first.digests), piece)
        ends = [min(9_000, piece * (place + 1)) for place in range(len(same))]
        assert all(end < 5_000 for end, is_same in zip(ends, same, strict=True) if is_same)
        assert tracker.digests[:4] == first.digests[: len(tracker.digests[:4])]


def test_small_files_are_not_remembered(memory: Beginnings, tmp_path: Path) -> None:
    memory.remember(tracked(bytes(4_999))[0])
    assert list(tmp_path.iterdir()) == []


def test_what_is_damaged_or_of_another_file_is_forgotten(memory: Beginnings, tmp_path: Path) -> None:
    first, _ = tracked(random.Random(1).randbytes(9_000))
    memory.remember(first)
    (path,) = (tmp_path / "cache/beginnings").iterdir()
    whole = path.read_bytes()
    file = first.whole.digest()
    assert len(memory.recall(file)) == 9
    for place in range(0, len(whole), 7):
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
        assert memory.recall(file) == ()
        path.write_bytes(whole[:place])
        assert memory.recall(file) == ()
    path.with_name("00" * 32).write_bytes(whole)
    assert memory.recall(bytes(32)) == ()


def test_beginnings_of_another_length_are_not_taken(memory: Beginnings, monkeypatch: pytest.MonkeyPatch) -> None:
    first, _ = tracked(bytes(9_000))
    memory.remember(first)
    monkeypatch.setattr(beginnings, "EVERY", 2_000)
    assert memory.recall(first.whole.digest()) == ()


def test_the_oldest_ones_make_room(memory: Beginnings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(beginnings, "_MOST", 3)
    trackers = [tracked(bytes([number]) * 9_000)[0] for number in range(5)]
    for number, tracker in enumerate(trackers):
        memory.remember(tracker)
        os.utime(tmp_path / "cache/beginnings" / tracker.whole.hexdigest(), (number, number))
    assert [bool(memory.recall(tracker.whole.digest())) for tracker in trackers] == [False, False, True, True, True]
    assert len(list((tmp_path / "cache/beginnings").iterdir())) == 3


def test_a_place_that_cannot_be_written_is_no_error(memory: Beginnings, tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("a file")
    first, _ = tracked(bytes(9_000))
    memory.remember(first)
    assert memory.recall(first.whole.digest()) == ()
