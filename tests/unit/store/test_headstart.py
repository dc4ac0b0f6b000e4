from __future__ import annotations

import hashlib
import os
import random
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from modelsync.core.digest import of_bytes
from modelsync.store import beginnings, chunking, following, headstart
from modelsync.store.beginnings import Tracker
from modelsync.store.objects import Store
from modelsync.store.recipes import Recipe
from modelsync.store.steady import Identity

EVERY = 1 << 20


@pytest.fixture(autouse=True)
def short(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for module in (headstart, beginnings, chunking, following):
        monkeypatch.setattr(module, "EVERY", EVERY)
    for module in (headstart, beginnings):
        monkeypatch.setattr(module, "LARGE", 2 * EVERY)
    yield
    headstart.close()
    assert "head start" not in {thread.name for thread in threading.enumerate()}


@pytest.fixture
def resumed(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Behind how many bytes each file was begun."""
    found, resume = list[int](), Tracker.resume

    def seen(self: Tracker, hashers: list[Any], most: int) -> int:
        found.append(resume(self, hashers, most))
        return found[-1]

    monkeypatch.setattr(Tracker, "resume", seen)
    return found


def over() -> None:
    """Wait until all of the file was hashed."""
    for thread in threading.enumerate():
        if thread.name == "head start":
            thread.join()


def recipe(store: Store, digest: str) -> Recipe:
    found = store.reader.recipe(bytes.fromhex(digest))
    assert found is not None
    return found


def test_the_beginnings_of_a_large_file_are_hashed(tmp_path: Path) -> None:
    path, data = tmp_path / "a", random.Random(1).randbytes(5 * EVERY + 7)
    path.write_bytes(data)
    headstart.begin(str(path))
    assert sys.getswitchinterval() < 0.005
    found = headstart.taken(Identity.of(path), over)
    wanted = [hashlib.sha256(data[:end]).digest() for end in range(EVERY, len(data), EVERY)]
    assert [hasher.digest() for hasher in found] == wanted
    headstart.close()
    assert sys.getswitchinterval() == pytest.approx(0.005)
    assert headstart.taken(Identity.of(path), over) == []


def test_it_ends_when_it_is_taken_or_of_no_use(tmp_path: Path) -> None:
    path = tmp_path / "a"
    with path.open("wb") as handle:
        handle.truncate(1 << 40)
    headstart.begin(str(path))
    assert len(headstart.taken(Identity.of(path), lambda: time.sleep(0.05))) < 1 << 20
    headstart.begin(str(path))
    headstart.close()


@pytest.mark.parametrize("what", ["small", "absent", "folder", "link", "pipe"])
def test_nothing_else_is_begun(tmp_path: Path, what: str) -> None:
    path = tmp_path / what
    if what == "small":
        path.write_bytes(bytes(2 * EVERY - 1))
    elif what == "folder":
        path.mkdir()
    elif what == "link":
        (tmp_path / "a").write_bytes(bytes(3 * EVERY))
        path.symlink_to("a")
    elif what == "pipe":
        os.mkfifo(path)
    before = len(list(Path("/proc/self/fd").iterdir()))
    headstart.begin(str(path))
    assert "head start" not in {thread.name for thread in threading.enumerate()}
    assert len(list(Path("/proc/self/fd").iterdir())) == before


def test_a_file_that_changed_since_is_begun_anew(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(bytes(3 * EVERY))
    headstart.begin(str(path))
    over()
    path.write_bytes(bytes(3 * EVERY))
    os.utime(path, ns=(1, 1))
    assert headstart.taken(Identity.of(path), over) == []
    path.rename(tmp_path / "b")
    path.write_bytes(bytes(3 * EVERY))
    assert headstart.taken(Identity.of(path), over) == []


def test_what_is_remembered_was_read_no_later_than_it_began(tmp_path: Path) -> None:
    assert headstart.earlier(5) == 5
    path = tmp_path / "a"
    path.write_bytes(bytes(3 * EVERY))
    before = time.time_ns()
    headstart.begin(str(path))
    assert before <= headstart.earlier(time.time_ns() + 10**9) <= time.time_ns()
    assert headstart.earlier(5) == 5


def test_a_new_version_is_stored_as_without(tmp_path: Path, resumed: list[int]) -> None:
    store, draw = Store(tmp_path / "store"), random.Random(1)
    path, data = tmp_path / "a", draw.randbytes(8 * EVERY + 100)
    path.write_bytes(data)
    former = store.put_file(path).digest
    # Where the first other byte is: at both sides of the ends of pieces, in the first piece, behind all that was there.
    for place in (8 * EVERY + 100, 5 * EVERY, 5 * EVERY - 1, 3 * EVERY + 500_000, 2 * EVERY, EVERY, 17, 0):
        path.write_bytes(data[:place] + b"more" + data[place:])
        headstart.begin(str(path))
        over()
        stored = store.put_file(path, former)
        headstart.close()
        assert resumed.pop() == max(0, place // EVERY - 1) * EVERY
        assert stored.digest == of_bytes(path.read_bytes())
        whole = Store(tmp_path / f"whole-{place}")
        assert recipe(store, stored.digest) == recipe(whole, whole.put_file(path).digest)
        assert store.read_bytes(stored.digest) == path.read_bytes()
    assert store.verify([former]) == []


def test_a_file_that_ends_earlier_is_stored_as_without(tmp_path: Path, resumed: list[int]) -> None:
    store, path, data = Store(tmp_path / "store"), tmp_path / "a", random.Random(1).randbytes(8 * EVERY)
    path.write_bytes(data)
    former = store.put_file(path).digest
    for size in (8 * EVERY - 1, 6 * EVERY + 1, 6 * EVERY, 6 * EVERY - 1, 3 * EVERY):
        path.write_bytes(data[:size])
        headstart.begin(str(path))
        over()
        stored = store.put_file(path, former)
        headstart.close()
        assert resumed.pop() == (size // EVERY - 1) * EVERY
        whole = Store(tmp_path / f"whole-{size}")
        assert recipe(store, stored.digest) == recipe(whole, whole.put_file(path).digest)
        assert store.read_bytes(stored.digest) == data[:size]


def test_a_lost_chunk_of_the_beginning_is_written_anew(tmp_path: Path) -> None:
    store, path, data = Store(tmp_path / "store"), tmp_path / "a", random.Random(1).randbytes(8 * EVERY)
    path.write_bytes(data)
    former = store.put_file(path).digest
    store.index.suspect([recipe(store, former).chunks[3][0]])
    path.write_bytes(data + b"more")
    headstart.begin(str(path))
    over()
    stored = store.put_file(path, former)
    assert store.index.suspects() == set()
    assert store.read_bytes(stored.digest) == data + b"more"


def test_a_first_version_ends_it(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(random.Random(1).randbytes(4 * EVERY))
    headstart.begin(str(path))
    Store(tmp_path / "store").put_file(path)
    assert headstart.taken(Identity.of(path), over) == []
