"""Two samples of numbers: their shapes, and where they part."""

from __future__ import annotations

import re

import numpy as np
import pytest
from scipy.stats import ks_2samp

from modelsync.gates.page.distribution import difference, histograms, one
from modelsync.gates.page.scene import Floats
from modelsync.gates.question import GateError
from tests.unit.gates.page.conftest import tree, words

RNG = np.random.default_rng(7)
BEFORE, NOW = np.sort(RNG.normal(0, 1, 400)), np.sort(RNG.normal(0.6, 1, 300))
ODD = {
    "one value": np.array([3.0]),
    "constant": np.full(60, 2.5),
    "two values": np.repeat([0.0, 1.0], 40),
    "far": np.sort(np.append(RNG.normal(0, 1, 400), 1e12)),
    "spike": np.sort(np.append(np.zeros(500), RNG.lognormal(0, 2, 100))),
}


def test_the_largest_gap_is_that_of_kolmogorov_and_smirnov() -> None:
    d = ks_2samp(BEFORE, NOW).statistic
    said = words(difference("x", BEFORE, NOW))
    assert f"D = {d:.4g}" in said
    assert "lower now" in said
    assert "higher now" in words(difference("x", NOW, BEFORE))


def test_equal_samples_have_one_shape() -> None:
    element = tree(histograms("x", BEFORE, BEFORE))
    shapes = {path.get("class"): path.get("d") for path in element.iter("path")}
    assert shapes["before"] == shapes["now-soft"]
    assert "quantile bins of the reference" in words(histograms("x", BEFORE, NOW))


def test_far_values_do_not_squeeze_the_rest() -> None:
    said = words(histograms("x", ODD["far"], BEFORE))
    assert "lie outside of the picture" in said
    assert "000,000" not in said


@pytest.mark.parametrize("before", ODD.values(), ids=ODD.keys())
@pytest.mark.parametrize("now", ODD.values(), ids=ODD.keys())
def test_odd_samples_are_drawn_with_finite_numbers(before: Floats, now: Floats) -> None:
    for draw in (histograms, difference):
        drawn = draw("x", before, now)
        assert not re.search(r"nan|inf\b", drawn)
        tree(drawn)


@pytest.mark.parametrize("odd", [np.array([-1e308, 0.0, 1e308]), np.array([5e-324, 1e-320])], ids=["huge", "tiny"])
def test_numbers_that_no_line_can_hold(odd: Floats) -> None:
    for draw in (histograms, difference):
        with pytest.raises(GateError, match="too far apart or too close"):
            draw("x", odd, odd)
    with pytest.raises(GateError, match="too far apart or too close"):
        one("x", odd, [], by_reference=False)


def test_what_lies_outside_of_limits_is_red() -> None:
    element = tree(one("x", np.array([0.0, 1.0, 2.0, 3.0, 50.0]), [-5.0, 5.0], by_reference=True))
    bars = [bar.get("class") for bar in element.iter("rect")]
    assert bars.count("bad-bar") == 1
    assert sum(line.get("class") == "limit" for line in element.iter("line")) == 2
    assert "limits by the reference" in words(one("x", np.array([1.0]), [], by_reference=True))
    tree(one("x", np.full(5, 2.0), [float("-inf"), float("inf")], by_reference=False))
