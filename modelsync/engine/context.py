"""What the nodes of one run share: the spec, the rooms, and what has become known so far."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from modelsync.core.artifacts import Artifact
from modelsync.core.errors import ExitCode
from modelsync.core.verdict import Verdict
from modelsync.engine.results import NodeResult, Status
from modelsync.engine.workspace import Workspace
from modelsync.gates.report import Drawing
from modelsync.language.model import Ref, RefKind, Spec
from modelsync.plan import choices
from modelsync.plan.model import Plan, Task
from modelsync.plan.world import World
from modelsync.registry.records import ModelVersion, RunRecord
from modelsync.release.bumps import Decision as VersionDecision


@dataclass
class Run:
    """One run in hand. Tasks on several threads write to it; each key is written by one task only.

    `artifacts` maps a reference (`pipelines.train.fit.model`, `datasets.x`) to its stored content.
    """

    spec: Spec
    plan: Plan
    world: World
    workspace: Workspace
    record: RunRecord
    say: Callable[[str], None]  # a line for people, shown while the run goes on
    artifacts: dict[str, Artifact] = field(default_factory=dict)
    known: dict[str, str] = field(default_factory=dict)
    verdicts: dict[str, Verdict] = field(default_factory=dict)
    reports: dict[str, Path] = field(default_factory=dict)
    drawings: list[Drawing] = field(default_factory=list)  # pages that nothing waits for, still to be drawn
    decisions: dict[str, VersionDecision] = field(default_factory=dict)
    versions: dict[str, ModelVersion] = field(default_factory=dict)  # model -> the version this run is about
    results: dict[str, NodeResult] = field(default_factory=dict)
    notices: list[str] = field(default_factory=list)
    links: dict[str, str] = field(default_factory=dict)
    urls: dict[str, str] = field(default_factory=dict)  # model -> address that serves it
    stopping: threading.Event = field(default_factory=threading.Event)  # nothing may be tried again
    task_runs: dict[str, str] = field(default_factory=dict)  # node under way -> id of its Prefect task run
    children: set[int] = field(default_factory=set)  # process groups to end when the run is stopped
    writing: threading.Lock = field(default_factory=threading.Lock)  # SQLite has one writer; do not queue inside it

    @property
    def id(self) -> str:
        """The id under which every fact of this run is recorded."""
        return self.record.id

    @property
    def folder(self) -> Path:
        """The run's scratch folder."""
        return self.workspace.work(self.id)

    def learn(self, reference: str, content: str, artifact: Artifact) -> None:
        """What a reference to a dataset names can be read: its typed table, or its bytes."""
        self.known[reference] = content
        self.artifacts[reference] = artifact

    def learn_outputs(self, step: str, outputs: Mapping[str, Artifact]) -> None:
        """A step's outputs are stored."""
        for name, artifact in outputs.items():
            self.known[f"pipelines.{step}.{name}"] = artifact.digest
            self.artifacts[f"pipelines.{step}.{name}"] = artifact

    def artifact(self, ref: Ref) -> Artifact:
        """The stored content of a reference; a model is its artifact."""
        if ref.kind is RefKind.MODEL:
            return self.artifact(self.spec.models[ref.path[0]].artifact)
        return self.artifacts[str(ref)]

    def content(self, ref: Ref) -> str | None:
        """The content id of a reference."""
        return choices.content(self.spec, ref, self.known)

    def path(self, artifact: Artifact) -> Path:
        """A verified file or folder with the content of an artifact, for reading only."""
        store = self.workspace.store
        if artifact.type in ("model", "folder"):
            return store.folder_path(artifact.digest)
        return store.open_path(artifact.digest)

    def metrics(self, model: str) -> Mapping[str, float]:
        """The candidate's numbers; none when the model declares no metrics."""
        ref = self.spec.models[model].metrics
        return {} if ref is None else dict(self.artifacts[str(ref)].facts)


def done(task: Task, detail: str = "", **more: Any) -> NodeResult:
    """The node did its work."""
    return NodeResult(task, Status.DONE, detail, **more)


def reused(task: Task, detail: str = "", **more: Any) -> NodeResult:
    """The node had nothing to do: its work is recorded."""
    return NodeResult(task, Status.REUSED, detail, **more)


def held(task: Task, detail: str) -> NodeResult:
    """The node waits for a person or for better numbers."""
    return NodeResult(task, Status.HELD, detail, exit=ExitCode.HELD)
