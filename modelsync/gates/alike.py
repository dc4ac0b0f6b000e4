"""What groups of one and the same rate show by chance: how far apart the lowest and the highest of them lie."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from modelsync.gates.intervals import Interval
from modelsync.gates.scoring import Array

NOISE = 0.05  # of whole gates on groups that are alike, at most this share may fail
LOUD = {"gap": 0.5, "ratio": 0.2}
"""A gap of a half, a rate of one to five: where chance alone shows as much, nothing could be found."""
_DRAWS = 10_000  # the tail of 5 % over ten comparisons then rests on 50 of them


@dataclass(frozen=True, slots=True)
class Rate:
    """A metric of one group, with its interval; `of` is the number of rows that a share counts.

    `pair` are the positive and the negative rows of an area under the ROC curve, which is a share of their pairs.
    """

    value: float
    of: int
    interval: Interval | None = None
    pair: tuple[int, int] | None = None


def ratio(values: Collection[float]) -> float:
    """The lowest over the highest; groups that are all at 0 are alike."""
    return min(values) / max(values) if max(values) else 1.0


def gap(values: Collection[float]) -> float:
    """The highest minus the lowest."""
    return max(values) - min(values)


def least_ratio(metrics: Iterable[Collection[Rate]], level: float, seed: int) -> float:
    """Below which the lowest ratio of several metrics falls with this probability, when all groups are alike."""
    import numpy as np

    drawn = [_ends(groups, seed + place) for place, groups in enumerate(metrics)]
    ratios = [np.divide(low, high, out=np.ones_like(low), where=high > 0) for low, high in drawn]
    return float(np.quantile(np.min(ratios, axis=0), level, method="lower"))


def largest_gap(metrics: Iterable[Collection[Rate]], level: float, seed: int) -> float:
    """Above which the largest gap of several metrics lies with this probability, when all groups are alike."""
    import numpy as np

    drawn = [_ends(groups, seed + place) for place, groups in enumerate(metrics)]
    gaps = [high - low for low, high in drawn]
    return float(np.quantile(np.max(gaps, axis=0), 1 - level, method="higher"))


def _ends(groups: Collection[Rate], seed: int) -> tuple[Array, Array]:
    """The lowest and the highest of the groups in each draw, by the rate of all of them together."""
    import numpy as np

    generator = np.random.default_rng(seed)
    of = np.array([group.of for group in groups])
    pooled = float(np.dot([group.value for group in groups], of) / of.sum())
    pairs: list[Any] = [group.pair for group in groups if group.pair is not None]
    if pairs:
        errors = np.array([_area_error(pooled, *pair) for pair in pairs])
        drawn = np.clip(generator.normal(pooled, errors, size=(_DRAWS, len(of))), 0, 1)
    else:
        drawn = generator.binomial(of, min(pooled, 1.0), size=(_DRAWS, len(of))) / of
    return drawn.min(axis=1), drawn.max(axis=1)


def _area_error(area: float, positives: int, negatives: int) -> float:
    """The standard error of an area under the ROC curve by Hanley and McNeil (1982)."""
    two_positives, two_negatives = area / (2 - area), 2 * area**2 / (1 + area)
    variance = area * (1 - area)
    variance += (positives - 1) * (two_positives - area**2) + (negatives - 1) * (two_negatives - area**2)
    return float((max(variance, 0.0) / (positives * negatives)) ** 0.5)
