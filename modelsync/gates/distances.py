"""How far two samples lie apart: the statistics of a drift gate, on sorted values or on counts."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    import numpy as np

Floats: TypeAlias = "np.ndarray[Any, np.dtype[np.float64]]"
Integers: TypeAlias = "np.ndarray[Any, np.dtype[np.int64]]"

BINS = 10  # quantile bins of the reference, as the usual thresholds 0.1 and 0.2 of PSI assume
EPSILON = 1e-6  # the share that stands for an empty bin; it decides how loud one is, so it is fixed and reported
LEAST_EXPECTED = 5.0  # the chi-square approximation needs about this many rows in a cell (Cochran 1954)

_GRID = 2048  # ranks of each sample at which the gap of two distribution functions is looked at first
_REFINE = 8  # ranks of each sample inside a part that may still hold the largest gap
_CHUNK = 1 << 16  # rows at a time, so that what is computed of them stays in the processor's cache


def quantile_edges(reference: Floats, bins: int = BINS) -> Floats:
    """Inner edges of bins of equal share of the sorted reference; bin i is [edge i-1, edge i).

    A value so frequent that quantiles fall on it twice gets a bin of its own, and so does each of at least five rows
    when there are no more values than bins: a wave of zeros or a constant would otherwise hide in one bin with its
    neighbours. The gaps between rarer values get none: they are empty because the reference is small, and unchanged
    data would fill them.
    """
    import numpy as np

    distinct = _first_distinct(reference, bins + 1)
    if len(distinct) <= bins:
        rows = np.diff(np.searchsorted(reference, distinct), append=len(reference))
        frequent = distinct[rows >= min(LEAST_EXPECTED, len(reference) / bins)]
        return np.unique(np.concatenate([frequent, np.nextafter(frequent, np.inf)]))
    edges, times = np.unique(_quantiles(reference, np.linspace(0, 1, bins + 1)[1:-1]), return_counts=True)
    own = np.concatenate([edges[times > 1], np.nextafter(edges[times > 1], np.inf)])
    return _without_gaps(reference, np.unique(np.concatenate([edges, own])), own)


def _without_gaps(reference: Floats, edges: Floats, own: Floats) -> Floats:
    """The edges less those beside an empty bin, but for edges of a value's own bin: a quantile between two values."""
    import numpy as np

    filled = bin_counts(reference, edges) > 0
    found: Floats = edges[(filled[:-1] & filled[1:]) | np.isin(edges, own)]
    return found


def _first_distinct(values: Floats, most: int) -> Floats:
    """The lowest distinct values, by leaps over the equal ones; the values are sorted."""
    import numpy as np

    found: list[float] = []
    place = 0
    while place < len(values) and len(found) < most:
        found.append(float(values[place]))
        place = int(np.searchsorted(values, values[place], side="right"))
    return np.array(found, dtype=float)


def _quantiles(values: Floats, shares: Floats) -> Floats:
    """numpy's default (linear) quantiles, of values that are sorted already."""
    import numpy as np

    places = shares * (len(values) - 1)
    low = np.floor(places).astype(np.int64)
    high = np.minimum(low + 1, len(values) - 1)
    part, step = places - low, values[high] - values[low]
    found: Floats = np.where(part < 0.5, values[low] + step * part, values[high] - step * (1 - part))
    return found


def bin_counts(values: Floats, edges: Floats) -> Floats:
    """How many of the sorted values lie in each bin."""
    import numpy as np

    below = np.searchsorted(values, edges, side="left")
    return np.diff(np.concatenate([[0], below, [len(values)]])).astype(float)


def deviation(values: Floats) -> float:
    """The standard deviation of a sample taken as a whole, without a copy of it."""
    import numpy as np

    mean, squares = float(values.mean()), 0.0
    for start in range(0, len(values), _CHUNK):
        off = values[start : start + _CHUNK] - mean
        squares += float(np.square(off, out=off).sum())  # not a dot product: its threads cost more than they save
    return math.sqrt(squares / len(values))


def psi(reference: Floats, current: Floats) -> float:
    """Population stability index of two lists of counts: sum of (q - p) ln(q / p), empty bins as EPSILON."""
    import numpy as np

    p = np.maximum(np.asarray(reference) / np.sum(reference), EPSILON)
    q = np.maximum(np.asarray(current) / np.sum(current), EPSILON)
    return float(((q - p) * np.log(q / p)).sum())


def jensen_shannon(reference: Floats, current: Floats) -> float:
    """Jensen-Shannon distance in base 2: 0 for equal shares, 1 for disjoint ones."""
    import numpy as np

    p, q = np.asarray(reference) / np.sum(reference), np.asarray(current) / np.sum(current)
    middle = (p + q) / 2
    bits = sum(float((side[side > 0] * np.log2(side[side > 0] / middle[side > 0])).sum()) for side in (p, q))
    return math.sqrt(max(bits, 0.0) / 2)


def tvd(reference: Floats, current: Floats) -> float:
    """Total variation distance: half the sum of the absolute differences of the shares."""
    import numpy as np

    p, q = np.asarray(reference) / np.sum(reference), np.asarray(current) / np.sum(current)
    return float(np.abs(p - q).sum() / 2)


def pooled(reference: Floats, current: Floats) -> tuple[Floats, Floats]:
    """The same counts without cells that are empty on both sides, and rare ones as one.

    Rare is a cell of which fewer than five rows are expected on one side: of such cells nothing can be told one by
    one, and many of them together would drown the rest.
    """
    import numpy as np

    table = np.array([reference, current], dtype=float)
    table = table[:, table.sum(axis=0) > 0]
    expected = table.sum(axis=0) * min(table.sum(axis=1)) / table.sum()
    rare = expected < LEAST_EXPECTED
    if rare.sum() > 1:
        table = np.column_stack([table[:, ~rare], table[:, rare].sum(axis=1)])
    return table[0], table[1]


@dataclass(frozen=True, slots=True)
class Contingency:
    """Both samples as the rows of one table: its chi-square, the p value, and Cramér's V as the size of the effect."""

    chi2: float
    p_value: float
    v: float


def contingency(reference: Floats, current: Floats) -> Contingency:
    """The test of two samples, neither of them taken as known for sure; rare cells are pooled first."""
    import numpy as np
    from scipy.special import chdtrc

    table = np.array(pooled(reference, current))
    if table.shape[1] < 2:
        return Contingency(0.0, 1.0, 0.0)
    expected = np.outer(table.sum(axis=1), table.sum(axis=0)) / table.sum()
    statistic = float(((table - expected) ** 2 / expected).sum())
    return Contingency(statistic, float(chdtrc(table.shape[1] - 1, statistic)), math.sqrt(statistic / table.sum()))


@dataclass(frozen=True, slots=True)
class Distance:
    """Two samples of numbers compared by their distribution functions; what is known exactly has the error 0."""

    ks: float  # the largest difference, Kolmogorov-Smirnov's D
    wasserstein: float  # the area between them, in the unit of the values
    ks_error: float = 0.0  # D is at most so much larger than `ks`
    wasserstein_error: float = 0.0  # the area differs from `wasserstein` by at most so much


def distance(reference: Floats, current: Floats) -> Distance:
    """Both statistics of two sorted samples, equal to scipy's."""
    return Distance(largest_gap(reference, current), area(reference, current))


def largest_gap(one: Floats, two: Floats) -> float:
    """Kolmogorov-Smirnov's D of two sorted samples, exact, without merging them.

    Both distribution functions are looked at in a grid of ranks. Between two points of it they can't rise by more than
    lies there, so that only the parts that may still hold the largest gap are looked at more closely.
    """
    import numpy as np

    n, m = len(one), len(two)
    best, fine = 0.0, _GRID
    parts = np.array([[0], [n], [0], [m]], dtype=np.int64)  # from and to, in one and in two
    while parts.shape[1]:
        points = _inside(one, two, parts, fine)
        ranks = [np.searchsorted(side, points, where) for side in (one, two) for where in ("left", "right")]
        best = max(best, float(np.abs(ranks[1] / n - ranks[3] / m).max()))
        parts = _between(parts, *ranks)
        most = np.maximum(parts[1] / n - parts[2] / m, parts[3] / m - parts[0] / n)
        filled = (parts[1] > parts[0]) | (parts[3] > parts[2])
        parts = parts[:, filled & (most > best)]
        fine = _REFINE
    return best


def _inside(one: Floats, two: Floats, parts: Integers, fine: int) -> Floats:
    """Values of both samples inside each part, at even ranks; one row for each part, sorted."""
    import numpy as np

    steps = np.arange(fine)
    found = []
    for side, start, stop in ((one, parts[0], parts[1]), (two, parts[2], parts[3])):
        places = start[:, None] + ((stop - start)[:, None] * steps) // fine
        found.append(side[np.minimum(places, len(side) - 1)])
    from_one, from_two = found
    from_one = np.where((parts[1] > parts[0])[:, None], from_one, from_two)
    from_two = np.where((parts[3] > parts[2])[:, None], from_two, from_one)
    return np.sort(np.concatenate([from_one, from_two], axis=1), axis=1)


def _between(parts: Integers, left_one: Any, right_one: Any, left_two: Any, right_two: Any) -> Integers:
    """What lies between neighbouring points: from and to, in one and in two."""
    import numpy as np

    starts = [np.concatenate([parts[at][:, None], right], axis=1) for at, right in ((0, right_one), (2, right_two))]
    stops = [np.concatenate([left, parts[at][:, None]], axis=1) for at, left in ((1, left_one), (3, left_two))]
    return np.stack([starts[0].ravel(), stops[0].ravel(), starts[1].ravel(), stops[1].ravel()])


def area(one: Floats, two: Floats) -> float:
    """Wasserstein's distance of order 1 of two sorted samples, in their unit.

    It is the mean difference of the quantile functions, whose steps lie at known ranks: nothing is searched.
    """
    import numpy as np

    long, short = (one, two) if len(one) >= len(two) else (two, one)
    n, m = len(long), len(short)
    total = 0.0
    for start in range(0, n, _CHUNK):
        part = long[start : start + _CHUNK]
        if n == m:
            total += m * float(np.abs(part - short[start : start + _CHUNK]).sum())
            continue
        left = np.arange(start, start + len(part), dtype=np.int64) * m  # in units of 1 / (n m)
        first = left // n
        over = np.maximum(left + m - (first + 1) * n, 0)  # how far this step reaches over the next one of `short`
        second = np.minimum(first + 1, m - 1)
        total += float((np.abs(part - short[first]) * (m - over)).sum())
        total += float((np.abs(part - short[second]) * over).sum())
    return total / n / m
