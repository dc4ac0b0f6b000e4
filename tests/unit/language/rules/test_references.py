"""What a reference names must be declared."""

from __future__ import annotations

from collections.abc import Callable

import pytest

Spoil = Callable[..., list[str]]


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
