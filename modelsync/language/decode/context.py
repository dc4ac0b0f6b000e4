"""What every decoder of a section shares: the faults found so far, the params, the declared names, and side tables."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any

from modelsync.core.checks import Asked
from modelsync.core.diagnostics import Diagnostic, Fix, Pos, Related, Severity
from modelsync.core.expression import Expression
from modelsync.core.nearest import nearest
from modelsync.core.records import record
from modelsync.language.delivery import SecretRef
from modelsync.language.mends import slip
from modelsync.language.model import Param, Ref
from modelsync.language.names import Names
from modelsync.language.paths import Refused, from_root, inside, resolved
from modelsync.language.shapes import Reference
from modelsync.language.text import nodes
from modelsync.language.text.nodes import Scalar
from modelsync.language.text.source import Source

UNKNOWN: Mapping[str, Any] = MappingProxyType({})
"""The member of a matrix that could not be decoded: what it should hold is no fault of whoever asks for it."""

MAX_FAULTS = 200
"""So many findings are collected; a file with more is not a spec with slips, and must not buy time."""


@record
class Condition:
    """An expression with its scalar and what it belongs to, which decides the names it may use."""

    expression: Expression
    node: Scalar
    owner: str  # dataset | model | stage
    name: str


@record
class BareName:
    """A name of something declared, where it stands: `gates: [fair]` in stage `staging`."""

    section: str  # whose names: stages, gates, deploy, models, steps, roles, secrets
    name: str
    at: Pos
    what: str  # `gates` of stage `staging`
    pipeline: str = ""  # for steps


@record
class Use:
    """One reference where it stands, with what may stand there."""

    ref: Ref
    what: str
    allowed: Reference
    pipeline: str = ""  # inside which pipeline it stands
    step: str = ""  # inside which step, as `pipeline.step`
    way: Pos | None = field(default=None, compare=False)  # the alias that put it there


@record
class Given:
    """The value of a param from outside, as text, and how it is called in a message."""

    text: str
    said: str  # `horizon=7`, or `MODELSYNC_PARAM_HORIZON=7`


def used_here(at: Pos, way: Pos | None) -> tuple[Related, ...]:
    """The place of an alias, for a finding in what it names; nothing where both are on one line."""
    return () if way is None or (way.file, way.line) == (at.file, at.line) else (Related(way, "used here"),)


class TooManyError(Exception):
    """Enough faults to stop looking for more."""


@dataclass(slots=True)
class Context:
    """One load."""

    source: Source
    sources: Mapping[Path, Source]
    names: Names
    root: Path
    environ: Mapping[str, str]
    tree: nodes.Node | None = None  # the whole spec as it is written, includes merged
    params: dict[str, Param] = field(default_factory=dict)
    given: Mapping[str, Given] = field(default_factory=dict)  # values of params from outside
    enums: dict[str, tuple[str, ...]] = field(default_factory=dict)  # the values of each enum param
    used_params: set[str] = field(default_factory=set)
    unfilled: set[Pos] = field(default_factory=set)  # scalars that name params which are not there
    matrix: Mapping[str, Any] | None = None  # the values of the member that is being decoded
    axes: tuple[str, ...] = ()  # what any member of that matrix has
    members: dict[tuple[str, str], tuple[Mapping[str, Any], ...]] = field(default_factory=dict)  # (pipeline, step)
    emptied: set[Pos] = field(default_factory=set)  # mappings of which no key is known: what they lack is not told too
    filled: int = 0  # how often a value was put in for a member of a matrix
    conditions: list[Condition] = field(default_factory=list)
    uses: list[Use] = field(default_factory=list)
    bare: dict[BareName, None] = field(default_factory=dict)  # each once, in the order found
    secrets: list[SecretRef] = field(default_factory=list)  # every reference to one
    checks: dict[str, list[tuple[Asked, nodes.Mapping]]] = field(default_factory=dict)  # gate -> check and its node
    nodes: dict[tuple[str, str], nodes.Mapping] = field(default_factory=dict)  # (section, name) -> body
    faults: list[Diagnostic] = field(default_factory=list)
    _ways: list[Pos] = field(default_factory=list)  # the aliases that led here
    _told: dict[tuple[str, Pos], tuple[Pos, ...]] = field(default_factory=dict)  # by which way each was told first

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
        severity: Severity = Severity.ERROR,
    ) -> None:
        """Remember one finding; TooManyError when there are enough."""
        if self._told.setdefault((code, at), tuple(self._ways)) != tuple(self._ways):
            return  # what stands behind an anchor is told once, however often it is used
        if len(self.faults) >= MAX_FAULTS:
            raise TooManyError
        related = (*related, *used_here(at, self.way))
        self.faults.append(Diagnostic(code, at, message, help, notes, related, severity, fix))

    @property
    def way(self) -> Pos | None:
        """The alias that led to what is being read, None where it stands itself."""
        return self._ways[-1] if self._ways else None

    def unknown(self, code: str, at: Pos, message: str, written: str, known: Iterable[str], note: str = "") -> None:
        """Remember a name that does not exist, with the nearest that does as help and mend."""
        known = tuple(known)
        near = nearest(written, known)
        help = f"did you mean `{near}`?" if near else ""
        listed = (f"{note}: {', '.join(sorted(known)) or 'none'}",) if note else ()
        self.fault(code, at, message, help, notes=listed, fix=slip(at, written, near))

    @contextmanager
    def through(self, way: Pos | None) -> Iterator[None]:
        """Findings made inside are told with the alias that led there."""
        if way is None:
            yield
            return
        self._ways.append(way)
        try:
            yield
        finally:
            self._ways.pop()

    @contextmanager
    def member(self, values: Mapping[str, Any] | None, axes: tuple[str, ...] = ()) -> Iterator[None]:
        """Literals read inside may put in these values of a matrix; `axes` are the names that any member has."""
        before = self.matrix, self.axes
        self.matrix, self.axes = values, axes
        try:
            yield
        finally:
            self.matrix, self.axes = before

    @contextmanager
    def quietly(self) -> Iterator[None]:
        """Faults found inside are forgotten: they are told where the same text is read in its own place."""
        before, told = len(self.faults), dict(self._told)
        try:
            yield
        finally:
            del self.faults[before:]
            self._told = told

    def within(self, node: Scalar, start: int, end: int) -> Pos:
        """The place of a part of a scalar's text, whichever file it stands in."""
        return self.sources.get(node.at.file, self.source).within(node, start, end)

    def path(self, written: str, at: Pos) -> Path | None:
        """A path inside the root, made absolute; a fault when it leaves the root, also through a link."""
        found = inside(self.root, written)
        if isinstance(found, Refused):
            meant = from_root(self.root, resolved(at.file.parent), written) if found.code == "MS601" else ""
            help = f"paths start at the root: write `{meant}`" if meant else found.help
            self.fault(found.code, at, found.message, help)
            return None
        return found
