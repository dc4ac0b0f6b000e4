"""Heavy libraries imported while the Prefect server starts: the wait is there anyway."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterator
from typing import Any

from modelsync.core.checks import Report
from modelsync.language.model import Spec
from modelsync.plan.model import NodeKind, Plan


def ahead(spec: Spec, plan: Plan) -> threading.Event:
    """Begin to import, in the background, what the nodes of a plan will need; the event is set when Prefect is there.

    What can't be imported fails where it is used, with its own message, not here.
    """
    prefect = threading.Event()
    threading.Thread(target=_load, args=(list(_wanted(spec, plan)), prefect), name="imports", daemon=True).start()
    return prefect


def _wanted(spec: Spec, plan: Plan) -> Iterator[Callable[[], Any]]:
    from modelsync.gates import libraries
    from modelsync.registry.mirror import import_mlflow

    yield _prefect
    judged = [spec.gates[node.task.name] for node in plan.work if node.task.kind is NodeKind.GATE]
    if any(gate.kind == "quality" for gate in judged):
        yield libraries.great_expectations
    if any(node.task.kind is NodeKind.REGISTER for node in plan.work):
        yield import_mlflow
    if any(gate.report is Report.EVIDENTLY for gate in judged):
        yield libraries.evidently


def _load(wanted: list[Callable[[], Any]], first: threading.Event) -> None:
    for load in wanted:
        with contextlib.suppress(Exception):  # also when the process ends meanwhile; what matters is said at its use
            load()
        first.set()


def _prefect() -> None:
    import prefect.flow_engine
    import prefect.task_engine  # noqa: F401
