from __future__ import annotations

from collections.abc import Callable

from modelsync.core.verdict import Outcome
from modelsync.language.model import Spec
from modelsync.plan.build import build
from modelsync.plan.model import Decision, Plan
from tests.unit.plan.conftest import SPEC, Past


def decided(plan: Plan) -> dict[str, str]:
    return {node.task.label: str(node.decision) for node in plan.nodes}


def test_nothing_exists_everything_runs_or_waits(load_spec: Callable[..., Spec]) -> None:
    spec = load_spec()
    plan = build(spec, Past(spec).world)
    assert decided(plan) == {
        "dataset: rows": "run", "gate: quality": "run", "clean": "run", "gate: drifted": "wait", "fit": "run",
        "evaluate": "run", "gate: good": "wait", "version": "run", "register": "run", "promote: development": "wait",
        "deploy: production": "wait", "promote: production": "wait",
    }  # fmt: skip
    assert str(plan.expected["m"]) == "0.1.0"
    assert not plan.idle


def test_nothing_changed_nothing_runs(load_spec: Callable[..., Spec]) -> None:
    spec = load_spec()
    plan = build(spec, Past(spec).run().world)
    assert set(decided(plan).values()) == {"reuse"}
    assert plan.idle
    assert plan.expected == {}
    assert plan.current == {"m": "0.1.0"}


def test_a_param_runs_what_uses_it_and_the_version_is_foreseen(load_spec: Callable[..., Spec]) -> None:
    past = Past(load_spec()).run()
    spec = load_spec(learner="b")
    plan = build(spec, past.of(spec).world)
    found = decided(plan)
    assert (found["clean"], found["fit"], found["evaluate"]) == ("reuse", "run", "wait")
    assert plan.node("step:train.fit").reason == "learner: a -> b"
    assert plan.node("step:train.evaluate").reason == "decided when pipelines.train.fit.model is there"
    assert [str(version) for version, _ in plan.expected["m"].possible] == ["1.0.0", "0.2.0"]


def test_changed_code_is_named(load_spec: Callable[..., Spec]) -> None:
    spec = load_spec()
    past = Past(spec).run()
    past.code["train.evaluate"] = "other"
    plan = build(spec, past.world)
    assert decided(plan)["fit"] == "reuse"
    assert plan.node("step:train.evaluate").reason == "code changed: flow.py:evaluate"
    assert plan.node("version:m").decision is Decision.WAIT


def test_changed_data_makes_a_version_of_the_dataset_and_runs_what_reads_it(load_spec: Callable[..., Spec]) -> None:
    spec = load_spec()
    past = Past(spec).run()
    past.bytes = "v2"
    plan = build(spec, past.world)
    assert plan.node("dataset:rows").reason == "its content changed since 1.0.0"
    assert plan.node("step:train.clean").reason == "input data changed"
    assert decided(plan)["fit"] == "wait"


def test_lost_bytes_are_made_again(load_spec: Callable[..., Spec]) -> None:
    spec = load_spec()
    past = Past(spec).run()
    past.gone = {"M1", "Tv1"}
    plan = build(spec, past.world)
    assert plan.node("step:train.fit").reason == "its stored output is gone"
    assert plan.node("dataset:rows").reason == "its stored bytes are gone"


def test_a_recorded_failure_blocks_without_running_anything(load_spec: Callable[..., Spec]) -> None:
    spec = load_spec()
    plan = build(spec, Past(spec).run(outcome=Outcome.FAIL, to="development").world)
    assert decided(plan)["deploy: production"] == "block"
    assert decided(plan)["promote: production"] == "block"
    assert plan.node("deploy:m.production").reason == "gate good failed: why"
    assert plan.idle


def test_a_condition_that_is_false_holds_with_its_numbers(load_spec: Callable[..., Spec]) -> None:
    spec = load_spec()
    plan = build(spec, Past(spec).run(auc=0.6, to="development").world)
    assert plan.node("deploy:m.production").decision is Decision.HOLD
    assert plan.node("deploy:m.production").reason == "`metrics.roc_auc >= 0.7` does not hold: metrics.roc_auc = 0.6"
    assert plan.node("promote:m.production").reason == "waits for deploy: production"
    assert plan.idle


def test_an_error_verdict_is_judged_again(load_spec: Callable[..., Spec]) -> None:
    spec = load_spec()
    plan = build(spec, Past(spec).run(outcome=Outcome.ERROR, to="development").world)
    assert plan.node("gate:good").reason == "the check itself broke the last time"
    assert plan.node("deploy:m.production").decision is Decision.WAIT


def test_a_failed_critical_gate_on_data_blocks_its_consumers(load_spec: Callable[..., Spec]) -> None:
    spec = load_spec()
    past = Past(spec).run()
    record = past.state.last_gate["quality"]
    from dataclasses import replace

    failed = replace(record, verdict=replace(record.verdict, outcome=Outcome.FAIL))
    past.state.gates[record.key] = failed
    plan = build(spec, past.world)
    assert plan.node("step:train.clean").decision is Decision.BLOCK
    assert plan.node("step:train.clean").reason == "gate: quality failed: why"
    assert plan.node("version:m").decision is Decision.BLOCK


def test_severity_is_todays_and_never_judges_again(load_spec: Callable[..., Spec]) -> None:
    past = Past(load_spec()).run(outcome=Outcome.FAIL, to="development")
    spec = load_spec(
        text=SPEC.replace(
            "    data: pipelines.train.clean.table\n", "    data: pipelines.train.clean.table\n    severity: warning\n"
        )
    )
    plan = build(spec, past.of(spec).world)
    assert decided(plan)["gate: good"] == "reuse"
    assert decided(plan)["deploy: production"] == "run"


def test_a_deployment_that_died_is_deployed_again_and_nothing_else(load_spec: Callable[..., Spec]) -> None:
    spec = load_spec()
    past = Past(spec).run()
    past.answering = False
    plan = build(spec, past.world)
    assert [node.task.label for node in plan.work] == ["deploy: production"]


def test_another_port_in_the_spec_deploys_again(load_spec: Callable[..., Spec]) -> None:
    past = Past(load_spec()).run()
    spec = load_spec(text=SPEC.replace("18123", "18124"))
    plan = build(spec, past.of(spec).world)
    assert [node.task.label for node in plan.work] == ["deploy: production"]
    assert "does not serve as the spec says" in plan.work[0].reason


def test_the_candidate_is_not_compared_with_itself_but_the_next_one_is_compared_with_the_champion(
    load_spec: Callable[..., Spec],
) -> None:
    past = Past(load_spec()).run()
    assert past.world.champion(past.spec, "m") is not None
    spec = load_spec(learner="b")
    plan = build(spec, past.of(spec).world)
    assert plan.node("gate:drifted").decision is Decision.REUSE  # the table is the champion's own
    assert plan.node("gate:good").decision is Decision.WAIT


def test_a_question_that_changed_is_asked_again(load_spec: Callable[..., Spec]) -> None:
    past = Past(load_spec()).run()
    spec = load_spec(text=SPEC.replace("min: 0.5", "min: 0.6"))
    plan = build(spec, past.of(spec).world)
    assert plan.node("gate:good").reason == "what it judges, or what it asks, changed"
    assert [node.task.label for node in plan.work] == ["gate: good"]


def test_who_is_the_positive_class_is_part_of_the_question(load_spec: Callable[..., Spec]) -> None:
    past = Past(load_spec()).run()
    spec = load_spec(text=SPEC.replace("positive: p", "positive: n"))
    plan = build(spec, past.of(spec).world)
    found = decided(plan)
    assert found["dataset: rows"] == "run"
    known = {ref: artifact.digest for ref, artifact in past.state.models["m"][-1].artifacts.items()}
    from modelsync.plan import choices

    assert choices.gate(spec.gates["good"], spec, known, past.of(spec).world).decision is Decision.RUN


def test_the_plan_carries_the_verdicts_that_stand_with_the_severity_of_today(load_spec: Callable[..., Spec]) -> None:
    past = Past(load_spec()).run(outcome=Outcome.FAIL, to="development")
    assert build(past.spec, past.world).verdicts["good"].blocks
    milder = SPEC.replace("  good:\n", "  good:\n    severity: info\n")
    spec = load_spec(text=milder)
    plan = build(spec, past.of(spec).world)
    assert not plan.verdicts["good"].blocks
    assert set(plan.verdicts) == {"quality", "drifted", "good"}


def test_an_inconclusive_critical_gate_on_data_holds_its_consumers(load_spec: Callable[..., Spec]) -> None:
    from dataclasses import replace

    past = Past(load_spec()).run()
    record = past.state.last_gate["quality"]
    past.state.gates[record.key] = replace(record, verdict=replace(record.verdict, outcome=Outcome.INCONCLUSIVE))
    plan = build(past.spec, past.world)
    assert plan.node("step:train.clean").decision is Decision.HOLD
    assert plan.node("step:train.clean").reason == "gate: quality is inconclusive: why"
    assert plan.node("version:m").decision is Decision.HOLD


def test_a_condition_waits_for_the_gates_it_asks_for(load_spec: Callable[..., Spec]) -> None:
    text = SPEC.replace(
        "gates: [drifted, good], when: metrics.roc_auc >= 0.7", "gates: [drifted], when: gate(good) == 'pass'"
    )
    spec = load_spec(text=text)
    plan = build(spec, Past(spec).world)
    assert "gate:good" in plan.node("deploy:m.production").task.after
    assert "gate:good" in plan.node("promote:m.production").task.after
