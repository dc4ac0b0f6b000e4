"""How far chance alone could have moved one value: intervals of a metric and of a share."""

from __future__ import annotations

from modelsync.gates import weighted
from modelsync.gates.metrics import Metric
from modelsync.gates.scoring import Array, Seen

RESAMPLES = 1000  # the ends of a 95 % interval then rest on 25 resamples each
CHEAP_ROWS = 50_000  # above, resampling rows costs more than half a second a metric

Interval = tuple[float, float]


def is_cheap(metric: Metric, rows: int) -> bool:
    """Whether an interval that decides nothing is worth its time."""
    return metric.of_cells or rows <= CHEAP_ROWS


def of_metric(metric: Metric, seen: Seen, confidence: float, seed: int) -> Interval:
    """Percentiles of the metric over resamples of the rows, drawn within the classes (Efron 1979)."""
    import numpy as np

    truth, said = metric.truth(seen.truth, seen), [metric.said(seen)]
    drawn = metric.resampled(truth, said, strata(metric, seen), RESAMPLES, np.random.default_rng(seed))
    return percentiles(drawn[0], confidence)


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
