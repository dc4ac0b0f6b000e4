"""What descends from what inside a spec, however incomplete: the rules see it before it is valid."""

from __future__ import annotations

from collections.abc import Iterable

from modelsync.core.contract import Column
from modelsync.language.model import CHAMPION, Gate, Ref, RefKind, Spec, Stage, Step


def step_of(spec: Spec, ref: Ref) -> Step | None:
    """The step that makes what a reference names; None when there is none."""
    if ref.kind is RefKind.MODEL:
        model = spec.models.get(ref.path[0])
        return None if model is None or model.artifact.kind is RefKind.MODEL else step_of(spec, model.artifact)
    if ref.kind not in (RefKind.OUTPUT, RefKind.STEP):
        return None
    pipeline = spec.pipelines.get(ref.path[0])
    return None if pipeline is None else pipeline.steps.get(ref.path[1])


def datasets_above(spec: Spec, ref: Ref) -> tuple[str, ...]:
    """The datasets something descends from, itself included, each once, nearest first."""
    found: dict[str, None] = {}
    seen: set[str] = set()
    queue = [ref]
    while queue:
        ref = queue.pop(0)
        if ref.kind is RefKind.DATASET:
            found[ref.path[0]] = None
        elif (step := step_of(spec, ref)) is not None and step.id not in seen:
            seen.add(step.id)
            queue.extend(step.inputs.values())
    return tuple(found)


def label_of(spec: Spec, ref: Ref) -> Column | None:
    """The label column of the nearest dataset above that has one in its contract."""
    for name in datasets_above(spec, ref):
        dataset = spec.datasets.get(name)
        if dataset is not None and dataset.contract is not None and dataset.contract.label is not None:
            return dataset.contract.label
    return None


def compares_with_champion(gate: Gate) -> bool:
    """Whether a gate needs a champion to say anything in full."""
    compared = any(getattr(check, "versus", None) == CHAMPION for check in gate.checks)
    return compared or CHAMPION in (gate.kind, gate.reference)


def champions(spec: Spec, gate: Gate) -> tuple[str, ...]:
    """The models whose champion a gate can mean: its own target, or those its target's pipeline or dataset makes."""
    if gate.target.kind is RefKind.MODEL:
        return (gate.target.path[0],)
    if gate.target.kind is RefKind.DATASET:
        return tuple(m.name for m in spec.models.values() if gate.target.path[0] in datasets_above(spec, m.artifact))
    pipeline = gate.target.path[0]
    return tuple(
        m.name for m in spec.models.values() if m.artifact.kind is RefKind.OUTPUT and m.artifact.path[0] == pipeline
    )


def champion_of(spec: Spec, gate: Gate) -> str | None:
    """The one model whose champion a gate compares with; None when it compares with none, or it is not clear."""
    found = champions(spec, gate) if compares_with_champion(gate) else ()
    return found[0] if len(found) == 1 else None


def promotion(stages: Iterable[Stage]) -> tuple[Stage, ...]:
    """The stages in the order of promotion; in the order written when they are no single chain."""
    written = tuple(stages)
    following = {stage.after: stage for stage in written}
    ordered: list[Stage] = []
    after: str | None = None
    while (stage := following.get(after)) is not None and len(ordered) < len(written):
        ordered.append(stage)
        after = stage.name
    return tuple(ordered) if len(ordered) == len(written) else written
