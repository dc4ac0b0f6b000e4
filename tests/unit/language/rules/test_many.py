"""What a matrix makes is a list."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from modelsync.language.load import Loaded

Spoil = Callable[..., list[str]]


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        (
            ["artifact: pipelines.train.best.model", "artifact: pipelines.train.fit.model"],
            ["MS210 pipelines.train.fit.model"],
        ),
        (
            ["metrics: pipelines.train.best.metrics", "metrics: pipelines.train.evaluate.metrics"],
            ["MS210 pipelines.train.evaluate.metrics"],
        ),
        (["across: pipelines.train.evaluate", "across: pipelines.train.fit"], []),
        (["across: pipelines.train.evaluate", "across: pipelines.train.best"], ["MS210 pipelines.train.best"]),
        (["across: pipelines.train.evaluate", "across: steps.evaluate"], ["MS203 steps.evaluate"]),
        (
            ["across: pipelines.train.evaluate", "across: pipelines.train.evaluate.metrics"],
            ["MS202 pipelines.train.evaluate.metrics"],
        ),
        (["{model: pipelines.train.best.model, orders", "{model: pipelines.train.fit.model, orders"], []),
        (
            ["inputs: {data: datasets.customers}", "inputs: {data: steps.fit.model}"],
            ["MS204 split", "MS210 steps.fit.model"],
        ),
    ],
)
def test_the_whole_spec_altered(alter: Spoil, changes: list[str], found: list[str]) -> None:
    assert alter(*changes) == found


def test_how_many_there_are_is_said_when_it_is_known(altered: Callable[..., Loaded]) -> None:
    artifact = ["artifact: pipelines.train.best.model", "artifact: pipelines.train.fit.model"]
    (found,) = altered(*artifact).diagnostics
    assert found.message.endswith("is a list: the matrix of `fit` makes 3 of it")
    assert found.related[0].message == "`fit` is defined here"
    broken, found = altered(*artifact, "matrix: {seed: [7, 17, 27],", "matrix: {seed: 7,").diagnostics
    assert (broken.code, found.code) == ("MS103", "MS210")
    assert found.message.endswith("makes many of it")


def test_a_step_of_modelsync_takes_one_unless_it_follows(load_text: Callable[..., Loaded]) -> None:
    def codes(last: str) -> list[str]:
        text = f"""modelsync: 1
project: x
datasets: {{d: {{source: data/customers.csv}}}}
pipelines:
  p:
    steps:
      make: {{run: flows/churn.py:fit, matrix: {{seed: [1, 2]}}, inputs: {{train: datasets.d}}, outputs: {{t: table}}}}
      part: {{{last}, inputs: {{data: steps.make.t}}, outputs: {{train: table, test: table}}}}
"""
        return [each.code for each in load_text(text).diagnostics]

    assert codes("uses: builtin/split") == ["MS210"]
    assert codes("uses: builtin/split, each: make") == []
    assert codes("uses: builtin/split, matrix: {seed: [1, 2]}") == ["MS210"]
    assert codes("command: [a, '{inputs.data}', '{outputs.train}', '{outputs.test}']") == []
