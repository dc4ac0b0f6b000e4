"""The Spec: what a spec file says, decoded once, frozen, resolved, every part with its place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from enum import StrEnum
from pathlib import Path
from typing import Any

from modelsync.core.artifacts import OutputType
from modelsync.core.checks import Asked, Label, Report, Slices, WhenAbsent
from modelsync.core.contract import Contract
from modelsync.core.diagnostics import Pos
from modelsync.core.expression import Expression
from modelsync.core.records import record
from modelsync.core.rules import VersionRule
from modelsync.core.verdict import GateSeverity
from modelsync.core.version import Version
from modelsync.language.delivery import Access, Approval, Channel, Deploy, Monitor, Schedule, SecretRef


class RefKind(StrEnum):
    """What a reference can name."""

    DATASET = "dataset"
    OUTPUT = "output"
    MODEL = "model"
    STEP = "step"  # every member of a matrix, as `across` names it
    LIVE = "live"  # the requests that a deployment saw


@record
class Ref:
    """A resolved reference: `("customers",)`, `("train", "split", "test")` or `("churn",)` by kind."""

    kind: RefKind
    path: tuple[str, ...]
    at: Pos = field(compare=False)
    version: str = ""  # of a dataset, as in `datasets.customers@1.2.0`; empty: the current content

    def __str__(self) -> str:
        """The full dotted path, as it may be written anywhere in the spec."""
        pinned = f"@{self.version}" if self.version else ""
        return ".".join(part for part in (_HEADS[self.kind], *self.path) if part) + pinned


_HEADS = {
    RefKind.DATASET: "datasets",
    RefKind.OUTPUT: "pipelines",
    RefKind.MODEL: "models",
    RefKind.STEP: "pipelines",
    RefKind.LIVE: "",
}


@record
class Secret:
    """Where a secret lies: a variable of the environment, a file, or a secret store."""

    name: str
    store: str  # env | file | aws | vault
    key: str
    at: Pos = field(compare=False)


@record
class Remote:
    """Another place for bytes."""

    name: str
    url: str
    at: Pos = field(compare=False)
    default: bool = False
    endpoint: str = ""
    region: str = ""
    credentials: Mapping[str, SecretRef] = field(default_factory=dict)


class SourceKind(StrEnum):
    """Where the rows of a dataset are."""

    FILE = "file"
    FOLDER = "folder"
    GLOB = "glob"
    URL = "url"
    QUERY = "query"


@record
class Param:
    """A declared param and the value it has in this load (its default, or an override that fits)."""

    name: str
    type: str  # int | float | bool | string | enum
    value: Any
    default: Any
    at: Pos = field(compare=False)


@record
class Dataset:
    """A source of rows, its contract and the rules of its own versions."""

    name: str
    source: str  # as written, relative to the root; the text of a query
    kind: SourceKind
    path: Path | None  # resolved; None for an address or a query
    contract: Contract | None
    rules: tuple[VersionRule, ...]
    tags: tuple[str, ...]
    at: Pos = field(compare=False)
    source_at: Pos = field(compare=False)
    connection: SecretRef | None = None  # of a query
    max_age: float | None = None  # seconds; older rows are not fresh
    description: str = field(compare=False, default="")

    @property
    def file(self) -> Path:
        """The one local file the rows are in."""
        assert self.path is not None
        return self.path


@record
class Code:
    """Where a function stands: `flows/churn.py:fit`, or `builtin/split` with `file` None."""

    file: Path | None  # resolved
    name: str
    text: str  # as written
    at: Pos = field(compare=False)


@record
class Retries:
    """How often a step is tried again, and after how long: `delay * backoff ** n` seconds."""

    limit: int = 0
    delay: float = 0.0
    backoff: float = 1.0
    on: tuple[str, ...] = ("error", "timeout")


@record
class Resources:
    """What a step may use: cores, bytes of memory, graphics processors."""

    cpu: float | None = None
    memory: int | None = None
    gpu: int = 0


@record
class Member:
    """One member of a matrix: its values by axis, and the arguments of the step with them put in."""

    values: Mapping[str, Any]
    arguments: Mapping[str, Any]
    env: Mapping[str, str | SecretRef]


@record
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
    command: tuple[str, ...] = ()  # instead of a function, one argument each
    env: Mapping[str, str | SecretRef] = field(default_factory=dict)
    resources: Resources = field(default_factory=Resources)
    each: str = ""  # the step whose members it follows
    members: tuple[Member, ...] = ()  # of its own matrix, or of the one it follows; empty: it runs once
    tags: tuple[str, ...] = ()
    description: str = field(compare=False, default="")

    @property
    def id(self) -> str:
        """`pipeline.step`, unique in a spec."""
        return f"{self.pipeline}.{self.name}"


@record
class Pipeline:
    """Steps by name, in the order written."""

    name: str
    steps: Mapping[str, Step]
    at: Pos = field(compare=False)


CHAMPION = "champion"


@record
class Gate:
    """A check with a name: what it looks at, what it asks, and what follows."""

    name: str
    kind: str  # one of those that `language.decode.gates` lists
    target: Ref
    at: Pos = field(compare=False)
    data: Ref | None = None
    reference: Ref | str | None = None  # a Ref, or CHAMPION
    champion_of: str | None = None  # the model whose champion is meant, when the champion is compared with
    no_reference: WhenAbsent = WhenAbsent.FAIL
    inconclusive: WhenAbsent = WhenAbsent.HOLD
    severity: GateSeverity = GateSeverity.CRITICAL
    report: Report = Report.NONE
    checks: tuple[Asked, ...] = ()
    slices: Slices | None = None
    uses: Code | None = None
    arguments: Mapping[str, Any] = field(default_factory=dict)
    timeout: float | None = None  # seconds that a function of the user may take
    label: Label | None = None  # instead of the label of the contract
    description: str = field(compare=False, default="")

    @property
    def draws(self) -> bool:
        """Whether a page belongs to its verdict."""
        return self.report is not Report.NONE


@record
class Model:
    """A model: which artifact it is, which metrics describe it, how its versions move."""

    name: str
    artifact: Ref
    metrics: Ref | None
    start: Version
    rules: tuple[VersionRule, ...]
    at: Pos = field(compare=False)
    description: str = field(compare=False, default="")


@record
class Stage:
    """A stage of promotion: what must hold, and what is deployed when a version enters it."""

    name: str
    after: str | None
    gates: tuple[str, ...]
    when: Expression | None
    deploy: str | None
    at: Pos = field(compare=False)
    approval: Approval | None = None
    description: str = field(compare=False, default="")


@record
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
    runner: str = "threads"
    runner_at: Pos | None = field(default=None, compare=False)
    secrets: Mapping[str, Secret] = field(default_factory=dict)
    remotes: Mapping[str, Remote] = field(default_factory=dict)
    schedules: Mapping[str, Schedule] = field(default_factory=dict)
    monitors: Mapping[str, Monitor] = field(default_factory=dict)
    channels: Mapping[str, Channel] = field(default_factory=dict)
    access: Access = field(default_factory=Access)
    files: tuple[Path, ...] = ()  # the spec and what it includes

    def step(self, ref: Ref) -> Step:
        """The step that makes a referenced output."""
        pipeline, name, _ = ref.path
        return self.pipelines[pipeline].steps[name]

    @property
    def steps(self) -> tuple[Step, ...]:
        """Every step of every pipeline, in the order written."""
        return tuple(step for pipeline in self.pipelines.values() for step in pipeline.steps.values())
