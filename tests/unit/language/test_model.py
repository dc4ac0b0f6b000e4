"""The spec as values."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from modelsync.language.load import Loaded
from modelsync.language.model import Ref, RefKind, Spec


@pytest.fixture
def spec(spoilt: Callable[..., Loaded]) -> Spec:
    found = spoilt().spec
    assert found is not None
    return found


def test_a_reference_is_said_in_full(spec: Spec) -> None:
    at = spec.datasets["customers"].at
    assert str(Ref(RefKind.DATASET, ("customers",), at)) == "datasets.customers"
    assert str(Ref(RefKind.OUTPUT, ("train", "split", "test"), at)) == "pipelines.train.split.test"
    assert str(Ref(RefKind.MODEL, ("churn",), at)) == "models.churn"


def test_two_references_to_one_thing_are_equal_wherever_they_stand(spec: Spec) -> None:
    here, there = spec.datasets["customers"].at, spec.models["churn"].at
    assert Ref(RefKind.MODEL, ("churn",), here) == Ref(RefKind.MODEL, ("churn",), there)


def test_the_step_behind_an_output(spec: Spec) -> None:
    assert spec.step(spec.models["churn"].artifact) is spec.pipelines["train"].steps["fit"]


def test_steps_of_all_pipelines_in_the_order_written(spec: Spec) -> None:
    assert [step.id for step in spec.steps] == ["train.split", "train.features", "train.fit", "report.evaluate"]
