"""What is declared must be used; only a warning, and only when nothing is wrong."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from modelsync.core.diagnostics import Severity
from modelsync.language.load import Loaded

Spoil = Callable[..., list[str]]


def test_secrets_and_what_only_commands_or_monitors_name(alter: Spoil) -> None:
    assert alter() == []
    assert alter("token: secrets.service", "token: secrets.hook") == ["MS207 service"]
    assert alter('"{params.horizon}"', '"30"') == ["MS207 horizon"]
    assert alter("data: live.requests", "data: datasets.orders", ", orders: datasets.orders", "") == []
    assert alter(", orders: datasets.orders", "") == ["MS207 orders"]


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        (['with: {horizon: "${{ params.horizon }}"}', "with: {horizon: 7}"], ["MS207 horizon"]),
        (["datasets:\n", "datasets:\n  other: {source: data/customers.csv}\n"], ["MS207 other"]),
        (["datasets:\n", "datasets:\n  other: {source: data/nowhere.csv}\n"], ["MS205 data/nowhere.csv"]),
        (
            [
                "datasets:\n",
                "datasets:\n  other: {source: data/customers.csv}\n",
                "changed(datasets.customers)",
                "changed(datasets.other)",
            ],
            [],
        ),
    ],
)
def test_the_good_spec_spoilt(spoil: Spoil, changes: list[str], found: list[str]) -> None:
    assert spoil(*changes) == found


def test_a_warning_stops_nothing(spoilt: Callable[..., Loaded]) -> None:
    loaded = spoilt("datasets:\n", "datasets:\n  other: {source: data/customers.csv}\n")
    assert [found.severity for found in loaded.diagnostics] == [Severity.WARNING]
    assert loaded.spec is not None


def test_a_spec_that_only_keeps_data_reads_none_of_it(said: Callable[..., list[str]]) -> None:
    data = "modelsync: 1\nproject: x\ndatasets:\n  customers: {source: data/customers.csv}\n"
    assert said(data) == []
    assert said(data + "params:\n  seed: {type: int, default: 1}\n") == ["MS207 seed"]
    gate = "gates:\n  q: {kind: quality, target: datasets.o, checks: [expect_table_row_count_to_be_between]}\n"
    assert said(data + "  o: {source: data/customers.csv}\n" + gate) == ["MS207 customers"]
