from __future__ import annotations

import re

import numpy as np
import pytest

from modelsync.gates.page.residuals import plot
from tests.unit.gates.page.conftest import tree, words


def test_a_million_rows_are_a_few_hundred_marks_whose_area_counts_rows() -> None:
    rng = np.random.default_rng(0)
    predicted = rng.normal(0, 1, 1_000_000)
    drawn = plot(predicted, rng.normal(0.5, 1, 1_000_000))
    radii = [float(str(mark.get("r"))) for mark in tree(drawn).iter("circle")]
    assert 100 < len(radii) <= 400
    assert max(radii) == 8.5
    assert "Residuals of 1,000,000 rows: mean 0.5" in words(drawn)


@pytest.mark.parametrize(
    ("predicted", "residual"),
    [([1.0], [0.0]), ([2.0] * 50, [0.0] * 50), ([0.0, 1e300], [1e-300, 5.0]), ([1.0, 2.0, 3.0], [1e6, -1e6, 0.0])],
)
def test_odd_residuals(predicted: list[float], residual: list[float]) -> None:
    drawn = plot(np.array(predicted), np.array(residual))
    tree(drawn)
    assert not re.search(r'"[^"]*(nan|inf)[^"]*"', drawn)
