"""What is true now: the journal's events, folded in order into runs, steps, gates, versions, stages, deployments."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any, Self

from modelsync.core.version import Version
from modelsync.registry import facts
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


class State:
    """The present as the facts up to event `seq` make it. Lists are in the order of the facts.

    To be read only; `extend` brings it up to date. `problems` names every event that could not be read.
    """

    def __init__(self) -> None:
        self.seq = 0
        self.runs: list[RunRecord] = []
        self.steps: dict[str, StepRecord] = {}  # by cache key: the latest
        self.last_step: dict[str, StepRecord] = {}  # by step
        self.step_failures: list[StepFailure] = []
        self.gates: dict[str, GateRecord] = {}  # by gate key: the latest
        self.last_gate: dict[str, GateRecord] = {}  # by gate
        self.gate_history: list[GateRecord] = []
        self.profiles: dict[str, ProfileRecord] = {}  # by the key of table and contract
        self.datasets: dict[str, list[DatasetVersion]] = {}
        self.models: dict[str, list[ModelVersion]] = {}
        self.stages: dict[tuple[str, str], StageRecord] = {}  # by model and stage
        self.stage_history: list[StageRecord] = []
        self.deployments: dict[str, Deployment] = {}  # by deploy: the latest state
        self.live: dict[str, Deployment] = {}  # by deploy: what serves, also while a rollout is under way
        self.deployment_history: list[Deployment] = []
        self.mirror_cursor = 0
        self.mirror_links: dict[str, str] = {}
        self.problems: list[str] = []
        self._run_places: dict[str, int] = {}

    @classmethod
    def empty(cls) -> Self:
        """Before the first fact."""
        return cls()

    @classmethod
    def load(cls, journal: Journal) -> Self:
        """The present of a journal; an empty one when there is none yet."""
        return cls().extend(journal.events())

    def extend(self, events: Iterable[Event]) -> Self:
        """Fold further events in; those that are known already are left out, kinds of a newer ModelSync are skipped."""
        for event in events:
            if event.seq <= self.seq:
                continue
            self.seq = event.seq
            fold_one = _FOLDS.get(event.kind)
            if fold_one is None:
                continue
            try:
                fold_one(self, event)
            except ValueError as error:
                self.problems.append(f"event {event.seq} ({event.kind}) cannot be read: {error}")
        return self

    def refresh(self, journal: Journal) -> Self:
        """Fold in what came since."""
        return self.extend(journal.events(after=self.seq))

    def run(self, id: str) -> RunRecord | None:
        """The run of that id."""
        place = self._run_places.get(id)
        return None if place is None else self.runs[place]

    def dataset(self, name: str, version: Version | None = None) -> DatasetVersion | None:
        """A version of a dataset; without `version` the latest."""
        return next((one for one in reversed(self.datasets.get(name, [])) if version in (None, one.version)), None)

    def model(self, name: str, version: Version | None = None) -> ModelVersion | None:
        """A version of a model; without `version` the latest."""
        return next((one for one in reversed(self.models.get(name, [])) if version in (None, one.version)), None)


def fold(events: Iterable[Event]) -> State:
    """The state that some events make."""
    return State().extend(events)


def _run_started(state: State, event: Event) -> None:
    run = RunRecord.of(event)
    if run.id in state._run_places:
        raise ValueError(f"run {run.id} has begun already")
    state._run_places[run.id] = len(state.runs)
    state.runs.append(run)


def _run_finished(state: State, event: Event) -> None:
    place = state._run_places.get(event.run or "")
    if place is None:
        raise ValueError(f"it ends run {event.run}, which never began")
    outcome, exit = _field(event, "outcome", str), _field(event, "exit", int)
    state.runs[place] = replace(state.runs[place], finished=event.at, outcome=outcome, exit=exit)


def _step_finished(state: State, event: Event) -> None:
    step = StepRecord.of(event)
    state.steps[step.key] = state.last_step[step.step] = step


def _step_failed(state: State, event: Event) -> None:
    state.step_failures.append(StepFailure.of(event))


def _gate_judged(state: State, event: Event) -> None:
    gate = GateRecord.of(event)
    state.gates[gate.key] = state.last_gate[gate.gate] = gate
    state.gate_history.append(gate)


def _gate_drawn(state: State, event: Event) -> None:
    """The page belongs to the last verdict on that question."""
    page = GatePage.of(event)
    judged = state.gates.get(page.key)
    if judged is None or judged.gate != page.gate:
        raise ValueError(f"it is a page of gate `{page.gate}` for a verdict that was never recorded")
    drawn = replace(judged, pages={**judged.pages, page.drawn_by: page.page})
    state.gates[page.key] = drawn
    if state.last_gate.get(page.gate) is judged:
        state.last_gate[page.gate] = drawn
    place = next(place for place in reversed(range(len(state.gate_history))) if state.gate_history[place] is judged)
    state.gate_history[place] = drawn


def _profile_made(state: State, event: Event) -> None:
    profile = ProfileRecord.of(event)
    state.profiles[profile.key] = profile


def _dataset_versioned(state: State, event: Event) -> None:
    dataset = DatasetVersion.of(event)
    state.datasets.setdefault(dataset.dataset, []).append(dataset)


def _dataset_noted(state: State, event: Event) -> None:
    note = DatasetNote.of(event)
    versions = state.datasets.get(note.dataset, [])
    place = next((place for place, one in enumerate(versions) if one.version == note.version), None)
    if place is None:
        raise ValueError(f"it is about {note.dataset} {note.version}, which was never made")
    kept = versions[place]
    tags = kept.tags if note.tags is None else note.tags
    fingerprint = kept.fingerprint if note.fingerprint is None else note.fingerprint
    versions[place] = replace(kept, tags=tags, fingerprint=fingerprint)


def _model_registered(state: State, event: Event) -> None:
    model = ModelVersion.of(event)
    state.models.setdefault(model.model, []).append(model)


def _stage_promoted(state: State, event: Event) -> None:
    stage = StageRecord.of(event)
    state.stages[stage.model, stage.stage] = stage
    state.stage_history.append(stage)


def _deployed(state: State, event: Event) -> None:
    deployment = Deployment.of(event)
    state.deployments[deployment.deploy] = deployment
    state.deployment_history.append(deployment)
    if event.kind == facts.DEPLOY_FINISHED:
        state.live[deployment.deploy] = deployment
    elif event.kind == facts.DEPLOY_UNDEPLOYED:
        state.live.pop(deployment.deploy, None)


def _mirror_synced(state: State, event: Event) -> None:
    links = _field(event, "links", dict)
    state.mirror_cursor = max(state.mirror_cursor, _field(event, "upto", int))
    state.mirror_links.update(links)


def _field(event: Event, name: str, kind: type) -> Any:
    if event.fault:
        raise ValueError(event.fault)
    value = event.payload.get(name)
    if not isinstance(value, kind):
        raise ValueError(f"its `{name}` is {value!r}")
    return value


_FOLDS: dict[str, Callable[[State, Event], None]] = {
    facts.RUN_STARTED: _run_started,
    facts.RUN_FINISHED: _run_finished,
    facts.DATASET_VERSIONED: _dataset_versioned,
    facts.DATASET_NOTED: _dataset_noted,
    facts.STEP_FINISHED: _step_finished,
    facts.STEP_FAILED: _step_failed,
    facts.GATE_JUDGED: _gate_judged,
    facts.GATE_DRAWN: _gate_drawn,
    facts.PROFILE_MADE: _profile_made,
    facts.MODEL_REGISTERED: _model_registered,
    facts.STAGE_PROMOTED: _stage_promoted,
    facts.DEPLOY_STARTED: _deployed,
    facts.DEPLOY_FINISHED: _deployed,
    facts.DEPLOY_FAILED: _deployed,
    facts.DEPLOY_UNDEPLOYED: _deployed,
    facts.MIRROR_SYNCED: _mirror_synced,
}
