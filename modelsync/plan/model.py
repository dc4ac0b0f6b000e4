"""The plan: nodes in the order of need, each with its decision and the reason for it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from modelsync.core.verdict import Verdict
from modelsync.release.bumps import Prediction


class NodeKind(StrEnum):
    """The kinds of work, in the order in which a run meets them."""

    DATASET = "dataset"
    STEP = "step"
    GATE = "gate"
    VERSION = "version"
    REGISTER = "register"
    DEPLOY = "deploy"
    PROMOTE = "promote"


class Decision(StrEnum):
    """What the plan says of a node."""

    RUN = "run"
    WAIT = "wait"  # decided as soon as what it needs is there: reused if that comes out as before
    REUSE = "reuse"
    HOLD = "hold"  # waits for a person or for better numbers; nothing runs
    BLOCK = "block"  # a recorded failure stands in the way; nothing runs


@dataclass(frozen=True, slots=True)
class Task:
    """A node before it is decided: what it is, and what must come first.

    `needs` must have succeeded; `after` must only be over, however it ended. `name` is the dataset, the step id
    (`pipeline.step`), the gate or the model; `stage` is set for deploy and promote.
    """

    kind: NodeKind
    name: str
    label: str
    needs: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    stage: str = ""

    @property
    def id(self) -> str:
        """`step:train.fit`, `promote:credit.staging`: unique in a plan."""
        return node_id(self.kind, self.name, self.stage)


@dataclass(frozen=True, slots=True)
class Node:
    """A task with its decision."""

    task: Task
    decision: Decision
    reason: str

    @property
    def id(self) -> str:
        """The id of its task."""
        return self.task.id


@dataclass(frozen=True, slots=True)
class Plan:
    """Every node in an order in which each comes after what it needs, and the versions to be expected."""

    project: str
    nodes: tuple[Node, ...]
    expected: Mapping[str, Prediction] = field(default_factory=dict)
    current: Mapping[str, str] = field(default_factory=dict)  # model -> latest version
    verdicts: Mapping[str, Verdict] = field(default_factory=dict)  # gate -> the recorded verdict that stands

    @property
    def work(self) -> tuple[Node, ...]:
        """The nodes that a run may have to carry out."""
        return tuple(node for node in self.nodes if node.decision in (Decision.RUN, Decision.WAIT))

    @property
    def idle(self) -> bool:
        """Whether a run would change nothing."""
        return not self.work

    def may_be_none(self, model: str) -> bool:
        """Whether no version may come out, because the content may turn out to be that of the latest."""
        version = node_id(NodeKind.VERSION, model)
        open_ = any(node.id == version and node.decision is Decision.WAIT for node in self.nodes)
        return open_ and model in self.current

    def node(self, id: str) -> Node:
        """The node of that id."""
        return next(node for node in self.nodes if node.id == id)

    def to_json(self) -> dict[str, Any]:
        """Plain values, the same for the same plan."""
        return {
            "project": self.project,
            "nodes": [
                {
                    "id": node.id,
                    "kind": str(node.task.kind),
                    "label": node.task.label,
                    "decision": str(node.decision),
                    "reason": node.reason,
                    "needs": list(node.task.needs),
                    "after": list(node.task.after),
                }
                for node in self.nodes
            ],
            "expected": {
                model: {
                    "possible": [{"version": str(version), "rule": rule} for version, rule in prediction.possible],
                    "may_be_none": self.may_be_none(model),
                }
                for model, prediction in self.expected.items()
            },
        }


def node_id(kind: NodeKind, name: str, stage: str = "") -> str:
    """The id of a node from its parts."""
    return f"{kind}:{name}.{stage}" if stage else f"{kind}:{name}"
