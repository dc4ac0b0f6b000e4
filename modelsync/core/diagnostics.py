"""A fault in a text and its place: what `check` collects and every face shows."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from modelsync.core.records import record


class Severity(StrEnum):
    """How bad a finding is: only errors stop a command."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True, order=True)
class Pos:
    """A span in a file; lines and columns start at 1, the end column is exclusive."""

    file: Path
    line: int
    col: int
    end_line: int
    end_col: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.col}"


@record
class Related:
    """A second place that explains the first, such as a definition."""

    at: Pos
    message: str


@record
class Fix:
    """A safe mend: replace the text at `at` by `replacement`."""

    at: Pos
    replacement: str


@record
class Diagnostic:
    """One finding about a spec: a stable code, a place, a sentence and a way out."""

    code: str
    at: Pos
    message: str
    help: str = ""
    notes: tuple[str, ...] = ()
    related: tuple[Related, ...] = ()
    severity: Severity = Severity.ERROR
    fix: Fix | None = None

    @property
    def order(self) -> tuple[str, int, int, str]:
        """The order in which findings are shown: by place, then by code."""
        return (str(self.at.file), self.at.line, self.at.col, self.code)
