"""Literals: `${{ params.x }}` put in, then text, numbers, truth values and choices, each with its own fault."""

from __future__ import annotations

import math
import re
from collections.abc import Container, Iterable
from enum import Enum
from typing import Any, TypeVar

from modelsync.core.diagnostics import Fix, Pos
from modelsync.core.nearest import nearest
from modelsync.language import secrecy
from modelsync.language.decode.context import UNKNOWN, BareName, Context
from modelsync.language.foreign import meant
from modelsync.language.mends import slip
from modelsync.language.shapes import Number
from modelsync.language.text.nodes import Item, Mapping, Node, Scalar, Sequence, kind_of

OPENING = "${{"
_HOLE = re.compile(r"\$\{\{([^{}]*)\}\}")
_NAMED = re.compile(r"(params|matrix|env)\.([A-Za-z_][A-Za-z0-9_]*)")
_HEADS = ("params", "matrix", "env")
_NUMBER = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)")
_WHOLE = re.compile(r"[-+]?[0-9]+")
_TRUTHS = ("yes", "on", "no", "off")
_COMMA = re.compile(r"-?[0-9]{1,9},[0-9]{1,2}")  # more digits may be thousands
_GROUPED = re.compile(r"[0-9]{1,3}((_[0-9]{3})+|(,[0-9]{3})+)")
_VARIABLE = re.compile(r"\$\{?([A-Za-z_]\w{0,63})\}?")
_CURLY = "“”„‟«»‘’"  # quotes of a word processor, letters to YAML
_LONGEST_NUMBER = 18  # digits; a longer one is no slip


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
            parts = {item.key.text: _part(context, item) for item in node.items}
            return FAULT if FAULT in parts.values() else parts
        case Sequence():
            listed = [value(context, item) for item in node.items]
            return FAULT if FAULT in listed else listed
    return finite(context, node, scalar(context, node))


def _part(context: Context, item: Item) -> Any:
    if OPENING in item.key.text:
        no_key(context, item)
        return FAULT
    return value(context, item.value)


def no_key(context: Context, item: Item) -> None:
    """Tell that a key is never made of params."""
    context.fault("MS111", item.key.at, "nothing can be put into a key, only into its value", "write the key itself")


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
    return node.text if OPENING in node.text else node.value


def scalar(context: Context, node: Scalar) -> Any:
    """The value of one scalar. A hole that is the whole text keeps the param's type; otherwise the result is text."""
    if OPENING not in node.text:
        return node.value
    holes = list(_HOLE.finditer(node.text))
    if node.text.count(OPENING) != len(holes):
        start = _unclosed(node.text, {hole.start() for hole in holes})
        at = context.within(node, start, start + len(OPENING))
        context.fault("MS111", at, "`${{` is never closed", "write `${{ params.name }}`")
        return FAULT
    values = [_hole(context, node, hole) for hole in holes]
    if FAULT in values:
        return FAULT
    if len(holes) == 1 and holes[0].group() == node.text:
        return values[0]
    rest = iter(values)
    return _HOLE.sub(lambda _: _as_text(next(rest)), node.text)


def _unclosed(text: str, closed: Container[int]) -> int:
    """Where the first opening stands that no `}}` belongs to."""
    start = text.find(OPENING)
    while start in closed:
        start = text.find(OPENING, start + len(OPENING))
    return start


def _hole(context: Context, node: Scalar, hole: re.Match[str]) -> Any:
    inside = hole.group(1)
    written = inside.strip()
    if not written:
        at = context.within(node, hole.start(), hole.end())
        context.fault("MS111", at, "there is nothing between `${{` and `}}`", "write `${{ params.name }}`")
        return FAULT
    match = _NAMED.fullmatch(written)
    if match is not None and match[1] == "matrix" and context.matrix is not None and match[2] in context.matrix:
        return context.matrix[match[2]]
    start = hole.start(1) + inside.index(written)
    at = context.within(node, start, start + len(written))
    if match is None:
        head, _, name = written.partition(".")
        if head == "params" and name in context.names.params:
            return _param(context, at, name)  # declared under a name that can't be one, which is told there
        _no_hole(context, at, written)
        return FAULT
    head, name = match.groups()
    if head == "env":
        return _variable(context, at, name)
    if head == "matrix":
        return _axis(context, at, name)
    if name not in context.names.params:
        context.unfilled.add(node.at)
    return _param(context, at, name)


def _no_hole(context: Context, at: Pos, written: str) -> None:
    head, _, rest = written.partition(".")
    tables: dict[str, Container[str]] = {"params": context.names.params, "matrix": context.axes, "env": context.environ}
    bare = [f"{each}.{written}" for each in ("params", "matrix") if written in tables[each]]
    near = nearest(head, _HEADS)
    word = re.split(r"\W", rest, maxsplit=1)[0] if near else ""  # `params.x | upper` means `params.x`
    help, fix = "write `${{ params.name }}`", None
    if head == "secrets":
        help = "a secret is never put in: give it to a step, as `env: {NAME: secrets.name}`"
    elif bare:
        help, fix = f"did you mean `{bare[0]}`?", Fix(at, bare[0]) if len(bare) == 1 else None
    elif word and (word in tables[near] or (word == rest and head != near)):
        help, fix = f"did you mean `{near}.{word}`?", slip(at, written, f"{near}.{word}")
    notes = ("only params, matrix and env can be put in",)
    context.fault("MS111", at, f"`{written[:80]}` can't be put in here", help, notes=notes, fix=fix)


def _param(context: Context, at: Pos, name: str) -> Any:
    context.used_params.add(name)
    context.bare[BareName("params", name, at, "`${{ }}`")] = None  # whether it is declared is a rule
    return context.params[name].value if name in context.params else FAULT


def _axis(context: Context, at: Pos, name: str) -> Any:
    if context.matrix is None:
        message = f"`matrix.{name}` can't stand here: only `with` and `env` are read for each member of a matrix"
        help = "move it there; the step needs a `matrix:`, or `each:` with a step that has one"
        context.fault("MS111", at, message, help)
        return FAULT
    if context.matrix is UNKNOWN:
        return FAULT
    if name in context.axes:
        message = f"not every member of the matrix has `{name}`"
        context.fault("MS212", at, message, f"give every member a value: an axis `{name}`, or one more `include`")
        return FAULT
    near = nearest(name, context.axes)
    help = f"did you mean `matrix.{near}`?" if near else f"axes here: {', '.join(context.axes) or 'none'}"
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
    quotes = f'quote it: `"{node.text}"`' if isinstance(node, Scalar) and node.value is not None else ""
    context.fault("MS103", node.at, f"{what} must be text, not {kind_of(node)}", quotes)
    return None


def plain(context: Context, node: Node, what: str) -> str | None:
    """A text that names something in the spec: never with params put in."""
    if isinstance(node, Scalar) and OPENING in node.text:
        message = f"{what} is a name; params can't be put in, so that the graph is known without them"
        context.fault("MS111", node.at, message, "write the name itself")
        return None
    return text(context, node, what)


def number(context: Context, node: Node, what: str, shape: Number) -> float | None:
    """A finite number within its bounds, whole where it must be."""
    found = finite(context, node, scalar(context, node)) if isinstance(node, Scalar) else None
    if found is FAULT:
        return None
    if not isinstance(found, int | float) or isinstance(found, bool):
        wanted = "a whole number" if shape.whole else "a number"
        help, fix, found = number_meant(node, found, shape)
        context.fault("MS103", node.at, f"{what} must be {wanted}, not {kind_of(node)}", help, fix=fix)
    elif shape.whole and isinstance(found, float):
        is_slip = found.is_integer() and abs(found) < 10**_LONGEST_NUMBER and as_written(node) == found
        fix = Fix(node.at, f"{found:.0f}") if is_slip else None
        help = "" if fix is None else f"write `{fix.replacement}`"
        context.fault("MS103", node.at, f"{what} must be a whole number, not {kind_of(node)}", help, fix=fix)
        return None
    return None if found is None else _bounded(context, node, what, found, shape.low, shape.high)


def number_meant(node: Node, found: Any, shape: Number) -> tuple[str, Fix | None, int | float | None]:
    """A way out, its mend and the number that was meant, as far as one can be seen."""
    if not isinstance(node, Scalar) or not isinstance(found, str):
        return "", None, None
    if OPENING in node.text:
        help = "what is put in is text here; declare a param of type int or float, and give it a value from outside"
        return help, None, None
    if variable := _VARIABLE.fullmatch(found):
        name = variable[1].lower()
        kind = "int" if shape.whole else "float"
        value = f'`"${{{{ params.{name} }}}}"`'
        return f"declare `{name}: {{type: {kind}, default: ...}}` under `params`, and write {value}", None, None
    bare = found.strip(_CURLY)
    sign, digits = bare[-1:], bare[:-1] if bare.endswith("%") else bare
    if _COMMA.fullmatch(found) and not shape.whole:
        point = found.replace(",", ".")
        return f"write `{point}`, with a point", Fix(node.at, point), float(point)
    digits = re.sub("[_,]", "", digits) if _GROUPED.fullmatch(digits) else digits
    if len(digits) > _LONGEST_NUMBER or not (_WHOLE if shape.whole else _NUMBER).fullmatch(digits):
        return "", None, None
    meant = int(digits) if _WHOLE.fullmatch(digits) else float(digits)
    if sign == "%" and shape.unit == "percent":
        return f"it is in percent already: write `{digits}`", Fix(node.at, digits), meant
    if sign == "%":
        return ("", None, None) if shape.whole else (f"write the share, `{meant / 100:g}`", None, meant / 100)
    help = "remove the quotes" if digits == bare else f"write `{digits}`, without `_` or `,`"
    return help, Fix(node.at, digits), meant


def _bounded(context: Context, node: Node, what: str, found: _Number, low: float, high: float) -> _Number | None:
    if low <= found <= high:
        return found
    expected = f"at least {low:g}" if high == math.inf else f"from {low:g} to {high:g}"
    share = found / 100
    help = f"write the share, `{share:g}`" if high <= 1 < found and low <= share <= high else ""
    context.fault("MS104", node.at, f"{what} is {found}; it must be {expected}", help)
    return None


def boolean(context: Context, node: Node, what: str) -> bool | None:
    """true or false; `yes` and `on` are text in YAML 1.2."""
    found = scalar(context, node) if isinstance(node, Scalar) else None
    if found is FAULT or isinstance(found, bool):
        return found if isinstance(found, bool) else None
    help, fix = truth_meant(node)
    context.fault("MS103", node.at, f"{what} must be true or false, not {kind_of(node)}", help, fix=fix)
    return None


def truth(context: Context, node: Node, what: str, words: tuple[str, ...]) -> bool | str | None:
    """true or false, or one of some words."""
    found = scalar(context, node) if words and isinstance(node, Scalar) else None
    if isinstance(found, str) and found.lower() not in _TRUTHS and not nearest(found, ("true", "false")):
        return choice(context, node, what, ("true", "false", *words))
    return boolean(context, node, what)


def truth_meant(node: Node) -> tuple[str, Fix | None]:
    """A way out, and its mend when the truth value that was meant can be seen."""
    if isinstance(node, Scalar) and node.text.lower() in ("yes", "on", "no", "off"):
        meant = "true" if node.text.lower() in ("yes", "on") else "false"
        return f"in YAML 1.2 `{node.text}` is text; write `{meant}`", Fix(node.at, meant)
    if isinstance(node, Scalar) and (near := nearest(node.text, ("true", "false"))):
        return (f"did you mean `{near}`?" if near != node.text else "remove the quotes"), Fix(node.at, near)
    return "write `true` or `false`", None


def choice(context: Context, node: Node, what: str, options: Iterable[str]) -> str | None:
    """One of some words; a slip is told, and read as the word that was meant."""
    options = tuple(str(each) for each in options)
    if isinstance(node, Mapping) and (near := _word_in(node, options)):
        context.fault("MS103", node.at, f"{what} must be text, not {kind_of(node)}", f"did you mean `{near}`?")
        return near
    if is_nothing(node):
        context.fault("MS103", node.at, f"{what} has no value", _one_of(options))
        return None
    found = text(context, node, what)
    if found is None or found in options:
        return found
    listed = ", ".join(options)
    near = meant(found, options)
    help = f"did you mean `{near}`?" if near else _one_of(options)
    notes = (f"choices here: {listed}",) if near else ()
    fix = slip(node.at, found, near) if isinstance(node, Scalar) and OPENING not in node.text else None
    context.fault("MS105", node.at, f"{what} can't be `{found}`", help, notes=notes, fix=fix)
    return near or None


def _word_in(node: Mapping, options: tuple[str, ...]) -> str:
    """The word that a mapping of another tool says: `{type: RollingUpdate}`, `{canary: {...}}`."""
    said = (item.value.text if isinstance(item.value, Scalar) else item.key.text for item in node.items)
    return next(filter(None, (meant(each, options) for each in said)), "")


def _one_of(options: tuple[str, ...]) -> str:
    return f"it can only be `{options[0]}`" if len(options) == 1 else f"it is one of {', '.join(options)}"
