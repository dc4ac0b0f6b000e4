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


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        (["stratify: churned", "stratify: chruned"], ["MS503 chruned"]),
        (["stratify: churned", "stratify: made_elsewhere"], []),
        (
            [
                "target: pipelines.train.features.train",
                "target: pipelines.train.split.train",
                "[tenure_days]",
                "[tenure_dys]",
            ],
            ["MS503 tenure_dys"],
        ),
        (
            [
                "data: pipelines.train.features.test\n    slices: {by: [plan]",
                "data: pipelines.train.split.test\n    slices: {by: [plna]",
            ],
            ["MS503 plna"],
        ),
        (
            [
                "data: pipelines.train.features.test\n    slices: {by: [plan]",
                "data: pipelines.train.split.test\n    slices: {by: [region]",
            ],
            [],
        ),
        (["key: [customer_id]", "key: [customerid]"], ["MS503 customerid"]),
    ],
)
def test_a_split_has_the_columns_of_what_it_splits(spoil: Spoil, changes: list[str], found: list[str]) -> None:
    assert spoil(*changes) == found


def test_a_column_that_several_places_call_otherwise_is_told_in_the_contract(spoil: Spoil) -> None:
    """Its two uses agree, so the slip is where it is defined."""
    assert spoil(
        "churned: {type",
        "chruned: {type",
        "{column: tenure_days,",
        "{column: churned,",
    ) == ["MS503 chruned"]
