"""Places and round numbers."""

from __future__ import annotations

import math

import pytest

from modelsync.gates.page import svg
from modelsync.gates.page.svg import Span
from tests.unit.gates.page.conftest import tree


@pytest.mark.parametrize(
    ("low", "high", "found"),
    [
        (0.0, 1.0, [0.0, 0.25, 0.5, 0.75, 1.0]),
        (-0.3, 0.3, [-0.2, 0.0, 0.2]),
        (17.0, 4_813.0, [2000.0, 4000.0]),
        (1.0, 1.0, [1.0]),
        (math.nan, 1.0, []),
        (math.inf, math.inf, []),
    ],
)
def test_ticks_are_round(low: float, high: float, found: list[float]) -> None:
    assert svg.ticks(low, high, 4) == found


def test_what_lies_outside_lies_at_the_edge() -> None:
    span = Span(0.0, 10.0, 20.0, 120.0)
    assert [span.at(value) for value in (-5, 0, 5, 10, 99)] == [20, 20, 70, 120, 120]
    assert Span(1.0, 1.0).at(1.0) == svg.WIDTH / 2


def test_words_stay_inside() -> None:
    span = Span(0.0, 1.0)
    anchors = [tree(svg.beside(x, 0, "some words", span)).get("text-anchor") for x in (1, 200, 419)]
    assert anchors == ["start", "middle", "end"]


def test_a_chart_says_what_it_shows_and_has_no_width_of_its_own() -> None:
    element = tree(svg.chart('a "b" < c', 50, svg.axis(Span(0, 5, 10, 400), 30)))
    assert (element.get("role"), element.get("aria-label")) == ("img", 'a "b" < c')
    assert element.get("viewBox") == "0 0 420 50"
    assert element.get("width") is None
    assert [text.text for text in element.iter("text")] == ["0", "2", "4"]


def test_nothing_is_drawn_with_a_negative_size() -> None:
    assert tree(svg.box(0, 0, -3, 5, "bad")).get("width") == "0"
    assert tree(svg.path([(0, 1), (2.04, 3)], "now", closed="Z")).get("d") == "M0.0 1.0L2.0 3.0Z"
