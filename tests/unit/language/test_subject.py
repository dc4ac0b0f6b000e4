"""What rules see of a spec."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from modelsync.language.decode.spec import decode
from modelsync.language.known import Known
from modelsync.language.load import Loaded
from modelsync.language.subject import Subject
from modelsync.language.text.nodes import Mapping
from modelsync.language.text.read import read
from modelsync.language.text.source import Source


@pytest.fixture
def subject(project: Path, good: str, known: Known) -> Callable[[str, str], Subject]:
    def seeing(old: str, new: str) -> Subject:
        source = Source(project / "modelsync.yaml", good.replace(old, new))
        root = read(source).root
        assert isinstance(root, Mapping)
        spec, context = decode(source, {source.path: source}, root, {}, {})
        assert spec is not None
        return Subject(spec, known, context)

    return seeing


def test_every_reference_is_seen_with_what_it_is_for(subject: Callable[[str, str], Subject]) -> None:
    uses = {use.what: str(use.ref) for use in subject("", "").uses()}
    assert uses["input `train` of step `fit`"] == "pipelines.train.features.train"
    assert uses["`target` of quality gate `data_quality`"] == "datasets.customers"
    assert uses["`data` of fairness gate `fair`"] == "pipelines.train.features.test"
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


def test_every_use_of_a_name_is_seen(altered: Callable[..., Loaded]) -> None:
    seen = altered().subject
    assert seen is not None
    mentioned = {mention.path for mention in seen.mentions()}
    assert {
        ("datasets", "customers"),
        ("models", "churn"),
        ("deploy", "live"),
        ("steps", "train", "fit"),
        ("outputs", "train", "fit", "model"),
        ("pipelines", "report"),
        ("stages", "staging"),
        ("gates", "steady"),
        ("roles", "ml-lead"),
        ("secrets", "lake_key"),
        ("params", "learner"),
        ("params", "horizon"),  # in a command
    } <= mentioned
    assert mentioned <= set(seen.names.declared())


def test_where_a_stage_or_a_step_may_stand_each_is_taken_for_what_it_is(altered: Callable[..., Loaded]) -> None:
    for written, path in (
        ("staging", ("stages", "staging")),
        ("train.best", ("steps", "train", "best")),
        ("pipelines.train.best", ("steps", "train", "best")),
        ("stages.staging", ("stages", "staging")),
    ):
        seen = altered("until: staging}", f"until: {written}}}").subject
        assert seen is not None
        line = seen.spec.schedules["nightly"].at.line
        assert [mention.path for mention in seen.mentions() if mention.at.line == line] == [path]


def test_names_in_conditions_are_mentions(spoilt: Callable[..., Loaded]) -> None:
    seen = spoilt().subject
    assert seen is not None
    inside = {mention.path for mention in seen.mentions() if mention.at.line > 95}
    assert {("params", "learner"), ("params", "deep"), ("datasets", "customers"), ("gates", "fair")} <= inside


def test_what_is_misnamed_is_found_once_and_kept(spoilt: Callable[..., Loaded]) -> None:
    seen = spoilt("datasets:\n  customers:", "datasets:\n  custmers:").subject
    assert seen is not None
    assert seen.misnamed() == {("datasets", "customers"): ("datasets", "custmers")}
    assert seen.misnamed() is seen.misnamed()


def test_a_command_calls_no_function(altered: Callable[..., Loaded]) -> None:
    seen = altered().subject
    assert seen is not None
    assert [call.what for call in seen.calls()] == ["step `split`", "step `fit`", "step `evaluate`", "step `best`"]


def test_what_was_lost_to_a_fault_is_known(altered: Callable[..., Loaded]) -> None:
    seen = altered(
        "type: bool, role: label", "type: bol, role: label", "staging: {gates", "staging: {after: [x], gates"
    ).subject
    assert seen is not None
    assert seen.is_spoilt(seen.context.nodes["datasets", "customers"])
    assert not seen.is_spoilt(seen.context.nodes["datasets", "orders"])
    assert not seen.is_spoilt(None)
    assert seen.is_broken("stages", "staging", "after", seen.spec.stages["staging"].after)
    assert not seen.is_broken("stages", "production", "after", seen.spec.stages["production"].after)
    assert not seen.is_broken("stages", "staging", "when", None)
    fit = seen.spec.pipelines["train"].steps["fit"].inputs["train"]
    assert not seen.is_whole(fit)  # it descends from the dataset with the fault
    whole = altered().subject
    assert whole is not None
    assert whole.is_whole(fit)
