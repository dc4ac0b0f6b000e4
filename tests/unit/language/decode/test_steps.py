"""Steps."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from modelsync.language.load import Loaded
from modelsync.language.model import Resources

Spoil = Callable[..., list[str]]


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        (["pipelines:\n", "pipelines:\n  odd: 3\n"], ["MS103 3"]),
        (["        run: flows/churn.py:fit\n", ""], ["MS102 i"]),
        (["run: flows/churn.py:fit\n", "run: flows/churn.py:fit\n        uses: builtin/split\n"], ["MS109 uses"]),
        (["run: flows/churn.py:fit\n", "command: [python, a.py]\n"], ["MS215 [", "MS109 with"]),
        (["run: flows/churn.py:fit\n", "command: python a.py\n"], ["MS103 python a.py", "MS109 with"]),
        (["run: flows/churn.py:fit\n", "command: []\n"], ["MS104 [", "MS109 with"]),
        (["outputs: {model: model}", "outputs: {model: modle}"], ["MS105 modle"]),
        (["outputs: {metrics: metrics}", "outputs: {}"], ["MS201 pipelines.report.evaluate.metrics"]),
        (
            ["outputs: {model: model}", "outputs: {model-1: model}"],
            ["MS107 model-1"],
        ),
        (["seed: 7}\n        outputs: {model", "train: 7}\n        outputs: {model"], ["MS109 train"]),
        (["retries: {limit: 2, delay: 10s, backoff: 2, on: [error, timeout]}", "retries: 3"], []),
        (["retries: {limit: 2, delay: 10s, backoff: 2, on: [error, timeout]}", "retries: many"], ["MS103 many"]),
        (["retries: {limit: 2, delay: 10s, backoff: 2, on: [error, timeout]}", "retries: [1]"], ["MS103 ["]),
        (["retries: {limit: 2, delay: 10s, backoff: 2, on: [error, timeout]}", "retries: {delay: 1s}"], ["MS102 {"]),
        (["retries: {limit: 2, delay: 10s, backoff: 2, on: [error, timeout]}", "retries: {limit: 1, on: timeout}"], []),
        (
            ["retries: {limit: 2, delay: 10s, backoff: 2, on: [error, timeout]}", "retries: {limit: 1, on: []}"],
            ["MS104 ["],
        ),
        (
            ["retries: {limit: 2, delay: 10s, backoff: 2, on: [error, timeout]}", "retries: {limit: 1, on: [crash]}"],
            ["MS105 crash"],
        ),
        (
            ["retries: {limit: 2, delay: 10s, backoff: 2, on: [error, timeout]}", "retries: {limit: 1, on: {a: b}}"],
            ["MS103 {"],
        ),
        (
            ["retries: {limit: 2, delay: 10s, backoff: 2, on: [error, timeout]}", "retries: {limit: 1, delay: 10}"],
            ["MS106 10"],
        ),
        (["timeout: 1h30m", "timeout: 0s"], ["MS104 0s"]),
        (["timeout: 1h30m", "timeout: 1h30m\n        isolate: thread"], ["MS109 thread"]),
        (["timeout: 1h30m", "timeout: 1h30m\n        isolate: process"], []),
        (["timeout: 1h30m", "resources: {memory: 1GiB}\n        isolate: thread"], ["MS109 thread"]),
        (["timeout: 1h30m", "resources: {cpu: 0}"], ["MS104 0"]),
        (["timeout: 1h30m", "resources: {cpu: many, gpu: 1.5}"], ["MS103 many", "MS103 1.5"]),
        (["timeout: 1h30m", "resources: 2GiB"], ["MS103 2GiB"]),
        (["timeout: 1h30m", "resources:"], []),
        (["timeout: 1h30m", "env: [A=b]"], ["MS103 ["]),
        (["timeout: 1h30m", "env: {A-B: c}"], ["MS107 A-B"]),
        (
            ["timeout: 1h30m", "matrix: {seed: [1]}\n        each: split"],
            ["MS109 each", "MS210 pipelines.train.fit.model"],
        ),
        (["isolate: process", "isolate: container"], ["MS105 container"]),
        (["after: [steps.split]", "after: [steps.split, split]"], []),
        (["after: [steps.split]", "after: pipelines.train.split"], []),
        (["after: [steps.split]", "after: [steps.split, steps.split]"], ["MS109 steps.split"]),
        (["after: [steps.split]", "after: pipelines.report.evaluate"], ["MS201 pipelines.report.evaluate"]),
        (["after: [steps.split]", "after: steps.split.train"], ["MS201 steps.split.train"]),
        (["after: [steps.split]", "after: {split: 1}"], ["MS103 {"]),
        (["  report:\n    steps:\n", "  report:\n    stages: {}\n    steps:\n"], ["MS101 stages"]),
        (
            ["  report:\n    steps:\n      evaluate:", "  report:\n    steps:\n      other: 3\n      evaluate:"],
            ["MS103 3"],
        ),
    ],
)
def test_the_good_spec_spoilt(spoil: Spoil, changes: list[str], found: list[str]) -> None:
    assert spoil(*changes) == found


def test_a_step_as_decoded(spoilt: Callable[..., Loaded]) -> None:
    spec = spoilt().spec
    assert spec is not None
    fit = spec.pipelines["train"].steps["fit"]
    assert fit.id == "train.fit"
    assert fit.after == ("split",)
    assert (fit.retries.limit, fit.retries.delay, fit.retries.backoff) == (2, 10.0, 2.0)
    assert fit.retries.on == ("error", "timeout")
    assert (fit.timeout, fit.isolate) == (5400.0, "process")  # a timeout is only real in a process
    assert spec.pipelines["train"].steps["split"].isolate == "thread"
    assert fit.arguments == {"learner": "gbm", "seed": 7}
    assert fit.inputs_at["train"].line == fit.inputs["train"].at.line


def test_a_number_of_retries_alone_is_the_limit(spoilt: Callable[..., Loaded]) -> None:
    spec = spoilt("retries: {limit: 2, delay: 10s, backoff: 2, on: [error, timeout]}", "retries: 3").spec
    assert spec is not None
    retries = spec.pipelines["train"].steps["fit"].retries
    assert (retries.limit, retries.delay, retries.on) == (3, 0.0, ("error", "timeout"))


def test_every_key_as_decoded(altered: Callable[..., Loaded]) -> None:
    spec = altered().spec
    assert spec is not None
    fit, page = spec.pipelines["train"].steps["fit"], spec.pipelines["report"].steps["page"]
    assert fit.resources == Resources(1.5, 2 * 1024**3, 1)
    assert (fit.retries.limit, fit.timeout, fit.isolate) == (2, 2400.0, "process")
    assert {name: str(value) for name, value in fit.members[0].env.items()} == {
        "HOOK": "secrets.hook",
        "MODE": "fast",
        "SEED": "7",
        "EMPTY": "",
    }
    assert page.command[:2] == ("python", "report.py")
    assert (page.code.file, page.code.text, page.env, page.members) == (None, "command", {}, ())
    assert spec.pipelines["train"].steps["evaluate"].each == "fit"


def test_a_memory_limit_needs_a_process(altered: Callable[..., Loaded]) -> None:
    spec = altered("        timeout: 40m\n", "").spec
    assert spec is not None
    assert spec.pipelines["train"].steps["fit"].isolate == "process"
    spec = altered("        timeout: 40m\n", "", "cpu: 1.5, memory: 2GiB, gpu: 1", "cpu: 1.5").spec
    assert spec is not None
    assert spec.pipelines["train"].steps["fit"].isolate == "thread"


def test_a_step_that_could_not_be_decoded_is_still_declared(spoil: Spoil) -> None:
    """Whoever refers to its outputs makes no fault of his own."""
    assert spoil("        run: flows/churn.py:fit\n", "        run: [fit]\n") == ["MS103 ["]
