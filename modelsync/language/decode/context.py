"""What every decoder of a section shares: the faults found so far, the params, the declared names, and side tables."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from modelsync.core.checks import DriftCheck, Expectation, FairnessCheck, PerformanceCheck
from modelsync.core.diagnostics import Diagnostic, Fix, Pos, Related, Severity
from modelsync.core.expression import Expression
from modelsync.core.nearest import nearest
from modelsync.language.mends import slip
from modelsync.language.model import Param
from modelsync.language.names import Names
from modelsync.language.nodes import Mapping, Scalar
from modelsync.language.source import Source

MAX_FAULTS = 200
"""So many findings are collected; a file with more is not a spec with slips, and must not buy time."""

_LONGEST_PATH = 1024  # file systems refuse more, some with an exception
_LONGEST_NAME = 255  # bytes in one part of a path

AnyCheck = Expectation | DriftCheck | PerformanceCheck | FairnessCheck


@dataclass(frozen=True, slots=True)
class Condition:
    """An expression with its scalar and what it belongs to, which decides the names it may use."""

    expression: Expression
    node: Scalar
    owner: str  # dataset | model | stage
    name: str


class TooManyError(Exception):
    """Enough faults to stop looking for more."""


@dataclass(slots=True)
class Context:
    """One load."""

    source: Source
    names: Names
    root: Path
    params: dict[str, Param] = field(default_factory=dict)
    enums: dict[str, tuple[str, ...]] = field(default_factory=dict)  # the values of each enum param
    used_params: set[str] = field(default_factory=set)
    conditions: list[Condition] = field(default_factory=list)
    checks: dict[str, list[tuple[AnyCheck, Mapping]]] = field(default_factory=dict)  # gate -> check and its node
    nodes: dict[tuple[str, str], Mapping] = field(default_factory=dict)  # (section, name) -> body
    texts: dict[tuple[str, ...], Pos] = field(default_factory=dict)  # places of bare names, such as a stage's gates
    faults: list[Diagnostic] = field(default_factory=list)

    def fault(
        self,
        code: str,
        at: Pos,
        message: str,
        help: str = "",
        *,
        notes: tuple[str, ...] = (),
        related: tuple[Related, ...] = (),
        fix: Fix | None = None,
    ) -> None:
        """Remember one error; TooManyError when there are enough."""
        if len(self.faults) >= MAX_FAULTS:
            raise TooManyError
        self.faults.append(Diagnostic(code, at, message, help, notes, related, Severity.ERROR, fix))

    def unknown(self, code: str, at: Pos, message: str, written: str, known: Iterable[str], note: str = "") -> None:
        """Remember a name that does not exist, with the nearest that does as help and mend."""
        known = tuple(known)
        near = nearest(written, known)
        help = f"did you mean `{near}`?" if near else ""
        listed = (f"{note}: {', '.join(sorted(known)) or 'none'}",) if note else ()
        self.fault(code, at, message, help, notes=listed, fix=slip(at, written, near))

    def path(self, written: str, at: Pos) -> Path | None:
        """A path inside the root, made absolute; a fault when it leaves the root, also through a link."""
        if any(len(part.encode()) > _LONGEST_NAME for part in written.split("/")) or len(written) > _LONGEST_PATH:
            self.fault("MS104", at, f"`{written[:40]}...` is too long for a path")
            return None
        if "\\" in written or Path(written).is_absolute() or written.startswith("~"):
            self.fault(
                "MS601", at, f"`{written}` is not a path relative to the root", "write it with `/`, from the root"
            )
            return None
        path = Path(os.path.normpath(self.root / written))
        if not path.is_relative_to(self.root) or not _resolved(path).is_relative_to(self.root):
            self.fault("MS601", at, f"`{written}` leaves the project root", "copy it into the project, or set `root:`")
            return None
        return path


def _resolved(path: Path) -> Path:
    try:
        return path.resolve()
    except (OSError, RuntimeError):  # a circle of links: it leads nowhere, so not inside either
        return Path(path.anchor)
