"""A sample of numbers in some thousand points: what a stored reference keeps of a column, with a known error."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from modelsync.gates import distances
from modelsync.gates.distances import Distance, Floats, Integers

POINTS = 4096  # ranks that are kept: the distribution function is known to 1/4096 everywhere, and exactly at the points
_ENDS = 64  # lowest and highest values that are kept besides: there the steps between quantiles are widest


@dataclass(frozen=True, slots=True, eq=False)
class Sketch:
    """Values of the sample, and how many rows lie at or below each; below 4,096 distinct ones nothing is lost."""

    n: int
    mean: float
    deviation: float
    points: Floats  # ascending, the least and the greatest value among them
    at_most: Integers  # rows <= point
    below: Integers  # rows < point
    edges: Floats  # quantile bins of all rows
    counts: Floats

    @property
    def whole(self) -> bool:
        """Whether no row lies between two points."""
        return bool((self.below[1:] == self.at_most[:-1]).all())


def sketch(values: Floats) -> Sketch:
    """The sketch of a sorted sample of finite numbers."""
    import numpy as np

    n = len(values)
    points = values[np.flatnonzero(np.diff(values, prepend=-np.inf))]
    if len(points) > POINTS:
        ends = np.arange(min(_ENDS, n))
        points = np.unique(values[np.concatenate([np.arange(POINTS) * n // POINTS, ends, n - 1 - ends])])
    edges = distances.quantile_edges(values) if n else values
    return Sketch(
        n=n,
        mean=float(values.mean()) if n else 0.0,
        deviation=distances.deviation(values) if n else 0.0,
        points=points,
        at_most=np.searchsorted(values, points, side="right"),
        below=np.searchsorted(values, points, side="left"),
        edges=edges,
        counts=distances.bin_counts(values, edges),
    )


def ranks_of(sample: Floats | Sketch, at: Floats) -> Any:
    """How many rows are at or below each value; of a sketch to 1/4096 of them."""
    import numpy as np

    if not isinstance(sample, Sketch):
        return np.searchsorted(sample, at, side="right")
    place = np.searchsorted(sample.points, at, side="right")
    return np.concatenate([[0], sample.at_most])[place]


def distance(reference: Floats | Sketch, current: Floats) -> Distance:
    """Kolmogorov-Smirnov and Wasserstein; from a sketch with what they may be off by."""
    if isinstance(reference, Sketch):
        gap, gap_error = _gap(reference, current)
        apart, apart_error = _area(reference, current)
        return Distance(gap, apart, gap_error, apart_error)
    return distances.distance(reference, current)


def _gap(reference: Sketch, current: Floats) -> tuple[float, float]:
    """D is at least what the points show, where both sides are known, and exceeds that by what lies between two."""
    import numpy as np

    to, before = (np.searchsorted(current, reference.points, where) / len(current) for where in ("right", "left"))
    at_most, below = reference.at_most / reference.n, reference.below / reference.n
    least = float(max(np.abs(at_most - to).max(), np.abs(below - before).max()))
    most = max(least, float(np.maximum(below[1:] - to[:-1], before[1:] - at_most[:-1]).max(initial=0.0)))
    return least, most - least


def _area(reference: Sketch, current: Floats) -> tuple[float, float]:
    """The rows between two points are taken as if in their middle: each is off by half their distance at most."""
    import numpy as np

    points, centre = reference.points, float(current[len(current) // 2])
    values = np.empty(2 * len(points) - 1)
    values[::2], values[1::2] = points - centre, points[:-1] + np.diff(points) / 2 - centre
    reached = np.empty(len(values))
    reached[::2], reached[1::2] = reference.at_most, reference.below[1:]
    m = len(current)
    place = np.concatenate([[0.0], reached]) * (m / reference.n)
    turn = np.clip(np.searchsorted(current, values + centre), place[:-1], place[1:])
    start, middle, stop = np.split(_sums_to(current, np.concatenate([place[:-1], turn, place[1:]]), centre), 3)
    off = values * (2 * turn - place[:-1] - place[1:]) - 2 * middle + start + stop
    between = (reference.below[1:] - reference.at_most[:-1]) * np.diff(points)
    return max(float(off.sum()), 0.0) / m, float(between.sum()) / 2 / reference.n


def _sums_to(values: Floats, places: Floats, centre: float) -> Floats:
    """The sums of so many of the lowest values less `centre`, a part of the last one included."""
    import numpy as np

    whole = np.minimum(places.astype(np.int64), len(values) - 1)
    ranks, at = np.unique(np.concatenate([[0], whole]), return_inverse=True)
    parts = np.add.reduceat(values, ranks)[:-1] - centre * np.diff(ranks)  # what lies between two of the places
    sums = np.concatenate([[0.0], np.cumsum(parts)])[at[1:]]
    found: Floats = sums + (places - whole) * (values[whole] - centre)
    return found
