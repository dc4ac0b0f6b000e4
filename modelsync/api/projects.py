"""A spec file opened: found, read, checked, with the rooms of its project."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from modelsync.api.opening import open_spec
from modelsync.core.diagnostics import Diagnostic
from modelsync.core.errors import SpecError
from modelsync.engine.workspace import FOLDER, Workspace
from modelsync.language.model import Spec
from modelsync.plan.ahead import not_yet


@dataclass(frozen=True)
class Project:
    """A valid spec, its warnings, and its workspace."""

    spec: Spec
    warnings: tuple[Diagnostic, ...]
    workspace: Workspace

    @property
    def name(self) -> str:
        """The spec as the journal names it: its path from the root."""
        path = self.spec.path.resolve()
        return path.relative_to(self.spec.root).as_posix() if path.is_relative_to(self.spec.root) else str(path)


def open_project(path: Path | None, overrides: Mapping[str, str] | None = None) -> Project:
    """The project of a spec; SpecError with every fault, UsageError for a missing file or a param that does not fit."""
    spec, loaded = open_spec(path, overrides)
    if ahead := not_yet(spec):
        raise SpecError(ahead)
    return Project(spec, tuple(loaded.diagnostics), Workspace(spec.root))


def find_workspace(path: Path | None) -> Workspace:
    """The workspace for commands that only look: of a named spec, or of the nearest project around this folder.

    The spec is not read: what happened can be shown while the spec is broken.
    """
    start = (path if path is not None else Path()).resolve()
    for folder in (start, *start.parents):
        if (folder / FOLDER).is_dir():
            return Workspace(folder)
    if path is None or path.is_dir():
        return Workspace(start if start.is_dir() else start.parent)
    return open_project(path).workspace
