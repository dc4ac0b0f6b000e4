"""How far two samples lie apart: the statistics of a drift gate, on sorted values or on counts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    import numpy as np

Floats: TypeAlias = "np.ndarray[Any, np.dtype[np.float64]]"

BINS = 10  # quantile bins of the reference, as the usual thresholds 0.1 and 0.2 of PSI assume
EPSILON = 1e-6  # the share that stands for an empty bin; it decides how loud one is, so it is fixed and reported
NOISE_LEVEL = 0.95  # of samples from one and the same source, this share stays below the noise floor of PSI
LEAST_EXPECTED = 5.0  # the chi-square approximation needs about this many rows in a cell (Cochran 1954)


def quantile_edges(reference: Floats, bins: int = BINS) -> Floats:
    """Inner edges of bins of equal share of the sorted reference; bin i is [edge i-1, edge i).

    A value so frequent that quantiles fall on it twice gets a bin of its own, and so does every value when there are
    no more of them than bins: a wave of zeros or a constant would otherwise hide in one bin with its neighbours.
    """
    import numpy as np

    distinct = reference[np.flatnonzero(np.diff(reference, prepend=-np.inf))]
    if len(distinct) <= bins:
        return np.unique(np.concatenate([distinct, np.nextafter(distinct, np.inf)]))
    edges, times = np.unique(np.quantile(reference, np.linspace(0, 1, bins + 1)[1:-1]), return_counts=True)
    return np.unique(np.concatenate([edges, np.nextafter(edges[times > 1], np.inf)]))


def bin_counts(values: Floats, edges: Floats) -> Floats:
    """How many of the sorted values lie in each bin."""
    import numpy as np

    below = np.searchsorted(values, edges, side="left")
    return np.diff(np.concatenate([[0], below, [len(values)]])).astype(float)


def psi(reference: Floats, current: Floats) -> float:
    """Population stability index of two lists of counts: sum of (q - p) ln(q / p), empty bins as EPSILON."""
    import numpy as np

    p = np.maximum(np.asarray(reference) / np.sum(reference), EPSILON)
    q = np.maximum(np.asarray(current) / np.sum(current), EPSILON)
    return float(((q - p) * np.log(q / p)).sum())


def psi_noise(bins: int, n_reference: int, n: int) -> float:
    """The PSI that two samples of one source stay below in 95 of 100 cases.

    Without drift PSI is about chi-square with bins - 1 degrees of freedom times (1/n + 1/m) (Yurdakul 2018).
    """
    from scipy.stats import chi2

    return float(chi2.ppf(NOISE_LEVEL, bins - 1)) * (1 / n_reference + 1 / n) if bins > 1 else 0.0


def jensen_shannon(reference: Floats, current: Floats) -> float:
    """Jensen-Shannon distance in base 2: 0 for equal shares, 1 for disjoint ones."""
    from scipy.spatial.distance import jensenshannon

    return float(jensenshannon(reference, current, 2))


def tvd(reference: Floats, current: Floats) -> float:
    """Total variation distance: half the sum of the absolute differences of the shares."""
    import numpy as np

    p, q = np.asarray(reference) / np.sum(reference), np.asarray(current) / np.sum(current)
    return float(np.abs(p - q).sum() / 2)


@dataclass(frozen=True, slots=True)
class Contingency:
    """Both samples as the rows of one table: its chi-square, the p value, and Cramér's V as the size of the effect."""

    chi2: float
    p_value: float
    v: float


def contingency(reference: Floats, current: Floats) -> Contingency:
    """The two-sample test; levels of which fewer than five rows are expected on one side are pooled first."""
    import numpy as np
    from scipy.stats import chi2_contingency

    table = np.array([reference, current], dtype=float)
    table = table[:, table.sum(axis=0) > 0]
    expected = np.outer(table.sum(axis=1), table.sum(axis=0)) / table.sum()
    rare = expected.min(axis=0) < LEAST_EXPECTED
    if rare.sum() > 1:
        table = np.column_stack([table[:, ~rare], table[:, rare].sum(axis=1)])
    if table.shape[1] < 2:
        return Contingency(0.0, 1.0, 0.0)
    statistic, p_value, _, _ = chi2_contingency(table, correction=False)
    return Contingency(float(statistic), float(p_value), float(np.sqrt(statistic / table.sum())))


@dataclass(frozen=True, slots=True)
class Distance:
    """Two samples of numbers compared by their distribution functions."""

    ks: float  # the largest difference, Kolmogorov-Smirnov's D
    ks_p_value: float  # two-sided, by the asymptotic law: both samples have at least 50 rows
    wasserstein: float  # the area between them, in the unit of the values


def distance(reference: Floats, current: Floats) -> Distance:
    """Both statistics from one merge of two sorted samples; equal to scipy's, in one pass instead of four."""
    import numpy as np
    from scipy.special import kolmogorov

    merged = np.sort(np.concatenate([reference, current]), kind="stable")
    gap = np.abs(
        np.searchsorted(reference, merged, side="right") / len(reference)
        - np.searchsorted(current, merged, side="right") / len(current)
    )
    size = len(reference) * len(current) / (len(reference) + len(current))
    d = float(gap.max())
    return Distance(d, float(kolmogorov(np.sqrt(size) * d)), float((gap[:-1] * np.diff(merged)).sum()))
