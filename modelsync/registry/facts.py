"""The kinds of facts and how each is recorded: a writer hands over a record and never spells a payload by hand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from modelsync.registry.effects import effect_key
from modelsync.registry.journal import Event, Journal
from modelsync.registry.records import (
    DatasetNote,
    DatasetVersion,
    Deployment,
    GatePage,
    GateRecord,
    ModelVersion,
    ProfileRecord,
    RunRecord,
    StageRecord,
    StepFailure,
    StepRecord,
)

RUN_STARTED = "run.started"
RUN_FINISHED = "run.finished"
DATASET_VERSIONED = "dataset.versioned"
DATASET_NOTED = "dataset.noted"
STEP_FINISHED = "step.finished"
STEP_FAILED = "step.failed"
GATE_JUDGED = "gate.judged"
GATE_DRAWN = "gate.drawn"
PROFILE_MADE = "profile.made"
MODEL_REGISTERED = "model.registered"
STAGE_PROMOTED = "stage.promoted"
DEPLOY_STARTED = "deploy.started"
DEPLOY_FINISHED = "deploy.finished"
DEPLOY_FAILED = "deploy.failed"
DEPLOY_UNDEPLOYED = "deploy.undeployed"
MIRROR_SYNCED = "mirror.synced"


def run_started(journal: Journal, run: RunRecord) -> Event:
    """Record a run under its id and give it the next number of its project (`RunRecord.of(event).number`)."""
    key = effect_key(RUN_STARTED, run.id)
    with journal.transaction():
        earlier = journal.receipt(key)
        if earlier is not None:
            return earlier
        taken = f"run/{run.project}/"
        number = journal.claims(taken) + 1
        payload = replace(run, number=number).payload()
        return journal.append(RUN_STARTED, payload, key=key, run=run.id, claim=f"{taken}{number}")


def run_finished(journal: Journal, run: str, outcome: str, exit: int) -> Event:
    """Record how a run ended: a word and the exit code. The first end counts."""
    key = effect_key(RUN_FINISHED, run)
    return journal.append(RUN_FINISHED, {"outcome": outcome, "exit": int(exit)}, key=key, run=run)


def dataset_versioned(journal: Journal, dataset: DatasetVersion, *, key: str | None = None) -> Event:
    """Record a version of a dataset; TakenError when that version exists under another key."""
    claim = f"datasets.{dataset.dataset}@{dataset.version}"
    return journal.append(DATASET_VERSIONED, dataset.payload(), key=key, run=dataset.run, claim=claim)


def dataset_noted(journal: Journal, note: DatasetNote, *, key: str | None = None) -> Event:
    """Record what became known of a version of a dataset after it was made."""
    return journal.append(DATASET_NOTED, note.payload(), key=key, run=note.run)


def step_finished(journal: Journal, step: StepRecord, *, key: str | None = None) -> Event:
    """Record a step and its outputs; the bytes must be stored before."""
    return journal.append(STEP_FINISHED, step.payload(), key=key, run=step.run)


def step_failed(journal: Journal, failure: StepFailure, *, key: str | None = None) -> Event:
    """Record that a step failed."""
    return journal.append(STEP_FAILED, failure.payload(), key=key, run=failure.run)


def gate_judged(journal: Journal, gate: GateRecord, *, key: str | None = None) -> Event:
    """Record a verdict."""
    return journal.append(GATE_JUDGED, gate.payload(), key=key, run=gate.run)


def gate_drawn(journal: Journal, page: GatePage, *, key: str | None = None) -> Event:
    """Record a page of another library; its bytes must be stored before."""
    return journal.append(GATE_DRAWN, page.payload(), key=key, run=page.run)


def profile_made(journal: Journal, profile: ProfileRecord, *, key: str | None = None) -> Event:
    """Record what drift gates compare with; its bytes must be stored before."""
    return journal.append(PROFILE_MADE, profile.payload(), key=key)


def model_registered(journal: Journal, model: ModelVersion, *, key: str | None = None) -> Event:
    """Record a version of a model; TakenError when that version exists under another key."""
    claim = f"models.{model.model}@{model.version}"
    return journal.append(MODEL_REGISTERED, model.payload(), key=key, run=model.run, claim=claim)


def stage_promoted(journal: Journal, stage: StageRecord, *, key: str | None = None) -> Event:
    """Record that a version came to a stage (also one that came back by a rollback)."""
    return journal.append(STAGE_PROMOTED, stage.payload(), key=key, run=stage.run)


def deploy_started(journal: Journal, deployment: Deployment, *, key: str | None = None) -> Event:
    """Record that a rollout began."""
    return _deployment(journal, DEPLOY_STARTED, replace(deployment, status="rolling"), key)


def deploy_finished(journal: Journal, deployment: Deployment, *, key: str | None = None) -> Event:
    """Record that a rollout succeeded: from now on this version serves."""
    return _deployment(journal, DEPLOY_FINISHED, replace(deployment, status="live"), key)


def deploy_failed(journal: Journal, deployment: Deployment, *, key: str | None = None) -> Event:
    """Record that a rollout failed: what served before serves on."""
    return _deployment(journal, DEPLOY_FAILED, replace(deployment, status="failed"), key)


def deploy_undeployed(journal: Journal, deployment: Deployment, *, key: str | None = None) -> Event:
    """Record that nothing serves there any more."""
    return _deployment(journal, DEPLOY_UNDEPLOYED, replace(deployment, status="undeployed"), key)


def mirror_synced(journal: Journal, upto: int, links: Mapping[str, str]) -> Event:
    """Record that MLflow shows every fact up to event `upto`; `links` are the addresses of what was made."""
    return journal.append(MIRROR_SYNCED, {"upto": upto, "links": dict(links)})


def _deployment(journal: Journal, kind: str, deployment: Deployment, key: str | None) -> Event:
    return journal.append(kind, deployment.payload(), key=key, run=deployment.run)
