"""Expectations must get their own arguments."""

from __future__ import annotations

from collections.abc import Callable

import pytest

Spoil = Callable[..., list[str]]


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        (["{column: tenure_days, mostly: 0.99}", "{column: tenure_days, mostli: 0.99}"], ["MS502 mostli"]),
        (["{column: tenure_days, mostly: 0.99}", "{colum: tenure_days}"], ["MS502 colum"]),
        (["{column: tenure_days, mostly: 0.99}", "{mostly: 0.99}"], ["MS502 expect_column_values_to_not_be_null"]),
        ([": {column: tenure_days, mostly: 0.99}", ""], ["MS502 expect_column_values_to_not_be_null"]),
    ],
)
def test_the_good_spec_spoilt(spoil: Spoil, changes: list[str], found: list[str]) -> None:
    assert spoil(*changes) == found
