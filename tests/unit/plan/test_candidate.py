from __future__ import annotations

from collections.abc import Callable

from modelsync.language.model import Spec
from modelsync.plan import candidate
from tests.unit.plan.conftest import SIGNATURE, SPEC, Past


def facts(past: Past, auc: float = 0.9) -> dict[str, object]:
    model = past.spec.models["m"]
    described = candidate.describe(past.spec, model, past.world, signature=SIGNATURE, metrics={"roc_auc": auc})
    return candidate.facts(past.spec, model, past.world, described)


def test_the_candidate_is_compared_with_the_latest_version_and_the_champion(load_spec: Callable[..., Spec]) -> None:
    past = Past(load_spec()).run(auc=0.8)
    found = facts(past)
    assert (found["metrics.roc_auc"], found["champion.metrics.roc_auc"]) == (0.9, 0.8)
    assert not any(found[name] for name in ("data.changed", "code.changed", "params.changed", "contract.breaking"))


def test_the_value_of_a_param_is_no_change_of_code_and_a_literal_is(load_spec: Callable[..., Spec]) -> None:
    past = Past(load_spec()).run()
    other = facts(past.of(load_spec(learner="b")))
    assert (other["code.changed"], other["params.changed"], other["changed(params.learner)"]) == (False, True, True)
    literal = load_spec(text=SPEC.replace('learner: "${{ params.learner }}"', "learner: a"))
    assert facts(past.of(literal))["code.changed"] is True


def test_a_contract_that_lost_a_column_breaks(load_spec: Callable[..., Spec]) -> None:
    past = Past(load_spec()).run()
    spec = load_spec(text=SPEC.replace("x: {type: int}, ", ""))
    found = facts(past.of(spec))
    assert (found["contract.breaking"], found["data.changed"]) == (True, True)
    changes = candidate.contract_changes(spec, spec.models["m"], past.of(spec).world)
    assert any("x" in said for said in changes.breaking)


def test_a_stage_sees_params_metrics_and_the_champion(load_spec: Callable[..., Spec]) -> None:
    past = Past(load_spec())
    model = past.spec.models["m"]
    assert candidate.stage_facts(past.spec, model, past.world, {"roc_auc": 0.7}) == {
        "params.learner": "a",
        "metrics.roc_auc": 0.7,
    }
    past.run(auc=0.8)
    found = candidate.stage_facts(past.spec, model, past.world, {"roc_auc": 0.7})
    assert found["champion.metrics.roc_auc"] == 0.8
