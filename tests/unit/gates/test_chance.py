"""The noise floors are what chance shows as often as they say, or less often."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from scipy import stats

from modelsync.gates import chance, distances
from modelsync.gates.chance import Cells, Ground

LEVEL = 0.05


def _above(values: list[bool]) -> float:
    return sum(values) / len(values)


def test_dense_cells_follow_the_chi_square_law() -> None:
    cells = Cells(np.full(10, 1e5), np.full(10, 1e5), ranked=False)
    squares = stats.chi2.ppf(0.95, 9)
    assert chance.of_cells("psi", cells, LEVEL) == pytest.approx(squares * 2e-6, rel=1e-3)
    assert chance.of_cells("cramers_v", cells, LEVEL) == pytest.approx((squares / 2e6) ** 0.5, rel=1e-3)
    assert chance.of_cells("jensen_shannon", cells, LEVEL) == pytest.approx(
        (squares * 2e-6 / (8 * np.log(2))) ** 0.5, rel=1e-3
    )
    two = Cells(np.full(2, 1e5), np.full(2, 1e5), ranked=False)
    assert chance.of_cells("tvd", two, LEVEL) == pytest.approx(1.96 * 0.5 * 1e-5**0.5, rel=1e-3)
    assert chance.of_cells("psi", Cells(np.array([5.0]), np.array([5.0]), ranked=False), LEVEL) == 0


STATISTICS: dict[str, Callable[[Any, Any], float]] = {
    "psi": distances.psi,
    "jensen_shannon": distances.jensen_shannon,
    "tvd": distances.tvd,
    "cramers_v": lambda one, two: distances.contingency(one, two).v,
}


@pytest.mark.parametrize(("n", "m"), [(60, 60), (500, 500), (1000, 80), (80, 1000)])
def test_floors_of_quantile_bins(n: int, m: int) -> None:
    random = np.random.default_rng(n)
    above: dict[str, list[bool]] = {test: [] for test in STATISTICS}
    for _ in range(150):
        one, two = np.sort(random.normal(size=n)), np.sort(random.normal(size=m))
        edges = distances.quantile_edges(one)
        cells = Cells(distances.bin_counts(one, edges), distances.bin_counts(two, edges), ranked=True)
        for test, statistic in STATISTICS.items():
            above[test].append(statistic(cells.before, cells.now) > chance.of_cells(test, cells, LEVEL))
    assert {test: _above(found) < 0.1 for test, found in above.items()} == dict.fromkeys(STATISTICS, True)


@pytest.mark.parametrize("levels", [2, 30, 300])
@pytest.mark.parametrize(("n", "m"), [(200, 200), (2000, 60)])
def test_floors_of_levels(n: int, m: int, levels: int) -> None:
    """Many of the levels are rare, and most of the rare ones are on one side only."""
    random = np.random.default_rng(levels)
    shares = 1 / np.arange(1, levels + 1)
    shares /= shares.sum()
    above: dict[str, list[bool]] = {test: [] for test in STATISTICS}
    for _ in range(150):
        one, two = random.multinomial(n, shares).astype(float), random.multinomial(m, shares).astype(float)
        cells = Cells(*distances.pooled(one, two), ranked=False)
        for test, statistic in STATISTICS.items():
            above[test].append(statistic(cells.before, cells.now) > chance.of_cells(test, cells, LEVEL))
    assert {test: _above(found) < 0.12 for test, found in above.items()} == dict.fromkeys(STATISTICS, True)


@pytest.mark.parametrize(("n", "m"), [(100, 100), (2000, 60)])
@pytest.mark.parametrize("shape", ["normal", "cauchy", "ties"])
def test_floors_of_distributions(shape: str, n: int, m: int) -> None:
    random = np.random.default_rng(1)
    makers: dict[str, Callable[[int], Any]] = {
        "normal": lambda rows: random.normal(size=rows),
        "cauchy": lambda rows: random.standard_cauchy(size=rows),
        "ties": lambda rows: random.integers(0, 4, rows).astype(float),
    }
    ks, wasserstein = [], []
    for _ in range(200):
        one, two = np.sort(makers[shape](n)), np.sort(makers[shape](m))
        both = np.sort(np.concatenate([one, two]))
        share = np.arange(1, n + m) / (n + m)
        width = float((np.sqrt(share * (1 - share)) * np.diff(both)).sum())
        ground = Ground(width, float(both.std()), float(np.abs(both - both.mean()).max()))
        found = distances.distance(one, two)
        ks.append(found.ks > chance.of_ks(n, m, LEVEL))
        wasserstein.append(found.wasserstein > chance.of_wasserstein(ground, n, m, LEVEL))
    assert _above(ks) < 0.1
    assert _above(wasserstein) < 0.05


def test_an_outlier_in_the_smaller_sample_is_no_drift() -> None:
    """One row of sixty weighs more than one of two thousand: the normal law alone errs twenty times too often."""
    random = np.random.default_rng(6)
    above = []
    for _ in range(400):
        one, two = np.sort(random.standard_cauchy(2000)), np.sort(random.standard_cauchy(60))
        both = np.sort(np.concatenate([one, two]))
        share = np.arange(1, len(both)) / len(both)
        width = float((np.sqrt(share * (1 - share)) * np.diff(both)).sum())
        ground = Ground(width, float(both.std()), float(np.abs(both - both.mean()).max()))
        above.append(distances.area(one, two) > chance.of_wasserstein(ground, 2000, 60, 0.001))
    assert _above(above) <= 0.005


def test_the_floor_of_d_is_the_usual_table() -> None:
    assert chance.of_ks(1_000_000, 1_000_000, 0.05) == pytest.approx(0.0019, abs=5e-5)
    assert chance.of_ks(3, 3, 0.05) == 1.0


def test_floor_of_a_share() -> None:
    assert chance.of_share(0, 0, 100, 100, LEVEL) == 0.0
    random = np.random.default_rng(2)
    above = []
    for _ in range(500):
        now, before = int(random.binomial(100, 0.04)), int(random.binomial(3000, 0.04))
        above.append(abs(now / 100 - before / 3000) > chance.of_share(now, before, 100, 3000, LEVEL))
    assert _above(above) < 0.08


def test_floor_of_new_levels() -> None:
    random = np.random.default_rng(3)
    shares = 1 / np.arange(1, 1001)
    shares /= shares.sum()
    above, floors = [], []
    for _ in range(200):
        one, two = random.multinomial(200, shares), random.multinomial(200, shares)
        both = (one + two)[one + two > 0].astype(float)
        floors.append(chance.of_new_levels(both, 200, 200, LEVEL))
        above.append(two[one == 0].sum() / 200 > floors[-1])
    assert _above(above) < 0.09
    assert np.mean(floors) > 0.3, "of so many levels, a third of the rows has one that 200 other rows do not show"


@pytest.mark.parametrize(
    ("d", "n", "m", "p"), [(0.2, 5, 5, 1.0), (0.15622683469236472, 285, 284, 0.0016959532), (1.0, 3, 4, 2 / 35)]
)
def test_p_of_few_rows_is_exact(d: float, n: int, m: int, p: float) -> None:
    assert chance.ks_p_value(d, n, m) == pytest.approx(p, rel=1e-6)


def test_p_is_scipys() -> None:
    random = np.random.default_rng(4)
    for _ in range(10):
        one, two = random.normal(size=int(random.integers(2, 200))), random.normal(0.2, 1, int(random.integers(2, 200)))
        expected = stats.ks_2samp(one, two, method="exact")
        assert chance.ks_p_value(expected.statistic, len(one), len(two)) == pytest.approx(expected.pvalue, abs=1e-9)


def test_p_of_many_rows_is_that_of_the_law() -> None:
    assert chance.ks_p_value(0.01, 100_000, 100_000) == pytest.approx(stats.kstwobign.sf(0.01 * 50_000**0.5))


def test_loud_is_a_shift_by_two_deviations() -> None:
    before = np.full(10, 0.1)
    now = np.diff(np.concatenate([[0], stats.norm.cdf(stats.norm.ppf(np.linspace(0, 1, 11)[1:-1]) - 2), [1]]))
    for test, statistic in STATISTICS.items():
        rows = 1e6 if test == "cramers_v" else 1.0
        assert chance.LOUD[test] == pytest.approx(statistic(before * rows, now * rows), abs=0.02)
    assert chance.LOUD["ks"] == pytest.approx(2 * stats.norm.cdf(1) - 1, abs=0.01)


def test_a_sum_of_any_cumulants() -> None:
    """Chi-square exactly; the normal law where the skewness is nothing, however small or large the numbers are."""
    assert chance.Sum(3, 6, 24).exceeded(0.01) == pytest.approx(stats.chi2.isf(0.01, 3), rel=1e-9)
    for scale in (1e-150, 1.0, 1e90):
        tail = stats.norm.isf(0.01) * scale
        for third in (0.0, scale**3 * 1e-6, -(scale**3)):
            assert chance.Sum(0, scale**2, third).exceeded(0.01) == pytest.approx(tail, rel=1e-4)
    assert chance.Sum(0, 1e180, 2e270).exceeded(0.01) == pytest.approx(1e90 * (stats.gamma.isf(0.01, 1) - 1), rel=1e-9)
    assert chance.Sum(1, 0, 0).exceeded(0.01) == 1


def test_of_two_cells_the_rare_one_decides() -> None:
    """The frequent one is the rest of it: its own chance is not averaged with that of the rare one."""
    random = np.random.default_rng(0)
    n, m, share = 500, 50_000, 0.005
    above = []
    for _ in range(600):
        one, two = random.binomial(n, share), random.binomial(m, share)
        before, now = np.array([n - one, one], dtype=float), np.array([m - two, two], dtype=float)
        floor = chance.of_cells("psi", Cells(before, now, ranked=False), 0.05)
        above.append(distances.psi(before, now) > floor)
    assert 0.02 <= _above(above) <= 0.05 + 0.02
