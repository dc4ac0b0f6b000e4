"""The checks beside the statistics: missing, infinite, new levels, constants."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from modelsync.core.verdict import Outcome
from modelsync.gates import moves
from modelsync.gates.measuring import Measured, measure
from modelsync.gates.pairs import Unfit, pair


def _found(reference: Any, current: Any, declared: str | None = None) -> Measured:
    both = pair(pd.Series(reference, name="x"), pd.Series(current, name="x"), declared)
    assert not isinstance(both, Unfit)
    return measure(both, frozenset({"psi"}))


@pytest.mark.parametrize(
    ("reference", "current", "expected"),
    [
        ([1.0, 2.0], [1.0, 2.0], ()),
        ([1.0, None, 3.0], [1.0, 2.0, 3.0], ("missing",)),
        ([1.0, 2.0], [np.inf, 2.0], ("infinite",)),
        ([1.0, 1.0], [1.0, 2.0], ("constant",)),
        (["a", "b"], ["a", "c"], ("new_levels",)),
        (["a", "a"], ["a", "c"], ("constant",)),
        (["a", "b"], ["a", "a"], ()),
    ],
)
def test_which_are_needed(reference: Any, current: Any, expected: tuple[str, ...]) -> None:
    found = _found(reference, current)
    assert moves.kinds(found) == expected
    assert [check.id for check in moves.checks(found, 0.05)] == [f"{kind}.x" for kind in expected]


def test_a_share_of_missing_values() -> None:
    (check,) = moves.checks(_found([None] * 10 + [1.0, 2.0] * 495, [None] * 100 + [1.0, 2.0] * 450), 0.05)
    assert check.outcome is Outcome.FAIL
    assert check.value == pytest.approx(0.09)
    assert check.note == "1.0% in the reference, 10.0% now"
    assert (check.n, check.n_reference, check.n_missing) == (1000, 1000, 100)


def test_a_threshold_is_never_below_chance() -> None:
    (check,) = moves.checks(_found([None] * 2 + [1.0, 2.0] * 29, [None] * 6 + [1.0, 2.0] * 27), 0.001)
    assert check.noise is not None
    assert check.threshold == check.noise > moves.MISSING_SHARE
    assert "raised to what so few rows show by chance" in check.note


def test_words() -> None:
    found = _found(["a", "b", "gone"] * 100, ["a", "b", "n1", "n2", "n3", "n4", "n5", "n6"] * 100)
    assert moves.new_levels(found) == "6 new levels (75.0%): n1, n2, n3, n4, n5, ..."
    assert moves.vanished_levels(found) == "1 level vanished: gone"
    assert moves.new_levels(_found([1.0, 2.0], [3.0, 4.0])) == ""
    assert moves.vanished_levels(_found(["a"], ["a"])) == ""


def test_a_constant() -> None:
    assert moves.constant(_found([3.0] * 100, [3.0] * 100), 0.01) is Outcome.PASS
    assert moves.constant(_found([3.0] * 100, [3.0] * 60 + [4.0] * 40), 0.01) is Outcome.FAIL
