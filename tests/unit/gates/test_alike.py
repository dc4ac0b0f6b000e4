"""What groups that are alike show by chance: known laws for two of them, and never more than was asked for."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from modelsync.gates.alike import Rate, gap, largest_gap, least_ratio, ratio


def test_ends() -> None:
    assert ratio([0.4, 0.8, 0.5]) == pytest.approx(0.5)
    assert ratio([0.0, 0.0]) == 1.0  # groups that are all at 0 are alike
    assert gap([0.4, 0.8, 0.5]) == pytest.approx(0.4)


@pytest.mark.parametrize("level", [0.05, 0.01])
def test_two_large_groups_follow_the_normal_law(level: float) -> None:
    error = (0.6 * 0.4 * (1 / 2000 + 1 / 3000)) ** 0.5
    found = largest_gap([[Rate(0.6, 2000), Rate(0.6, 3000)]], level, 0)
    assert found == pytest.approx(stats.norm.isf(level / 2) * error, rel=0.06)
    assert least_ratio([[Rate(0.6, 2000), Rate(0.6, 3000)]], level, 0) == pytest.approx(1 - found / 0.6, abs=0.01)


def test_several_groups_follow_the_studentized_range() -> None:
    found = largest_gap([[Rate(0.5, 4000)] * 6], 0.05, 0)
    assert found == pytest.approx(stats.studentized_range.isf(0.05, 6, np.inf) * (0.25 / 4000) ** 0.5, rel=0.04)


def test_an_area_varies_as_hanley_and_mcneil_say() -> None:
    """Their own example: an area of 0.893 of 51 and 58 cases has a standard error of 0.032."""
    error = 0.0318
    area = Rate(0.893, 102, pair=(51, 58))
    assert largest_gap([[area, area]], 0.05, 0) == pytest.approx(1.96 * 2**0.5 * error, rel=0.06)


def test_more_groups_metrics_and_care_only_loosen() -> None:
    two, six = [Rate(0.7, 60)] * 2, [Rate(0.7, 60)] * 6
    gaps = [largest_gap([two], 0.05, 1), largest_gap([six], 0.05, 1), largest_gap([six, six], 0.01, 1)]
    ratios = [least_ratio([two], 0.05, 1), least_ratio([six], 0.05, 1), least_ratio([six, six], 0.01, 1)]
    assert gaps == sorted(gaps)
    assert ratios == sorted(ratios, reverse=True)
    assert largest_gap([six], 0.05, 1) == largest_gap([six], 0.05, 1)


def test_rates_of_nothing_and_of_all_leave_no_chance() -> None:
    for rate in (0.0, 1.0):
        assert largest_gap([[Rate(rate, 30)] * 3], 0.05, 0) == 0.0
        assert least_ratio([[Rate(rate, 30)] * 3], 0.05, 0) == 1.0
