from __future__ import annotations

import io
import random
from typing import BinaryIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from modelsync.core.digest import of_bytes
from modelsync.store.chunking import Chunker

# Cuts of the one stream below. They never change: a store whose cuts moved would share nothing with what it holds.
GOLDEN = [136828, 196003, 277353, 401280, 546893, 684552, 721161, 755033, 824747, 901001, 952910, 1000000]


def stream(size: int) -> bytes:
    """Bytes from a generator that every version of Python has: SHA-256 of the numbers."""
    return b"".join(bytes.fromhex(of_bytes(str(number).encode())) for number in range(size // 32 + 1))[:size]


def cuts(data: bytes, chunker: Chunker, handle: BinaryIO | None = None) -> list[int]:
    ends, total = [], 0
    for _, chunks in chunker.windows(handle or io.BytesIO(data)):
        for chunk in chunks:
            assert data[total : total + len(chunk)] == chunk
            total += len(chunk)
            ends.append(total)
    assert total == len(data)
    return ends


def test_the_cuts_are_the_pinned_ones() -> None:
    assert cuts(stream(1_000_000), Chunker()) == GOLDEN


def test_another_seed_cuts_elsewhere() -> None:
    assert cuts(stream(1_000_000), Chunker(seed=1)) != GOLDEN


class Dribble(io.BytesIO):
    """Gives fewer bytes than asked for, another number each time."""

    def read(self, size: int | None = -1) -> bytes:
        self.asked = getattr(self, "asked", 0) + 1
        return super().read(min(size or 0, 100_000 + 7919 * self.asked))


def test_cuts_do_not_depend_on_how_a_file_is_read() -> None:
    data = random.Random(3).randbytes(9_000_000)
    assert cuts(data, Chunker()) == cuts(data, Chunker(), Dribble(data))


def test_an_insert_moves_no_cut_far_behind_it() -> None:
    data = random.Random(4).randbytes(2_000_000)
    before = set(cuts(data, Chunker()))
    after = {end - 5 for end in cuts(data[:1_000_000] + b"12345" + data[1_000_000:], Chunker())}
    assert len(before - after - {end for end in before if end < 1_000_000}) <= 2


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 3_000_000), st.integers(0, 2**32))
def test_chunks_are_within_their_limits(size: int, seed: int) -> None:
    chunker = Chunker()
    ends = cuts(random.Random(seed).randbytes(size), chunker)
    lengths = [end - begin for begin, end in zip([0, *ends], ends, strict=False)]
    assert all(chunker.minimum <= length <= chunker.maximum for length in lengths[:-1])
    assert all(0 < length <= chunker.maximum for length in lengths[-1:])


@pytest.mark.parametrize("size", [0, 1])
def test_almost_nothing_is_at_most_one_chunk(size: int) -> None:
    assert len(cuts(bytes(size), Chunker())) == size


def test_the_first_cut_is_the_one_of_the_whole() -> None:
    data = memoryview(stream(1_000_000))
    ends = [0]
    while ends[-1] < len(data):
        ends.append(ends[-1] + Chunker().first(data[ends[-1] : ends[-1] + Chunker().maximum]))
    assert ends[1:] == GOLDEN
