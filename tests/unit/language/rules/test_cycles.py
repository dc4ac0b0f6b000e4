"""No step may need itself."""

from __future__ import annotations

from collections.abc import Callable

import pytest

Spoil = Callable[..., list[str]]


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        (["after: [steps.split]", "after: [fit]"], ["MS204 fit"]),
        (
            [
                "inputs: {train: steps.split.train, test: steps.split.test}",
                "inputs: {train: steps.split.train, test: pipelines.report.evaluate.metrics}",
            ],
            ["MS204 features"],
        ),
        (["inputs: {data: datasets.customers}", "inputs: {data: steps.features.train}"], ["MS204 split"]),
    ],
)
def test_the_good_spec_spoilt(spoil: Spoil, changes: list[str], found: list[str]) -> None:
    assert spoil(*changes) == found
