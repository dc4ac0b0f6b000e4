"""Who asks for metrics asks a model that has some."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from modelsync.language.load import Loaded

Spoil = Callable[..., list[str]]
METRICS = "    metrics: pipelines.report.evaluate.metrics\n"
OTHER = "models:\n  other: {artifact: pipelines.train.fit.model}\n"


def test_no_metrics_at_all(spoil: Spoil) -> None:
    found = spoil(METRICS, "")
    assert found == ["MS514 metrics.roc_auc", "MS514 metrics.a", "MS514 metrics.roc_auc"]


def test_one_model_of_two_is_enough_for_a_stage_but_not_for_a_rule_of_the_other(spoil: Spoil) -> None:
    rules = "    versioning: {rules: [{bump: minor, when: metrics.a > 1}]}\n"
    versioning = f"models:\n  other:\n    artifact: pipelines.train.fit.model\n{rules}"
    assert [each for each in spoil("models:\n", versioning) if each.startswith("MS514")] == ["MS514 metrics.a"]
    assert [each for each in spoil("models:\n", OTHER) if each.startswith("MS514")] == []


@pytest.mark.parametrize(
    "changes",
    [
        [METRICS, "    metrics: pipelines.report.evaluate.metrcs\n"],
        [METRICS, "    metrics: [a]\n"],
        [METRICS, "    metrcs: pipelines.report.evaluate.metrics\n"],
        [METRICS, "", "    artifact: pipelines.train.fit.model", "    artifact: zzz"],
    ],
)
def test_metrics_that_are_only_broken_are_told_there(spoil: Spoil, changes: list[str]) -> None:
    assert not [each for each in spoil(*changes) if each.startswith("MS514")]


def test_the_way_out(spoilt: Callable[..., Loaded]) -> None:
    found = spoilt(METRICS, "").diagnostics[0]
    assert found.message == "`metrics.roc_auc` has no value: model `churn` names no `metrics`"
    assert found.help == "add `metrics:` to the model, with an output of type metrics"
