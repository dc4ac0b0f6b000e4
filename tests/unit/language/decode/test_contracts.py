"""Contracts: columns, their types and limits, keys and labels."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from modelsync.core.contract import ColumnType, Role
from modelsync.language.load import Loaded

Spoil = Callable[..., list[str]]


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        (["customer_id: {type: string, nullable: false, role: id}", "customer_id: string"], []),
        (["customer_id: {type: string, nullable: false, role: id}", "customer_id: text"], ["MS105 text"]),
        (["customer_id: {type: string, nullable: false, role: id}", "customer_id: 7"], ["MS105 7"]),
        (["customer_id: {type: string, nullable: false, role: id}", "customer_id:"], ["MS102 customer_id"]),
        (["customer_id: {type: string, nullable: false, role: id}", "customer_id: [string]"], ["MS103 ["]),
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
            ["MS109 positive"],
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
    ],
)
def test_the_good_spec_spoilt(spoil: Spoil, changes: list[str], found: list[str]) -> None:
    assert spoil(*changes) == found


@pytest.mark.parametrize(
    ("column", "found"),
    [
        ("{type: string, values: [a, null]}", ["MS103 null"]),
        ("{type: string, values: [a, ~, 1.10, true]}", ["MS103 ~", "MS103 true"]),
        ("{type: category, values: [1, '1', a, a]}", ["MS109 a"]),
        ("{type: category, values: [1, true, '1', 'true']}", []),
        ("{type: category, values: [{a: b}, c]}", ["MS103 {"]),
        ("{type: category, values: []}", ["MS104 ["]),
        ("{type: category, values: null}", ["MS103 null"]),
        ("{type: int, values: [1, [2]]}", ["MS103 ["]),
        ("{type: bool, role: label, positive: null}", ["MS103 null"]),
        ("{type: bool, role: label, positive: [true]}", ["MS103 ["]),
        ("{type: bool, role: label, positive: 'true'}", ["MS103 'true'"]),
        ("{type: bool, role: lable, positive: true}", ["MS105 lable"]),
        ("{role: label}", ["MS102 {"]),
        ("{type: int, min: '5'}", ["MS103 '5'"]),
        ("{type: datetime, values: [2024-01-01]}", []),
    ],
)
def test_one_column(said: Spoil, column: str, found: list[str]) -> None:
    contract = f"    contract:\n      columns:\n        c: {column}\n"
    assert said(f"modelsync: 1\nproject: x\ndatasets:\n  d:\n    source: data/customers.csv\n{contract}") == found


@pytest.mark.parametrize(
    ("key", "found"),
    [
        ("customer_id", []),
        ("[customer_id, plan]", []),
        ("[customer, plann]", ["MS503 customer", "MS503 plann"]),
        ("[plan, plan]", ["MS109 plan"]),
        ("true", ["MS103 true"]),
        ('"${{ params.label }}"', ['MS111 "${{ params.label }}"']),
        ("{a: b}", ["MS103 {"]),
        ("null", ["MS103 null"]),
    ],
)
def test_the_key_names_columns(spoil: Spoil, key: str, found: list[str]) -> None:
    assert spoil("key: [customer_id]", f"key: {key}") == found


def test_a_key_of_broken_columns_is_no_further_fault(spoil: Spoil, good: str) -> None:
    columns = good[good.index("      columns:") : good.index("    versioning:")]
    assert spoil(columns, "      columns: [customer_id]\n") == ["MS103 ["]


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


def test_a_column_without_a_type_keeps_its_role(spoilt: Callable[..., Loaded]) -> None:
    subject = spoilt("churned: {type: bool, role: label", "churned: {role: label").subject
    assert subject is not None
    contract = subject.spec.datasets["customers"].contract
    assert contract is not None
    churned = contract.columns["churned"]
    assert (churned.type, churned.role) == (ColumnType.STRING, Role.LABEL)
