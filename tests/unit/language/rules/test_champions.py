"""It must be clear whose champion is meant."""

from __future__ import annotations

from collections.abc import Callable

import pytest

Spoil = Callable[..., list[str]]


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        (["models:\n", "models:\n  other: {artifact: pipelines.train.fit.model}\n"], ["MS508 champion"]),
        (["target: pipelines.train.features.train", "target: datasets.customers"], []),
        (
            ["    target: pipelines.train.features.train\n", "    target: pipelines.report.evaluate.metrics\n"],
            ["MS202 pipelines.report.evaluate.metrics", "MS508 champion"],
        ),
        (["  churn:\n    artifact: pipelines.train.fit.model", "  churn:\n    artifact: zzz"], ["MS203 zzz"]),
    ],
)
def test_the_good_spec_spoilt(spoil: Spoil, changes: list[str], found: list[str]) -> None:
    assert spoil(*changes) == found


def test_a_model_whose_artifact_does_not_exist_may_be_the_one(spoil: Spoil) -> None:
    assert spoil("artifact: pipelines.train.fit.model", "artifact: pipelines.trani.fit.model") == [
        "MS201 pipelines.trani.fit.model"
    ]
