"""Literals: `${{ params.x }}` put in, then text, numbers, durations and choices, each with its own fault."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable
from enum import Enum
from typing import Any, TypeVar

from modelsync.core.diagnostics import Fix, Pos
from modelsync.core.nearest import nearest
from modelsync.core.units import seconds, size_in_bytes
from modelsync.language import secrecy
from modelsync.language.decode.context import BareName, Context
from modelsync.language.mends import slip
from modelsync.language.nodes import Mapping, Node, Scalar, Sequence, kind_of

_HOLE = re.compile(r"\$\{\{([^{}]*)\}\}")
_NAMED = re.compile(r"\s*(params|matrix|env)\.([A-Za-z_][A-Za-z0-9_]*)\s*")
_HEADS = ("params", "matrix", "env")
_NUMBER = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)")


_MOST_VARIABLES = 500  # of the environment, compared for "did you mean"

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


def is_nothing(node: Node) -> bool:
    """Whether a value is written as `null`, `~` or not at all."""
    return isinstance(node, Scalar) and node.value is None


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
        at = context.within(node, start, start + 3)
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
    at = context.within(node, start, hole.start(1) + len(inside.rstrip()))
    match = _NAMED.fullmatch(inside)
    if match is None:
        _no_hole(context, at, inside.strip())
        return FAULT
    head, name = match.groups()
    if head == "env":
        return _variable(context, at, name)
    return _param(context, at, name) if head == "params" else _axis(context, at, name)


def _no_hole(context: Context, at: Pos, inside: str) -> None:
    head, _, name = inside.partition(".")
    near = nearest(head, _HEADS) if name else ""
    help = f"did you mean `{near}.{name}`?" if near else "write `${{ params.name }}`"
    fix = slip(at, inside, f"{near}.{name}") if near else None
    notes = ("only params, matrix and env can be put in",)
    context.fault("MS111", at, f"`{inside}` can't be put in here", help, notes=notes, fix=fix)


def _param(context: Context, at: Pos, name: str) -> Any:
    context.used_params.add(name)
    context.bare[BareName("params", name, at, "`${{ }}`")] = None  # whether it is declared is a rule
    return context.params[name].value if name in context.params else FAULT


def _axis(context: Context, at: Pos, name: str) -> Any:
    if context.matrix is None:
        message = f"`matrix.{name}` can't stand here: nothing here runs once for each member of a matrix"
        context.fault("MS111", at, message, "give the step a `matrix:`, or `each:` with a step that has one")
        return FAULT
    if name in context.matrix:
        return context.matrix[name]
    near = nearest(name, context.matrix)
    help = f"did you mean `matrix.{near}`?" if near else f"axes here: {', '.join(context.matrix) or 'none'}"
    fix = slip(at, f"matrix.{name}", f"matrix.{near}") if near else None
    context.fault("MS212", at, f"the matrix has no axis `{name}`", help, fix=fix)
    return FAULT


def _variable(context: Context, at: Pos, name: str) -> Any:
    if secrecy.names_a_secret(name):
        help = f"declare `{{env: {name}}}` under `secrets` and give the step `env: {{{name}: secrets.name}}`"
        message = f"`env.{name}` is named like a secret; what is put in here is kept with every run"
        context.fault("MS602", at, message, help)
        return FAULT
    if name in context.environ:
        return context.environ[name]
    near = nearest(name, context.environ) if len(context.environ) < _MOST_VARIABLES else ""
    help = f"did you mean `env.{near}`?" if near else f"set it before: `export {name}=...`"
    context.fault("MS214", at, f"the environment has no variable `{name}`", help)
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
    help, fix, meant = _number_meant(node, found)
    context.fault("MS103", node.at, f"{what} must be a number, not {kind_of(node)}", help, fix=fix)
    return meant


def _number_meant(node: Node, found: Any) -> tuple[str, Fix | None, int | float | None]:
    """A way out, its mend and the number that was meant, as far as one can be seen."""
    if not isinstance(node, Scalar) or not isinstance(found, str):
        return "", None, None
    if node.style in ("'", '"') and _NUMBER.fullmatch(found):
        return "remove the quotes", Fix(node.at, found), float(found) if "." in found else int(found)
    if found.endswith("%") and _NUMBER.fullmatch(found[:-1]):
        share = float(found[:-1]) / 100
        return f"write the share, `{share:g}`", None, share
    return "", None, None


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
    help, fix = truth_meant(node)
    context.fault("MS103", node.at, f"{what} must be true or false, not {kind_of(node)}", help, fix=fix)
    return None


def truth_meant(node: Node) -> tuple[str, Fix | None]:
    """A way out, and its mend when the truth value that was meant can be seen."""
    if isinstance(node, Scalar) and node.text.lower() in ("yes", "on", "no", "off"):
        meant = "true" if node.text.lower() in ("yes", "on") else "false"
        return f"in YAML 1.2 `{node.text}` is text; write `{meant}`", Fix(node.at, meant)
    if isinstance(node, Scalar) and (near := nearest(node.text, ("true", "false"))):
        return (f"did you mean `{near}`?" if near != node.text else "remove the quotes"), Fix(node.at, near)
    return "write `true` or `false`", None


def duration(context: Context, node: Node, what: str) -> float | None:
    """Seconds of a duration such as `15m`; a bare number is refused, because nobody sees its unit."""
    found = _with_unit(context, node, what, "duration", "such as `30s` or `15m`")
    if isinstance(found, str):
        return _measured(context, node, what, found, seconds)
    if found is not None:
        help = f"did you mean `{found:g}s`? units are ms, s, m, h, d"
        context.fault("MS106", node.at, f"{what} is a duration, and `{found:g}` has no unit", help)
    return None


def size(context: Context, node: Node, what: str) -> int | None:
    """Bytes of a size such as `2GiB`; a bare number is refused, because nobody sees its unit."""
    found = _with_unit(context, node, what, "size", "such as `512MiB` or `2GiB`")
    if isinstance(found, str):
        return _measured(context, node, what, found, size_in_bytes)
    if found is not None:
        help = f"did you mean `{found:g}GiB`? units are B, KiB, MiB, GiB, TiB and kB, MB, GB, TB"
        context.fault("MS106", node.at, f"{what} is a size, and `{found:g}` has no unit", help)
    return None


def _with_unit(context: Context, node: Node, what: str, kind: str, such_as: str) -> str | int | float | None:
    """The text of a measure, or the bare number that stands in its place."""
    found = scalar(context, node) if isinstance(node, Scalar) else None
    if found is FAULT:
        return None
    if isinstance(found, str) or (isinstance(found, int | float) and not isinstance(found, bool)):
        return found
    context.fault("MS103", node.at, f"{what} must be a {kind}, not {kind_of(node)}", such_as)
    return None


def _measured(context: Context, node: Node, what: str, text: str, read: Callable[[str], _Number]) -> _Number | None:
    try:
        return read(text)
    except ValueError as error:
        message, _, help = str(error).partition("; ")
    fix = None
    if meant := _unit_meant(text, read):
        help, fix = f"did you mean `{meant}`?", Fix(node.at, meant)
    context.fault("MS106", node.at, f"{what}: {message}", help, fix=fix)
    return None


def _unit_meant(text: str, read: Callable[[str], _Number]) -> str:
    """The measure with the unit that was meant, where only spelling or space is wrong: `15 min`, `2 hours`, `2gib`."""
    match = _MEASURE.fullmatch(text)
    if match is None:
        return ""
    number, unit = match.groups()
    meant = number + _UNITS.get(unit.casefold(), "")
    try:
        read(meant)
    except ValueError:
        return ""
    return meant


_MEASURE = re.compile(r"([0-9]+(?:\.[0-9]+)?)\s*([A-Za-z]+)")
_SPELLINGS = {
    "ms": "millisecond milliseconds msec",
    "s": "sec secs second seconds",
    "m": "min mins minute minutes",
    "h": "hr hrs hour hours",
    "d": "day days",
    "KiB": "kib",
    "MiB": "mib mi",
    "GiB": "gib gi",
    "TiB": "tib ti",
    "kB": "kb",
    "MB": "mb",
    "GB": "gb",
    "TB": "tb",
}
_UNITS = {spelling: unit for unit, many in _SPELLINGS.items() for spelling in (unit.casefold(), *many.split())}


def choice(context: Context, node: Node, what: str, options: Iterable[str]) -> str | None:
    """One of some words; a slip is told, and read as the word that was meant."""
    found = text(context, node, what)
    options = tuple(options)
    if found is None or found in options:
        return found
    listed = ", ".join(options)
    near = nearest(found, options)
    help = f"did you mean `{near}`?" if near else f"it is one of {listed}"
    notes = (f"choices here: {listed}",) if near else ()
    fix = slip(node.at, found, near)
    context.fault("MS105", node.at, f"{what} can't be `{found}`", help, notes=notes, fix=fix)
    return near or None
