"""What a reference names is declared somewhere."""

from __future__ import annotations

from collections.abc import Iterator

from modelsync.core.diagnostics import Diagnostic, Pos, Related
from modelsync.core.nearest import nearest
from modelsync.language.decode.context import BareName, Use, used_here
from modelsync.language.mends import slip
from modelsync.language.model import Ref, RefKind
from modelsync.language.subject import Subject, mentioned

CODE = "MS201"


def check(subject: Subject) -> Iterator[Diagnostic]:
    """Each reference whose dataset, model, pipeline, step or output does not exist."""
    names, misnamed = subject.names, subject.misnamed()
    for use in subject.uses():
        if subject.exists(use.ref) or names.is_hidden(*str(use.ref).split(".")):
            continue
        if not any(mention.path in misnamed for mention in mentioned(use.ref)):
            yield _missing(subject, use)
    for bare in subject.context.bare:
        path = ("steps", bare.pipeline, bare.name)
        if bare.section != "steps" or (bare.pipeline, bare.name) in names.steps or path in misnamed:
            continue
        if not names.is_hidden("pipelines", bare.pipeline):
            yield _missing_step(subject, bare)


def _missing(subject: Subject, use: Use) -> Diagnostic:
    message, notes, related = _said(subject, use.ref)
    related = (*related, *used_here(use.ref.at, use.way))
    inside = use.ref.kind in (RefKind.OUTPUT, RefKind.STEP) and use.ref.path[0] == use.pipeline
    local = use.pipeline if inside else ""
    near = _nearest(subject, use.ref, local)
    help = f"did you mean `{near}`?" if near else ""
    written = _written(use.ref, local)
    return Diagnostic(CODE, use.ref.at, message, help, notes, related, fix=slip(use.ref.at, written, near))


def _said(subject: Subject, ref: Ref) -> tuple[str, tuple[str, ...], tuple[Related, ...]]:
    """The sentence about the first part of the path that does not exist, what there is instead, and where."""
    names = subject.names
    if ref.kind is RefKind.DATASET:
        return _flat("dataset", ref.path[0], names.datasets)
    if ref.kind is RefKind.MODEL:
        return _flat("model", ref.path[0], names.models)
    if ref.kind is RefKind.LIVE:
        return _flat("deployment", ref.path[0], names.deploys)
    pipeline, step = ref.path[:2]
    if pipeline not in names.pipelines:
        return _flat("pipeline", pipeline, names.pipelines)
    steps = {name: at for (owner, name), at in names.steps.items() if owner == pipeline}
    if step not in steps:
        return _flat("step", step, steps, f"pipeline `{pipeline}`")
    output = ref.path[2]
    outputs = [name for owner, maker, name in names.outputs_at if (owner, maker) == (pipeline, step)]
    note = f"outputs of `{step}`: {', '.join(outputs) or 'none'}"
    return f"step `{step}` has no output `{output}`", (note,), (Related(steps[step], f"`{step}` is defined here"),)


def _flat(
    what: str, name: str, declared: dict[str, Pos], owner: str = "this spec"
) -> tuple[str, tuple[str, ...], tuple[Related, ...]]:
    near = nearest(name, declared)
    if near:
        return f"{what} `{name}` does not exist", (), (Related(declared[near], f"`{near}` is defined here"),)
    note = f"{what}s of {owner}: {', '.join(sorted(declared)) or 'none'}"
    return f"{what} `{name}` does not exist", (note,), ()


def _nearest(subject: Subject, ref: Ref, pipeline: str) -> str:
    """The reference that was probably meant, written as it may stand there; other kinds of things are not offered."""
    head = _written(ref, pipeline)
    heads = {RefKind.STEP: "steps", RefKind.OUTPUT: "outputs", RefKind.DATASET: "datasets", RefKind.MODEL: "models"}
    possible = tuple(subject.names.referable((heads.get(ref.kind, "live"),), pipeline))
    near = nearest(head, possible)
    if near or ref.kind is not RefKind.OUTPUT:
        return near
    elsewhere = [known for known in possible if known.endswith(f".{ref.path[1]}.{ref.path[2]}")]
    same = (known for known in possible if known.rpartition(".")[2] == ref.path[2])
    return elsewhere[0] if len(elsewhere) == 1 else nearest(head, same)


def _written(ref: Ref, pipeline: str) -> str:
    return ".".join(("steps", *ref.path[1:])) if pipeline else str(ref)


def _missing_step(subject: Subject, bare: BareName) -> Diagnostic:
    name = bare.name
    if name.startswith("pipelines."):
        message = f"{bare.what} names a step of its own pipeline, and `{name}` is elsewhere"
        return Diagnostic(
            CODE, bare.at, message, "take one of its outputs as an input, and the order follows from that"
        )
    steps = {step: place for (owner, step), place in subject.names.steps.items() if owner == bare.pipeline}
    message, notes, related = _flat("step", name, steps, f"pipeline `{bare.pipeline}`")
    near = name.partition(".")[0] if name.partition(".")[0] in steps else nearest(name, steps)
    help = f"did you mean `steps.{near}`?" if near else ""
    fix = slip(bare.at, f"steps.{name}", f"steps.{near}") if near else None
    return Diagnostic(CODE, bare.at, message, help, notes, related, fix=fix)
