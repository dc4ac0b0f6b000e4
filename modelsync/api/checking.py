"""`check`: everything that is wrong with some specs, before anything runs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from modelsync.api.specs import find_spec, known
from modelsync.core.diagnostics import Diagnostic, Fix, Severity
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


def mend(checked: Checked) -> int:
    """Put in the safe mends of a spec that was checked; how many. The file is whole at every moment."""
    fixes = sorted({found.fix for found in checked.diagnostics if found.fix is not None}, key=lambda fix: fix.at)
    by_file: dict[Path, list[Fix]] = {}
    for fix in fixes:
        by_file.setdefault(fix.at.file, []).append(fix)
    for file, wanted in by_file.items():
        _rewrite(file, wanted)
    return len(fixes)


def _rewrite(file: Path, fixes: Sequence[Fix]) -> None:
    lines = file.read_bytes().decode("utf-8").splitlines(keepends=True)
    for fix in reversed(fixes):  # from the end, so that the places before stay where they are
        line = lines[fix.at.line - 1]
        lines[fix.at.line - 1] = line[: fix.at.col - 1] + fix.replacement + line[fix.at.end_col - 1 :]
    fresh = file.with_name(f".{file.name}.new")
    fresh.write_bytes("".join(lines).encode())
    fresh.replace(file)


def check(paths: Sequence[Path], overrides: Mapping[str, str] | None = None) -> tuple[Checked, ...]:
    """Check each spec; without a path the one of the project here. UsageError when there is no such file."""
    names = known()
    found = []
    for path in paths or (None,):
        spec = find_spec(path)
        loaded = load(spec, names, overrides or {})
        found.append(Checked(spec, loaded.spec, tuple(loaded.diagnostics)))
    return tuple(found)
