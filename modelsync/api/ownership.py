"""Names of a project belong to the spec that made them: two specs must not take turns with one model."""

from __future__ import annotations

from collections.abc import Iterator

from modelsync.api.projects import Project
from modelsync.core.errors import UsageError
from modelsync.registry.state import State


def refuse_strangers(project: Project, state: State) -> None:
    """UsageError, before anything is written, when a model, dataset or deployment of this spec is another spec's.

    A spec that was renamed or removed owns nothing any more. A dataset that both declare alike is shared.
    """
    for kind, name, run in _makers(project, state):
        record = state.run(run)
        if record is None or record.spec == project.name or not (project.spec.root / record.spec).exists():
            continue
        raise UsageError(
            f"{kind} `{name}` belongs to {record.spec}, which made its versions",
            help=f"give it another name in {project.name}, or a `root:` of its own to that spec",
        )


def _makers(project: Project, state: State) -> Iterator[tuple[str, str, str]]:
    spec = project.spec
    for name in spec.models:
        if (model := state.model(name)) is not None:
            yield "model", name, model.run or ""
    for name in spec.deploys:
        if name in state.live:
            yield "deployment", name, state.live[name].run or ""
    for name, dataset in spec.datasets.items():
        kept = state.dataset(name)
        contract = None if dataset.contract is None else dataset.contract.to_json()
        if kept is not None and kept.contract != contract:
            yield "dataset", name, kept.run or ""
