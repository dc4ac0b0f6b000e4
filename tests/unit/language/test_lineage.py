"""What descends from what, also in a spec that is not whole."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from modelsync.language import lineage
from modelsync.language.load import Loaded
from modelsync.language.model import Ref, RefKind, Spec, Stage


@pytest.fixture
def spec(spoilt: Callable[..., Loaded]) -> Spec:
    found = spoilt().spec
    assert found is not None
    return found


def test_datasets_above(spec: Spec) -> None:
    assert lineage.datasets_above(spec, spec.models["churn"].artifact) == ("customers",)
    assert lineage.datasets_above(spec, spec.gates["fair"].target) == ("customers",)
    assert lineage.datasets_above(spec, spec.gates["data_quality"].target) == ("customers",)


def test_the_label_comes_from_the_dataset_above(spec: Spec) -> None:
    label = lineage.label_of(spec, spec.gates["fair"].target)
    assert label is not None
    assert label.name == "churned"
    bare = {name: replace(each, contract=None) for name, each in spec.datasets.items()}
    assert lineage.label_of(replace(spec, datasets=bare), spec.gates["fair"].target) is None


def test_what_is_not_there_has_nothing_above(spec: Spec) -> None:
    at = spec.models["churn"].at
    for kind, path in (
        (RefKind.MODEL, ("x",)),
        (RefKind.OUTPUT, ("x", "y", "z")),
        (RefKind.OUTPUT, ("train", "y", "z")),
    ):
        assert lineage.step_of(spec, Ref(kind, path, at)) is None
        assert lineage.datasets_above(spec, Ref(kind, path, at)) == ()
    assert lineage.step_of(spec, Ref(RefKind.DATASET, ("customers",), at)) is None
    circle = replace(spec.models["churn"], artifact=Ref(RefKind.MODEL, ("churn",), at))
    assert lineage.step_of(replace(spec, models={"churn": circle}), Ref(RefKind.MODEL, ("churn",), at)) is None


def test_champions(spec: Spec) -> None:
    gates = spec.gates
    assert lineage.champion_of(spec, gates["input_drift"]) == "churn"
    assert lineage.champion_of(spec, gates["beats_champion"]) == "churn"
    assert lineage.champion_of(spec, gates["fair"]) is None
    assert lineage.champions(spec, gates["data_quality"]) == ("churn",)


def test_promotion_is_the_order_of_after(spec: Spec) -> None:
    assert list(spec.stages) == ["development", "staging", "production"]


def test_stages_that_are_no_chain_stay_as_written(spec: Spec) -> None:
    at = spec.models["churn"].at
    loose = [Stage(name, after, (), None, None, at) for name, after in (("a", "b"), ("b", "a"), ("c", None))]
    assert [stage.name for stage in lineage.promotion(loose)] == ["a", "b", "c"]
    assert lineage.promotion([]) == ()
