"""`check`: everything that is wrong with some specs, before anything runs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from modelsync.api.projects import find_spec, known
from modelsync.core.diagnostics import Diagnostic, Severity
from modelsync.language.load import load
from modelsync.language.model import Spec


@dataclass(frozen=True, slots=True)
class Checked:
    """One spec and what was found in it; `spec` is None when it can't be understood."""

    path: Path
    spec: Spec | None
    diagnostics: tuple[Diagnostic, ...]

    @property
    def errors(self) -> int:
        """How many findings stop a command."""
        return sum(1 for found in self.diagnostics if found.severity is Severity.ERROR)


def check(paths: Sequence[Path], overrides: Mapping[str, str] | None = None) -> tuple[Checked, ...]:
    """Check each spec; without a path the one of the project here. UsageError when there is no such file."""
    names = known()
    found = []
    for path in paths or (None,):
        spec = find_spec(path)
        loaded = load(spec, names, overrides or {})
        found.append(Checked(spec, loaded.spec, tuple(loaded.diagnostics)))
    return tuple(found)
