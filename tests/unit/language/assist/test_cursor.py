"""A half-typed text is made readable around the cursor."""

from __future__ import annotations

from pathlib import Path

import pytest

from modelsync.language.assist.cursor import Cursor, find
from modelsync.language.text.source import Source


def _found(marked: str) -> Cursor | None:
    offset = marked.index("|")
    before = marked[:offset].split("\n")
    text = marked[:offset] + marked[offset + 1 :]
    return find(Source(Path("x.yaml"), text), len(before), len(before[-1]) + 1)


@pytest.mark.parametrize(
    ("marked", "path", "is_key", "typed"),
    [
        ("a:\n  b: 1\n  c|", ("a",), True, "c"),
        ("a:\n  b: |", ("a", "b"), False, ""),
        ("a:\n  b: xy|z\n  c: 2", ("a", "b"), False, "xy"),
        ("a: {b: 1, c|}", ("a",), True, "c"),
        ("a: {b: 1, c: |}", ("a", "c"), False, ""),
        ("a: {b: 1, c: x|", ("a", "c"), False, "x"),
        ("a: [x, |]", ("a", "1"), False, ""),
        ("a: [x, {b|", ("a", "1"), True, "b"),
        ("a:\n  - x\n  - |", ("a", "1"), True, ""),
        ("a:\n  - b: 1\n    c|", ("a", "0"), True, "c"),
        ("|", (), True, ""),
        ("a: 1\n|\nb: 2", (), True, ""),
        ("a: 'x' # [ {\nb|", (), True, "b"),
        ("a:\n  |\nb: [", ("a",), True, ""),
    ],
)
def test_the_place_is_found(marked: str, path: tuple[str, ...], is_key: bool, typed: str) -> None:
    found = _found(marked)
    assert found is not None
    assert (found.path, found.is_key, found.typed) == (path, is_key, typed)


def test_inside_a_hole_there_is_no_yaml() -> None:
    assert _found('a: "${{ params.|') is None


def test_what_can_not_be_read_is_given_up() -> None:
    assert _found("{ [ }\n: |") is None
