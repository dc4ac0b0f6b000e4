"""Bare dotted paths to what they name, by their shape alone; whether it exists is a rule."""

from __future__ import annotations

import re
from pathlib import Path

from modelsync.core.diagnostics import Fix
from modelsync.core.nearest import nearest
from modelsync.language import paths
from modelsync.language.decode import literals
from modelsync.language.decode.body import Place
from modelsync.language.decode.context import Context, Use
from modelsync.language.mends import slip
from modelsync.language.model import Code, Ref, RefKind
from modelsync.language.shapes import Reference
from modelsync.language.text.nodes import Node, Scalar

_FORMS = {
    "datasets": "`datasets.name`",
    "outputs": "`pipelines.pipeline.step.output`",
    "models": "`models.name`",
    "steps": "`pipelines.pipeline.step`",
    "live": "`deployment.requests`",
}
_INSIDE = {"outputs": "`steps.step.output`", "steps": "`steps.step`"}  # in a pipeline
_VERSION = re.compile(r"[0-9]+\.[0-9]+\.[0-9]+(-[0-9A-Za-z.-]+)?")
_PINNED = "write three numbers, such as `datasets.name@1.2.0`, or leave out what follows `@`"
_HEADS = ("datasets", "models", "pipelines", "steps")
BUILTIN = "builtin/"


def reference(context: Context, shape: Reference, node: Node, place: Place) -> Ref | str | None:
    """What a text refers to, `steps.x.y` in its own pipeline; a slip is read as what was meant."""
    if literals.is_nothing(node):
        help = f"it can be {', '.join(_forms(shape, place.pipeline))}"
        context.fault("MS103", node.at, f"{place.what} has no value", help)
        return None
    written = literals.plain(context, node, place.what)
    if written is None or not isinstance(node, Scalar):
        return None
    if written in shape.words:
        return written
    found = _parsed(context, shape, written, node, place.pipeline)
    if found is None:
        meant = _told(context, shape, written, node, place)
        if meant in shape.words:
            return meant
        found = _parsed(context, shape, meant, node, place.pipeline) if meant else None
    if found is not None:
        context.uses.append(Use(found, place.what, shape, place.pipeline, place.step, context.way))
    return found


def _parsed(context: Context, shape: Reference, written: str, node: Scalar, pipeline: str) -> Ref | None:
    path, at, version = written.partition("@")
    head, *rest = path.split(".")
    if not rest or not all(rest):
        return None
    if at:
        good = head == "datasets" and len(rest) == 1 and _VERSION.fullmatch(version)
        return Ref(RefKind.DATASET, tuple(rest), node.at, version) if good else None
    if rest == ["requests"] and head not in _HEADS and ("live" in shape.heads or head in context.names.deploys):
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
    message, forms = f"`{written[:80]}` is not a reference", _forms(shape, inside)
    if "@" in written:
        return _version(context, written, node)
    if head == "steps" and not inside:
        message = f"`{written}` can only stand inside a pipeline"
        possible = [f"pipelines.{p}.{rest}" for p, s, o in names.outputs_at if rest == f"{s}.{o}"]
        possible += [f"pipelines.{p}.{s}" for p, s in names.steps if rest == s and "steps" in shape.heads]
    elif bare := [each for each in ("datasets", "models") if each in shape.heads and written in names.table(each)]:
        message = f"{place.what} is a dotted path"
        possible = [f"{each}.{written}" for each in bare]
    elif "live" in shape.heads and written in names.deploys:
        message, possible = f"{place.what} is a dotted path", [f"{written}.requests"]
    elif plain := _without_keys(context, shape, written, node, inside):
        possible = [plain]
    else:
        possible = _outputs(context, written, inside) if "outputs" in shape.heads else []
        message = f"`{written}` is a step, not one of its outputs" if possible else message
        forms = [f"`{each}`" for each in possible] or forms
    near = "" if possible else _nearest(context, shape, written, node, inside)
    meant = possible[0] if len(possible) == 1 else near
    fix = Fix(node.at, meant) if possible and meant else slip(node.at, written, meant) if meant else None
    forms = [f"`{each}`" for each in possible] or forms
    help = f"did you mean `{meant}`?" if meant else f"it can be {', '.join(forms)}"
    context.fault("MS203", node.at, message, help, fix=fix)
    return meant


def _forms(shape: Reference, inside: str) -> list[str]:
    """What may stand here, in words."""
    short = [_INSIDE[each] for each in shape.heads if inside and each in _INSIDE]
    return [*(f"`{word}`" for word in shape.words), *short, *(_FORMS[each] for each in shape.heads)]


def _outputs(context: Context, written: str, inside: str) -> list[str]:
    """The references to the outputs of a step, when a text names a step."""
    head, *rest = written.split(".")
    path = (inside, *rest) if head == "steps" else tuple(rest) if head == "pipelines" else ()
    return [f"{written}.{o}" for p, s, o in context.names.outputs_at if (p, s) == path]


def _without_keys(context: Context, shape: Reference, written: str, node: Scalar, inside: str) -> str:
    """The reference without the keys that a path through the spec has: `pipelines.train.steps.fit.outputs.model`."""
    head, *rest = written.split(".")
    plain = ".".join((head, *(part for part in rest if part not in ("steps", "outputs"))))
    found = _parsed(context, shape, plain, node, inside) if plain != written else None
    return "" if found is None or context.names.place(found) is None else plain


def _nearest(context: Context, shape: Reference, written: str, node: Scalar, inside: str) -> str:
    """The reference that was probably meant: only its head is misspelt, or something declared is near."""
    head, _, rest = written.partition(".")
    if rest and (near := nearest(head, _HEADS)):
        found = _parsed(context, shape, f"{near}.{rest}", node, inside)
        if found is not None and context.names.place(found) is not None:
            return f"{near}.{rest}"
    local = written.replace(f"pipelines.{inside}.", "steps.", 1) if inside else written
    return nearest(local, [*shape.words, *context.names.referable(shape.heads, inside)])


def _version(context: Context, written: str, node: Scalar) -> str:
    """Tell what is wrong with `name@version`; the reference that was meant, without a version when none can be seen."""
    path, _, version = written.partition("@")
    head, _, name = path.partition(".")
    if head != "datasets" or not name or "." in name:
        context.fault("MS203", node.at, f"`{written[:80]}`: only a dataset has versions that can be named", _PINNED)
        return ""
    meant = version.removeprefix("v")
    good = _VERSION.fullmatch(meant) is not None
    help = f"did you mean `{path}@{meant}`?" if good else _PINNED
    fix = Fix(node.at, f"{path}@{meant}") if good else None
    context.fault("MS203", node.at, f"`{version[:40]}` is not a version of a dataset", help, fix=fix)
    return f"{path}@{meant}" if good else path


def code(context: Context, node: Node, what: str) -> Code | None:
    """`folder/file.py:function`, inside the root."""
    written = literals.plain(context, node, what)
    if written is None:
        return None
    file_name, colon, function = written.rpartition(":")
    if not colon or not file_name.endswith(".py") or not function.isidentifier():
        meant = _function_meant(context, written)
        help = f"did you mean `{meant}`?" if meant else "such as `flows/churn.py:fit`"
        message = f"{what} must name a function as `folder/file.py:function`, not `{written[:80]}`"
        file_name, _, function = meant.rpartition(":")
        is_there = bool(meant) and (context.root / file_name).is_file()
        context.fault("MS203", node.at, message, help, fix=Fix(node.at, meant) if is_there else None)
        if not is_there:
            return None
        written = meant
    path = context.path(file_name, node.at)
    return None if path is None else Code(path, function, written, node.at)


def validator(context: Context, node: Node, what: str) -> Code | None:
    """`folder/file.py:function`, or the bare name of a validator that an installed package brings."""
    written = literals.plain(context, node, what)
    if written is not None and VALIDATOR.fullmatch(written) and ".py" not in written:
        return Code(None, written, written, node.at)
    return None if written is None else code(context, node, what)


VALIDATOR = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*")
"""The name of an entry point, as far as it can't be taken for a file or a function."""


def _function_meant(context: Context, written: str) -> str:
    """The function when only the signs around `.py` are wrong, or its letters: `churn.py.fit`, `flows.churn:fit`."""
    file_name, colon, function = written.rpartition(":")
    near = paths.meant(context.root, file_name) if colon and function.isidentifier() else ""
    if near.endswith(".py"):
        return f"{near}:{function}"
    match = _FUNCTION.fullmatch(written)
    if match is None:
        return ""
    folder, dotted, function = match.groups()
    return f"{folder or dotted.replace('.', '/')}.py:{function}"


_FILE = r"([\w-]+(?:/[\w-]+)*)\.py(?:::?|[.;,#@ ]+)"  # with any sign behind it
_MODULE = r"([\w-]+(?:(?:/[\w-]+)*|(?:\.[\w-]+)*))(?:::?|;)"  # a path without `.py`, or with dots
_FUNCTION = re.compile(rf"(?:{_FILE}|{_MODULE})([A-Za-z_]\w*)(?:\(\))?")


def builtin(context: Context, node: Node, what: str) -> Code | None:
    """`builtin/name`, a step that ModelSync brings."""
    written = literals.plain(context, node, what)
    if written is None:
        return None
    if not written.startswith(BUILTIN):
        if _is_like_builtin(written):
            return Code(None, written.rpartition("/")[2], written, node.at)  # told by the rule that knows their names
        meant = BUILTIN + written if written.isidentifier() else ""
        help = f"for your own function write `run: {written}`" if ".py" in written else "such as `builtin/split`"
        help = f"did you mean `{meant}`?" if meant else help
        message = f"{what} must name a step that ModelSync brings, not `{written[:80]}`"
        context.fault("MS203", node.at, message, help)
        return None
    return Code(None, written.removeprefix(BUILTIN), written, node.at)


def _is_like_builtin(written: str) -> bool:
    """Whether only the head is misspelt: `buildin/split`, `builtins/plit`, `builtin.split`, `builtinsplit`."""
    head, slash, _ = written.partition("/")
    return bool(slash and nearest(f"{head}/", (BUILTIN,))) or (not slash and written.startswith("builtin"))


def file(context: Context, node: Node, what: str) -> Path | None:
    """A path inside the root, absolute."""
    written = literals.text(context, node, what)
    return None if written is None else context.path(written, node.at)
