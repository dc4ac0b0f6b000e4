"""The statistics of drift against values worked out by hand, and against scipy's own."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy import stats

from modelsync.gates import distances


def _counts(*values: float) -> Any:
    return np.array(values, dtype=float)


TEN = [8, 8, 9, 9, 10, 10, 11, 11, 12, 12]


@pytest.mark.parametrize(
    ("reference", "current", "expected"),
    [([10] * 10, TEN, 0.0202320182), ([5, 5], [6, 4], 0.0405465108), ([1, 0], [0, 1], 27.6309935)],
)
def test_psi_by_hand(reference: list[int], current: list[int], expected: float) -> None:
    assert distances.psi(_counts(*reference), _counts(*current)) == pytest.approx(expected, abs=1e-7)


def test_jensen_shannon_by_hand() -> None:
    assert distances.jensen_shannon(_counts(5, 5), _counts(6, 4)) == pytest.approx(0.0854351026, abs=1e-9)
    assert distances.jensen_shannon(_counts(1, 0), _counts(0, 1)) == pytest.approx(1.0)


def test_tvd_by_hand() -> None:
    assert distances.tvd(_counts(5, 5), _counts(60, 40)) == pytest.approx(0.1)
    assert distances.tvd(_counts(1, 0), _counts(0, 1)) == 1.0


def test_contingency_by_hand() -> None:
    found = distances.contingency(_counts(30, 50, 20), _counts(40, 40, 20))
    assert found.chi2 == pytest.approx(2.5396825, abs=1e-7)
    assert found.p_value == pytest.approx(0.2808762, abs=1e-7)
    assert found.v == pytest.approx((2.5396825 / 200) ** 0.5)


def test_contingency_pools_rare_levels_and_drops_empty_ones() -> None:
    pooled = distances.contingency(_counts(50, 50, 2, 1, 0), _counts(50, 50, 0, 3, 0))
    assert pooled.chi2 == pytest.approx(stats.chi2_contingency([[50, 50, 3], [50, 50, 3]])[0])
    assert distances.contingency(_counts(10), _counts(12)) == distances.Contingency(0.0, 1.0, 0.0)


def test_contingency_is_a_test_of_two_samples() -> None:
    """Against the reference as if it were known for sure, every second harmless sample would be called drift."""
    generator = np.random.default_rng(3)
    alarms = 0
    for _ in range(300):
        pair = generator.multinomial(2000, [0.1] * 10, size=2).astype(float)
        alarms += distances.contingency(*pair).p_value < 0.05
    assert alarms / 300 < 0.09


def test_distance_by_hand() -> None:
    assert distances.distance(_counts(1, 2, 3, 4, 5), _counts(2, 3, 4, 5, 6)).ks == pytest.approx(0.2)
    assert distances.distance(_counts(0, 1, 3), _counts(5, 6, 8)).wasserstein == pytest.approx(5.0)


@pytest.mark.parametrize("digits", [0, 1, 8])
@pytest.mark.parametrize(("n", "m"), [(2, 3), (5, 5), (701, 512), (9000, 40), (5000, 5000)])
def test_distance_is_scipys(n: int, m: int, digits: int) -> None:
    """With ties and without, of one size or not; the large ones are looked at in parts."""
    generator = np.random.default_rng(n + m)
    for shift in (0.0, 0.1, 3.0):
        one, two = generator.normal(size=n).round(digits), generator.normal(shift, 1.2, size=m).round(digits)
        found = distances.distance(np.sort(one), np.sort(two))
        assert found.ks == pytest.approx(stats.ks_2samp(one, two, method="asymp").statistic, abs=1e-12)
        assert found.wasserstein == pytest.approx(stats.wasserstein_distance(one, two), abs=1e-12)


def test_pooling_looks_at_both_sides() -> None:
    """A level that is only new and rare is pooled with one that is only vanished and rare: neither side is chosen."""
    before, now = distances.pooled(_counts(100, 100, 3, 0, 0), _counts(100, 100, 0, 3, 0))
    assert (before.tolist(), now.tolist()) == ([100, 100, 3], [100, 100, 3])
    before, now = distances.pooled(_counts(100, 0), _counts(80, 20))
    assert (before.tolist(), now.tolist()) == ([100, 0], [80, 20])


def test_deviation() -> None:
    values = np.random.default_rng(0).normal(1e6, 3, size=200_000)
    assert distances.deviation(values) == pytest.approx(values.std(), rel=1e-9)


def test_quantile_edges_are_numpys_quantiles() -> None:
    values = np.sort(np.random.default_rng(5).normal(size=1237))
    expected = np.quantile(values, np.linspace(0, 1, 11)[1:-1])
    assert distances.quantile_edges(values) == pytest.approx(expected, rel=1e-12)


def test_quantile_edges_of_continuous_values() -> None:
    values = np.arange(1000.0)
    edges = distances.quantile_edges(values)
    assert len(edges) == 9
    assert distances.bin_counts(values, edges).tolist() == [100] * 10


def test_a_frequent_value_has_its_own_bin() -> None:
    """Most values are 0: a shift from 0 to 0.05 must not stay inside one bin."""
    reference = np.sort(np.concatenate([np.zeros(900), np.linspace(1, 50, 100)]))
    current = np.sort(np.concatenate([np.full(900, 0.05), np.linspace(1, 50, 100)]))
    edges = distances.quantile_edges(reference)
    assert 900 in distances.bin_counts(reference, edges)
    assert distances.psi(distances.bin_counts(reference, edges), distances.bin_counts(current, edges)) > 5


def test_few_values_are_bins_of_their_own() -> None:
    reference = np.sort(np.repeat([1.0, 2.0, 3.0], [100, 100, 100]))
    edges = distances.quantile_edges(reference)
    counts = distances.bin_counts(reference, edges)
    assert counts[counts > 0].tolist() == [100, 100, 100]


def test_quantile_bins_see_drift_that_bins_of_one_width_hide() -> None:
    generator = np.random.default_rng(0)
    one, two = np.sort(generator.lognormal(size=20_000)), np.sort(generator.lognormal(0.1, 1, size=20_000))
    quantile = distances.quantile_edges(one)
    width = np.linspace(one.min(), one.max(), 11)[1:-1]
    by_quantile = distances.psi(distances.bin_counts(one, quantile), distances.bin_counts(two, quantile))
    by_width = distances.psi(distances.bin_counts(one, width), distances.bin_counts(two, width))
    assert by_quantile == pytest.approx(0.0103, abs=0.0003)
    assert by_width == pytest.approx(0.0047, abs=0.0003)


def test_gaps_between_rare_values_are_no_bins() -> None:
    """Two of sixty rows are no zeros: nothing says that no value can lie below, between or above those two."""
    reference = np.sort(np.append(np.zeros(58), [0.3, 1.2]))
    edges = distances.quantile_edges(reference)
    assert distances.bin_counts(reference, edges).tolist() == [0, 58, 2]


def test_a_quantile_between_two_values_makes_no_empty_bin() -> None:
    reference = np.append(np.zeros(31), np.linspace(1, 2, 31))  # the middle lies between 0 and 1
    edges = distances.quantile_edges(reference)
    counts = distances.bin_counts(reference, edges)
    assert counts[:2].tolist() == [0, 31]  # below and at the frequent value
    assert (counts[1:] > 0).all()
