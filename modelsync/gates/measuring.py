"""All drift statistics of one column at once, small enough to keep while the rows are let go."""

from __future__ import annotations

import math
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from modelsync.gates import chance, distances
from modelsync.gates.catalogue import CATEGORICAL_ONLY
from modelsync.gates.chance import Cells, Ground
from modelsync.gates.distances import Distance, Floats
from modelsync.gates.pairs import CategoryPair, NumberPair, Pair, Unfit
from modelsync.gates.question import first_line
from modelsync.gates.sketch import Sketch, ranks_of

ON_COUNTS = frozenset({"psi", "jensen_shannon", "tvd"})
_GRID = 512  # ranks of each side at which the distribution of both together is looked at
_TAIL = 32  # outermost ranks besides: there heavy tails have their width
_MANY = 200_000  # values from which on threads gain more than they cost


@dataclass(frozen=True, slots=True)
class Novelty:
    """The levels that only one side has."""

    n_new: int
    n_new_levels: int
    new: tuple[str, ...]
    n_vanished_levels: int
    vanished: tuple[str, ...]
    each: Floats  # rows of both sides together by level


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Measured:
    """One column of the table against the reference.

    `p_value` is that of the column's own test of two samples: Kolmogorov-Smirnov for numbers, chi-square for levels.
    """

    name: str
    numeric: bool
    rows: int
    rows_reference: int
    n: int
    n_reference: int
    n_missing: int
    n_missing_reference: int
    n_infinite: int
    n_infinite_reference: int
    free_text: str
    constant: str | None  # the only value of the reference
    n_other: int = 0  # rows of the table with another value than that
    cells: Cells | None = None
    distance: Distance | None = None
    ground: Ground | None = None
    spread: float = 0.0
    contingency: distances.Contingency | None = None
    p_value: float | None = None
    novelty: Novelty | None = None
    sketched: bool = False

    def value(self, test: str) -> float | None:
        """The statistic; None for a distance in standard deviations of a reference that has none."""
        if test in ON_COUNTS and self.cells is not None:
            return _ON_COUNTS[test](self.cells.before, self.cells.now)
        if test in CATEGORICAL_ONLY and self.contingency is not None:
            return self.contingency.v
        assert self.distance is not None, "the only tests left compare numbers"
        if test == "ks":
            return self.distance.ks
        if self.distance.wasserstein == 0:
            return 0.0
        return self.distance.wasserstein / self.spread if self.spread > 0 else None

    def bounds(self, test: str) -> tuple[float, float] | None:
        """Between what the statistic of all rows lies, where the reference is known by a sketch only."""
        if self.distance is None or not self.sketched:
            return None
        if test == "ks":
            return self.distance.ks, self.distance.ks + self.distance.ks_error
        if test == "wasserstein" and self.spread > 0:
            value, error = self.distance.wasserstein / self.spread, self.distance.wasserstein_error / self.spread
            return max(value - error, 0.0), value + error
        return None

    def noise(self, test: str, level: float) -> float | None:
        """What chance alone exceeds with this probability; None where the statistic itself is none."""
        if test in ON_COUNTS | CATEGORICAL_ONLY and self.cells is not None:
            return chance.of_cells(test, self.cells, level)
        if test == "ks":
            return chance.of_ks(self.n_reference, self.n, level)
        if self.spread <= 0 or self.ground is None:
            return None
        return chance.of_wasserstein(self.ground, self.n_reference, self.n, level) / self.spread

    @property
    def effect(self) -> float | None:
        """What `p_value` speaks of: D, or Cramér's V."""
        if self.numeric:
            return None if self.distance is None else self.distance.ks
        return None if self.contingency is None else self.contingency.v


_ON_COUNTS: Mapping[str, Callable[[Floats, Floats], float]] = {
    "psi": distances.psi,
    "jensen_shannon": distances.jensen_shannon,
    "tvd": distances.tvd,
}


def each(load: Callable[[str], Pair | Unfit], wanted: Mapping[str, frozenset[str]], values: int) -> dict[str, Any]:
    """`Measured` or `Unfit` by column, in the order asked; on as many threads as there are cores when it is worth it.

    Sorting and counting run outside of Python's lock, and no column depends on another: threads change no digit.
    """

    def one(name: str) -> Measured | Unfit:
        try:
            found = load(name)
            return found if isinstance(found, Unfit) else measure(found, wanted[name])
        except (
            Exception
        ) as error:  # lists for values, numbers no float can hold: one column's fault is not all columns'
            return Unfit(f"it can't be compared: {first_line(error)}", broken=True)

    if values < _MANY or len(wanted) < 2:
        return {name: one(name) for name in wanted}
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(_cores()) as pool:
        return dict(zip(wanted, pool.map(one, wanted), strict=True))


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def measure(pair: Pair, tests: frozenset[str]) -> Measured:
    """The statistics that the tests need (`p` for the column's own p value); none when a side has no value at all."""
    shared: dict[str, Any] = {
        "name": pair.name,
        "rows": pair.rows,
        "rows_reference": pair.rows_reference,
        "n": pair.n,
        "n_reference": pair.n_reference,
        "n_missing": pair.n_missing,
        "n_missing_reference": pair.n_missing_reference,
        "n_infinite": pair.n_infinite,
        "n_infinite_reference": pair.n_infinite_reference,
        "free_text": pair.free_text,
        "numeric": isinstance(pair, NumberPair),
        "constant": None if pair.constant is None else str(pair.constant),
    }
    if not pair.n or not pair.n_reference:
        return Measured(**shared)
    if pair.constant is not None:
        shared["n_other"] = pair.n_other
    if isinstance(pair, NumberPair):
        return Measured(**shared, **_numbers(pair, tests))
    return Measured(**shared, **_levels(pair))


def _numbers(pair: NumberPair, tests: frozenset[str]) -> dict[str, Any]:
    found: dict[str, Any] = {"sketched": isinstance(pair.reference, Sketch) and not pair.reference.whole}
    if tests & ON_COUNTS:
        found["cells"] = Cells(*pair.counts, ranked=True)
    if tests & {"ks", "wasserstein", "p"}:
        found["distance"] = pair.distance
    if tests & {"ks", "p"}:
        found["p_value"] = chance.ks_p_value(pair.distance.ks, pair.n_reference, pair.n)
    if "wasserstein" in tests:
        found["spread"] = pair.spread
        found["ground"] = _ground(pair)
    return found


def _levels(pair: CategoryPair) -> dict[str, Any]:
    before, now = pair.counts
    table = distances.contingency(before, now)
    novelty = Novelty(
        pair.n_new, pair.n_new_levels, pair.new_levels, pair.n_vanished_levels, pair.vanished_levels, before + now
    )
    cells = Cells(*distances.pooled(before, now), ranked=False)
    return {"cells": cells, "contingency": table, "p_value": table.p_value, "novelty": novelty}


def _ground(pair: NumberPair) -> Ground:
    """Both samples together, from some hundred ranks of each; width and reach are never taken too small by that."""
    import numpy as np

    before, now = pair.reference, pair.current
    n, m = pair.n_reference, pair.n
    kept = before.points if isinstance(before, Sketch) else before
    points = np.unique(np.concatenate([_some(kept), _some(now)]))
    share = (ranks_of(before, points) + ranks_of(now, points)) / (n + m)
    low, high = share[:-1], np.concatenate([share[1:-1], [1.0]])[: len(points) - 1]
    middle = np.clip(0.5, low, high)
    width = float((np.sqrt(middle * (1 - middle)) * np.diff(points)).sum())
    mean = before.mean if isinstance(before, Sketch) else before.mean()
    own = float(now.mean())
    gap = float(mean) - own
    variance = (n * pair.spread**2 + m * distances.deviation(now) ** 2) / (n + m) + n * m * (gap / (n + m)) ** 2
    centre = (n * float(mean) + m * own) / (n + m)
    return Ground(width, math.sqrt(variance), max(centre - float(points[0]), float(points[-1]) - centre))


def _some(values: Floats) -> Floats:
    import numpy as np

    size = len(values)
    tail = np.arange(min(_TAIL, size))
    found: Floats = values[np.concatenate([np.arange(_GRID) * size // _GRID, tail, size - 1 - tail])]
    return found
