"""A value against its limit, on the side where it must lie."""

from __future__ import annotations

import math
from typing import Any
from xml.etree.ElementTree import Element

import pytest

from modelsync.core.verdict import Outcome
from modelsync.gates.page.scale import Mark, scale
from tests.unit.gates.page.conftest import check, tree


def _drawn(**more: Any) -> Element:
    drawn = scale(check(**more))
    assert drawn is not None
    return tree(drawn)


def _boxes(element: Element) -> list[tuple[str, float, float]]:
    return [
        (str(box.get("class")), float(str(box.get("x"))), float(str(box.get("width")))) for box in element.iter("rect")
    ]


def _x(element: Element) -> float:
    (dot,) = element.iter("circle")
    return float(str(dot.get("cx")))


@pytest.mark.parametrize(
    ("value", "direction", "zone"),
    [(0.4, "<=", "bad"), (0.1, "<=", "good"), (0.4, ">=", "good"), (0.1, ">=", "bad"), (-0.3, ">", "bad")],
)
def test_the_dot_lies_in_the_zone_of_its_outcome(value: float, direction: str, zone: str) -> None:
    element = _drawn(value=value, direction=direction)
    inside = [name for name, x, width in _boxes(element) if x <= _x(element) <= x + width]
    assert inside == [zone]


def test_the_limit_is_said_and_the_interval_drawn() -> None:
    element = _drawn(interval=(0.3, 0.5), outcome=Outcome.INCONCLUSIVE)
    assert [text.text for text in element.iter("text")] == ["0.4", "max 0.2"]
    assert element.get("class") == "chart of-inconclusive"
    assert sum(line.get("class") == "whisker" for line in element.iter("line")) == 3
    assert element.get("aria-label") == "psi is 0.4, must be ≤ 0.2"


def test_a_limit_that_chance_raised() -> None:
    raised = _drawn(noise=0.2)
    assert "max 0.2, raised to what chance shows" in [text.text for text in raised.iter("text")]
    beside = _drawn(noise=0.05)
    assert sum(line.get("class") == "chance" for line in beside.iter("line")) == 1


def test_a_mark_has_its_words_where_there_is_room() -> None:
    far = scale(check(value=-0.4, threshold=-0.3, direction=">="), Mark(0.0, "0: equal"))
    near = scale(check(value=0.01, threshold=0.001, direction=">", interval=(-0.5, 0.5)), Mark(0.0, "0: equal"))
    assert "0: equal" in str(far)
    assert "0: equal" not in str(near)
    assert str(near).count('class="chance"') == 1


@pytest.mark.parametrize("more", [{"value": None}, {"threshold": None}, {"value": math.nan}, {"threshold": math.inf}])
def test_what_is_no_number_has_no_place(more: dict[str, Any]) -> None:
    assert scale(check(**more)) is None


@pytest.mark.parametrize("value", [0.0, 1e300, -1e300, 5e-324])
def test_odd_values_stay_on_the_line(value: float) -> None:
    element = _drawn(value=value, threshold=0.0, interval=(-math.inf, math.nan), noise=math.inf)
    assert 0 <= _x(element) <= 420
