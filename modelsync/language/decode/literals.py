"""Literals: `${{ params.x }}` put in, then text, numbers, durations and choices, each with its own fault."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from enum import Enum
from typing import Any, TypeVar

from modelsync.core.diagnostics import Fix
from modelsync.core.nearest import nearest
from modelsync.core.units import seconds
from modelsync.language.decode.context import Context
from modelsync.language.mends import slip
from modelsync.language.nodes import Mapping, Node, Scalar, Sequence, kind_of

_HOLE = re.compile(r"\$\{\{([^{}]*)\}\}")
_PARAM = re.compile(r"\s*params\.([A-Za-z_][A-Za-z0-9_]*)\s*")


_Number = TypeVar("_Number", int, float)


class Fault(Enum):
    """The value of what could not be decoded; its fault is already remembered."""

    FAULT = "fault"


FAULT = Fault.FAULT


def value(context: Context, node: Node) -> Any:
    """Any literal with params put in: lists and mappings too; FAULT when a part has one."""
    match node:
        case Mapping():
            parts = {item.key.text: value(context, item.value) for item in node.items}
            return FAULT if FAULT in parts.values() else parts
        case Sequence():
            listed = [value(context, item) for item in node.items]
            return FAULT if FAULT in listed else listed
    return finite(context, node, scalar(context, node))


def as_written(node: Node) -> Any:
    """A literal before params are put in: what the spec itself says."""
    match node:
        case Mapping():
            return {item.key.text: as_written(item.value) for item in node.items}
        case Sequence():
            return [as_written(item) for item in node.items]
    return node.text if "${{" in node.text else node.value


def scalar(context: Context, node: Scalar) -> Any:
    """The value of one scalar. A hole that is the whole text keeps the param's type; otherwise the result is text."""
    if "${{" not in node.text:
        return node.value
    holes = list(_HOLE.finditer(node.text))
    if node.text.count("${{") != len(holes):
        start = node.text.rfind("${{")
        at = context.source.within(node, start, start + 3)
        context.fault("MS111", at, "`${{` is never closed", "write `${{ params.name }}`")
        return FAULT
    values = [_hole(context, node, hole) for hole in holes]
    if FAULT in values:
        return FAULT
    if len(holes) == 1 and holes[0].group() == node.text:
        return values[0]
    rest = iter(values)
    return _HOLE.sub(lambda _: _as_text(next(rest)), node.text)


def _hole(context: Context, node: Scalar, hole: re.Match[str]) -> Any:
    inside = hole.group(1)
    start = hole.start(1) + len(inside) - len(inside.lstrip())
    at = context.source.within(node, start, hole.start(1) + len(inside.rstrip()))
    match = _PARAM.fullmatch(inside)
    if match is None:
        head = inside.strip().partition(".")[0]
        if head in ("matrix", "env"):
            context.fault("MS110", at, f"`{head}` in `${{{{ }}}}` is not supported yet", "use a param")
        else:
            context.fault("MS111", at, f"`{inside.strip()}` can't be put in here", "write `${{ params.name }}`")
        return FAULT
    name = match.group(1)
    context.used_params.add(name)
    if name in context.params:
        return context.params[name].value
    if name not in context.names.params and not context.names.is_hidden("params"):
        near = nearest(name, context.names.params)
        help = f"did you mean `params.{near}`?" if near else f"declare `{name}` under `params:`"
        context.fault(
            "MS206",
            at,
            f"param `{name}` does not exist",
            help,
            fix=slip(at, f"params.{name}", f"params.{near}") if near else None,
        )
    return FAULT


def _as_text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def finite(context: Context, node: Scalar, found: Any) -> Any:
    """The value, unless it is a number that JSON, SQLite and comparisons can't carry."""
    if isinstance(found, float) and not math.isfinite(found):
        message = f"`{node.text[:40]}` is not a finite number within 64 bits"
        context.fault("MS104", node.at, message, "quote it if it is text")
        return FAULT
    return found


def text(context: Context, node: Node, what: str) -> str | None:
    """A text; a plain number is taken as it is written (`1.10` stays `1.10`)."""
    if isinstance(node, Scalar):
        found = scalar(context, node)
        if found is FAULT:
            return None
        if isinstance(found, str) and found:
            return found
        if isinstance(found, int | float) and not isinstance(found, bool):
            return node.text if "${{" not in node.text else str(found)
        if found == "":
            context.fault("MS104", node.at, f"{what} must not be empty")
            return None
    quotes = f'quote it: `"{node.text}"`' if isinstance(node, Scalar) and node.text else ""
    context.fault("MS103", node.at, f"{what} must be text, not {kind_of(node)}", quotes)
    return None


def plain(context: Context, node: Node, what: str) -> str | None:
    """A text that names something in the spec: never with params put in."""
    found = text(context, node, what) if not (isinstance(node, Scalar) and "${{" in node.text) else None
    if isinstance(node, Scalar) and "${{" in node.text:
        message = f"{what} is a name; params can't be put in, so that the graph is known without them"
        context.fault("MS111", node.at, message, "write the name itself")
    return found


def number(context: Context, node: Node, what: str, low: float = -math.inf, high: float = math.inf) -> float | None:
    """A finite number within bounds."""
    found = _number(context, node, what)
    return None if found is None else _bounded(context, node, what, found, low, high)


def integer(context: Context, node: Node, what: str, low: float = -math.inf, high: float = math.inf) -> int | None:
    """A whole number within bounds."""
    found = _number(context, node, what)
    if found is None:
        return None
    if isinstance(found, float):
        context.fault("MS103", node.at, f"{what} must be a whole number, not {kind_of(node)}")
        return None
    return _bounded(context, node, what, found, low, high)


def _number(context: Context, node: Node, what: str) -> int | float | None:
    found = finite(context, node, scalar(context, node)) if isinstance(node, Scalar) else None
    if found is FAULT:
        return None
    if isinstance(found, int | float) and not isinstance(found, bool):
        return found
    help, fix = "", None
    if isinstance(node, Scalar) and isinstance(found, str):
        if node.style in ("'", '"') and re.fullmatch(r"-?[0-9]+(\.[0-9]+)?", found):
            help, fix = "remove the quotes", Fix(node.at, found)
        elif re.fullmatch(r"[0-9]+(\.[0-9]+)?%", found):
            help = f"write the share, `{float(found[:-1]) / 100:g}`"
    context.fault("MS103", node.at, f"{what} must be a number, not {kind_of(node)}", help, fix=fix)
    return None


def _bounded(context: Context, node: Node, what: str, found: _Number, low: float, high: float) -> _Number | None:
    if low <= found <= high:
        return found
    expected = f"at least {low:g}" if high == math.inf else f"from {low:g} to {high:g}"
    context.fault("MS104", node.at, f"{what} is {found:g}; it must be {expected}")
    return None


def boolean(context: Context, node: Node, what: str) -> bool | None:
    """true or false; `yes` and `on` are text in YAML 1.2."""
    found = scalar(context, node) if isinstance(node, Scalar) else None
    if found is FAULT or isinstance(found, bool):
        return found if isinstance(found, bool) else None
    help, fix = "write `true` or `false`", None
    if isinstance(node, Scalar) and node.text.lower() in ("yes", "on", "no", "off"):
        meant = "true" if node.text.lower() in ("yes", "on") else "false"
        help, fix = f"in YAML 1.2 `{node.text}` is text; write `{meant}`", Fix(node.at, meant)
    context.fault("MS103", node.at, f"{what} must be true or false, not {kind_of(node)}", help, fix=fix)
    return None


def duration(context: Context, node: Node, what: str) -> float | None:
    """Seconds of a duration such as `15m`; a bare number is refused, because nobody sees its unit."""
    found = scalar(context, node) if isinstance(node, Scalar) else None
    if found is FAULT:
        return None
    if isinstance(found, int | float) and not isinstance(found, bool):
        help = f"did you mean `{found:g}s`? units are ms, s, m, h, d"
        context.fault("MS106", node.at, f"{what} is a duration, and `{found:g}` has no unit", help)
        return None
    if not isinstance(found, str):
        context.fault("MS103", node.at, f"{what} must be a duration, not {kind_of(node)}", "such as `30s` or `15m`")
        return None
    try:
        return seconds(found)
    except ValueError as error:
        message, _, help = str(error).partition("; ")
        context.fault("MS106", node.at, f"{what}: {message}", help)
        return None


def choice(context: Context, node: Node, what: str, options: Iterable[str], later: Iterable[str] = ()) -> str | None:
    """One of some words; those of the language that do not work yet are told apart from wrong ones."""
    found = text(context, node, what)
    options = tuple(options)
    if found is None or found in options:
        return found
    listed = ", ".join(options)
    if found in later:
        context.fault("MS110", node.at, f"{what}: `{found}` is not supported yet", f"supported now: {listed}")
        return None
    near = nearest(found, (*options, *later))
    help = f"did you mean `{near}`?" if near else f"it is one of {listed}"
    notes = (f"choices here: {listed}",) if near else ()
    context.fault("MS105", node.at, f"{what} can't be `{found}`", help, notes=notes, fix=slip(node.at, found, near))
    return None
