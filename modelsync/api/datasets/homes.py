"""Where a dataset belongs: the project around a folder, and the spec that declares it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from modelsync.api.opening import open_spec
from modelsync.api.ownership import refuse_strangers
from modelsync.api.projects import Project
from modelsync.api.specs import SPEC_NAME, find_spec
from modelsync.api.versions import git
from modelsync.api.versions.repository import open_repository
from modelsync.core.errors import UsageError
from modelsync.engine.intake import Origin
from modelsync.engine.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Home:
    """A project that data is brought into; `project` is None when it has no spec."""

    workspace: Workspace
    project: Project | None

    @property
    def root(self) -> Path:
        """Where the paths of sources start."""
        return self.workspace.root

    def origin(self) -> Origin:
        """By whom something is brought in by hand, on which commit of the code."""
        state = git.state(self.root)
        seen = None if state is None else {"commit": state.commit, "dirty": state.dirty}
        return Origin(None, git.author(self.root), seen)


def find_home(folder: Path | None, spec: Path | None) -> Home:
    """The project around a folder (default: here), or that of a named spec.

    SpecError when the spec has faults; UsageError when there are several specs and none is named, or when another spec
    owns one of the names.
    """
    root = open_repository(folder).root
    path = spec if spec is not None else _only_spec(root)
    if path is None:
        return Home(Workspace(root), None)
    opened, loaded = open_spec(find_spec(path))
    project = Project(opened, tuple(loaded.diagnostics), Workspace(opened.root))
    refuse_strangers(project, project.workspace.state())
    return Home(project.workspace, project)


def _only_spec(root: Path) -> Path | None:
    found = [root / SPEC_NAME] if (root / SPEC_NAME).is_file() else sorted((root / "specs").glob(f"*/{SPEC_NAME}"))
    if len(found) > 1:
        names = ", ".join(str(spec.relative_to(root)) for spec in found)
        raise UsageError(f"there are several specs: {names}", help="name the one that declares it with --spec")
    return found[0] if found else None
