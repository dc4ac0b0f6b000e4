"""`status`, `log`, `model`, `dataset`: what is recorded, read without touching anything."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import TypeVar

from modelsync.core.errors import UsageError
from modelsync.core.version import Version
from modelsync.engine.workspace import Workspace
from modelsync.registry.records import DatasetVersion, ModelVersion, RunRecord, StageRecord
from modelsync.registry.state import State
from modelsync.targets import deployments
from modelsync.targets.base import DeploymentStatus

Found = TypeVar("Found", ModelVersion, DatasetVersion)


@dataclass(frozen=True, slots=True)
class Overview:
    """A project at a glance."""

    state: State
    last_run: RunRecord | None
    deployments: tuple[DeploymentStatus, ...]


def overview(workspace: Workspace) -> Overview:
    """The last run, what each stage holds, what serves."""
    state = workspace.state()
    return Overview(state, state.runs[-1] if state.runs else None, deployed(workspace))


def deployed(workspace: Workspace) -> tuple[DeploymentStatus, ...]:
    """Every local deployment as it is now."""
    return tuple(deployments.status(workspace.deployments / name) for name in deployments.found(workspace.deployments))


def runs(workspace: Workspace, last: int) -> tuple[RunRecord, ...]:
    """The last runs, the newest first."""
    return tuple(reversed(workspace.state().runs[-last:]))


def stages_of(state: State, model: str, version: Version) -> tuple[str, ...]:
    """The stages that hold a version now."""
    held: Mapping[tuple[str, str], StageRecord] = state.stages
    return tuple(stage for (name, stage), record in held.items() if name == model and record.version == version)


def model(workspace: Workspace, text: str) -> tuple[ModelVersion, State]:
    """The version that `name` (the latest), `name@1.2.0` or `name@stage` means."""
    state = workspace.state()
    name, _, which = text.partition("@")
    versions = _named(state.models, name, "model")
    record = state.stages.get((name, which))
    if record is not None:
        which = str(record.version)
    return _version(versions, name, which), state


def dataset(workspace: Workspace, text: str) -> tuple[DatasetVersion, State]:
    """The version that `name` (the latest) or `name@1.2.0` means."""
    state = workspace.state()
    name, _, which = text.partition("@")
    return _version(_named(state.datasets, name, "dataset"), name, which), state


def _named(all_: Mapping[str, list[Found]], name: str, kind: str) -> list[Found]:
    if name in all_:
        return all_[name]
    near = get_close_matches(name, list(all_), 1)
    known = ", ".join(sorted(all_)) or "none yet"
    raise UsageError(
        f"there is no {kind} `{name}`",
        help=f"did you mean `{near[0]}`?" if near else f"known: {known}; `modelsync run` makes them",
    )


def _version(versions: list[Found], name: str, which: str) -> Found:
    if not which:
        return versions[-1]
    found = next((version for version in versions if str(version.version) == which), None)
    if found is None:
        known = ", ".join(str(version.version) for version in versions)
        raise UsageError(f"`{name}` has no version or stage `{which}`", help=f"versions: {known}")
    return found
