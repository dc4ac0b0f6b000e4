"""Corrected p values against scipy's and by hand."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from modelsync.gates.correction import CORRECTIONS, adjusted


def test_benjamini_and_hochberg_is_scipys() -> None:
    values = np.random.default_rng(0).random(20) ** 3
    found = adjusted({str(place): float(p) for place, p in enumerate(values)}, "bh")
    assert list(found.values()) == pytest.approx(list(stats.false_discovery_control(values)))


def test_bonferroni_and_none() -> None:
    given = {"a": 0.01, "b": 0.6}
    assert adjusted(given, "bonferroni") == {"a": 0.02, "b": 1.0}
    assert adjusted(given, "none") == given


@pytest.mark.parametrize("correction", CORRECTIONS)
def test_of_nothing_and_of_one(correction: str) -> None:
    assert adjusted({}, correction) == {}
    assert adjusted({"a": 0.03}, correction) == {"a": 0.03}


def test_twenty_unchanged_columns() -> None:
    """Without a correction one of twenty harmless columns is below 0.05 in most gates, with one in few."""
    random = np.random.default_rng(1)
    fallen = {correction: 0 for correction in CORRECTIONS}
    for _ in range(400):
        given = {str(place): float(p) for place, p in enumerate(random.random(20))}
        for correction in CORRECTIONS:
            fallen[correction] += min(adjusted(given, correction).values()) < 0.05
    assert fallen["none"] / 400 > 0.5
    assert max(fallen["bh"], fallen["bonferroni"]) / 400 < 0.08
