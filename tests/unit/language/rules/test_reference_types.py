"""What a reference names must be of the kind that is needed."""

from __future__ import annotations

from collections.abc import Callable

import pytest

Spoil = Callable[..., list[str]]


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        (
            ["artifact: pipelines.train.fit.model", "artifact: pipelines.train.split.train"],
            ["MS202 pipelines.train.split.train"],
        ),
        (["metrics: pipelines.report.evaluate.metrics", "metrics: datasets.customers"], ["MS202 datasets.customers"]),
        (["inputs: {data: datasets.customers}", "inputs: {data: models.churn}"], ["MS202 models.churn"]),
        (["target: datasets.customers", "target: models.churn"], ["MS202 models.churn"]),
        (
            ["target: datasets.customers\n    severity", "target: pipelines.train.fit.model\n    severity"],
            ["MS202 pipelines.train.fit.model"],
        ),
        (["data: pipelines.train.features.test\n    with", "data: models.churn\n    with"], ["MS202 models.churn"]),
        (
            ["reference: champion\n    no_reference: pass", "reference: pipelines.train.fit.model"],
            ["MS202 pipelines.train.fit.model"],
        ),
    ],
)
def test_the_good_spec_spoilt(spoil: Spoil, changes: list[str], found: list[str]) -> None:
    assert spoil(*changes) == found
