"""A gate on a model needs rows and a label."""

from __future__ import annotations

from collections.abc import Callable

import pytest

Spoil = Callable[..., list[str]]


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        (["    data: pipelines.train.features.test\n    slices", "    slices"], ["MS507 fair"]),
        (
            [", role: label, positive: true}", "}"],
            ["MS507 pipelines.train.features.test", "MS507 pipelines.train.features.test"],
        ),
        (["type: bool, role: label", "type: bol, role: label"], ["MS105 bol"]),
        (["role: label", 'role: "${{ params.no }}"'], ["MS206 params.no"]),
        (
            ["    data: pipelines.train.features.test\n    no_ref", "    data: steps.x.y\n    no_ref"],
            ["MS203 steps.x.y"],
        ),
    ],
)
def test_the_good_spec_spoilt(spoil: Spoil, changes: list[str], found: list[str]) -> None:
    assert spoil(*changes) == found
