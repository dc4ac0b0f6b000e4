from __future__ import annotations

import hashlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from modelsync.store.packs import Kind, Record
from modelsync.store.remotes.tables import Table, decode, encode

NAME = "c" * 64


def _records(count: int) -> tuple[Record, ...]:
    return tuple(
        Record(Kind.CHUNK, number % 2, number % 4, hashlib.sha256(bytes([number])).digest(), 8 + number, 1, 1, 1)
        for number in range(count)
    )


@pytest.mark.parametrize("count", [0, 1, 7])
def test_a_table_comes_back(count: int) -> None:
    records = _records(count)
    commits = frozenset(record.id for record in records[::3])
    assert decode(encode(NAME, 1000, records, {*commits, b"another"}), NAME) == Table(NAME, 1000, records, commits)


@settings(max_examples=50)
@given(st.integers(0, 10_000), st.integers(1, 255))
def test_every_change_is_noticed(place: int, change: int) -> None:
    data = bytearray(encode(NAME, 1000, _records(5), ()))
    data[place % len(data)] ^= change
    with pytest.raises(ValueError, match="torn or damaged"):
        decode(bytes(data), NAME)


@pytest.mark.parametrize("length", [0, 10, 51, 60, 100])
def test_a_torn_one_is_noticed(length: int) -> None:
    with pytest.raises(ValueError, match="torn or damaged"):
        decode(encode(NAME, 1000, _records(5), ())[:length], NAME)


def test_impossible_ones_are_refused() -> None:
    with pytest.raises(ValueError, match="another pack"):
        decode(encode(NAME, 1000, _records(2), ()), "d" * 64)
    with pytest.raises(ValueError, match="impossible places"):
        decode(encode(NAME, 3, _records(2), ()), NAME)
    record = _records(1)[0]
    for odd in (record._replace(kind=9), record._replace(raw=17 << 20), record._replace(kind=2, raw=2 << 30)):
        with pytest.raises(ValueError, match="impossible places"):
            decode(encode(NAME, 1000, [odd], ()), NAME)
