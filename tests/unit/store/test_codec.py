from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from modelsync.store.codec import RAW, ZSTD, expand, gains, shrink, shrink_if_begun


@settings(max_examples=50, deadline=None)
@given(st.binary(max_size=5000), st.integers(1, 50))
def test_what_was_shrunk_comes_back(data: bytes, times: int) -> None:
    codec, stored = shrink(data * times)
    assert expand(codec, bytes(stored), len(data) * times) == data * times
    assert len(stored) <= len(data) * times


def test_only_what_gains_is_compressed() -> None:
    noise = random.Random(1).randbytes(100_000)
    assert shrink(noise)[0] == RAW
    assert not gains(noise)
    assert shrink(b"a,b,c\n" * 1000)[0] == ZSTD
    assert gains(b"a,b,c\n" * 1000 + noise[:10])
    assert shrink(b"short")[0] == RAW


@pytest.mark.parametrize("length", [99_999, 100_001, 0])
def test_another_length_is_refused(length: int) -> None:
    codec, stored = shrink(bytes(100_000))
    with pytest.raises(ValueError, match="long"):
        expand(codec, bytes(stored), length)


def test_a_bomb_is_never_unpacked() -> None:
    _, bomb = shrink(bytes(1 << 30))
    with pytest.raises(ValueError, match="1001 bytes long, expected 1000"):
        expand(ZSTD, bytes(bomb), 1000)


def test_garbage_and_unknown_codecs_are_refused() -> None:
    with pytest.raises(ValueError, match="cannot be decompressed"):
        expand(ZSTD, b"garbage" * 10, 70)
    with pytest.raises(ValueError, match="compression 7"):
        expand(7, b"x", 1)
    codec, stored = shrink(b"a,b,c\n" * 1000)
    with pytest.raises(ValueError, match=r"."):
        expand(codec, bytes(stored)[:-5], 6000)


def test_what_begins_as_noise_is_kept_as_it_is_and_anything_else_shrinks() -> None:
    noise, text = random.Random(1).randbytes(3_000), b"a,b,c\n" * 500
    assert shrink_if_begun(noise + text) == (RAW, noise + text)
    for data in (text, text[:900], text + noise, text[:100], b"", noise[:500]):
        assert shrink_if_begun(data) == shrink(data)
