from __future__ import annotations

import hashlib
import io
import random
from collections.abc import Callable, Sequence
from concurrent.futures import Executor, Future
from dataclasses import dataclass, replace
from typing import ParamSpec, TypeVar

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from modelsync.store import beginnings, chunking, following
from modelsync.store.beginnings import Tracker
from modelsync.store.chunking import Chunker
from modelsync.store.following import Follower, Windows
from modelsync.store.recipes import Recipe

P = ParamSpec("P")
T = TypeVar("T")

PIECE = 10_007  # bytes read at once
SMALL = Chunker(minimum=1 << 10, average=2 << 10, maximum=4 << 10)  # many cuts in few bytes


def scratch(data: bytes, chunker: Chunker = SMALL) -> Recipe:
    cuts = (chunk for _, chunks in chunker.windows(io.BytesIO(data)) for chunk in chunks)
    return Recipe(tuple((hashlib.sha256(chunk).digest(), len(chunk)) for chunk in cuts))


class AtOnce(Executor):
    """Does all work when it is given: nobody can be further ahead with the buffers."""

    def submit(self, act: Callable[P, T], /, *args: P.args, **more: P.kwargs) -> Future[T]:
        future = Future[T]()
        future.set_result(act(*args, **more))
        return future


def begun(data: bytes) -> list[bytes]:
    """The digests of its beginnings."""
    return [hashlib.sha256(data[:end]).digest() for end in range(PIECE, len(data) + 1, PIECE)]


def followed(
    data: bytes, former: Recipe, chunker: Chunker = SMALL, known: Sequence[bytes] = (), ahead: int = 0
) -> Recipe:
    """With a head start of so many pieces."""
    tracker, follower, handle = Tracker(known), Follower(chunker, former), io.BytesIO(data)
    hashers = [hashlib.sha256(data[:end]) for end in range(PIECE, len(data) + 1, PIECE)][:ahead]
    done = tracker.resume(hashers, follower.most)
    skipped, end = follower.skip(done)
    handle.seek(done)
    chunks = list(skipped.chunks)
    windows = Windows(handle, len(data) - done, tracker, chunker, reading=AtOnce(), hashing=AtOnce())
    for cut in windows.cut(follower, end - done):
        for chunk, piece in cut:
            assert hashlib.sha256(piece).digest() == chunk
            chunks.append((chunk, len(piece)))
    assert tracker.whole.digest() == hashlib.sha256(data).digest()
    assert tracker.digests == begun(data)
    return Recipe(tuple(chunks))


@pytest.fixture(autouse=True)
def short_windows(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (beginnings, chunking, following):
        monkeypatch.setattr(module, "EVERY", PIECE)


@dataclass(frozen=True)
class Edit:
    """At a place (near a cut of the last version, when there is one), so many bytes go and others come."""

    place: float
    beside: int | None
    gone: int
    come: int
    seed: int

    def on(self, data: bytes, ends: list[int]) -> bytes:
        at = int(self.place * len(data))
        if self.beside is not None and ends:
            at = max(0, min(ends, key=lambda end: abs(end - at)) + self.beside)
        alphabet = b"ab" if self.seed % 3 else bytes(range(256))
        fresh = bytes(random.Random(self.seed).choices(alphabet, k=self.come))
        if self.seed % 5 == 0:  # a part of the file once more
            fresh = data[: self.come]
        return data[:at] + fresh + data[at + self.gone :]


edits = st.builds(
    Edit,
    st.floats(0, 1),
    st.none() | st.integers(-2, 2),
    st.sampled_from([0, 0, 1, 2, 100, 5_000]),
    st.sampled_from([0, 1, 2, 3, 100, 4_096, 9_000]),
    st.integers(0, 1000),
)


@settings(max_examples=50, deadline=None)
@given(st.integers(0, 120_000), st.integers(0, 1000), st.lists(st.lists(edits, max_size=3), min_size=1, max_size=4))
def test_a_recipe_with_a_former_version_is_the_one_without(size: int, seed: int, versions: list[list[Edit]]) -> None:
    draw = random.Random(seed)
    data = bytes(size) if seed % 7 == 0 else draw.randbytes(size)
    recipe = followed(data, Recipe(()))
    assert recipe == scratch(data)
    for version in versions:
        before = data
        for edit in version:
            total, ends = 0, list[int]()
            for _, length in recipe.chunks:
                ends.append(total := total + length)
            data = edit.on(data, ends)  # where a second edit comes the ends only lie near cuts
        assert followed(data, recipe) == followed(data, recipe, known=begun(before)) == scratch(data)
        for ahead in (1, 2, 5, len(data)):
            assert followed(data, recipe, known=begun(before), ahead=ahead) == scratch(data)
        recipe = scratch(data)


def test_a_byte_behind_a_cut_decides_it() -> None:
    data = random.Random(1).randbytes(60_000)
    recipe, end, moved = scratch(data), 0, 0
    for _, length in recipe.chunks[:-1]:
        end += length
        other = data[:end] + bytes([data[end] ^ 1]) + data[end + 1 :]
        assert followed(other, recipe) == scratch(other)
        moved += end not in ends_of(scratch(other))
    assert moved > 10


@pytest.mark.parametrize("size", [0, 1, 4_095, 4_096, 4_097, 8_192, 10_007, 20_014])
def test_what_is_short_or_ends_with_a_window_is_cut_as_ever(size: int) -> None:
    data = random.Random(2).randbytes(size)
    for former in (b"", data, data + b"x", data[:-1], data * 2):
        assert followed(data, scratch(former)) == scratch(data)
        assert followed(data, scratch(former), known=begun(former)) == scratch(data)


def test_what_is_the_same_is_not_searched_for_cuts(monkeypatch: pytest.MonkeyPatch) -> None:
    searched: list[int] = []
    search = Follower._search

    def counting(self: Follower, rest: memoryview) -> tuple[bytes, memoryview]:
        searched.append(len(rest))
        return search(self, rest)

    monkeypatch.setattr(Follower, "_search", counting)
    data = random.Random(3).randbytes(600_000)
    recipe = scratch(data)
    assert followed(data, recipe) == recipe
    assert len(searched) < 8  # those near the end
    del searched[:]
    grown = data[:300_000] + b"more" + data[300_000:]
    assert followed(grown, recipe) == scratch(grown)
    assert len(searched) < 16


def test_a_recipe_that_other_numbers_made_does_no_harm() -> None:
    data = random.Random(4).randbytes(100_000)
    for other in (replace(SMALL, seed=1), replace(SMALL, maximum=16 << 10), Chunker()):
        chunks = followed(data, scratch(data, other)).chunks
        assert sum(length for _, length in chunks) == len(data)
        assert all(length <= SMALL.maximum for _, length in chunks)


def ends_of(recipe: Recipe) -> set[int]:
    ends, total = set[int](), 0
    for _, length in recipe.chunks:
        ends.add(total := total + length)
    return ends
