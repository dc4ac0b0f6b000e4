"""A sketch keeps its word: what it says lies as close to what all rows say as it claims."""

from __future__ import annotations

import numpy as np
import pytest

from modelsync.gates import distances
from modelsync.gates.sketch import POINTS, distance, ranks_of, sketch


@pytest.mark.parametrize("digits", [0, 2, 9])
@pytest.mark.parametrize(("n", "m"), [(1, 1), (60, 5000), (30_000, 700), (20_000, 50_000)])
def test_what_a_sketch_says_lies_within_its_error(n: int, m: int, digits: int) -> None:
    random = np.random.default_rng(n)
    for shift in (0.0, 0.3):
        before = np.sort(np.exp(random.normal(size=n)).round(digits) + 1e5)
        now = np.sort(np.exp(random.normal(shift, 1, size=m)).round(digits) + 1e5)
        exact, found = distances.distance(before, now), distance(sketch(before), now)
        assert found.ks - 1e-12 <= exact.ks <= found.ks + found.ks_error + 1e-12
        assert found.ks_error <= 1 / POINTS + 1e-9
        assert abs(found.wasserstein - exact.wasserstein) <= found.wasserstein_error + 1e-8
        assert found.wasserstein_error < 0.05


def test_few_values_lose_nothing() -> None:
    random = np.random.default_rng(1)
    before, now = np.sort(random.integers(0, 3000, 100_000) * 1.0), np.sort(random.integers(0, 3100, 70_000) * 1.0)
    kept = sketch(before)
    assert kept.whole
    exact, found = distances.distance(before, now), distance(kept, now)
    assert (found.ks, found.ks_error, found.wasserstein_error) == (exact.ks, 0.0, 0.0)
    assert found.wasserstein == pytest.approx(exact.wasserstein, rel=1e-9)


def test_many_values_are_not_whole() -> None:
    values = np.sort(np.random.default_rng(2).normal(size=50_000))
    kept = sketch(values)
    assert not kept.whole
    assert len(kept.points) <= POINTS + 128
    assert (kept.points[0], kept.points[-1]) == (values[0], values[-1])
    assert kept.deviation == pytest.approx(values.std())


def test_ranks() -> None:
    values = np.array([1.0, 2.0, 2.0, 5.0])
    for sample in (values, sketch(values)):
        assert ranks_of(sample, np.array([0.0, 1.0, 2.0, 4.0, 9.0])).tolist() == [0, 1, 3, 3, 4]


def test_nothing() -> None:
    kept = sketch(np.array([], dtype=float))
    assert (kept.n, len(kept.points)) == (0, 0)
