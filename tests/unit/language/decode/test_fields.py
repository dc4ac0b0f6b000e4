"""The keys of a mapping: unknown, missing, not yet there, of the wrong shape."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from modelsync.language.load import Loaded

Spoil = Callable[..., list[str]]


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        (["engine: {", "inputs_:\nengine: {"], ["MS101 inputs_"]),
        (['with: {horizon: "${{ params.horizon }}"}', "with:"], ["MS207 horizon"]),
        (["    tags:", "    tag:"], ["MS101 tag"]),
        (
            ["    source: data/customers.csv", "    source: data/customers.csv\n    freshness: {max_age: 36h}"],
            ["MS110 freshness"],
        ),
        (["    source: data/customers.csv\n", ""], ["MS102 t"]),
        (["    tags: [training, v1]", "    tags: [training, training]"], ["MS109 training"]),
        (["    tags: [training, v1]", "    tags: training"], []),
        (["    tags: [training, v1]", "    tags: {a: b}"], ["MS103 {"]),
        (["gates: [data_quality]", "gates: [[data_quality]]"], ["MS103 ["]),
        (
            ["datasets:\n  customers:", "datasets:\n  all-customers:"],
            [
                "MS107 all-customers",
                "MS201 datasets.customers",
                "MS201 datasets.customers",
                "MS302 changed(datasets.customers)",
            ],
        ),
        (["checks:\n      - {metric: recall", "checks:\n        metric: {metric: recall"], ["MS103 m"]),
        (["slices: {by: [plan], min_rows: 20}", "slices: plan"], ["MS103 plan"]),
        (["engine: {runner: threads, concurrency: 2}", "engine:"], []),
        (["engine: {runner: threads, concurrency: 2}", "engine: {runner: ray}"], ["MS110 ray"]),
        (
            ["engine: {runner: threads, concurrency: 2}", "engine: {runner: threads, concurrency: 2}\nsecrets: {}"],
            ["MS110 secrets"],
        ),
    ],
)
def test_the_good_spec_spoilt(spoil: Spoil, changes: list[str], found: list[str]) -> None:
    assert spoil(*changes) == found


def test_an_unknown_key_names_the_nearest_and_all(spoilt: Callable[..., Loaded]) -> None:
    (found,) = spoilt("    tags:", "    tag:").diagnostics
    assert found.message == "unknown key `tag` in dataset `customers`"
    assert found.help == "did you mean `tags`?"
    assert found.notes == ("keys allowed here: contract, source, tags, versioning",)
    assert found.fix is not None
    assert found.fix.replacement == "tags"


def test_a_mend_that_would_write_a_key_twice_is_not_offered(spoilt: Callable[..., Loaded]) -> None:
    (found,) = spoilt("    tags:", "    sourc: x\n    tags:").diagnostics
    assert found.help == "did you mean `source`?"
    assert found.fix is None
