"""Bare dotted paths to what they name, by their shape alone; whether it exists is a rule."""

from __future__ import annotations

from modelsync.core.diagnostics import Fix
from modelsync.language.decode import literals
from modelsync.language.decode.context import Context
from modelsync.language.model import Code, Ref, RefKind
from modelsync.language.nodes import Node, Scalar

FORMS = "references are `datasets.name`, `pipelines.pipeline.step.output`, `models.name`"
FORMS_INSIDE = f"{FORMS}, and `steps.step.output` for this pipeline"
_LENGTHS = {"datasets": 2, "models": 2, "pipelines": 4, "steps": 3}
BUILTIN = "builtin/"
LATER_BUILTINS = ("builtin/select",)


def reference(context: Context, node: Node, what: str, pipeline: str = "") -> Ref | None:
    """The reference a text says; `steps.x.y` belongs to the pipeline in which it stands."""
    written = literals.plain(context, node, what)
    if written is None or not isinstance(node, Scalar):
        return None
    head, *rest = written.split(".")
    if written.startswith(("live.", "monitors.")) or (head == "datasets" and "@" in written):
        context.fault("MS110", node.at, f"the reference `{written}` is not supported yet", FORMS)
        return None
    if head == "steps" and not pipeline and len(rest) == 2:
        _outside(context, node, written, rest)
        return None
    if _LENGTHS.get(head) != len(rest) + 1 or not all(rest):
        _malformed(context, node, what, written, FORMS_INSIDE if pipeline else FORMS)
        return None
    match head:
        case "datasets":
            return Ref(RefKind.DATASET, tuple(rest), node.at)
        case "models":
            return Ref(RefKind.MODEL, tuple(rest), node.at)
        case "steps":
            return Ref(RefKind.OUTPUT, (pipeline, *rest), node.at)
    return Ref(RefKind.OUTPUT, tuple(rest), node.at)


def _outside(context: Context, node: Scalar, written: str, rest: list[str]) -> None:
    owners = [f"pipelines.{p}.{s}.{o}" for p, s, o in context.names.outputs_at if [s, o] == rest]
    help = f"did you mean `{owners[0]}`?" if owners else FORMS
    fix = Fix(node.at, owners[0]) if len(owners) == 1 else None
    context.fault("MS203", node.at, f"`{written}` can only stand inside a pipeline", help, fix=fix)


def _malformed(context: Context, node: Scalar, what: str, written: str, forms: str) -> None:
    names = context.names
    for head, table in (("datasets", names.datasets), ("models", names.models)):
        if written in table:
            fix = Fix(node.at, f"{head}.{written}")
            context.fault("MS203", node.at, f"{what} is a dotted path", f"did you mean `{head}.{written}`?", fix=fix)
            return
    context.fault("MS203", node.at, f"`{written}` is not a reference", forms)


def code(context: Context, node: Node, what: str) -> Code | None:
    """`folder/file.py:function`, inside the root."""
    written = literals.plain(context, node, what)
    if written is None:
        return None
    file, colon, function = written.rpartition(":")
    if not colon or not file.endswith(".py") or not function.isidentifier():
        context.fault("MS203", node.at, f"{what} must name a function as `folder/file.py:function`, not `{written}`")
        return None
    path = context.path(file, node.at)
    return None if path is None else Code(path, function, written, node.at)


def builtin(context: Context, node: Node, what: str) -> Code | None:
    """`builtin/name`, a step that ModelSync brings."""
    written = literals.plain(context, node, what)
    if written is None:
        return None
    if written in LATER_BUILTINS:
        context.fault("MS110", node.at, f"`{written}` is not supported yet", "use `run:` with a function of your own")
        return None
    if not written.startswith(BUILTIN):
        help = f"for your own function write `run: {written}`" if ".py" in written else "such as `builtin/split`"
        context.fault("MS203", node.at, f"{what} must name a step that ModelSync brings, not `{written}`", help)
        return None
    return Code(None, written.removeprefix(BUILTIN), written, node.at)
