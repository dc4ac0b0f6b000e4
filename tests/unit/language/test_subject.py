"""What rules see of a spec."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from modelsync.language.decode.spec import decode
from modelsync.language.known import Known
from modelsync.language.nodes import Mapping
from modelsync.language.read import read
from modelsync.language.source import Source
from modelsync.language.subject import Subject


@pytest.fixture
def subject(project: Path, good: str, known: Known) -> Callable[[str, str], Subject]:
    def seeing(old: str, new: str) -> Subject:
        source = Source(project / "modelsync.yaml", good.replace(old, new))
        root = read(source).root
        assert isinstance(root, Mapping)
        spec, context = decode(source, root, {})
        assert spec is not None
        return Subject(spec, known, context)

    return seeing


def test_every_reference_is_seen_with_what_it_is_for(subject: Callable[[str, str], Subject]) -> None:
    uses = {use.what: str(use.ref) for use in subject("", "").uses()}
    assert uses["input `train` of step `fit`"] == "pipelines.train.features.train"
    assert uses["`target` of quality gate `data_quality`"] == "datasets.customers"
    assert uses["`data` of gate `fair`"] == "pipelines.train.features.test"
    assert uses["`artifact` of model `churn`"] == "pipelines.train.fit.model"
    assert uses["`metrics` of model `churn`"] == "pipelines.report.evaluate.metrics"
    assert len(uses) == 17 - 1


def test_a_custom_gate_offers_what_it_has(subject: Callable[[str, str], Subject]) -> None:
    def offered(old: str, new: str) -> frozenset[str]:
        return next(call.offered for call in subject(old, new).calls() if call.what == "gate `floor`")

    from_contract = {"label", "positive"}
    assert offered("", "") == {"model", "data"} | from_contract
    champion = "no_reference: pass\n    reference: champion\n    with"
    assert offered("with: {floor", f"{champion}: {{floor") == {"model", "data", "reference", "champion"} | from_contract
    assert offered("data: pipelines.train.features.test\n    with", "with") == {"model"}
    on_table = "target: datasets.customers\n    reference: datasets.customers\n    with"
    assert offered("target: models.churn\n    data: pipelines.train.features.test\n    with", on_table) == {
        "data",
        "reference",
        *from_contract,
    }


def test_types_are_those_declared(subject: Callable[[str, str], Subject]) -> None:
    seen = subject("", "")
    assert seen.type_of(seen.spec.models["churn"].artifact) == "model"
    assert seen.type_of(seen.spec.gates["fair"].target) is None
