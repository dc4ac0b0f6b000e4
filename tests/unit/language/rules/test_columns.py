"""Columns must be in the contract of the dataset."""

from __future__ import annotations

from collections.abc import Callable

import pytest

Spoil = Callable[..., list[str]]


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        (["{column: tenure_days,", "{column: tenure_day,"], ["MS503 tenure_day"]),
        (
            [
                "expect_column_values_to_not_be_null: {column: tenure_days, mostly: 0.99}",
                "expect_column_pair_values_to_be_equal: {column_A: plan, column_B: plans}",
            ],
            ["MS503 plans"],
        ),
        (
            [
                "target: pipelines.train.features.train",
                "target: datasets.customers",
                "columns: [tenure_days]",
                "columns: [tenure_days, tenre]",
            ],
            ["MS503 tenre"],
        ),
        (["columns: [tenure_days]", "columns: [made_by_features]"], []),
        (["{column: tenure_days,", '{column: "${{ params.label }}",'], []),
    ],
)
def test_the_good_spec_spoilt(spoil: Spoil, changes: list[str], found: list[str]) -> None:
    assert spoil(*changes) == found
