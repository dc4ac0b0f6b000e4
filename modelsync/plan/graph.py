"""From a spec to tasks: what a run is made of and what must come before what."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from graphlib import TopologicalSorter

from modelsync.core.verdict import GateSeverity
from modelsync.language.model import Gate, Model, Ref, RefKind, Spec, Stage, Step
from modelsync.plan.model import NodeKind, Task, node_id


def tasks(spec: Spec) -> tuple[Task, ...]:
    """Every task of a run, each after what it needs, otherwise in the order written."""
    found = {task.id: task for task in _all(spec)}
    return tuple(found[id] for id in in_order({id: (*task.needs, *task.after) for id, task in found.items()}))


def in_order(needs: Mapping[str, Iterable[str]]) -> tuple[str, ...]:
    """Ids, each after the ids that it needs, otherwise in the order given; there are no circles."""
    sorter: TopologicalSorter[str] = TopologicalSorter(needs)
    place = {id: index for index, id in enumerate(needs)}
    sorter.prepare()
    ordered: list[str] = []
    ready: list[str] = []
    while sorter.is_active():
        ready.extend(sorter.get_ready())
        ready.sort(key=place.__getitem__)
        id = ready.pop(0)
        ordered.append(id)
        sorter.done(id)
    return tuple(ordered)


def champion_stage(spec: Spec) -> str | None:
    """The stage whose version is the champion: `production`, or the last one when none has that name."""
    if "production" in spec.stages:
        return "production"
    return next(reversed(list(spec.stages)), None)


def source_of(spec: Spec, ref: Ref) -> str:
    """The id of the node that makes what a reference names."""
    if ref.kind is RefKind.DATASET:
        return node_id(NodeKind.DATASET, ref.path[0])
    if ref.kind is RefKind.MODEL:
        return source_of(spec, spec.models[ref.path[0]].artifact)
    return node_id(NodeKind.STEP, ".".join(ref.path[:2]))


def upstream(spec: Spec, refs: Iterable[Ref]) -> tuple[frozenset[str], frozenset[str]]:
    """The datasets and the steps (`pipeline.step`) that something descends from, itself included."""
    found, steps = descent(spec, refs)
    return frozenset(ref.path[0] for ref in found), steps


def descent(spec: Spec, refs: Iterable[Ref]) -> tuple[frozenset[Ref], frozenset[str]]:
    """The same with the datasets as they are referred to: `datasets.x` and `datasets.x@1.2.0` are two."""
    datasets: set[Ref] = set()
    steps: set[str] = set()
    queue = list(refs)
    while queue:
        ref = queue.pop()
        if ref.kind is RefKind.DATASET:
            datasets.add(ref)
        elif ref.kind is RefKind.MODEL:
            queue.append(spec.models[ref.path[0]].artifact)
        else:
            step = spec.step(ref)
            if step.id not in steps:
                steps.add(step.id)
                queue.extend(step.inputs.values())
    return frozenset(datasets), frozenset(steps)


def gates_of(spec: Spec, stage: Stage, model: Model) -> tuple[str, ...]:
    """The gates of a stage that concern a model: those on the model, and on data and artifacts it descends from."""
    found = concerning(spec, model)
    return tuple(name for name in stage.gates if name in found)


def concerning(spec: Spec, model: Model) -> tuple[str, ...]:
    """Every gate that says something about a model: on itself, or on data and artifacts it descends from."""
    datasets, steps = upstream(spec, _makings(model))

    def concerns(gate: Gate) -> bool:
        if gate.target.kind is RefKind.MODEL:
            return gate.target.path[0] == model.name
        if gate.target.kind is RefKind.DATASET:
            return gate.target.path[0] in datasets
        return ".".join(gate.target.path[:2]) in steps

    return tuple(gate.name for gate in spec.gates.values() if concerns(gate))


def asked(stage: Stage) -> tuple[str, ...]:
    """The gates whose verdict the condition of a stage asks for."""
    names = stage.when.names() if stage.when is not None else ()
    return tuple(name[len("gate(") : -1] for name in names if name.startswith("gate("))


def _all(spec: Spec) -> Iterable[Task]:
    blocking = _blocking(spec)
    for name in spec.datasets:
        yield Task(NodeKind.DATASET, name, f"dataset: {name}")
    for step in spec.steps:
        yield _step(spec, step, blocking)
    for gate in spec.gates.values():
        yield _gate(spec, gate)
    for model in spec.models.values():
        yield from _model(spec, model, blocking)


def _step(spec: Spec, step: Step, blocking: Mapping[str, list[str]]) -> Task:
    several = len(spec.pipelines) > 1
    refs = [ref for ref in step.inputs.values() if not ref.version]  # a version that is named is there already
    needs = [need for ref in refs for need in (source_of(spec, ref), *blocking.get(str(ref), ()))]
    needs += [node_id(NodeKind.STEP, f"{step.pipeline}.{name}") for name in step.after]
    return Task(NodeKind.STEP, step.id, step.id if several else step.name, _once(needs))


def _gate(spec: Spec, gate: Gate) -> Task:
    refs = [gate.target, gate.data, gate.reference]
    needs = [source_of(spec, ref) for ref in refs if isinstance(ref, Ref) and not ref.version]
    return Task(NodeKind.GATE, gate.name, f"gate: {gate.name}", _once(needs))


def _model(spec: Spec, model: Model, blocking: Mapping[str, list[str]]) -> Iterable[Task]:
    suffix = f": {model.name}" if len(spec.models) > 1 else ""
    needs = [need for ref in _makings(model) for need in (source_of(spec, ref), *blocking.get(str(ref), ()))]
    judges = [node_id(NodeKind.GATE, name) for name in concerning(spec, model)]
    version = Task(NodeKind.VERSION, model.name, f"version{suffix}", _once(needs), _once(judges))
    register = Task(NodeKind.REGISTER, model.name, f"register{suffix}", (version.id,))
    yield version
    yield register
    previous = register.id
    for stage in spec.stages.values():
        gates = _once(node_id(NodeKind.GATE, name) for name in (*gates_of(spec, stage, model), *asked(stage)))
        enter: tuple[str, ...] = (previous,)
        deploy = spec.deploys[stage.deploy] if stage.deploy else None
        if deploy is not None and deploy.model == model.name:
            rollout = Task(NodeKind.DEPLOY, model.name, f"deploy: {stage.name}{_of(suffix)}", enter, gates, stage.name)
            yield rollout
            enter = (*enter, rollout.id)
        promote = Task(NodeKind.PROMOTE, model.name, f"promote: {stage.name}{_of(suffix)}", enter, gates, stage.name)
        yield promote
        previous = promote.id


def _blocking(spec: Spec) -> dict[str, list[str]]:
    """Reference text -> the critical gates that guard its consumers."""
    found: dict[str, list[str]] = {}
    for gate in spec.gates.values():
        if gate.severity is GateSeverity.CRITICAL and gate.target.kind is not RefKind.MODEL:
            found.setdefault(str(gate.target), []).append(node_id(NodeKind.GATE, gate.name))
    return found


def _makings(model: Model) -> tuple[Ref, ...]:
    return (model.artifact,) if model.metrics is None else (model.artifact, model.metrics)


def _of(suffix: str) -> str:
    return suffix.replace(": ", " of ")


def _once(ids: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(ids))
