from __future__ import annotations

import math
from pathlib import Path

import pytest

from modelsync.language.text.alike import alike, same_value
from modelsync.language.text.nodes import Node
from modelsync.language.text.read import read
from modelsync.language.text.scalars import Value
from modelsync.language.text.source import Source


def node(text: str) -> Node:
    found = read(Source(Path("modelsync.yaml"), text))
    assert found.root is not None
    return found.root


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("a: {b: [1, x]}", "a:\n  b:\n  - 1\n  - x\n", True),
        ("a: &x 1\nb: *x", "a: 1\nb: 1", True),
        ("a: .nan", "a: .nan", True),
        ("a: 1", "a: 2", False),
        ("a: 1", "a: 1.0", False),
        ("a: 1", "a: true", False),
        ("a: 1", "a: '1'", False),
        ("a: 'x'", "a: x", False),
        ("a: 0x10", "a: 16", False),
        ("a: [1]", "a: [1, 2]", False),
        ("a: 1\nb: 2", "b: 2\na: 1", False),
        ("a: 1", "a: 1\nb: 2", False),
        ("a: 1", "'a': 1", False),
        ("a: []", "a: {}", False),
        ("a:", "a: ''", False),
    ],
)
def test_what_is_the_same(one: str, other: str, same: bool) -> None:
    assert alike(node(one), node(other)) is same


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [(1, 1, True), (1, True, False), (0, None, False), (1.0, 1, False), (math.nan, math.nan, True), ("a", "a", True)],
)
def test_values(one: Value, other: Value, same: bool) -> None:
    assert same_value(one, other) is same
