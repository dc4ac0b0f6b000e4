"""What a quality gate costs beside Great Expectations called directly, and what the other gates of a table cost.

    uv run python tests/benchmarks/quality.py [--rows 1000000] [--rounds 5]

Twenty expectations on a table of 21 columns: numbers, words and a time. Both sides get the same expectations and the
same result format in one warm process; the direct call gets only the columns that are named, prepared beforehand. With
an expectation of the table's column names added, it has to get all of them. CPU seconds are measured in turns, and the
least of the rounds stands.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import numpy as np
import pandas as pd

from modelsync.core.checks import Asked, Expectation, FreshnessCheck, MissingCheck, OutlierCheck
from modelsync.core.verdict import Outcome
from modelsync.gates import libraries
from modelsync.gates.judging import judge
from modelsync.gates.question import Question

ALLOWED = 1.1  # times the direct call
LEVELS = [2, 3, 5, 8, 12, 20, 50, 100, 500, 1000]
ASKED: tuple[Asked, ...] = (
    Expectation("expect_table_row_count_to_be_between", {"min_value": 1000}),
    Expectation("expect_column_to_exist", {"column": "n0"}),
    *(Expectation("expect_column_values_to_not_be_null", {"column": f"n{place}"}) for place in (0, 1)),
    Expectation("expect_column_values_to_not_be_null", {"column": "n3", "mostly": 0.9}),
    *(
        Expectation("expect_column_values_to_be_between", {"column": f"n{place}", "min_value": -10, "max_value": 10})
        for place in (0, 1, 2, 4)
    ),
    Expectation("expect_column_mean_to_be_between", {"column": "n0", "min_value": -1, "max_value": 1}),
    Expectation("expect_column_stdev_to_be_between", {"column": "n1", "min_value": 0.5, "max_value": 1.5}),
    Expectation("expect_column_max_to_be_between", {"column": "n2", "max_value": 10}),
    Expectation("expect_column_min_to_be_between", {"column": "n5", "min_value": 0}),
    *(
        Expectation(
            "expect_column_values_to_be_in_set",
            {"column": f"c{place}", "value_set": [f"level_{level}" for level in range(LEVELS[place])]},
        )
        for place in (0, 1, 2, 3)
    ),
    Expectation("expect_column_values_to_match_regex", {"column": "c4", "regex": "^level_"}),
    Expectation("expect_column_value_lengths_to_be_between", {"column": "c5", "min_value": 6, "max_value": 10}),
    Expectation("expect_column_unique_value_count_to_be_between", {"column": "c6", "min_value": 50, "max_value": 50}),
)
NAMES = Expectation("expect_table_column_count_to_equal", {"value": 21})
OTHERS: dict[str, tuple[str, Asked]] = {
    "missing, all columns": ("missing", MissingCheck(0.1)),
    "outliers by iqr, all number columns": ("outliers", OutlierCheck(0.2)),
    "outliers by zscore": ("outliers", OutlierCheck(0.2, None, "zscore")),
    "outliers by mad": ("outliers", OutlierCheck(0.2, None, "mad")),
    "freshness of one column": ("freshness", FreshnessCheck("at", 1e9)),
}


def main(rows: int, rounds: int) -> None:
    """Print both tables."""
    table = _table(rows)
    _judge("quality", table.head(100), *ASKED)  # no import is counted
    named = {entry.arguments["column"] for entry in _expectations(ASKED) if "column" in entry.arguments}
    projected = table[[name for name in table.columns if name in named]]
    works = {
        f"{len(ASKED)} expectations": (ASKED, projected),
        "and one of the column names": ((*ASKED, NAMES), table),
    }
    print(
        f"quality on {rows:,} x {table.shape[1]}: CPU s, least of {rounds}{'directly':>14}{'ModelSync':>12}{'ratio':>8}"
    )
    for what, (asked, given) in works.items():
        ours, direct = _least(
            rounds,
            lambda asked=asked: _judge("quality", table, *asked),  # type: ignore[misc]
            _directly(given, asked),
        )
        print(f"  {what:<48}{direct:12.2f}{ours:12.2f}{ours / direct:8.2f}  (at most {ALLOWED})")
        assert ours <= ALLOWED * direct, "slower than allowed"
    for name, (kind, check) in OTHERS.items():
        (seconds,) = _least(rounds, lambda kind=kind, check=check: _judge(kind, table, check))  # type: ignore[misc]
        print(f"  {name:<48}{'':12}{seconds:12.3f}")


def _table(rows: int) -> pd.DataFrame:
    random = np.random.default_rng(1)
    columns: dict[str, Any] = {}
    for place in range(10):
        columns[f"n{place}"] = random.normal(size=rows) if place < 5 else random.lognormal(size=rows)
    columns["n3"][random.random(rows) < 0.05] = np.nan
    for place, count in enumerate(LEVELS):
        words = np.array([f"level_{level}" for level in range(count)], dtype=object)
        columns[f"c{place}"] = pd.Series(words[random.integers(0, count, rows)], dtype="str")
    columns["at"] = pd.Timestamp("2026-01-01") + pd.to_timedelta(random.integers(0, 10**6, rows), unit="s")
    return pd.DataFrame(columns)


def _judge(kind: str, table: pd.DataFrame, *asked: Asked) -> None:
    now = datetime(2026, 3, 1, tzinfo=UTC)
    verdict = judge(Question("g", kind, table=table, checks=asked, now=now))
    assert len(table) < 1000 or verdict.outcome is Outcome.PASS, verdict.reason


def _expectations(asked: tuple[Asked, ...]) -> list[Expectation]:
    return [entry for entry in asked if isinstance(entry, Expectation)]


def _directly(table: pd.DataFrame, asked: tuple[Asked, ...]) -> Callable[[], None]:
    gx, registry = libraries.great_expectations()
    entries = _expectations(asked)

    def validate() -> None:
        context = gx.get_context(mode="ephemeral")
        context.variables.progress_bars = {"globally": False}
        asset = context.data_sources.add_pandas("d").add_dataframe_asset("a")
        batch = asset.add_batch_definition_whole_dataframe("b").get_batch({"dataframe": table})
        expectations = [registry.get_expectation_impl(entry.name)(**entry.arguments) for entry in entries]
        result = batch.validate(gx.ExpectationSuite(name="s", expectations=expectations), result_format="SUMMARY")
        assert result.success

    return validate


def _least(rounds: int, *works: Callable[[], None]) -> list[float]:
    """CPU seconds of each, measured in turns."""
    least = [float("inf")] * len(works)
    for _ in range(rounds):
        for place, work in enumerate(works):
            began = time.process_time()
            work()
            least[place] = min(least[place], time.process_time() - began)
    return least


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=5)
    given = parser.parse_args()
    main(given.rows, given.rounds)
