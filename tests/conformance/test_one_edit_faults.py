"""One slip anywhere in a good spec is told once, at its place, with the word that was meant: a short form of the bench.

`tests/benchmarks/mutations.py` has thousands of cases, all kinds in a table, and shows each failure.
"""

from __future__ import annotations

import runpy
import sys
from pathlib import Path
from typing import Any

import pytest

_PATH = sys.path[:]
BENCH = runpy.run_path(str(Path(__file__).parents[1] / "benchmarks" / "mutations.py"), run_name="mutations")
sys.path[:] = _PATH  # the bench finds its own modules by the root of the repository; the tests do without
CASES = 150
SEED = 11


@pytest.fixture(scope="module")
def cases() -> list[Any]:
    """Some cases of every kind."""
    world = BENCH["known"]()
    return list(BENCH["run"](BENCH["opened"](BENCH["good_specs"](), world), world, BENCH["MAKERS"], CASES, SEED))


@pytest.fixture(scope="module")
def rates(cases: list[Any]) -> Any:
    """Their rates over all kinds."""
    return BENCH["rates"](cases)


def test_there_are_cases_of_every_kind_and_most_make_the_spec_wrong(cases: list[Any], rates: Any) -> None:
    assert {case.fault.kind for case in cases} == set(BENCH["MAKERS"])
    assert rates.cases >= CASES - len(BENCH["MAKERS"])
    assert rates.still_good < rates.cases / 8


def test_every_fault_is_told_and_none_with_a_traceback(cases: list[Any], rates: Any) -> None:
    silent = [case.fault for case in cases if not case.still_good and not case.found]
    assert silent == []
    assert rates.tracebacks == 0


def test_faults_are_told_in_their_line_and_column(rates: Any) -> None:
    assert rates.line >= 99
    assert rates.place >= 99


def test_the_first_suggestion_is_the_word_that_was_meant(rates: Any) -> None:
    assert rates.meant >= 95


def test_one_fault_is_told_once(rates: Any) -> None:
    assert rates.cascades <= 2
