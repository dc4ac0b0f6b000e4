"""What a reference names must be declared."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from modelsync.language.load import Loaded

Spoil = Callable[..., list[str]]


def test_a_reference_behind_an_alias_is_told_with_the_place_where_it_is_wrong(load_text: Callable[..., Loaded]) -> None:
    """In the first pipeline it is right."""
    text = """modelsync: 1
project: x
datasets: {d: {source: data/customers.csv}}
pipelines:
  a:
    steps:
      make: {run: flows/churn.py:fit, inputs: {train: datasets.d}, outputs: {table: table}}
      fit:
        run: flows/churn.py:fit
        inputs: &inputs {train: steps.make.table}
        outputs: {model: model}
  b:
    steps:
      fit:
        run: flows/churn.py:fit
        inputs: *inputs
        outputs: {model: model}
"""
    (found,) = load_text(text).diagnostics
    assert (found.code, found.at.line) == ("MS201", 10)
    assert [(each.at.line, each.message) for each in found.related][-1] == (16, "used here")


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        (["steps.split.test}", "steps.splt.test}"], ["MS201 steps.splt.test"]),
        (["steps.split.test}", "steps.split.tets}"], ["MS201 steps.split.tets"]),
        (["{data: datasets.customers}", "{data: datasets.custmers}"], ["MS201 datasets.custmers"]),
        (["model: pipelines.train.fit.model", "model: pipelines.trian.fit.model"], ["MS201 pipelines.trian.fit.model"]),
        (
            [
                "target: models.churn\n    data: pipelines.train.features.test\n    slices",
                "target: models.chrn\n    data: pipelines.train.features.test\n    slices",
            ],
            ["MS201 models.chrn"],
        ),
        (["after: [steps.split]", "after: [steps.splitt]"], ["MS201 steps.splitt"]),
        (["after: [steps.split]", "after: [split, zzz]"], ["MS201 zzz"]),
        (["after: [steps.split]", "after: split"], []),
    ],
)
def test_the_good_spec_spoilt(spoil: Spoil, changes: list[str], found: list[str]) -> None:
    assert spoil(*changes) == found
