"""What a spec makes out of what, as a graph: datasets, steps, gates, models, stages, deployments and their edges."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from enum import StrEnum

from modelsync.core.checks import StabilityCheck, of_kind
from modelsync.core.records import record
from modelsync.core.verdict import GateSeverity
from modelsync.language.delivery import (
    Approval,
    Deploy,
    DockerTarget,
    EndpointTarget,
    KubernetesTarget,
    LocalTarget,
    Target,
)
from modelsync.language.model import Dataset, Gate, Ref, RefKind, SourceKind, Spec, Stage, Step
from modelsync.plan.graph import asked, in_order


class Kind(StrEnum):
    """What a node stands for."""

    DATASET = "dataset"
    STEP = "step"
    GATE = "gate"
    MODEL = "model"
    STAGE = "stage"
    DEPLOY = "deploy"


class Tie(StrEnum):
    """What an edge says."""

    FLOW = "flow"  # content goes from one to the other
    ORDER = "order"  # one comes before the other
    GUARD = "guard"  # a gate that is judged before the other begins, and must pass unless it only warns


@record
class Node:
    """One thing of the spec. `title` is its name for people, `detail` a few words more, `times` set for a matrix."""

    kind: Kind
    name: str
    title: str
    detail: str = ""
    pipeline: str = ""  # of a step
    times: int | None = None  # how many members run

    @property
    def label(self) -> str:
        """The name for people, with how often it runs."""
        return self.title if self.times is None else f"{self.title} ×{self.times}"

    @property
    def id(self) -> str:
        """`step:train.fit`: unique in a graph."""
        return _id(self.kind, self.name)


@record
class Edge:
    """From the id of one node to that of another, with the names of what goes along it."""

    source: str
    target: str
    tie: Tie
    words: tuple[str, ...] = ()


@record
class Graph:
    """Nodes in an order in which each comes after what it needs; one edge at most from one node to another."""

    project: str
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]

    @property
    def pipelines(self) -> tuple[str, ...]:
        """The pipelines that have a step, in the order of their first."""
        return tuple(dict.fromkeys(node.pipeline for node in self.nodes if node.pipeline))

    @property
    def entering(self) -> dict[str, list[Edge]]:
        """The edges that end at each node, by its id."""
        found: dict[str, list[Edge]] = {node.id: [] for node in self.nodes}
        for edge in self.edges:
            found[edge.target].append(edge)
        return found

    @property
    def by_id(self) -> dict[str, Node]:
        """The nodes by id."""
        return {node.id: node for node in self.nodes}


def graph(spec: Spec) -> Graph:
    """The graph of a valid spec, also of what a run can't do yet."""
    nodes = {node.id: replace(node, detail=_printable(node.detail)) for node in _nodes(spec)}
    edges = _merged(_edges(spec))
    needs: dict[str, list[str]] = {id: [] for id in nodes}
    for edge in edges:
        needs[edge.target].append(edge.source)
    order = in_order(needs)
    place = {id: number for number, id in enumerate(order)}
    edges.sort(key=lambda edge: place[edge.target])
    return Graph(spec.project, tuple(nodes[id] for id in order), tuple(edges))


def _printable(text: str) -> str:
    """On one line, with escapes for what no terminal, page or drawing may get."""
    line = " ".join(text.split())
    return "".join(each if each.isprintable() else each.encode("unicode_escape").decode() for each in line)


def _id(kind: Kind, name: str) -> str:
    return f"{kind}:{name}"


def _nodes(spec: Spec) -> Iterator[Node]:
    several = len(spec.pipelines) > 1
    for dataset in spec.datasets.values():
        yield Node(Kind.DATASET, dataset.name, dataset.name, _source(dataset))
    for step in spec.steps:
        title = step.id if several else step.name
        yield Node(Kind.STEP, step.id, title, _work(step), step.pipeline, len(step.members) or None)
    for gate in spec.gates.values():
        yield Node(Kind.GATE, gate.name, gate.name, _question(gate))
    for model in spec.models.values():
        yield Node(Kind.MODEL, model.name, model.name, f"versions from {model.start}")
    for stage in spec.stages.values():
        yield Node(Kind.STAGE, stage.name, stage.name, _entry(stage))
    for deploy in spec.deploys.values():
        yield Node(Kind.DEPLOY, deploy.name, deploy.name, _rollout(deploy))


def _edges(spec: Spec) -> Iterator[Edge]:
    for step in spec.steps:
        yield from _into_step(spec, step)
    for gate in spec.gates.values():
        yield from _into_gate(gate)
    for model in spec.models.values():
        for ref in (model.artifact, model.metrics):
            yield from () if ref is None else _consumed(spec, ref, _id(Kind.MODEL, model.name))
    for stage in spec.stages.values():
        yield from _into_stage(spec, stage)
    for deploy in spec.deploys.values():
        target = _id(Kind.DEPLOY, deploy.name)
        entered = [stage.name for stage in spec.stages.values() if stage.deploy == deploy.name]
        yield from (Edge(_id(Kind.STAGE, name), target, Tie.ORDER) for name in entered)
        yield Edge(_id(Kind.MODEL, deploy.model), target, Tie.FLOW)


def _into_step(spec: Spec, step: Step) -> Iterator[Edge]:
    target = _id(Kind.STEP, step.id)
    for ref in step.inputs.values():
        yield from _consumed(spec, ref, target)
    for name in step.after:
        yield Edge(_id(Kind.STEP, f"{step.pipeline}.{name}"), target, Tie.ORDER)


def _into_gate(gate: Gate) -> Iterator[Edge]:
    target = _id(Kind.GATE, gate.name)
    yield _from(gate.target, target)
    for ref, role in ((gate.data, "data"), (gate.reference, "reference")):
        if isinstance(ref, Ref):
            yield _from(ref, target, role)
    for step in dict.fromkeys(check.across for check in of_kind(gate.checks, StabilityCheck) if check.across):
        yield Edge(_id(Kind.STEP, step), target, Tie.FLOW, ("every member",))


def _into_stage(spec: Spec, stage: Stage) -> Iterator[Edge]:
    target = _id(Kind.STAGE, stage.name)
    if stage.after is not None:
        yield Edge(_id(Kind.STAGE, stage.after), target, Tie.ORDER)
    else:
        yield from (Edge(_id(Kind.MODEL, name), target, Tie.FLOW) for name in spec.models)
    for name in dict.fromkeys((*stage.gates, *asked(stage))):
        yield Edge(_id(Kind.GATE, name), target, Tie.GUARD)


def _consumed(spec: Spec, ref: Ref, target: str) -> Iterator[Edge]:
    """From what a reference names, and from the critical gates on it: when one fails, nothing consumes it."""
    yield _from(ref, target)
    for gate in spec.gates.values():
        if gate.severity is GateSeverity.CRITICAL and str(gate.target) == str(ref):
            yield Edge(_id(Kind.GATE, gate.name), target, Tie.GUARD)


def _from(ref: Ref, target: str, role: str = "") -> Edge:
    """The edge from what a reference names."""
    kind = {RefKind.DATASET: Kind.DATASET, RefKind.MODEL: Kind.MODEL}.get(ref.kind, Kind.STEP)
    name = ".".join(ref.path[:2]) if kind is Kind.STEP else ref.path[0]
    what = ref.path[2] if kind is Kind.STEP else f"@{ref.version}" if ref.version else ""
    word = f"{what} as {role}" if what and role == "reference" else what or role
    return Edge(_id(kind, name), target, Tie.FLOW, (word,) if word else ())


def _merged(edges: Iterable[Edge]) -> list[Edge]:
    """One edge from each node to another, with all words; what flows says more than what comes first."""
    found: dict[tuple[str, str], Edge] = {}
    for edge in edges:
        before = found.setdefault((edge.source, edge.target), edge)
        tie = Tie.FLOW if Tie.FLOW in (before.tie, edge.tie) else before.tie
        words = tuple(dict.fromkeys((*before.words, *edge.words)))
        found[edge.source, edge.target] = replace(before, tie=tie, words=words)
    return list(found.values())


def _source(dataset: Dataset) -> str:
    return "a query" if dataset.kind is SourceKind.QUERY else dataset.source


def _work(step: Step) -> str:
    return " ".join(step.command) if step.command else step.code.text


def _question(gate: Gate) -> str:
    said = gate.uses.text if gate.uses is not None else _counted(len(gate.checks), "check")
    aside = "" if gate.severity is GateSeverity.CRITICAL else f", {gate.severity} only"
    return f"{gate.kind}: {said}{aside}"


def _entry(stage: Stage) -> str:
    parts = [] if stage.when is None else [f"when {' '.join(stage.when.text.split())}"]
    return ", ".join([*parts, *([] if stage.approval is None else [_asks(stage.approval)])])


def _asks(approval: Approval) -> str:
    return f"approval by {approval.count} of {', '.join(approval.roles)}"


def _rollout(deploy: Deploy) -> str:
    shares = " → ".join(f"{step.traffic:g}" for step in deploy.steps)
    return f"{deploy.strategy}{f' {shares} %' if shares else ''} on {_place(deploy.target)}"


def _place(target: Target) -> str:
    match target:
        case LocalTarget():
            return f"local port {target.port}"
        case DockerTarget():
            return f"docker port {target.port}"
        case KubernetesTarget():
            return f"kubernetes namespace {target.namespace}"
        case EndpointTarget():
            return target.url


def _counted(count: int, word: str) -> str:
    return f"{count} {word}{'' if count == 1 else 's'}"
