"""The table of work: for each kind of node the function that carries it out."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import replace

from modelsync.core.errors import ModelSyncError
from modelsync.engine import datasets, gates, models, stages, steps
from modelsync.engine.context import Run
from modelsync.engine.results import GOOD, NodeResult, Status
from modelsync.plan.model import Node, NodeKind, Task

PERFORM: Mapping[NodeKind, Callable[[Run, Task], NodeResult]] = {
    NodeKind.DATASET: datasets.perform,
    NodeKind.STEP: steps.perform,
    NodeKind.GATE: gates.perform,
    NodeKind.VERSION: models.decide,
    NodeKind.REGISTER: models.register,
    NodeKind.DEPLOY: stages.deploy,
    NodeKind.PROMOTE: stages.promote,
}


def perform(run: Run, task: Task) -> NodeResult:
    """Carry one node out and say how long it took; what its code raises is raised."""
    began = time.monotonic()
    result = PERFORM[task.kind](run, task)
    return replace(result, seconds=time.monotonic() - began)


def failed(task: Task, error: ModelSyncError, seconds: float) -> NodeResult:
    """The result of a node whose code raised."""
    trace = getattr(error, "detail", "")
    return NodeResult(task, Status.FAILED, error.message, seconds, error.exit_code, error.help, trace)


def obstacle(run: Run, node: Node) -> NodeResult | None:
    """The result that says why a node can't be carried out, when something it needs did not end well."""
    for id in node.task.needs:
        need = run.results[id]
        if need.status not in GOOD:
            return NodeResult(node.task, Status.SKIPPED, f"needs {need.task.label}, which {_ended(need)}")
    return None


def _ended(result: NodeResult) -> str:
    return {Status.FAILED: "failed", Status.HELD: "is held", Status.SKIPPED: "was skipped"}[result.status]
