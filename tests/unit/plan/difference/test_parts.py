from __future__ import annotations

from typing import Any

import pytest

from modelsync.plan.difference.parts import (
    Moved,
    Way,
    cap,
    floor,
    look,
    moved,
    narrow,
    neutral,
    ranked,
    say,
    sliced,
    whole,
)


@pytest.mark.parametrize(
    ("old", "new", "way"),
    [
        (0.8, 0.7, Way.WEAKER),
        (0.7, 0.8, Way.TIGHTER),
        (-0.1, -0.2, Way.WEAKER),
        (1, None, Way.WEAKER),
        (None, 0, Way.TIGHTER),
        ("2026-01-01", "2025-01-01", Way.LOOK),
        (True, 0, Way.LOOK),
    ],
)
def test_less_of_a_floor_and_more_of_a_cap_are_weaker(old: Any, new: Any, way: Way) -> None:
    assert floor(old, new) is way
    opposite = {Way.WEAKER: Way.TIGHTER, Way.TIGHTER: Way.WEAKER}.get(way, way)
    assert cap(new, old) is (way if None in (old, new) and way is Way.LOOK else cap(new, old))
    if None not in (old, new):
        assert cap(old, new) is opposite
    else:
        assert cap(old, new) is way  # without a limit anything goes, in both directions


@pytest.mark.parametrize(
    ("old", "new", "way"),
    [
        (None, ("a",), Way.WEAKER),
        (("a",), None, Way.TIGHTER),
        (("a", "b"), ("a",), Way.WEAKER),
        (("a",), ("b", "a"), Way.TIGHTER),
        (("a",), ("b",), Way.LOOK),
        (("a", "b"), ("b", "a"), Way.NEUTRAL),
        ([[1, 2]], [[1, 2], [3, 4]], Way.TIGHTER),
    ],
)
def test_less_to_look_at_is_weaker_and_less_to_let_through_is_tighter(old: Any, new: Any, way: Way) -> None:
    assert whole(old, new) is way
    assert narrow(old, new) is {Way.WEAKER: Way.TIGHTER, Way.TIGHTER: Way.WEAKER}.get(way, way)


def test_words_have_an_order_and_equals_need_a_look() -> None:
    rule = ranked("low", "middle", ("high", "other"))
    assert rule("high", "low") is Way.WEAKER
    assert rule("low", "other") is Way.TIGHTER
    assert rule("high", "other") is Way.LOOK
    assert rule("low", "foreign") is Way.LOOK
    assert ranked(False, True)(True, False) is Way.WEAKER


def test_only_what_differs_is_told_in_the_order_of_the_rules() -> None:
    rules = {"max": cap, "kind": look, "note": neutral, "same": look}
    found = list(moved({"max": 1, "kind": "a", "same": 0}, {"kind": "b", "note": "x", "same": 0}, rules))
    assert [(each.name, each.way) for each in found] == [
        ("max", Way.WEAKER), ("kind", Way.LOOK), ("note", Way.NEUTRAL),
    ]  # fmt: skip
    assert str(found[0]) == "`max` 1 -> none"


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (None, "none"),
        (True, "true"),
        (0.50, "0.5"),
        (3, "3"),
        ("", "nothing"),
        ("text", "text"),
        (("a", 1), "[a, 1]"),
        ({"a": 0.5, "b": ["x"]}, "{a: 0.5, b: [x]}"),
    ],
)
def test_values_are_said_short(value: Any, said: str) -> None:
    assert say(value) == said
    assert str(Moved("x", value, value, Way.LOOK)) == f"`x` {said} -> {said}"


@pytest.mark.parametrize(
    ("old", "new", "way"),
    [
        (None, ("a",), Way.TIGHTER),
        (("a", "b"), ("a",), Way.WEAKER),
        (("a",), None, Way.WEAKER),
        (("a",), ("b",), Way.LOOK),
    ],
)
def test_groups_are_looked_at_besides_the_whole(old: Any, new: Any, way: Way) -> None:
    assert sliced(old, new) is way
