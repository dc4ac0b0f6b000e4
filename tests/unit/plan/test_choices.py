from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from modelsync.core.artifacts import Artifact, OutputType
from modelsync.core.checks import ChampionCheck, Label, PerformanceCheck, Report, Slices, WhenAbsent
from modelsync.core.digest import Digest, of_value
from modelsync.core.verdict import GateSeverity, Outcome, Verdict
from modelsync.core.version import Bump
from modelsync.language.model import Gate, Spec
from modelsync.plan import choices
from modelsync.plan.build import build
from modelsync.plan.model import Decision
from modelsync.plan.world import Look
from modelsync.release.bumps import NO_RULE
from tests.unit.plan.conftest import SPEC, Past


def test_the_key_of_a_step_is_made_of_what_its_result_depends_on(load_spec: Callable[..., Spec]) -> None:
    spec = load_spec()
    past = Past(spec)
    step = spec.pipelines["train"].steps["fit"]
    known = {"pipelines.train.clean.table": "T"}
    key = choices.step(step, known, past.world).key
    assert choices.step(step, known, past.world).key == key
    assert choices.step(step, {"pipelines.train.clean.table": "U"}, past.world).key != key
    assert choices.step(replace(step, arguments={"learner": "b"}), known, past.world).key != key
    past.code["train.fit"] = "other"
    assert choices.step(step, known, past.world).key != key


def test_every_cause_of_a_re_run_is_named(load_spec: Callable[..., Spec]) -> None:
    spec = load_spec()
    past = Past(spec).run()
    past.code["train.fit"] = "other"
    step = replace(spec.pipelines["train"].steps["fit"], arguments={"depth": 3})
    choice = choices.step(step, {"pipelines.train.clean.table": "U"}, past.world)
    assert choice.decision is Decision.RUN
    assert choice.reason == "code changed: flow.py:fit; depth: absent -> 3; learner: a -> absent; input table changed"
    typed = replace(spec.pipelines["train"].steps["fit"], outputs={"model": OutputType.FOLDER})
    assert (
        "its declared outputs changed" in choices.step(typed, {"pipelines.train.clean.table": "U"}, past.world).reason
    )


def test_a_function_that_left_is_named_too(load_spec: Callable[..., Spec]) -> None:
    spec = load_spec()
    past = Past(spec).run()
    last = past.state.last_step["train.fit"]
    past.state.last_step["train.fit"] = replace(
        last, parts={**last.parts, "code": "old", "functions": {"flow.py:gone": "x", "flow.py:fit": "c"}}
    )
    choice = choices.step(spec.pipelines["train"].steps["fit"], {"pipelines.train.clean.table": "U"}, past.world)
    assert choice.reason.startswith("code changed: flow.py:gone")


@pytest.mark.parametrize(
    ("look", "decision", "reason"),
    [
        (Look(fingerprint="f1"), Decision.REUSE, "version 1.0.0"),
        (Look(fingerprint="f2"), Decision.RUN, "its source changed since 1.0.0"),
        (
            Look(note="only running the query can tell"),
            Decision.WAIT,
            "is looked at when it runs: only running the query can tell",
        ),
        (Look(), Decision.WAIT, "is looked at when it runs"),
    ],
)
def test_a_source_elsewhere_is_judged_by_its_fingerprint(
    load_spec: Callable[..., Spec], look: Look, decision: Decision, reason: str
) -> None:
    past = Past(load_spec()).run()
    past.state.datasets["rows"] = [replace(past.state.datasets["rows"][0], fingerprint="f1")]
    past.looks["rows"] = look
    choice = choices.dataset(past.spec.datasets["rows"], past.world)
    assert (choice.decision, choice.reason) == (decision, reason)
    assert (choice.content is not None) == (decision is Decision.REUSE)


def test_what_nobody_has_fetched_leaves_all_below_it_open(load_spec: Callable[..., Spec]) -> None:
    past = Past(load_spec()).run()
    past.looks["rows"] = Look()
    plan = build(past.spec, past.world)
    said = {node.id: (node.decision, node.reason) for node in plan.nodes}
    assert said["step:train.clean"] == (Decision.WAIT, "decided when datasets.rows is there")
    assert said["gate:quality"] == (Decision.WAIT, "decided when datasets.rows is there")
    assert plan.may_be_none("m")
    assert [rule for _, rule in plan.expected["m"].possible][-2:] == [
        "patch when data.changed or code.changed",
        NO_RULE,
    ]


def test_content_that_is_too_old_blocks_what_needs_it(load_spec: Callable[..., Spec]) -> None:
    past = Past(load_spec(text=SPEC.replace("source: rows.csv", "source: rows.csv\n    freshness: 1h"))).run()
    past.looks["rows"] = Look(Digest("v1"), modified=datetime(2020, 1, 1, tzinfo=UTC))
    plan = build(past.spec, past.world)
    rows, clean = plan.node("dataset:rows"), plan.node("step:train.clean")
    assert rows.decision is clean.decision is Decision.BLOCK
    assert "more than `max_age: 1h`" in rows.reason
    assert clean.reason == "waits for dataset: rows"
    assert plan.idle
    past.looks["rows"] = Look(Digest("v1"), modified=datetime.now(UTC))
    assert build(past.spec, past.world).node("dataset:rows").decision is Decision.REUSE


def test_a_contract_is_part_of_a_dataset(load_spec: Callable[..., Spec]) -> None:
    past = Past(load_spec()).run()
    assert choices.dataset(past.spec.datasets["rows"], past.world).decision is Decision.REUSE
    spec = load_spec(text=SPEC.replace("x: {type: int}", "x: {type: float}"))
    choice = choices.dataset(spec.datasets["rows"], past.of(spec).world)
    assert (choice.decision, choice.reason) == (Decision.RUN, "its contract changed since 1.0.0")


def test_a_verdict_takes_the_severity_of_today(load_spec: Callable[..., Spec]) -> None:
    gate = replace(load_spec().gates["good"], severity=GateSeverity.INFO)
    verdict = Verdict("good", "performance", GateSeverity.CRITICAL, Outcome.FAIL, "why")
    assert not choices.as_asked(verdict, gate).blocks


def test_a_gate_waits_for_what_it_looks_at(load_spec: Callable[..., Spec]) -> None:
    spec = load_spec()
    choice = choices.gate(spec.gates["good"], spec, {"pipelines.train.clean.table": "T"}, Past(spec).world)
    assert (choice.decision, choice.reason) == (Decision.WAIT, "decided when models.m is there")


def test_a_new_champion_asks_again_and_the_champion_itself_is_not_judged_again(load_spec: Callable[..., Spec]) -> None:
    past = Past(load_spec()).run()
    spec, world = past.spec, past.world
    champion = world.champion(spec, "m")
    assert champion is not None
    known = {ref: artifact.digest for ref, artifact in champion.artifacts.items()}
    assert choices.gate(spec.gates["good"], spec, known, world).decision is Decision.REUSE
    other = {**known, "pipelines.train.fit.model": "M2"}
    assert choices.gate(spec.gates["good"], spec, other, world).decision is Decision.RUN
    drifted = choices.gate(spec.gates["drifted"], spec, {**known, "pipelines.train.clean.table": "T2"}, world)
    assert drifted.decision is Decision.RUN


def test_drift_of_a_dataset_against_the_champions_own(load_spec: Callable[..., Spec]) -> None:
    text = SPEC.replace("target: pipelines.train.clean.table\n    reference", "target: datasets.rows\n    reference")
    past = Past(load_spec(text=text)).run()
    known = {"datasets.rows": past.state.models["m"][-1].datasets["rows"]}
    assert choices.gate(past.spec.gates["drifted"], past.spec, known, past.world).decision is Decision.REUSE


def test_when_the_champion_changes_a_candidate_is_judged_again(load_spec: Callable[..., Spec]) -> None:
    past = Past(load_spec()).run(model="M1")
    spec = load_spec(learner="b")
    past = past.of(spec).run(model="M2", to="development")
    candidate = past.state.models["m"][-1]
    known = {ref: artifact.digest for ref, artifact in candidate.artifacts.items()}
    assert choices.gate(spec.gates["good"], spec, known, past.world).decision is Decision.REUSE
    other = replace(
        candidate,
        version=candidate.version.bump(Bump.MAJOR),
        content="C3",
        artifact=Artifact(OutputType.MODEL, of_value("M3"), 1),
    )
    past.state.models["m"].append(other)
    past.state.stages["m", "production"] = replace(past.state.stages["m", "production"], version=other.version)
    choice = choices.gate(spec.gates["good"], spec, known, past.world)
    assert (choice.decision, choice.reason) == (Decision.RUN, "another champion to compare with")


def judged(past: Past, gate: Gate) -> choices.GateChoice:
    """What is decided of a gate when everything is as the last run left it."""
    known = {ref: artifact.digest for ref, artifact in past.state.models["m"][-1].artifacts.items()}
    return choices.gate(gate, past.spec, {**known, "datasets.rows": _rows(past)}, past.world)


def _rows(past: Past) -> str:
    content = choices.dataset(past.spec.datasets["rows"], past.world).content
    assert content is not None
    return content


def test_what_decides_nothing_re_judges_nothing(load_spec: Callable[..., Spec]) -> None:
    past = Past(load_spec()).run()
    gate = past.spec.gates["good"]
    key = judged(past, gate).key
    for other in (
        replace(gate, severity=GateSeverity.INFO),
        replace(gate, description="What it protects."),
        replace(gate, timeout=9.0),
    ):
        assert judged(past, other).key == key
        assert judged(past, other).decision is Decision.REUSE


def test_what_decides_re_judges(load_spec: Callable[..., Spec]) -> None:
    past = Past(load_spec()).run()
    gate = past.spec.gates["good"]
    key = judged(past, gate).key
    others = (
        replace(gate, checks=(PerformanceCheck("roc_auc", 0.5),)),
        replace(gate, checks=(*gate.checks, ChampionCheck("recall", "guardrail", 0.1))),
        replace(gate, label=Label("y", "n")),
        replace(gate, slices=Slices(("x",))),
        replace(gate, inconclusive=WhenAbsent.PASS),
    )
    assert len({key, *(judged(past, other).key for other in others)}) == len(others) + 1
    assert {judged(past, other).decision for other in others} == {Decision.RUN}


def test_a_page_that_was_never_drawn_is_drawn_once(load_spec: Callable[..., Spec]) -> None:
    past = Past(load_spec()).run()
    gate = replace(past.spec.gates["quality"], report=Report.PAGE)
    choice = judged(past, gate)
    assert (choice.decision, choice.reason) == (Decision.RUN, "its page was not drawn")
    record = judged(past, past.spec.gates["quality"]).record
    assert record is not None
    past.state.gates[record.key] = replace(record, report="page")
    for report in Report:
        assert judged(past, replace(gate, report=report)).decision is Decision.REUSE


def test_no_page_is_worth_comparing_the_champion_with_itself(load_spec: Callable[..., Spec]) -> None:
    past = Past(load_spec()).run()
    assert judged(past, replace(past.spec.gates["good"], report=Report.PAGE)).decision is Decision.REUSE


def test_age_is_judged_in_every_run(load_spec: Callable[..., Spec]) -> None:
    fresh = "gates:\n  fresh: {kind: freshness, target: datasets.rows, checks: [{column: t, max_age: 2d}]}\n"
    text = SPEC.replace("gates:\n", fresh).replace("{x: {type: int}", "{t: {type: datetime}, x: {type: int}")
    past = Past(load_spec(text=text)).run()
    first = judged(past, past.spec.gates["fresh"])
    assert (first.decision, first.reason) == (Decision.RUN, "the age of the rows is judged in every run")
    assert first.key in past.state.gates
    plan = build(past.spec, past.world)
    assert [node.id for node in plan.work] == ["gate:fresh"]
