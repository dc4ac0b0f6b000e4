"""A column of two tables becomes a pair of numbers or of levels, or says why not."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from modelsync.gates.pairs import CategoryPair, NumberPair, Unfit, pair


def _pair(reference: Any, current: Any, declared: str | None = None) -> Any:
    return pair(pd.Series(reference, name="c"), pd.Series(current, name="c"), declared)


def test_numbers_leave_out_what_no_statistic_can_use() -> None:
    found = _pair([3.0, 1.0, np.nan, 2.0], pd.array([5, None, 4], dtype="Int64"))
    assert isinstance(found, NumberPair)
    assert np.asarray(found.reference).tolist() == [1, 2, 3]
    assert found.current.tolist() == [4, 5]
    assert (found.rows, found.n, found.n_missing) == (3, 2, 1)
    assert (found.rows_reference, found.n_reference, found.n_missing_reference) == (4, 3, 1)
    assert found.constant is None
    assert found.spread == pytest.approx(np.std([1, 2, 3]))


def test_infinities_are_counted_apart() -> None:
    found = _pair([1.0, np.inf], [-np.inf, np.nan])
    assert (found.n_infinite_reference, found.n_infinite, found.n_missing) == (1, 1, 1)
    assert (found.n, found.n_reference) == (0, 1)


def test_a_constant() -> None:
    assert _pair([2.0, 2.0], [1.0]).constant == 2.0
    assert _pair([2.0, 2.0], [1.0]).spread == 0.0
    assert _pair([np.nan], [1.0]).constant is None
    assert _pair(["a", "a"], ["b"]).constant == "a"


def test_levels_are_text_and_each_new_one_counts() -> None:
    found = _pair(["a", "b", "b"], ["b", "x", "y", "y", None])
    assert isinstance(found, CategoryPair)
    assert found.new_levels == ("y", "x")
    assert found.n_new == 3
    before, now = found.counts
    assert before.tolist() == [1, 2, 0, 0]
    assert now.tolist() == [0, 1, 1, 2]
    assert found.n_missing == 1
    assert (found.n_new_levels, found.n_vanished_levels, found.vanished_levels) == (2, 1, ("a",))


@pytest.mark.parametrize(
    ("reference", "current", "declared"),
    [
        ([True, False], ["true", "false"], "bool"),
        ([1.0, 2.0], ["1", "2"], "category"),
        (pd.Categorical(["1", "2", "2"], categories=["1", "2", "3"]), [1, 2], "category"),
    ],
)
def test_the_same_level_in_another_dress(reference: Any, current: Any, declared: str) -> None:
    found = _pair(reference, current, declared)
    assert isinstance(found, CategoryPair)
    assert found.new_levels == ()


@pytest.mark.parametrize(
    ("reference", "current", "declared", "kind"),
    [
        ([1, 2], [1, 2], None, NumberPair),
        ([1, 2], [1, 2], "category", CategoryPair),
        ([True], [False], None, CategoryPair),
        (["a"], ["b"], None, CategoryPair),
        ([1.5], pd.Series([None], dtype=object), None, NumberPair),
    ],
)
def test_the_kind_is_declared_or_that_of_the_data(
    reference: Any, current: Any, declared: str | None, kind: type
) -> None:
    assert isinstance(_pair(reference, current, declared), kind)


@pytest.mark.parametrize(
    ("reference", "current", "declared", "said", "broken"),
    [
        ([1, 2], ["a", "b"], None, "numbers in the reference, categories now", True),
        (["a"], ["b"], "int", "the contract says int", True),
        (pd.to_datetime(["2026-01-01"]), pd.to_datetime(["2026-01-01"]), None, "a time", False),
        ([1], [2], "datetime", "a time", False),
    ],
)
def test_what_is_no_pair(reference: Any, current: Any, declared: str | None, said: str, broken: bool) -> None:
    found = _pair(reference, current, declared)
    assert isinstance(found, Unfit)
    assert found.why.startswith(said)
    assert found.broken is broken


def test_free_text() -> None:
    ids = [f"customer {number}" for number in range(100)]
    assert "free text or an id" in _pair(ids, ids).free_text
    assert "free text or an id" in _pair(ids, ids, "string").free_text
    assert not _pair(ids, ids, "category").free_text
    assert not _pair(ids[:10], ids[:10]).free_text
    assert not _pair(["a", "b"] * 50, ids).free_text


def test_bins_that_are_empty_on_both_sides_are_left_out() -> None:
    before, now = _pair([1.0, 2.0, 2.0], [1.0, 1.0, 3.0]).counts
    assert before.tolist() == [1, 2, 0]
    assert now.tolist() == [2, 0, 1]


@pytest.mark.parametrize("dtype", ["str", "object", "category", "string"])
def test_text_of_any_type_is_counted_alike(dtype: str) -> None:
    values = pd.Series(["b", "a", None, "b"], dtype=pd.api.types.pandas_dtype(dtype))
    found = pair(values.rename("c"), values.rename("c"))
    assert isinstance(found, CategoryPair)
    levels = dict(zip(found.reference.levels.to_pylist(), found.reference.counts.tolist(), strict=True))
    assert (levels, found.n_missing) == ({"a": 1, "b": 2}, 1)


def test_rows_that_differ_from_a_constant() -> None:
    assert _pair([2.0, 2.0], [1.0, 2.0, 3.0]).n_other == 2
    assert _pair(["a", "a"], ["a", "b"]).n_other == 1
