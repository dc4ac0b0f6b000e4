"""Models."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from modelsync.language.load import Loaded

Spoil = Callable[..., list[str]]


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        (["    artifact: pipelines.train.fit.model\n", ""], ["MS102 m"]),
        (["registry: mlflow", "registry: files"], ["MS105 files"]),
        (["start: 1.0.0", "start: 1.0"], ["MS105 1.0"]),
        (["start: 1.0.0", "start: '1'"], ["MS105 '1'"]),
        (["start: 1.0.0", "start: [1]"], ["MS103 ["]),
        (["    registry: mlflow", "    checkpoints: 3"], ["MS101 checkpoints"]),
        (["    registry: mlflow", "    description: Who leaves"], []),
        (
            ["    artifact: pipelines.train.fit.model", "    artifact: pipelines.train.features.train"],
            ["MS202 pipelines.train.features.train"],
        ),
        (["    artifact: pipelines.train.fit.model", "    artifact: datasets.customers"], ["MS202 datasets.customers"]),
        (
            ["    artifact: pipelines.train.fit.model", "    artifact: pipelines.train.fit"],
            ["MS203 pipelines.train.fit"],
        ),
        (["models:\n", "models:\n  odd: 3\n"], ["MS103 3"]),
    ],
)
def test_the_good_spec_spoilt(spoil: Spoil, changes: list[str], found: list[str]) -> None:
    assert spoil(*changes) == found


def test_a_model_as_decoded(spoilt: Callable[..., Loaded]) -> None:
    spec = spoilt("start: 1.0.0", "start: 1.10.0").spec
    assert spec is not None
    model = spec.models["churn"]
    assert str(model.start) == "1.10.0"
    assert str(model.artifact) == "pipelines.train.fit.model"
    assert str(model.metrics) == "pipelines.report.evaluate.metrics"
    assert len(model.rules) == 5
