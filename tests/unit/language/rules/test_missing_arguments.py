"""Every required parameter must be given."""

from __future__ import annotations

from collections.abc import Callable

import pytest

Spoil = Callable[..., list[str]]


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        (["inputs: {data: datasets.customers}", "inputs: {}"], ["MS402 builtin/split"]),
        (
            [
                '        with: {horizon: "${{ params.horizon }}"}\n',
                "",
                "inputs: {train: steps.split.train, test: steps.split.test}",
                "inputs: {train: steps.split.train}",
            ],
            ["MS402 flows/churn.py:features"],
        ),
        (["with: {floor: 0.55}", "with: {}"], ["MS402 flows/churn.py:floor"]),
        (["data: pipelines.train.features.test\n    with", "with"], ["MS402 flows/churn.py:floor"]),
        (["with: {floor: 0.55}", "with: {flor: 0.55}"], ["MS403 flor"]),
    ],
)
def test_the_good_spec_spoilt(spoil: Spoil, changes: list[str], found: list[str]) -> None:
    assert spoil(*changes) == found
