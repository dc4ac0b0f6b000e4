"""How often equally good models are called better: 2,000 repetitions of each method, beside what a real gain shows.

    python tests/benchmarks/honesty_champion.py [repetitions]

Two columns see one hidden truth through equal noise, so neither model is better. A gate that asks for `superior` at a
two-sided 95 % interval may call the candidate better in 2.5 % of the repetitions; the bound that is checked lies three
binomial standard errors above. `found` is the share of repetitions in which a candidate with less noise is called
better. Everything goes through the public `judge`.
"""

from __future__ import annotations

import sys
import time
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from sklearn.naive_bayes import GaussianNB

from modelsync.core.checks import ChampionCheck, Label
from modelsync.core.verdict import Outcome
from modelsync.gates.judging import judge
from modelsync.gates.question import Question

RATE = 0.025  # one side of a two-sided 95 % interval
GAIN = 0.4  # the candidate's noise is so much less where it is truly better


@dataclass(frozen=True)
class Case:
    """One method on tables of so many rows; trained anew every time where there are folds."""

    metric: str
    method: str
    rows: int
    folds: int = 0


CASES = [
    *(Case(metric, method, rows) for rows in (200, 1000) for metric, method in (
        ("roc_auc", "delong"),
        ("accuracy", "mcnemar"),
        ("f1", "paired_bootstrap"),
        ("log_loss", "paired_bootstrap"),
    )),
    Case("log_loss", "corrected_resampled_t", 300, 5),
    Case("roc_auc", "corrected_resampled_t", 300, 5),
]  # fmt: skip


class Scores:
    """A model whose scores are simply a column of the table."""

    classes_ = (0, 1)

    def __init__(self, column: str) -> None:
        self.feature_names_in_ = [column]

    def predict_proba(self, inputs: pd.DataFrame) -> Any:
        positive = 1 / (1 + np.exp(-inputs.to_numpy()[:, 0]))
        return np.column_stack([1 - positive, positive])

    def predict(self, inputs: pd.DataFrame) -> Any:
        return (inputs.to_numpy()[:, 0] > 0).astype(int)


def drawn(generator: np.random.Generator, rows: int, gain: float) -> pd.DataFrame:
    """One table: the truth, what the candidate sees of it and what the champion sees."""
    hidden = generator.normal(size=rows)
    y = (hidden + generator.normal(size=rows) > 0.5).astype(int)
    a, b = (hidden + generator.normal(size=rows) * noise - 0.5 for noise in (1 - gain, 1.0))
    return pd.DataFrame({"y": y, "a": a, "b": b})


def shares(case: Case, repetitions: int, gain: float) -> tuple[float, float]:
    """How often the candidate is called better, and how often worse."""
    generator = np.random.default_rng([case.rows, case.folds, repetitions, int(gain * 100)])
    better = worse = 0
    for repetition in range(repetitions):
        table = drawn(generator, case.rows, gain)
        models: list[Any] = [Scores("a"), Scores("b")]
        if case.folds:
            models = [GaussianNB().fit(table[[name]], table["y"]) for name in ("a", "b")]
        verdict = judge(
            Question(
                "honesty",
                "champion",
                table=table,
                model=models[0],
                champion=models[1],
                label=Label("y", 1),
                checks=(ChampionCheck(case.metric, "superior", method=case.method, folds=case.folds),),
                seed=repetition,
            )
        )
        assert verdict.outcome is not Outcome.ERROR, verdict.reason
        better += verdict.outcome is Outcome.PASS
        worse += verdict.outcome is Outcome.FAIL
    return better / repetitions, worse / repetitions


def main(repetitions: int) -> int:
    """Print the table; 1 when any method calls equal models better too often."""
    allowed = RATE + 3 * (RATE * (1 - RATE) / repetitions) ** 0.5
    print(f"{repetitions} repetitions, stated {RATE:.1%}, allowed {allowed:.2%}\n")
    print(f"{'method':22} {'metric':10} {'rows':>5} {'better':>8} {'worse':>8} {'found':>8} {'s':>6}")
    dishonest = 0
    for case in CASES:
        started = time.perf_counter()
        better, worse = shares(case, repetitions, 0.0)
        found, _ = shares(case, max(100, repetitions // 10), GAIN)
        dishonest += better > allowed or worse > allowed
        seconds = time.perf_counter() - started
        print(
            f"{case.method:22} {case.metric:10} {case.rows:5} {better:8.2%} {worse:8.2%} {found:8.1%} {seconds:6.0f}",
            flush=True,
        )
    return int(dishonest > 0)


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 2000))
