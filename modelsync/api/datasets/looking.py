"""`dataset list`, `show`, `history`: what is recorded of versions, read without touching anything."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from modelsync.api import showing
from modelsync.api.versions.repository import open_repository
from modelsync.engine.workspace import Workspace
from modelsync.registry.records import DatasetVersion
from modelsync.registry.state import State


@dataclass(frozen=True, slots=True)
class Told:
    """One version with the number of the run that made it (None: made by hand) and who did."""

    version: DatasetVersion
    run: int | None
    author: str


def workspace_of(folder: Path | None) -> Workspace:
    """The rooms of the project around a folder (default: here); nothing is created."""
    return open_repository(folder).workspace


def versions(workspace: Workspace, name: str | None, tag: str | None = None) -> list[DatasetVersion]:
    """Every version, the newest first, of one dataset or of all; with `tag` those that have it.

    UsageError, with the names there are, when there is no such dataset.
    """
    state = workspace.state()
    if name is not None:
        showing.dataset(workspace, name)
    found = [v for data, kept in state.datasets.items() if name in (None, data) for v in reversed(kept)]
    return [version for version in found if tag is None or tag in version.tags]


def version(workspace: Workspace, text: str) -> DatasetVersion:
    """The version that `name` (the latest) or `name@1.2.0` means; UsageError when there is none."""
    return showing.dataset(workspace, text)[0]


def told(workspace: Workspace, text: str) -> Told:
    """The same with who made it."""
    found, state = showing.dataset(workspace, text)
    return _told(found, state)


def history(workspace: Workspace, name: str) -> list[Told]:
    """Every version of one dataset with who made it, the newest first."""
    state = workspace.state()
    return [_told(version, state) for version in versions(workspace, name.partition("@")[0])]


def _told(found: DatasetVersion, state: State) -> Told:
    run = state.run(found.run) if found.run else None
    author = found.author or ("" if run is None else run.actor)
    return Told(found, None if run is None else run.number, author)
