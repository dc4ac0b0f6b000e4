"""What two samples of one source show by chance: the noise floor of every drift statistic, and p values.

A floor is what a statistic exceeds with the probability `level` when nothing has changed. Floors are computed from the
pooled data, so that they hold whatever the distribution. They are approximations on the careful side; how often a
whole gate errs is counted in tests/benchmarks/honesty_drift.py.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from modelsync.gates.distances import EPSILON, Floats

NOISE = 0.05  # of whole gates on unchanged data, at most this share may fail
LOUD = {
    "psi": 3.3,
    "ks": 0.68,
    "wasserstein": 2.0,
    "jensen_shannon": 0.67,
    "tvd": 0.68,
    "cramers_v": 0.73,
    "chi2": 0.73,
}
"""What a shift of normal values by two standard deviations gives; where chance alone shows it, nothing can be found."""

_DENSE = 100.0  # rows expected in a cell from which on the chi-square law is as good as counting
_WINDOW = 512  # counts at which a term of a sparse cell is looked at
_EXACT = 1_000_000  # rows times rows up to which the law of D is counted out: some milliseconds
_LINES = 8  # after which the numbers of paths are scaled, long before they leave the range of a float
_SKEWED = 1e-4  # below this skewness the gamma law is the normal one to five digits
_PRECISE = 1e-9  # one minus a probability says nothing below this


@dataclass(frozen=True, slots=True, eq=False)
class Cells:
    """Both samples as counts. `ranked`: the cells are quantiles of the reference, whose counts are thus no chance."""

    before: Floats
    now: Floats
    ranked: bool

    @property
    def unit(self) -> float:
        """1/n + 1/m: what every squared distance of shares scales with."""
        return 1 / float(self.before.sum()) + 1 / float(self.now.sum())


@dataclass(frozen=True, slots=True)
class Sum:
    """A sum of random terms by its first three cumulants."""

    mean: float
    variance: float
    third: float

    def exceeded(self, level: float) -> float:
        """What the sum exceeds with this probability, by the gamma law with the same cumulants (Pearson's type III).

        By the normal law, to which that one tends, where the skewness is none, negative or too small to be divided by.
        """
        from scipy.special import gammainccinv, ndtri

        if self.variance <= 0:
            return self.mean
        deviation = math.sqrt(self.variance)
        skewness = self.third / self.variance / deviation
        if skewness < _SKEWED:
            return self.mean - deviation * float(ndtri(level))
        shape = (2 / skewness) ** 2
        return self.mean + deviation * skewness / 2 * (float(gammainccinv(shape, level)) - shape)


def of_cells(test: str, cells: Cells, level: float) -> float:
    """The floor of a statistic on counts.

    Each is about chi-square with cells - 1 degrees of freedom: PSI times 1/n + 1/m (Yurdakul 2018), the squared
    Jensen-Shannon distance in base 2 times that over 8 ln 2 (Grosse et al. 2002), the squared V over n + m. In cells of
    few rows, where that law is too narrow, the cumulants of their terms are counted out.
    """
    if len(cells.before) < 2:
        return 0.0
    if test == "psi":
        return _psi(cells, level)
    if test == "jensen_shannon":
        bits = _additive(cells, _jensen_shannon_terms, cells.unit / (8 * math.log(2))).exceeded(level)
        return math.sqrt(max(bits, 0.0))
    squares = max(_additive(cells, _chi2_terms, 1.0).exceeded(level), 0.0)
    if test == "tvd":
        return _tvd(cells, squares, level)
    return math.sqrt(squares / float(cells.before.sum() + cells.now.sum()))


def _psi(cells: Cells, level: float) -> float:
    """The chi-square part, and apart from it the leaps of cells that chance leaves empty: their number is Poisson."""
    from scipy.special import pdtrc

    emptied, leap = _leaps(cells)
    most, missed = 0, -math.expm1(-emptied)
    if missed > level / 10:
        while (missed := float(pdtrc(most, emptied))) > level / 2:
            most += 1
    return _additive(cells, _psi_terms, cells.unit).exceeded(level - missed) + most * leap


def _leaps(cells: Cells) -> tuple[float, float]:
    """How many cells chance empties on average, and how much an empty one adds to PSI over one with half a row."""
    n, m = float(cells.before.sum()), float(cells.now.sum())
    sparse = (cells.before + cells.now) * min(n, m) / (n + m) < _DENSE
    if not sparse.any():
        return 0.0, 0.0
    x, y, weights = _counted(cells.before[sparse], cells.now[sparse], n, m, cells.ranked)
    empty = weights * ((x == 0) | (y == 0))
    leaps = empty * (_psi_leaping(x, y, n, m) - _psi_terms(x, y, n, m))
    emptied = float(empty.sum())
    return emptied, float(leaps.sum()) / emptied if emptied else 0.0


def _tvd(cells: Cells, squares: float, level: float) -> float:
    """The lesser of two bounds: by chi-square (Cauchy and Schwarz; sharp for two cells), and the mean plus what a
    Lipschitz function of normal variables adds (Borell 1975, Tsirelson et al. 1976; sharper for many cells)."""
    import numpy as np
    from scipy.special import ndtri

    shares = (cells.before + cells.now) / (cells.before + cells.now).sum()
    mean = float(np.sqrt(2 / math.pi * shares * (1 - shares) * cells.unit).sum()) / 2
    return min(math.sqrt(squares * cells.unit) / 2, mean - float(ndtri(level)) * math.sqrt(cells.unit) / 2, 1.0)


def _additive(cells: Cells, terms: Any, scale: float) -> Sum:
    """The cumulants of a sum over cells.

    That the counts add up takes one degree of freedom of all of them, of each as much as its share of the rows: of two
    cells, a large one says nothing that the small one does not.
    """
    import numpy as np

    n, m = float(cells.before.sum()), float(cells.now.sum())
    total = cells.before + cells.now
    dense = total * min(n, m) / (n + m) >= _DENSE
    free = 1 - total / total.sum()
    found = np.array([1.0, 2 * scale, 8 * scale**2]) * scale * float(free[dense].sum())
    if not dense.all():
        x, y, weights = _counted(cells.before[~dense], cells.now[~dense], n, m, cells.ranked)
        value = terms(x, y, n, m)
        mean = (weights * value).sum(axis=1)
        off = value - mean[:, None]
        cumulants = mean, (weights * off**2).sum(axis=1), (weights * off**3).sum(axis=1)
        found += [float(free[~dense] @ each) for each in cumulants]
    return Sum(*map(float, found))


def _counted(before: Floats, now: Floats, n: float, m: float, ranked: bool) -> tuple[Any, Any, Any]:
    """The counts that chance may give in each cell, and how probable each is.

    Of a cell of given size, each row is of either sample by its share of all rows. Between given ranks of the
    reference lie as many rows of the current sample as come before so many of the reference: negative binomial.
    """
    import numpy as np
    from scipy.special import gammaln, xlog1py, xlogy

    total = (before + now)[:, None]
    less = min(n, m) / (n + m)
    given = before[:, None]
    waits = ranked & (given > 0)
    mean = np.where(waits, given * m / n, total * less)
    spread = np.sqrt(np.where(waits, mean * (1 + m / n), mean))
    last = np.ceil(mean + 12 * spread + 20)
    last = np.where(waits, last, np.minimum(last, total))
    steps = np.arange(min(_WINDOW, int(last.max()) + 1))
    count = np.round(last * steps / (len(steps) - 1))
    fresh = np.concatenate([np.ones((len(count), 1), dtype=bool), np.diff(count, axis=1) > 0], axis=1)
    choose = np.where(
        waits,
        gammaln(count + given) - gammaln(np.maximum(given, 1)),
        gammaln(total + 1) - gammaln(np.maximum(total - count, 0) + 1),
    )
    share = np.where(waits, m / (n + m), less)
    rest = np.where(waits, given, total - count)
    log = choose - gammaln(count + 1) + xlogy(count, share) + xlog1py(rest, -share)
    weights = np.where(fresh, np.exp(log - log.max(axis=1, keepdims=True)), 0.0)
    weights /= weights.sum(axis=1, keepdims=True)
    other = np.where(waits, given, np.maximum(total - count, 0))
    on_now = waits | (m <= n)
    return np.where(on_now, other, count), np.where(on_now, count, other), weights


def _psi_terms(x: Any, y: Any, n: float, m: float) -> Any:
    import numpy as np

    p, q = np.maximum(x, 0.5) / n, np.maximum(y, 0.5) / m
    return (q - p) * np.log(q / p)


def _psi_leaping(x: Any, y: Any, n: float, m: float) -> Any:
    import numpy as np

    p, q = np.maximum(x / n, EPSILON), np.maximum(y / m, EPSILON)
    return (q - p) * np.log(q / p)


def _jensen_shannon_terms(x: Any, y: Any, n: float, m: float) -> Any:
    import numpy as np
    from scipy.special import xlogy

    p, q = x / n, y / m
    middle = np.maximum((p + q) / 2, EPSILON**2)
    return (xlogy(p, p / middle) + xlogy(q, q / middle)) / (2 * math.log(2))


def _chi2_terms(x: Any, y: Any, n: float, m: float) -> Any:
    import numpy as np

    expected = np.maximum((x + y) * n / (n + m), EPSILON)
    return (x - expected) ** 2 * (1 / expected + n / m / expected)


def of_ks(n: int, m: int, level: float) -> float:
    """The floor of D, from the law of Smirnov (1939); with ties, and for few rows, the true one is lower."""
    from scipy.special import kolmogi

    return min(float(kolmogi(min(level, 1.0))) * math.sqrt(1 / n + 1 / m), 1.0)


@dataclass(frozen=True, slots=True)
class Ground:
    """What Wasserstein's distance of two samples of one source depends on, in the unit of the values."""

    width: float  # the integral of sqrt(F (1 - F)) of all values together
    deviation: float  # the standard deviation of all values together
    farthest: float  # how far the outermost value lies from the mean


def of_wasserstein(ground: Ground, n: int, m: int, level: float) -> float:
    """The floor of the area between two distribution functions, in the unit of the values.

    It is about the area under a Brownian bridge, of mean sqrt(2/pi) times `width` (del Barrio, Gine and Matran 1999).
    That is a supremum of normal variables, none with a larger deviation than the mean of the values has, so that it
    exceeds its mean by no more than such a variable does (Borell 1975). Of an outlier, the smaller sample shows more
    than that: the term of Bernstein (1924), which fades where both are of one size and outliers cancel.
    """
    from scipy.special import ndtri

    usual = math.sqrt(2 / math.pi) * ground.width - float(ndtri(level)) * ground.deviation
    outlier = ground.farthest / min(n, m) * math.log(1 / level) / 3 * abs(n - m) / (n + m)
    return math.sqrt(1 / n + 1 / m) * usual + outlier


def of_share(count: int, count_reference: int, rows: int, rows_reference: int, level: float) -> float:
    """The floor of the difference of two shares: both samples drew from all of these rows, each by its size."""
    from scipy.special import bdtrik

    total, part = count + count_reference, rows / (rows + rows_reference)
    if not total:
        return 0.0
    found = 0.0
    for chance in (level / 2, 1 - level / 2):
        reached = float(bdtrik(chance, total, part))
        here = 0 if math.isnan(reached) else min(math.ceil(reached), total)
        found = max(found, abs(here / rows - (total - here) / rows_reference))
    return found


def of_new_levels(counts: Floats, n: int, m: int, level: float) -> float:
    """The floor of the share of the current rows whose level the reference lacks.

    `counts` are those of both samples together by level. A level of t rows lies whole in the current sample with the
    probability (m / (n + m))^t; what that gives is the estimate of Good (1953), with its spread.
    """
    import numpy as np

    whole = np.power(m / (n + m), counts)
    spread = whole * (1 - whole)
    drawn = Sum(
        float((counts * whole).sum()),
        float((counts**2 * spread).sum()),
        float((counts**3 * spread * (1 - 2 * whole)).sum()),
    )
    return min(max(drawn.exceeded(level), 0.0) / m, 1.0)


def ks_p_value(d: float, n: int, m: int) -> float:
    """How probable a D of at least this is by chance: exact for few rows, else by the law of Smirnov (1939)."""
    from scipy.special import kolmogorov

    by_law = float(kolmogorov(math.sqrt(n * m / (n + m)) * d))
    if n * m > _EXACT or by_law < _PRECISE:
        return by_law
    return 1 - _staying_within(d, n, m)


def _staying_within(d: float, n: int, m: int) -> float:
    """The share of all orders of n and m rows whose distribution functions differ by less than d everywhere.

    Paths through a grid, counted line by line (Hodges 1958): to each point leads what comes along its own line and from
    the line below. `scale` is the logarithm of what the numbers were divided by, since there are too many of them.
    """
    import numpy as np
    from scipy.special import gammaln

    n, m = min(n, m), max(n, m)
    limit = round(d * n * m)  # in whole steps of 1 / (n m): no rounding decides
    line = np.zeros(m + 1)
    line[: min(-(-limit // n), m + 1)] = 1.0
    scale = 0.0
    for taken in range(1, n + 1):
        low = max((taken * m - limit) // n + 1, 0)
        high = min(-((-taken * m - limit) // n), m + 1)
        line[low:high] = np.cumsum(line[low:high])
        if taken % _LINES == 0 and line[high - 1] > 0:
            scale += math.log(line[high - 1])
            line /= line[high - 1]
    if line[m] <= 0:
        return 0.0
    orders = float(gammaln(n + m + 1) - gammaln(n + 1) - gammaln(m + 1))
    return min(math.exp(math.log(line[m]) + scale - orders), 1.0)
