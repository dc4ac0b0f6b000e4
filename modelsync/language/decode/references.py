"""Bare dotted paths to what they name, by their shape alone; whether it exists is a rule."""

from __future__ import annotations

import re
from pathlib import Path

from modelsync.core.diagnostics import Fix
from modelsync.core.nearest import nearest
from modelsync.language.decode import literals
from modelsync.language.decode.body import Place
from modelsync.language.decode.context import Context, Use
from modelsync.language.mends import slip
from modelsync.language.model import Code, Ref, RefKind
from modelsync.language.nodes import Node, Scalar
from modelsync.language.shapes import Reference

_FORMS = {
    "datasets": "`datasets.name`",
    "outputs": "`pipelines.pipeline.step.output`",
    "models": "`models.name`",
    "steps": "`pipelines.pipeline.step`",
    "live": "`deployment.requests`",
}
_INSIDE = {"outputs": "`steps.step.output`", "steps": "`steps.step`"}  # in a pipeline
_VERSION = re.compile(r"[0-9]+\.[0-9]+\.[0-9]+(-[0-9A-Za-z.-]+)?")
BUILTIN = "builtin/"


def reference(context: Context, shape: Reference, node: Node, place: Place) -> Ref | str | None:
    """What a text refers to, `steps.x.y` in its own pipeline; a slip is read as what was meant."""
    written = literals.plain(context, node, place.what)
    if written is None or not isinstance(node, Scalar):
        return None
    if written in shape.words:
        return written
    found = _parsed(shape, written, node, place.pipeline)
    if found is None:
        meant = _told(context, shape, written, node, place)
        if meant in shape.words:
            return meant
        found = _parsed(shape, meant, node, place.pipeline) if meant else None
    if found is not None:
        context.uses.append(Use(found, place.what, shape, place.pipeline, place.step))
    return found


def _parsed(shape: Reference, written: str, node: Scalar, pipeline: str) -> Ref | None:
    head, *rest = written.split(".") if "@" not in written else (*written.partition("@")[0].split("."),)
    if not rest or not all(rest):
        return None
    if "@" in written:
        version = written.partition("@")[2]
        good = head == "datasets" and len(rest) == 1 and _VERSION.fullmatch(version)
        return Ref(RefKind.DATASET, tuple(rest), node.at, version) if good else None
    if "live" in shape.heads and rest == ["requests"]:
        return Ref(RefKind.LIVE, (head, "requests"), node.at)
    if head == "steps" and pipeline:
        head, rest = "pipelines", [pipeline, *rest]
    match head, len(rest):
        case "datasets", 1:
            return Ref(RefKind.DATASET, tuple(rest), node.at)
        case "models", 1:
            return Ref(RefKind.MODEL, tuple(rest), node.at)
        case "pipelines", 3:
            return Ref(RefKind.OUTPUT, tuple(rest), node.at)
        case "pipelines", 2 if "steps" in shape.heads:
            return Ref(RefKind.STEP, tuple(rest), node.at)
    return None


def _told(context: Context, shape: Reference, written: str, node: Scalar, place: Place) -> str:
    """Remember that this is no reference; what was meant, empty when that can't be seen."""
    names, inside = context.names, place.pipeline
    head, _, rest = written.partition(".")
    forms = [_INSIDE[each] for each in shape.heads if inside and each in _INSIDE]
    forms = [*(f"`{word}`" for word in shape.words), *forms, *(_FORMS[each] for each in shape.heads)]
    message = f"`{written[:80]}` is not a reference"
    if head == "steps" and not inside:
        message = f"`{written}` can only stand inside a pipeline"
        owners = [f"pipelines.{p}.{rest}" for p, s, o in names.outputs_at if rest == f"{s}.{o}"]
        owners += [f"pipelines.{p}.{s}" for p, s in names.steps if rest == s and "steps" in shape.heads]
        meant, exact = (owners[0], len(owners) == 1) if owners else ("", False)
    elif bare := [each for each in ("datasets", "models") if each in shape.heads and written in names.table(each)]:
        message = f"{place.what} is a dotted path"
        meant, exact = f"{bare[0]}.{written}", len(bare) == 1
    else:
        possible = [*shape.words, *names.referable(shape.heads, inside)]
        meant, exact = nearest(written, possible), False
    fix = Fix(node.at, meant) if exact else slip(node.at, written, meant) if meant else None
    help = f"did you mean `{meant}`?" if meant else f"it can be {', '.join(forms)}"
    context.fault("MS203", node.at, message, help, fix=fix)
    return meant


def code(context: Context, node: Node, what: str) -> Code | None:
    """`folder/file.py:function`, inside the root."""
    written = literals.plain(context, node, what)
    if written is None:
        return None
    file_name, colon, function = written.rpartition(":")
    if not colon or not file_name.endswith(".py") or not function.isidentifier():
        help = "such as `flows/churn.py:fit`"
        fix = None
        if meant := _function_meant(written):
            help, fix = f"did you mean `{meant}`?", Fix(node.at, meant)
        message = f"{what} must name a function as `folder/file.py:function`, not `{written}`"
        context.fault("MS203", node.at, message, help, fix=fix)
        return None
    path = context.path(file_name, node.at)
    return None if path is None else Code(path, function, written, node.at)


def _function_meant(written: str) -> str:
    """The function when only the sign between file and name is wrong: `flows/churn.py.fit`, `flows.churn:fit`."""
    if match := re.fullmatch(r"([\w/-]+)\.?p?y?[.:;, ]*\.py?[.:;, ]+(\w+)|([\w/-]+\.py)[.;, ]+(\w+)", written):
        first, second, third, fourth = match.groups()
        return f"{third}:{fourth}" if third else f"{first}.py:{second}"
    if match := re.fullmatch(r"([\w.-]+):(\w+)", written):
        module = match.group(1).removesuffix(".py")
        return f"{module.replace('.', '/')}.py:{match.group(2)}" if "/" not in module else ""
    return ""


def builtin(context: Context, node: Node, what: str) -> Code | None:
    """`builtin/name`, a step that ModelSync brings."""
    written = literals.plain(context, node, what)
    if written is None:
        return None
    if not written.startswith(BUILTIN):
        near = BUILTIN if nearest(written.partition("/")[0] + "/", (BUILTIN,)) and "/" in written else ""
        meant = near + written.partition("/")[2] if near else ""
        help = f"for your own function write `run: {written}`" if ".py" in written else "such as `builtin/split`"
        help = f"did you mean `{meant}`?" if meant else help
        fix = slip(node.at, written, meant) if meant else None
        message = f"{what} must name a step that ModelSync brings, not `{written}`"
        context.fault("MS203", node.at, message, help, fix=fix)
        if not meant:
            return None
        written = meant
    return Code(None, written.removeprefix(BUILTIN), written, node.at)


def file(context: Context, node: Node, what: str) -> Path | None:
    """A path inside the root, absolute."""
    written = literals.text(context, node, what)
    return None if written is None else context.path(written, node.at)
