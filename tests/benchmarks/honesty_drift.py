"""How often a drift gate errs: the share of gates that fail on unchanged data, and of shifts that are not found.

    uv run python tests/benchmarks/honesty_drift.py [--repetitions 2000] [--seed 0]

The gate asks psi, ks, wasserstein and jensen_shannon of 25 columns, 15 of numbers of different shapes and 10 of levels,
and tvd and cramers_v of the latter; thresholds are small (0.01), so that the noise floor decides and not they. Of gates
on unchanged data at most 5 % may fail; of shifts by half a standard deviation at 1,000 rows at least 99 % must be
found. So many checks share the 5 % that a single bad floor could hide among them, so that psi is asked alone, too, with
its usual threshold 0.2, of one column that is mostly zeros or of few values, against a small reference. All is judged
with the tolerance of a binomial count (99 %).
"""

from __future__ import annotations

import argparse
import math
import sys
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from modelsync.core.checks import DriftCheck
from modelsync.core.verdict import Check, Outcome
from modelsync.gates.judging import judge
from modelsync.gates.question import Question

SIZES = ((200, 200), (1000, 1000), (5000, 5000), (5000, 300), (300, 5000), (100, 5000))
ALLOWED, FOUND = 0.05, 0.99
LEAST = 0.01  # thresholds below any noise: what is left is chance

Random = np.random.Generator

NUMBERS: dict[str, Callable[[Random, int], Any]] = {
    "normal": lambda random, rows: random.normal(size=rows),
    "uniform": lambda random, rows: random.random(rows),
    "lognormal": lambda random, rows: random.lognormal(sigma=1.5, size=rows),
    "exponential": lambda random, rows: random.exponential(size=rows),
    "student": lambda random, rows: random.standard_t(1.5, size=rows),
    "cauchy": lambda random, rows: random.standard_cauchy(size=rows),
    "few": lambda random, rows: random.integers(0, 4, rows).astype(float),
    "counts": lambda random, rows: random.poisson(3, rows).astype(float),
    "zeros": lambda random, rows: (random.random(rows) < 0.1) * random.exponential(size=rows),
    "holes": lambda random, rows: np.where(random.random(rows) < 0.1, np.nan, random.normal(size=rows)),
    "zeros_97": lambda random, rows: (random.random(rows) < 0.03) * random.exponential(size=rows),
    "zeros_99": lambda random, rows: (random.random(rows) < 0.01) * random.exponential(size=rows),
    "amounts": lambda random, rows: (random.random(rows) < 0.05) * random.lognormal(3, 1, rows),
    "codes": lambda random, rows: (random.random(rows) < 0.03) * random.integers(1, 1000, rows).astype(float),
    "geometric": lambda random, rows: random.geometric(0.5, rows).astype(float),
}
ALONE = (  # one column, rows of the reference, rows of the table
    ("zeros_97", 60, 2000),
    ("zeros_97", 100, 5000),
    ("zeros_97", 200, 20_000),
    ("zeros_97", 5000, 100),
    ("zeros_99", 200, 20_000),
    ("amounts", 100, 5000),
    ("amounts", 300, 3000),
    ("codes", 300, 3000),
    ("geometric", 100, 5000),
)
LEVELS = (2, 3, 4, 6, 10, 15, 25, 50, 100, 400)


def table(random: Random, rows: int) -> pd.DataFrame:
    """Rows of one and the same source, every time."""
    columns: dict[str, Any] = {name: make(random, rows) for name, make in NUMBERS.items()}
    for place, levels in enumerate(LEVELS):
        chances = 1 / np.arange(1, levels + 1) if place % 2 else np.full(levels, 1.0)
        columns[f"levels_{levels}"] = pd.Series(random.choice(levels, rows, p=chances / chances.sum())).astype("str")
    return pd.DataFrame(columns)


def checks(most: float = LEAST) -> tuple[DriftCheck, ...]:
    """All statistics on all columns they are for."""
    return tuple(DriftCheck(test, most) for test in ("psi", "ks", "wasserstein", "jensen_shannon", "tvd", "cramers_v"))


def fallen(reference: pd.DataFrame, current: pd.DataFrame) -> list[Check]:
    """The checks that fail; a gate that can't be judged is no honest one either, and raises."""
    verdict = judge(Question("d", "drift", table=current, reference=reference, checks=checks()))
    if verdict.outcome is Outcome.ERROR:
        raise RuntimeError(verdict.reason)
    return [check for check in verdict.checks if check.outcome is Outcome.FAIL]


@dataclass(frozen=True)
class Count:
    """Of so many gates, so many fell; and how often each statistic was among what fell."""

    of: int
    fell: int
    by: dict[str, int]

    @property
    def share(self) -> float:
        """Fallen gates of all."""
        return self.fell / self.of


def unchanged(n: int, m: int, repetitions: int, seed: int) -> Count:
    """Gates on two samples of one source."""
    by: dict[str, int] = {}
    fell = 0
    for repetition in range(repetitions):
        random = np.random.default_rng([seed, n, m, repetition])
        found = fallen(table(random, n), table(random, m))
        fell += bool(found)
        for name in {check.id for check in found}:
            by[name] = by.get(name, 0) + 1
    return Count(repetitions, fell, by)


def alone(name: str, n: int, m: int, repetitions: int, seed: int) -> Count:
    """Gates that ask nothing but psi of one unchanged column."""
    fell = 0
    for repetition in range(repetitions):
        random = np.random.default_rng([seed, n, m, repetition])
        reference, current = (pd.DataFrame({name: NUMBERS[name](random, rows)}) for rows in (n, m))
        asked = (DriftCheck("psi", 0.2),)
        verdict = judge(Question("d", "drift", table=current, reference=reference, checks=asked))
        fell += verdict.outcome is not Outcome.PASS
    return Count(repetitions, fell, {})


def shifted(rows: int, repetitions: int, seed: int) -> Count:
    """Gates on tables of which one column of all has moved by half a standard deviation: how often it is named."""
    fell = 0
    for repetition in range(repetitions):
        random = np.random.default_rng([seed, rows, repetition])
        reference, current = table(random, rows), table(random, rows)
        current["normal"] += 0.5
        fell += any(check.subject == "normal" for check in fallen(reference, current))
    return Count(repetitions, fell, {})


def tolerance(share: float, repetitions: int) -> float:
    """By how much a count may differ from its share by chance, one-sided, 99 %."""
    return 2.33 * math.sqrt(share * (1 - share) / repetitions)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--repetitions", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--processes", type=int, default=2)
    given = parser.parse_args()
    times, most = given.repetitions, ALLOWED + tolerance(ALLOWED, given.repetitions)
    honest = True
    with ProcessPoolExecutor(given.processes) as pool:
        running = [(n, m, pool.submit(unchanged, n, m, times, given.seed)) for n, m in SIZES]
        moved = pool.submit(shifted, 1000, times, given.seed)
        single = [(case, pool.submit(alone, *case, times, given.seed)) for case in ALONE]
        for n, m, future in running:
            count = future.result()
            honest &= count.share <= most
            worst = ", ".join(f"{name} {of}" for name, of in sorted(count.by.items(), key=lambda pair: -pair[1])[:5])
            print(
                f"unchanged, {n:>5} and {m:>5} rows: {count.share:6.2%} fail (at most {most:.2%})   {worst}", flush=True
            )
        for (name, n, m), future in single:
            count = future.result()
            honest &= count.share <= most
            print(
                f"psi of {name} alone, {n:>5} and {m:>6,} rows: {count.share:6.2%} fail (at most {most:.2%})",
                flush=True,
            )
        count = moved.result()
    least = FOUND - tolerance(FOUND, times)
    honest &= count.share >= least
    print(f"shift of 0.5 sd, 1,000 rows: {count.share:.2%} found (at least {least:.2%})")
    sys.exit(not honest)


if __name__ == "__main__":
    main()
