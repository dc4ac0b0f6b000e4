"""Gates, stages, deployments and models named bare must exist."""

from __future__ import annotations

from collections.abc import Callable

import pytest

Spoil = Callable[..., list[str]]


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        (["gates: [data_quality]", "gates: [data_qualty]"], ["MS208 data_qualty"]),
        (["deploy: live", "deploy: dead"], ["MS208 dead"]),
        (["after: development", "after: developmnt"], ["MS208 developmnt"]),
        (["model: churn\n", "model: chrun\n"], ["MS208 chrun"]),
        (["model: churn\n", "model: models.churn\n"], []),
    ],
)
def test_the_good_spec_spoilt(spoil: Spoil, changes: list[str], found: list[str]) -> None:
    assert spoil(*changes) == found
