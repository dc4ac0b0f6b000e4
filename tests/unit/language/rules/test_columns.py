"""Columns must be in the contract of the dataset."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from modelsync.language.load import Loaded

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


GATES = """\
  one: {%s, checks: [%s]}
models:
"""
ON_ROWS = "target: datasets.customers"
ON_SPLIT = "target: models.churn, data: pipelines.train.split.test, label: tenure_days"
LISTED = "gates: [input_drift, beats_champion, fair"


@pytest.mark.parametrize(
    ("gate", "check", "found"),
    [
        (f"kind: missing, {ON_ROWS}", "{columns: [plan, pan], max_share: 0}", ["MS503 pan"]),
        (f"kind: missing, {ON_ROWS}", "{columns: all, max_share: 0}", []),
        (f"kind: outliers, {ON_ROWS}", "{columns: income, max_share: 0}", ["MS503 income"]),
        (f"kind: outliers, {ON_ROWS}", "{columns: [tenure_days], max_share: 0}", []),
        (f"kind: outliers, {ON_ROWS}", "{columns: [tenure_days, plan], max_share: 0}", ["MS503 plan"]),
        (f"kind: outliers, {ON_ROWS}", "{max_share: 0}", []),
        (f"kind: freshness, {ON_ROWS}", "{column: seen, max_age: 1d}", ["MS503 seen"]),
        (f"kind: freshness, {ON_ROWS}", "{column: tenure_days, max_age: 1d}", ["MS503 tenure_days"]),
        ("kind: freshness, target: pipelines.train.split.test", "{column: plan, max_age: 1d}", ["MS503 plan"]),
        ("kind: freshness, target: pipelines.train.features.test", "{column: plan, max_age: 1d}", []),
        (f"kind: stability, {ON_SPLIT}", "{metric: recall, folds: 5, group: plna, max_std: 1}", ["MS503 plna"]),
        (f"kind: stability, {ON_SPLIT}", "{metric: recall, folds: 5, group: region, max_std: 1}", []),
        (f"kind: residuals, {ON_SPLIT}", "{test: bias, max: 1, by: plna}", ["MS503 plna"]),
        (f"kind: residuals, {ON_SPLIT}", "{test: autocorrelation, max: 3, order_by: tenure_dys}", ["MS503 tenure_dys"]),
        (
            "kind: target_drift, target: datasets.customers, reference: datasets.customers, label: churnd",
            "{test: psi, max: 1}",
            ["MS503 churnd"],
        ),
        (
            "kind: performance, target: models.churn, data: pipelines.train.split.test, slices: {by: plna}",
            "{metric: recall, min: 0}",
            ["MS503 plna"],
        ),
    ],
)
def test_each_kind_of_gate_names_columns(spoil: Spoil, gate: str, check: str, found: list[str]) -> None:
    more = [LISTED, f"{LISTED}, one"] if "models.churn" in gate else []
    assert spoil("models:\n", GATES % (gate, check), *more) == found


def test_a_column_of_another_type_is_answered_with_those_that_fit(spoilt: Callable[..., Loaded]) -> None:
    gate = GATES % (f"kind: outliers, {ON_ROWS}", "{columns: [plan], max_share: 0}")
    (told,) = spoilt("models:\n", gate).diagnostics
    assert (
        told.message
        == "column `plan` is of type category in the contract of `customers`, and only numbers have outliers"
    )
    assert told.help == "there are: `tenure_days`"
    gate = GATES % (f"kind: freshness, {ON_ROWS}", "{column: plan, max_age: 1d}")
    (told,) = spoilt("models:\n", gate).diagnostics
    assert told.help == "if it is one, write `type: datetime` in the contract"
