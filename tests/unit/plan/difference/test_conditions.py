from __future__ import annotations

import pytest

from modelsync.core.expression import parse
from modelsync.plan.difference.conditions import compare
from modelsync.plan.difference.parts import Way

A, B = "metrics.a >= 0.8", 'gate(fair) == "pass"'


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (A, "metrics.a >= 0.7"),
        (A, "0.7 <= metrics.a"),
        ("metrics.a > 0.8", A),
        ("metrics.b <= 0.1", "metrics.b <= 0.2"),
        ("metrics.b < 0.2", "metrics.b <= 0.2"),
        ("metrics.a >= -0.1", "metrics.a >= -0.2"),
        ("metrics.a - champion.metrics.a >= 0", "metrics.a - champion.metrics.a >= -0.01"),
        (f"{A} and {B}", A),
        (f"{A} and {B}", B),
        (f"{A} and ({B} and metrics.c > 0)", f"{B} and metrics.a >= 0.75 and metrics.c > 0"),
        (A, f"{A} or {B}"),
        (f"{A} and metrics.a >= 0.5", "metrics.a >= 0.6"),
    ],
)
def test_what_lets_more_through_is_weaker_and_the_way_back_tighter(old: str, new: str) -> None:
    assert compare(parse(old), parse(new)) is Way.WEAKER
    assert compare(parse(new), parse(old)) is Way.TIGHTER


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (A, B),
        (A, "metrics.b >= 0.8"),
        (f"{A} and metrics.b <= 0.1", "metrics.a >= 0.7 and metrics.b <= 0.05"),
        (f"{A} or {B}", f"{A} or metrics.c > 0"),
        (A, "metrics.a <= 0.8"),
        ("metrics.a >= champion.metrics.a", "metrics.a > champion.metrics.a"),
        (f"not {B}", B),
    ],
)
def test_what_can_not_be_compared_has_to_be_looked_at(old: str, new: str) -> None:
    assert compare(parse(old), parse(new)) is Way.LOOK
    assert compare(parse(new), parse(old)) is Way.LOOK


def test_no_condition_lets_everything_through_and_spaces_say_nothing() -> None:
    assert compare(parse(A), None) is Way.WEAKER
    assert compare(None, parse(A)) is Way.TIGHTER
    assert compare(None, None) is Way.NEUTRAL
    assert compare(parse(A), parse("metrics.a   >= 0.80")) is Way.NEUTRAL
    assert compare(parse(f"{A} and {B}"), parse(f"{B} and {A}")) is Way.NEUTRAL
    assert compare(parse(A), parse("0.8 <= metrics.a")) is Way.NEUTRAL
    assert compare(parse(A), parse(f"{A} and metrics.a >= 0.5")) is Way.NEUTRAL
