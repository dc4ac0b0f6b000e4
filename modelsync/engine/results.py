"""What came of each node of a plan, and of the run as a whole."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from modelsync.core.errors import ExitCode
from modelsync.core.verdict import Verdict
from modelsync.plan.model import Task
from modelsync.release.bumps import Decision as VersionDecision


class Status(StrEnum):
    """How a node ended."""

    DONE = "done"
    REUSED = "reused"
    WARNED = "warned"  # a gate that does not block said no
    FAILED = "failed"
    HELD = "held"
    SKIPPED = "skipped"


GOOD = frozenset({Status.DONE, Status.REUSED, Status.WARNED})


@dataclass(frozen=True, slots=True)
class NodeResult:
    """The end of one node: how, why, after how many seconds, and the exit code it asks for."""

    task: Task
    status: Status
    detail: str = ""
    seconds: float = 0.0
    exit: ExitCode = ExitCode.DONE
    help: str = ""
    trace: str = ""  # the user's own frames, when their code raised
    verdict: Verdict | None = None
    report: str | None = None  # path of an HTML page


@dataclass(frozen=True, slots=True)
class ModelOutcome:
    """What became of a model in a run."""

    model: str
    version: str
    fresh: bool  # registered by this run
    decision: VersionDecision | None = None
    stages: tuple[str, ...] = ()  # the stages that hold this version now
    urls: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RunResult:
    """A whole run, for the summary."""

    project: str
    number: int | None  # None when nothing had to run
    run: str | None
    nodes: tuple[NodeResult, ...]
    models: tuple[ModelOutcome, ...]
    exit: ExitCode
    seconds: float
    notices: tuple[str, ...] = ()
    links: Mapping[str, str] = field(default_factory=dict)


# Which of several endings names the exit code: the one a person must look at first. Every code stands here.
_FIRST = (
    ExitCode.INTERRUPTED,
    ExitCode.INTERNAL,
    ExitCode.SURROUNDINGS,
    ExitCode.LOCKED,
    ExitCode.STALE_PLAN,
    ExitCode.USAGE,
    ExitCode.SPEC,
    ExitCode.STEP_FAILED,
    ExitCode.GATE_FAILED,
    ExitCode.ROLLED_BACK,
    ExitCode.HELD,
    ExitCode.DONE,
)


def exit_of(nodes: Iterable[NodeResult]) -> ExitCode:
    """The exit code of a run from those of its nodes; a failed node that names none is a fault of ours."""
    asked = {_code(node) for node in nodes}
    return min(asked, key=_FIRST.index, default=ExitCode.DONE)


def _code(node: NodeResult) -> ExitCode:
    nameless = node.status is Status.FAILED and node.exit is ExitCode.DONE
    return ExitCode.INTERNAL if nameless else node.exit
