from __future__ import annotations

from pathlib import Path

import pytest

from modelsync.language.edit.meaning import added, appended, has_only, holds, normal, removed, renamed
from modelsync.language.text.nodes import Node
from modelsync.language.text.read import read
from modelsync.language.text.source import Source
from modelsync.language.text.writing import Data, Opened, Verbatim


def node(text: str) -> Node:
    found = read(Source(Path("modelsync.yaml"), text))
    assert found.root is not None
    return found.root


@pytest.mark.parametrize(
    ("text", "value", "same"),
    [
        ("a: [1, x, null, true, 1.5]", {"a": [1, "x", None, True, 1.5]}, True),
        ("a: 1", {"a": True}, False),
        ("a: 1", {"a": 1.0}, False),
        ("a: 1\nb: 2", {"b": 2, "a": 1}, False),
        ("a: 1", {"a": 1, "b": 2}, False),
        ("a: [1]", {"a": 1}, False),
        ("a: 1", {"a": [1]}, False),
        ("a: {}", {"a": {}}, True),
        ("a: []", {"a": {}}, False),
        ("e\u0301: 1", {"é": 1}, True),
        ("a: x", {"a": Verbatim("x")}, False),
        ("a: {b: 1}", {"a": Opened("b", 1)}, False),
    ],
)
def test_what_a_node_holds(text: str, value: Data, same: bool) -> None:
    assert holds(node(text), value) is same


def test_only_the_wanted_change() -> None:
    before = node("a: {b: [1, 2]}\nc: 3")

    def to_five(_: Node, new: Node) -> bool:
        return holds(new, 5)

    assert has_only(before, node("a: {b: [1, 5]}\nc: 3"), ("a", "b", 1), to_five)
    assert not has_only(before, node("a: {b: [1, 5]}\nc: 4"), ("a", "b", 1), to_five)
    assert not has_only(before, node("a: {b: [0, 5]}\nc: 3"), ("a", "b", 1), to_five)
    assert not has_only(before, node("a: {b: [1, 5], d: 1}\nc: 3"), ("a", "b", 1), to_five)
    assert not has_only(before, node("a: {b: [1, 6]}\nc: 3"), ("a", "b", 1), to_five)
    assert not has_only(before, node("a: {b: 5}\nc: 3"), ("a", "b", 1), to_five)
    assert not has_only(before, node("x: {b: [1, 5]}\nc: 3"), ("a", "b", 1), to_five)


def test_a_key_was_added() -> None:
    assert added(node("a: {b: 1}"), node("a: {b: 1, c: 2}"), ("a",), "c", 2)
    assert not added(node("a: {b: 1}"), node("a: {b: 2, c: 2}"), ("a",), "c", 2)
    assert not added(node("a: {b: 1}"), node("a: {b: 1, c: 3}"), ("a",), "c", 2)
    assert added(node("a: 1"), node("a: 1\nx: {y: {z: 2}}"), ("x", "y"), "z", 2)
    assert not added(node("a: 1"), node("a: 1\nx: {y: 2}"), ("x", "y"), "z", 2)
    assert added(node("a:"), node("a: {b: 1}"), ("a",), "b", 1)
    assert not added(node("a: 5"), node("a: {b: 1}"), ("a",), "b", 1)
    assert added(node("a: [{b: 1}]"), node("a: [{b: 1, c: 2}]"), ("a", 0), "c", 2)
    merged = "a: &x {b: 1}\nc: {<<: *x%s}"
    assert added(node(merged % ""), node(merged % ", b: 2"), ("c",), "b", 2)
    assert not added(node("a: {b: 1}"), node("a: [1]"), ("a",), "c", 2)


@pytest.mark.parametrize(
    ("before", "after", "same"),
    [
        ("[1]", "[1, 2]", True),
        ("[1]", "[2, 2]", False),
        ("[1]", "[1, 3]", False),
        ("[1]", "[2]", False),
        ("[]", "[2]", True),
        ("1", "[1, 2]", True),
        ("'1'", "[1, 2]", False),
        ("~", "[2]", True),
        ("~", "[1, 2]", False),
        ("{a: 1}", "[2]", False),
        ("[1]", "{a: 2}", False),
    ],
)
def test_an_item_was_added(before: str, after: str, same: bool) -> None:
    def grows(old: Node, new: Node) -> bool:
        return appended(old, new, 2)

    assert has_only(node(f"k: {before}"), node(f"k: {after}"), ("k",), grows) is same


def test_something_is_gone() -> None:
    assert removed(node("{a: 1, b: 2}"), node("{b: 2}"), "a")
    assert not removed(node("{a: 1, b: 2}"), node("{a: 1}"), "a")
    assert not removed(node("{a: 1, b: 2}"), node("{}"), "a")
    assert removed(node("[1, 2, 3]"), node("[1, 3]"), 1)
    assert not removed(node("[1, 2, 3]"), node("[1, 2]"), 1)
    assert not removed(node("[1]"), node("{}"), 0)


def test_a_key_has_another_name() -> None:
    assert renamed(node("{a: 1, b: 2}"), node("{c: 1, b: 2}"), "a", "c")
    assert not renamed(node("{a: 1, b: 2}"), node("{b: 2, c: 1}"), "a", "c")
    assert not renamed(node("{a: 1, b: 2}"), node("{c: 1, b: 3}"), "a", "c")
    assert not renamed(node("{a: 1}"), node("[1]"), "a", "c")


def test_an_accent_in_two_ways_is_one() -> None:
    assert normal("e\u0301") == normal("é") == "é"
    assert normal("e") == "e"
