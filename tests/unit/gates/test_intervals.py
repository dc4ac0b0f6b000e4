"""Intervals agree with known formulas, and hold the truth as often as they say."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy import stats

from modelsync.core.checks import Label
from modelsync.gates import intervals
from modelsync.gates.metrics import metric
from modelsync.gates.question import Question
from modelsync.gates.scoring import Seen, see, truth


def _seen(table: Any, model: Any, label: Label) -> Seen:
    question = Question("g", "performance", table=table, label=label)
    return see(question, truth(question), model, "model")


@pytest.mark.parametrize(("count", "of"), [(0, 12), (3, 12), (12, 12), (40, 50), (1, 2000)])
def test_a_share_has_the_interval_of_wilson(count: int, of: int) -> None:
    known = stats.binomtest(count, of).proportion_ci(method="wilson")
    assert intervals.of_share(count, of) == pytest.approx((known.low, known.high), abs=1e-12)


def test_a_mean_of_losses_has_nearly_the_interval_of_the_normal_theory(diabetes: Any) -> None:
    seen = _seen(diabetes.test, diabetes.model, Label("progression"))
    losses = abs(seen.truth.numbers - seen.numbers)
    low, high = intervals.of_metric(metric("mae"), seen, 0.95, 0)
    reach = 1.96 * losses.std(ddof=1) / len(losses) ** 0.5
    assert (low, high) == pytest.approx((losses.mean() - reach, losses.mean() + reach), rel=0.02)


def test_the_seed_and_the_confidence_decide(cancer: Any) -> None:
    seen = _seen(cancer.test, cancer.champion, Label("diagnosis", "malignant"))
    narrow, same, other, wide = (
        intervals.of_metric(metric("roc_auc"), seen, confidence, seed)
        for confidence, seed in ((0.8, 1), (0.8, 1), (0.8, 2), (0.99, 1))
    )
    assert narrow == same
    assert narrow != other
    assert wide[0] < narrow[0] < narrow[1] < wide[1]


def test_intervals_hold_the_truth_as_often_as_they_say() -> None:
    """Recall 0.8 of 100 positive rows: 95 % of the intervals hold it; the bound is 3 standard errors below."""
    generator, held, trials = np.random.default_rng(3), 0, 200
    for trial in range(trials):
        said = generator.random(100) < 0.8
        entry = metric("recall")
        drawn = entry.resampled(np.ones(100, bool), [said], None, 400, np.random.default_rng(trial))[0]
        low, high = intervals.percentiles(drawn, 0.95)
        held += low <= 0.8 <= high
    assert held / trials >= 0.95 - 3 * (0.95 * 0.05 / trials) ** 0.5


def test_what_is_cheap() -> None:
    assert intervals.is_cheap(metric("f1"), 10_000_000)
    assert intervals.is_cheap(metric("roc_auc"), 50_000)
    assert not intervals.is_cheap(metric("roc_auc"), 50_001)
