"""Datasets and their sources."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from modelsync.language.load import Loaded
from modelsync.language.model import SourceKind

Spoil = Callable[..., list[str]]


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        (["datasets:\n", "datasets:\n  odd: 3\n"], ["MS103 3"]),
        (["source: data/customers.csv", 'source: "s3://acme/churn.csv"'], []),
        (["source: data/customers.csv", 'source: "ftp://acme/churn.csv"'], ['MS105 "ftp://acme/churn.csv"']),
        (["source: data/customers.csv", 'source: "https://me:pw@acme/x"'], ['MS602 "https://me:pw@acme/x"']),
        (["source: data/customers.csv", "source: data/"], []),
        (["source: data/customers.csv", "source: data"], []),
        (["source: data/customers.csv", "source: data/*.csv"], []),
        (["source: data/customers.csv", "source: data/*.parquet"], ["MS205 data/*.parquet"]),
        (["source: data/customers.csv", "source: data/a.xlsx"], ["MS205 data/a.xlsx"]),
        (["source: data/customers.csv", "source: {sql: select 1}"], ["MS102 {"]),
        (["source: data/customers.csv", "source: {sql: select 1, connection: secrets.x}"], ["MS208 secrets.x"]),
        (["source: data/customers.csv", "source: {sql: select 1, connection: 'a://b:c@d'}"], ["MS602 'a://b:c@d'"]),
        (["source: data/customers.csv", "source: [a.csv]"], ["MS103 ["]),
        (["source: data/customers.csv", "source: ../customers.csv"], ["MS601 ../customers.csv"]),
        (["    contract:\n", "    contract: []\n    versioning_:\n"], ["MS103 [", "MS101 versioning_"]),
    ],
)
def test_the_good_spec_spoilt(spoil: Spoil, changes: list[str], found: list[str]) -> None:
    assert spoil(*changes) == found


@pytest.mark.parametrize(
    ("source", "kind"),
    [
        ("data/customers.csv", SourceKind.FILE),
        ("data/customers", SourceKind.FOLDER),
        ("data/", SourceKind.FOLDER),
        ("data/*.csv", SourceKind.GLOB),
        ("data/part-?.csv", SourceKind.GLOB),
        ("data/[ab].csv", SourceKind.GLOB),
        ('"https://example.org/a.csv"', SourceKind.URL),
        ('"gs://bucket/a"', SourceKind.URL),
    ],
)
def test_the_kind_of_a_source(project: Path, altered: Callable[..., Loaded], source: str, kind: SourceKind) -> None:
    (project / "data/customers").mkdir()
    for name in ("part-1.csv", "a.csv"):
        (project / "data" / name).touch()
    spec = altered("source: data/customers.csv", f"source: {source}").spec
    assert spec is not None
    dataset = spec.datasets["customers"]
    assert dataset.kind is kind
    assert (dataset.path is None) == (kind is SourceKind.URL)


def test_a_query_has_its_connection_as_a_secret(altered: Callable[..., Loaded]) -> None:
    spec = altered().spec
    assert spec is not None
    orders = spec.datasets["orders"]
    assert (orders.kind, orders.source, str(orders.connection)) == (
        SourceKind.QUERY,
        "select * from orders",
        "secrets.base",
    )
    assert spec.datasets["customers"].max_age == 36 * 3600


def test_a_source_may_be_put_in(load_text: Callable[..., Loaded]) -> None:
    text = "modelsync: 1\nproject: x\nparams: {n: {type: string, default: customers}}\n"
    loaded = load_text(text + "datasets: {d: {source: 'data/${{ params.n }}.csv'}}\n", {"n": "custmers"})
    (found,) = loaded.diagnostics
    assert (found.code, found.help, found.fix) == ("MS205", "did you mean `data/customers.csv`?", None)


def test_without_rules_the_default_rules_hold(load_text: Callable[..., Loaded]) -> None:
    spec = load_text("modelsync: 1\nproject: x\ndatasets:\n  a: {source: data/customers.csv}\n").spec
    assert spec is not None
    assert [(str(rule.bump), rule.when.text) for rule in spec.datasets["a"].rules] == [
        ("major", "contract.breaking"),
        ("minor", "contract.extended or rows.added"),
        ("patch", "content.changed"),
    ]
