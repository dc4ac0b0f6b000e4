from __future__ import annotations

import multiprocessing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from modelsync.core.version import Version
from modelsync.registry import facts
from modelsync.registry.journal import Journal, TakenError
from modelsync.registry.records import (
    DatasetVersion,
    Deployment,
    GatePage,
    GateRecord,
    ModelVersion,
    RunRecord,
    StageRecord,
    StepFailure,
    StepRecord,
)

SPAWN = multiprocessing.get_context("spawn")


def test_each_fact_has_its_kind_its_run_and_its_record(
    journal: Journal,
    step: StepRecord,
    failure: StepFailure,
    gate: GateRecord,
    drawn: GatePage,
    dataset: DatasetVersion,
    model: ModelVersion,
    stage: StageRecord,
) -> None:
    events = [
        facts.step_finished(journal, step, key="k1"),
        facts.step_failed(journal, failure, key="k2"),
        facts.gate_judged(journal, gate, key="k3"),
        facts.gate_drawn(journal, drawn, key="k7"),
        facts.dataset_versioned(journal, dataset, key="k4"),
        facts.model_registered(journal, model, key="k5"),
        facts.stage_promoted(journal, stage, key="k6"),
    ]
    assert [event.kind for event in events] == [
        "step.finished",
        "step.failed",
        "gate.judged",
        "gate.drawn",
        "dataset.versioned",
        "model.registered",
        "stage.promoted",
    ]
    assert [event.key for event in events] == ["k1", "k2", "k3", "k7", "k4", "k5", "k6"]
    assert {event.run for event in events} == {"r1"}
    for record, event in zip((step, failure, gate, drawn, dataset, model, stage), events, strict=True):
        assert event.fresh
        assert type(record).of(event) == replace(record, at=event.at)  # type: ignore[type-var]


def test_a_deployment_says_what_its_fact_says(journal: Journal, deployment: Deployment) -> None:
    writers = (facts.deploy_started, facts.deploy_finished, facts.deploy_failed, facts.deploy_undeployed)
    events = [write(journal, deployment) for write in writers]
    assert [(event.kind, Deployment.of(event).status) for event in events] == [
        ("deploy.started", "rolling"),
        ("deploy.finished", "live"),
        ("deploy.failed", "failed"),
        ("deploy.undeployed", "undeployed"),
    ]


def test_runs_are_numbered_within_their_project_and_once(journal: Journal, run: RunRecord) -> None:
    ids = [("r1", "credit"), ("r2", "credit"), ("x1", "cred"), ("r1", "credit"), ("r3", "credit")]
    events = [facts.run_started(journal, replace(run, id=id, project=project, number=0)) for id, project in ids]
    assert [RunRecord.of(event).number for event in events] == [1, 2, 1, 1, 3]
    assert [event.fresh for event in events] == [True, True, True, False, True]
    assert [event.run for event in events] == [id for id, _ in ids]


def test_the_first_end_of_a_run_counts(journal: Journal, run: RunRecord) -> None:
    facts.run_started(journal, run)
    assert facts.run_finished(journal, "r1", "done", 0).fresh
    later = facts.run_finished(journal, "r1", "crashed", 70)
    assert (later.fresh, dict(later.payload)) == (False, {"outcome": "done", "exit": 0})


def test_a_version_is_given_once(journal: Journal, model: ModelVersion, dataset: DatasetVersion) -> None:
    facts.model_registered(journal, model, key="k")
    assert not facts.model_registered(journal, model, key="k").fresh
    with pytest.raises(TakenError, match=r"`models.credit@0.1.0`"):
        facts.model_registered(journal, model, key="other")
    facts.model_registered(journal, replace(model, version=Version(0, 1, 1)), key="other")
    facts.dataset_versioned(journal, dataset)
    with pytest.raises(TakenError, match=r"`datasets.people@1.2.3`"):
        facts.dataset_versioned(journal, dataset)


def test_the_mirror_remembers_how_far_it_came(journal: Journal) -> None:
    event = facts.mirror_synced(journal, 7, {"credit 0.1.0": "#/models/credit/versions/1"})
    assert event.payload == {"upto": 7, "links": {"credit 0.1.0": "#/models/credit/versions/1"}}


def _start_many(path: str, worker: int, run: RunRecord, start: Any) -> None:
    start.wait(60)
    with Journal(Path(path)) as journal:
        for number in range(10):
            facts.run_started(journal, replace(run, id=f"{worker}-{number}"))


def test_processes_that_start_at_once_get_consecutive_numbers(journal: Journal, run: RunRecord) -> None:
    start = SPAWN.Barrier(4)
    arguments = [(str(journal.path), worker, run, start) for worker in range(4)]
    workers = [SPAWN.Process(target=_start_many, args=each) for each in arguments]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(120)
    assert [RunRecord.of(event).number for event in journal.events()] == list(range(1, 41))
