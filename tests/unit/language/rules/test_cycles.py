"""No step may need itself."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from modelsync.language.load import Loaded

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


def test_a_circle_of_many_steps_is_one_finding_and_no_recursion(load_text: Callable[..., Loaded]) -> None:
    step = (
        "      s{n}: {{run: flows/churn.py:fit, inputs: {{train: steps.s{next}.model}}, outputs: {{model: model}}}}\n"
    )
    steps = "".join(step.format(n=n, next=(n + 1) % 1_500) for n in range(1_500))
    loaded = load_text(f"modelsync: 1\nproject: x\npipelines:\n  p:\n    steps:\n{steps}")
    assert [each.code for each in loaded.diagnostics] == ["MS204"]


def test_a_circle_through_each_member(alter: Spoil) -> None:
    assert alter("inputs: {train: steps.split.train}", "inputs: {train: steps.best.model}") == ["MS204 fit"]
