"""References and code by their shape."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from modelsync.language.load import Loaded

Spoil = Callable[..., list[str]]


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        (["{data: datasets.customers}", "{data: customers}"], ["MS203 customers"]),
        (["{data: datasets.customers}", "{data: datasets.customers.x}"], ["MS203 datasets.customers.x"]),
        (["{data: datasets.customers}", "{data: datasets.}"], ["MS203 datasets."]),
        (["{data: datasets.customers}", "{data: 7}"], ["MS203 7"]),
        (["{data: datasets.customers}", "{data: [datasets.customers]}"], ["MS103 ["]),
        (["{data: datasets.customers}", "{data: datasets.customers@1.0.0}"], ["MS110 datasets.customers@1.0.0"]),
        (["{data: datasets.customers}", "{data: live.requests}"], ["MS110 live.requests"]),
        (["{data: datasets.customers}", "{data: steps.features}"], ["MS203 steps.features"]),
        (["artifact: pipelines.train.fit.model", "artifact: steps.fit.model"], ["MS203 steps.fit.model"]),
        (["artifact: pipelines.train.fit.model", "artifact: steps.fit.nothing"], ["MS203 steps.fit.nothing"]),
        (["run: flows/churn.py:fit", "run: flows/churn.py"], ["MS203 flows/churn.py"]),
        (["run: flows/churn.py:fit", "run: flows/churn.sh:fit"], ["MS203 flows/churn.sh:fit"]),
        (["run: flows/churn.py:fit", "run: flows/churn.py:fit()"], ["MS203 flows/churn.py:fit()"]),
        (["run: flows/churn.py:fit", "run: ../churn.py:fit"], ["MS601 ../churn.py:fit"]),
        (["run: flows/churn.py:fit", "run: [a]"], ["MS103 ["]),
        (["uses: builtin/split", "uses: flows/churn.py:fit"], ["MS203 flows/churn.py:fit"]),
        (["uses: builtin/split", "uses: split"], ["MS203 split"]),
        (["uses: builtin/split", "uses: builtin/select"], ["MS110 builtin/select"]),
        (["uses: builtin/split", "uses: {a: b}"], ["MS103 {"]),
    ],
)
def test_the_good_spec_spoilt(spoil: Spoil, changes: list[str], found: list[str]) -> None:
    assert spoil(*changes) == found


def test_a_name_alone_is_answered_with_the_path(spoilt: Callable[..., Loaded]) -> None:
    (found,) = spoilt("{data: datasets.customers}", "{data: customers}").diagnostics
    assert found.help == "did you mean `datasets.customers`?"
    assert found.fix is not None


def test_a_short_path_outside_its_pipeline_is_answered_with_the_long_one(spoilt: Callable[..., Loaded]) -> None:
    (found,) = spoilt("artifact: pipelines.train.fit.model", "artifact: steps.fit.model").diagnostics
    assert found.help == "did you mean `pipelines.train.fit.model`?"
    assert found.fix is not None


def test_code_is_resolved_below_the_root(spoilt: Callable[..., Loaded]) -> None:
    spec = spoilt().spec
    assert spec is not None
    code = spec.pipelines["train"].steps["fit"].code
    assert (code.file, code.name, code.text) == (spec.root / "flows/churn.py", "fit", "flows/churn.py:fit")
    split = spec.pipelines["train"].steps["split"].code
    assert (split.file, split.name, split.text) == (None, "split", "builtin/split")
