"""A spec file opened: found, read, checked, with the rooms of its project."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from modelsync.api.specs import find_spec, known
from modelsync.core.diagnostics import Diagnostic, Severity
from modelsync.core.errors import SpecError, UsageError
from modelsync.engine.workspace import FOLDER, Workspace
from modelsync.language.load import load
from modelsync.language.model import Spec
from modelsync.plan.ahead import not_yet

_OVERRIDE = "MS112"  # a param given on the command line that the spec does not take


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
    loaded = load(find_spec(path), known(), overrides or {}, os.environ)
    errors = [found for found in loaded.diagnostics if found.severity is Severity.ERROR]
    if errors and all(found.code == _OVERRIDE for found in errors):  # the spec is right, the command line is not
        raise UsageError("; ".join(found.message for found in errors), help=errors[0].help)
    if loaded.spec is None or errors:
        raise SpecError(loaded.diagnostics)
    if ahead := not_yet(loaded.spec):
        raise SpecError(ahead)
    return Project(loaded.spec, tuple(loaded.diagnostics), Workspace(loaded.spec.root))


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
