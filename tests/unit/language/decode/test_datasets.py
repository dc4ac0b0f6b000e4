"""Datasets, their sources and contracts."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from modelsync.language.load import Loaded

Spoil = Callable[..., list[str]]


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        (["datasets:\n", "datasets:\n  odd: 3\n"], ["MS103 3"]),
        (["source: data/customers.csv", 'source: "s3://acme/churn.csv"'], ['MS110 "s3://acme/churn.csv"']),
        (["source: data/customers.csv", "source: data/"], ["MS110 data/"]),
        (["source: data/customers.csv", "source: data"], ["MS110 data"]),
        (["source: data/customers.csv", "source: data/*.csv"], ["MS110 data/*.csv"]),
        (["source: data/customers.csv", "source: data/a.xlsx"], ["MS110 data/a.xlsx"]),
        (["source: data/customers.csv", "source: {sql: select 1}"], ["MS110 {"]),
        (["source: data/customers.csv", "source: [a.csv]"], ["MS103 ["]),
        (["source: data/customers.csv", "source: ../customers.csv"], ["MS601 ../customers.csv"]),
        (["customer_id: {type: string, nullable: false, role: id}", "customer_id: string"], []),
        (["customer_id: {type: string, nullable: false, role: id}", "customer_id: text"], ["MS105 text"]),
        (["customer_id: {type: string, nullable: false, role: id}", "customer_id: 7"], ["MS103 7"]),
        (
            [
                "customer_id: {type: string, nullable: false, role: id}",
                "customer_id: {type: text, values: [1], min: 3}",
            ],
            ["MS105 text"],
        ),
        (["customer_id: {type: string, nullable: false, role: id}", "customer_id: {nullable: false}"], ["MS102 {"]),
        (
            ["customer_id: {type: string, nullable: false, role: id}", "customer_id: {type: string, min: 3}"],
            ["MS109 min"],
        ),
        (
            ["customer_id: {type: string, nullable: false, role: id}", "customer_id: {type: string, values: a}"],
            ["MS103 a"],
        ),
        (
            [
                "customer_id: {type: string, nullable: false, role: id}",
                "customer_id: {type: string, values: [1.10, b]}",
            ],
            [],
        ),
        (
            ["customer_id: {type: string, nullable: false, role: id}", "customer_id: {type: string, values: [true]}"],
            ["MS103 true"],
        ),
        (
            ["customer_id: {type: string, nullable: false, role: id}", "customer_id: {type: string, role: label}"],
            ["MS109 churned"],
        ),
        (
            ["customer_id: {type: string, nullable: false, role: id}", "customer_id: {type: string, positive: a}"],
            ["MS109 a"],
        ),
        (["min: 0, max: 4000", "min: 9, max: 4"], ["MS104 max"]),
        (["min: 0, max: 4000", "values: [1, 2.5, a, true]"], ["MS103 2.5", "MS103 a", "MS103 true"]),
        (["min: 0, max: 4000", 'values: ["${{ params.horizon }}"]'], []),
        (["min: 0, max: 4000", "values: [.inf]"], ["MS104 .inf"]),
        (["tenure_days: {type: int, min: 0, max: 4000}", "tenure_days: {type: float, values: [1, 2.5]}"], []),
        (["role: label, positive: true", "role: label, positive: yes"], ["MS103 yes"]),
        (
            [
                "plan: {type: category, values: [basic, plus, pro]}",
                "plan: {type: category, values: [a, b], role: label, positive: c}",
                "churned: {type: bool, role: label, positive: true}",
                "churned: bool",
            ],
            ["MS105 c"],
        ),
        (["key: [customer_id]", "key: [customer]"], ["MS503 customer"]),
        (["    contract:\n", "    contract: []\n    versioning_:\n"], ["MS103 [", "MS101 versioning_"]),
    ],
)
def test_the_good_spec_spoilt(spoil: Spoil, changes: list[str], found: list[str]) -> None:
    assert spoil(*changes) == found


def test_a_contract_is_kept_as_written(spoilt: Callable[..., Loaded]) -> None:
    spec = spoilt("customer_id: {type: string, nullable: false, role: id}", "customer_id: string").spec
    assert spec is not None
    contract = spec.datasets["customers"].contract
    assert contract is not None
    assert contract.key == ("customer_id",)
    assert list(contract.columns) == ["customer_id", "plan", "tenure_days", "churned"]
    assert contract.columns["customer_id"].nullable
    assert contract.columns["plan"].values == ("basic", "plus", "pro")
    assert contract.label is not None
    assert contract.label.positive is True


def test_a_contract_names_at_least_one_column(load_text: Callable[..., Loaded]) -> None:
    text = "modelsync: 1\nproject: x\ndatasets:\n  a: {source: data/customers.csv, contract: {columns: {}}}\n"
    assert [each.code for each in load_text(text).diagnostics] == ["MS104"]


def test_without_rules_the_default_rules_hold(load_text: Callable[..., Loaded]) -> None:
    spec = load_text("modelsync: 1\nproject: x\ndatasets:\n  a: {source: data/customers.csv}\n").spec
    assert spec is not None
    assert [(str(rule.bump), rule.when.text) for rule in spec.datasets["a"].rules] == [
        ("major", "contract.breaking"),
        ("minor", "contract.extended or rows.added"),
        ("patch", "content.changed"),
    ]
