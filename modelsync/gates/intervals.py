"""How far chance alone could have moved one value: intervals of a metric and of a share."""

from __future__ import annotations

from modelsync.gates import weighted
from modelsync.gates.metrics import Metric
from modelsync.gates.scoring import Array, Seen

RESAMPLES = 1000  # the ends of a 95 % interval then rest on 25 resamples each
_SEEN = 10  # resamples beyond an end, below which their own number is chance
_ALIKE = 1e-9  # resamples that differ by no more than rounding
CHEAP_ROWS = 50_000  # above, resampling rows costs more than half a second a metric

LEAST_ROWS = 20
"""Below, every interval is so wide or so unsure that it says nothing."""
LEAST_COUNTED = 10
"""Of fewer rows a share has a 95 % interval wider than a half: a group or slice of them would show chance."""

Interval = tuple[float, float]


def is_cheap(metric: Metric, rows: int) -> bool:
    """Whether an interval that decides nothing is worth its time."""
    return metric.of_cells or rows <= CHEAP_ROWS


def of_metric(metric: Metric, seen: Seen, confidence: float, seed: int) -> Interval:
    """A share's interval by Wilson; else percentiles over resamples of the rows, drawn within the classes (Efron 1979).

    Resamples of rows that are all right, or all wrong, are all alike. What they leave open then is taken from as many
    rows of the rarer class: Wilson's interval of all of them.
    """
    import numpy as np

    truth, said = metric.truth(seen.truth, seen), metric.said(seen)
    if metric.share is not None:
        flags = metric.share(truth, said)
        return of_share(int(flags.sum()), len(flags), confidence) if len(flags) else (0.0, 1.0)
    drawn = metric.resampled(truth, [said], strata(metric, seen), RESAMPLES, np.random.default_rng(seed))
    low, high = percentiles(drawn[0], confidence)
    if high - low > _ALIKE * abs(high) or not metric.stratified:
        return low, high
    rarer = int(np.bincount(weighted.encode(seen.truth.label)[0]).min())
    left = 1 - of_share(rarer, rarer, confidence)[0]
    return (low - left, min(high + left, 1.0)) if metric.greater else (max(low - left, 0.0), high + left)


def of_slice(metric: Metric, whole: Seen, rows: Array, tail: float, seed: int) -> Interval:
    """What a slice shows by chance of a model that is as good there as on the whole.

    It has as many rows of each class, or of those that a share counts. A share `tail` of such slices lies lower, as
    many lie higher; where that is rarer than the resamples can show, the ends are those of the normal law, whichever
    leaves more room. `rows` is a flag for each row of the whole.
    """
    import numpy as np
    from scipy.special import ndtri

    truth, said = metric.truth(whole.truth, whole), metric.said(whole)
    if metric.share is not None:
        return _of_binomial(metric.share(truth, said), len(metric.share(truth[rows], said[rows])), tail)
    generator = np.random.default_rng(seed)
    drawn = metric.resampled(truth, [said], strata(metric, whole), RESAMPLES, generator, rows)[0]
    drawn = drawn[np.isfinite(drawn)]
    if not len(drawn):
        return -np.inf, np.inf
    low, high = np.quantile(drawn, tail, method="lower"), np.quantile(drawn, 1 - tail, method="higher")
    if tail * RESAMPLES >= _SEEN:
        return float(low), float(high)
    reach = -float(ndtri(tail)) * float(drawn.std())
    return min(float(low), float(drawn.mean()) - reach), max(float(high), float(drawn.mean()) + reach)


def _of_binomial(flags: Array, of: int, tail: float) -> Interval:
    """A share of so many rows, by the rate of the whole."""
    from scipy.stats import binom

    rate = float(flags.mean())
    return float(binom.ppf(tail, of, rate)) / of, float(binom.isf(tail, of, rate)) / of


def kind_of(metric: Metric) -> str:
    """By which method `of_metric` finds its interval, in one word."""
    return "bootstrap" if metric.share is None else "Wilson"


def rows_behind(metric: Metric, seen: Seen) -> int:
    """The rows that a value rests on: those a share counts; of a ranking, the rarer class twice, as it is of pairs."""
    if metric.counted is not None:
        return metric.counted(metric.truth(seen.truth, seen), metric.said(seen))
    if not metric.ranks:
        return seen.truth.n
    return pairs_behind(seen)


def pairs_behind(seen: Seen) -> int:
    """The rows of the rarer of positive and negative, twice."""
    positives = int(seen.truth.is_positive.sum())
    return 2 * min(positives, seen.truth.n - positives)


def percentiles(drawn: Array, confidence: float) -> Interval:
    """The middle part of the drawn values."""
    import numpy as np

    tail = (1 - confidence) / 2
    low, high = np.quantile(drawn, [tail, 1 - tail])
    return float(low), float(high)


def strata(metric: Metric, seen: Seen) -> Array | None:
    """The class of each row, within which rows are drawn; None for metrics of numbers."""
    return weighted.encode(seen.truth.label)[0] if metric.stratified else None


def of_share(count: int, of: int, confidence: float = 0.95) -> Interval:
    """The interval of Wilson (1927): it stays within 0 and 1 and is honest for few rows."""
    from scipy.special import ndtri

    z = float(ndtri((1 + confidence) / 2))
    share = count / of
    middle = (share + z**2 / (2 * of)) / (1 + z**2 / of)
    reach = z / (1 + z**2 / of) * (share * (1 - share) / of + z**2 / (4 * of**2)) ** 0.5
    return max(0.0, middle - reach), min(1.0, middle + reach)
