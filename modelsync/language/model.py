"""The Spec: what a spec file says, decoded once, frozen, resolved, every part with its place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any

from modelsync.core.artifacts import OutputType
from modelsync.core.checks import (
    DriftCheck,
    Expectation,
    FairnessCheck,
    PerformanceCheck,
    Slices,
    WhenAbsent,
)
from modelsync.core.contract import Contract
from modelsync.core.diagnostics import Pos
from modelsync.core.expression import Expression
from modelsync.core.rules import VersionRule
from modelsync.core.verdict import GateSeverity
from modelsync.core.version import Version


class RefKind(StrEnum):
    """What a reference can name."""

    DATASET = "dataset"
    OUTPUT = "output"
    MODEL = "model"


@dataclass(frozen=True, slots=True)
class Ref:
    """A resolved reference: `("customers",)`, `("train", "split", "test")` or `("churn",)` by kind."""

    kind: RefKind
    path: tuple[str, ...]
    at: Pos = field(compare=False)

    def __str__(self) -> str:
        """The full dotted path, as it may be written anywhere in the spec."""
        head = {RefKind.DATASET: "datasets", RefKind.OUTPUT: "pipelines", RefKind.MODEL: "models"}[self.kind]
        return ".".join((head, *self.path))


@dataclass(frozen=True, slots=True)
class Param:
    """A declared param and the value it has in this load (its default, or an override that fits)."""

    name: str
    type: str  # int | float | bool | string | enum
    value: Any
    default: Any
    at: Pos = field(compare=False)


@dataclass(frozen=True, slots=True)
class Dataset:
    """A source of rows, its contract and the rules of its own versions."""

    name: str
    source: str  # as written, relative to the root
    path: Path  # resolved
    contract: Contract | None
    rules: tuple[VersionRule, ...]
    tags: tuple[str, ...]
    at: Pos = field(compare=False)
    source_at: Pos = field(compare=False)


@dataclass(frozen=True, slots=True)
class Code:
    """Where a function stands: `flows/churn.py:fit`, or `builtin/split` with `file` None."""

    file: Path | None  # resolved
    name: str
    text: str  # as written
    at: Pos = field(compare=False)


@dataclass(frozen=True, slots=True)
class Retries:
    """How often a step is tried again, and after how long: `delay * backoff ** n` seconds."""

    limit: int = 0
    delay: float = 0.0
    backoff: float = 1.0
    on: tuple[str, ...] = ("error", "timeout")


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a pipeline."""

    pipeline: str
    name: str
    code: Code
    inputs: Mapping[str, Ref]
    arguments: Mapping[str, Any]  # `with`, interpolated
    outputs: Mapping[str, OutputType]
    after: tuple[str, ...]  # steps of the same pipeline
    retries: Retries
    timeout: float | None  # seconds
    isolate: str  # thread | process
    at: Pos = field(compare=False)
    written: Mapping[str, Any] = field(default_factory=dict)  # `with` as written, before params are put in
    inputs_at: Mapping[str, Pos] = field(compare=False, default_factory=dict)
    arguments_at: Mapping[str, Pos] = field(compare=False, default_factory=dict)

    @property
    def id(self) -> str:
        """`pipeline.step`, unique in a spec."""
        return f"{self.pipeline}.{self.name}"


@dataclass(frozen=True, slots=True)
class Pipeline:
    """Steps by name, in the order written."""

    name: str
    steps: Mapping[str, Step]
    at: Pos = field(compare=False)


CHAMPION = "champion"


@dataclass(frozen=True, slots=True)
class Gate:
    """A check with a name: what it looks at, what it asks, and what follows."""

    name: str
    kind: str  # quality | drift | performance | fairness | custom
    target: Ref
    at: Pos = field(compare=False)
    data: Ref | None = None
    reference: Ref | str | None = None  # a Ref, or CHAMPION
    champion_of: str | None = None  # the model whose champion is meant, when the champion is compared with
    no_reference: WhenAbsent = WhenAbsent.FAIL
    inconclusive: WhenAbsent = WhenAbsent.HOLD
    severity: GateSeverity = GateSeverity.CRITICAL
    report: bool = False
    quality: tuple[Expectation, ...] = ()
    drift: tuple[DriftCheck, ...] = ()
    performance: tuple[PerformanceCheck, ...] = ()
    fairness: tuple[FairnessCheck, ...] = ()
    slices: Slices | None = None
    uses: Code | None = None
    arguments: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Model:
    """A model: which artifact it is, which metrics describe it, how its versions move."""

    name: str
    artifact: Ref
    metrics: Ref | None
    start: Version
    rules: tuple[VersionRule, ...]
    at: Pos = field(compare=False)


@dataclass(frozen=True, slots=True)
class Stage:
    """A stage of promotion: what must hold, and what is deployed when a version enters it."""

    name: str
    after: str | None
    gates: tuple[str, ...]
    when: Expression | None
    deploy: str | None
    at: Pos = field(compare=False)


@dataclass(frozen=True, slots=True)
class LocalTarget:
    """Processes on this machine behind one port."""

    port: int
    replicas: int = 1
    host: str = "127.0.0.1"


@dataclass(frozen=True, slots=True)
class Deploy:
    """Where and how a model is rolled out."""

    name: str
    model: str
    target: LocalTarget
    strategy: str  # recreate | blue_green
    at: Pos = field(compare=False)


@dataclass(frozen=True, slots=True)
class Spec:
    """The whole of one spec file, valid, with every default filled in and every reference resolved."""

    path: Path
    root: Path
    project: str
    params: Mapping[str, Param]
    datasets: Mapping[str, Dataset]
    pipelines: Mapping[str, Pipeline]
    gates: Mapping[str, Gate]
    models: Mapping[str, Model]
    stages: Mapping[str, Stage]  # in the order of promotion
    deploys: Mapping[str, Deploy]
    concurrency: int

    def step(self, ref: Ref) -> Step:
        """The step that makes a referenced output."""
        pipeline, name, _ = ref.path
        return self.pipelines[pipeline].steps[name]

    @property
    def steps(self) -> tuple[Step, ...]:
        """Every step of every pipeline, in the order written."""
        return tuple(step for pipeline in self.pipelines.values() for step in pipeline.steps.values())
