"""`params:` and the values given to them from outside: on the command line or by the environment."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, TypeGuard

from modelsync.core.diagnostics import Fix
from modelsync.core.nearest import nearest
from modelsync.core.records import record
from modelsync.language.decode import literals
from modelsync.language.decode.body import Body
from modelsync.language.decode.context import Context, Given
from modelsync.language.mends import slip
from modelsync.language.model import Param
from modelsync.language.shapes import Choice, Constant, Fields, Key, Many, Number, Text
from modelsync.language.text import scalars
from modelsync.language.text.nodes import Scalar, Sequence, kind_of

TYPES: dict[str, type] = {"int": int, "float": float, "bool": bool, "string": str, "enum": str}
_TEXTS = ("string", "enum")
_NUMBERS = ("int", "float")
_SHOWN = 80  # characters of a value that a message repeats
MOST_OVERRIDE = 1024  # characters of a number on the command line; longer is a mistake, not a number
VARIABLE = "MODELSYNC_PARAM_"


@record
class _Shape:
    """The type of a param and what its value must fit."""

    type: str
    values: tuple[str, ...] = ()
    low: float | None = None
    high: float | None = None

    def misfit(self, value: Any) -> str:
        """Why a value does not fit, empty when it does."""
        if self.type in _NUMBERS and isinstance(value, float) and not math.isfinite(value):
            return "is not a finite number within 64 bits"
        right = isinstance(value, TYPES[self.type]) and not (self.type == "int" and isinstance(value, bool))
        if not right:
            return f"is not of type {self.type}"
        if self.values and value not in self.values:
            return f"must be one of {', '.join(self.values)}"
        if self.low is not None and value < self.low:
            return f"must be at least {self.low:g}"
        if self.high is not None and value > self.high:
            return f"must be at most {self.high:g}"
        return ""


def given(context: Context, overrides: Mapping[str, str]) -> dict[str, Given]:
    """The values from outside by the name of the param: the command line wins over the environment."""
    declared = context.names.params
    found: dict[str, Given] = {}
    for variable, text in sorted(context.environ.items()):
        wanted = variable.removeprefix(VARIABLE)
        if variable == wanted:
            continue
        alike = [wanted] if wanted in declared else [name for name in declared if name.casefold() == wanted.casefold()]
        for name in alike[:1]:  # a variable whose letters are exactly those of a param is that param's alone
            found[name] = Given(text, f"{variable}={text[:_SHOWN]}")
    for name, text in overrides.items():
        if name in declared:
            found[name] = Given(text, f"{name}={text[:_SHOWN]}")
            continue
        near = nearest(name, declared)
        listed = ", ".join(sorted(declared)) or "none"
        help = f"did you mean `{near}`?" if near else f"params of this spec: {listed}"
        message = f"`{name[:_SHOWN]}={text[:_SHOWN]}` was given, and the spec has no param `{name[:_SHOWN]}`"
        context.fault("MS112", context.source.at(1, 1), message, help)
    return found


def _param(body: Body) -> Param | None:
    context, name = body.context, body.name
    shape, node = _shape(body), body.node.get("default")
    if shape is None or node is None:
        return None
    context.enums[name] = shape.values
    if not isinstance(node, Scalar):
        body.fault("MS103", node.at, f"`default` of {body.what} must be one value, not {kind_of(node)}")
        return None
    default = _default(node, shape.type)
    if not _fits_default(body, shape, node, default):
        return None
    outside = context.given.get(name)
    if outside is None:
        return _kept(body, Param(name, shape.type, default, default, body.at))
    value = _overriding(shape.type, outside.text)
    if problem := shape.misfit(value):
        near = nearest(outside.text, shape.values)
        help = f"did you mean `{near}`?" if near else f"the default is {node.text}, declared in {body.at}"
        body.fault("MS112", body.at, f"`{outside.said}` was given, and param `{name}` {problem}", help)
        return None
    return _kept(body, Param(name, shape.type, value, default, body.at))


def _kept(body: Body, param: Param) -> Param:
    """Known from here on: what is decoded later may put it in."""
    body.context.params[param.name] = param
    return param


def _shape(body: Body) -> _Shape | None:
    kind = body.get("type")
    if kind is None:
        return None
    help = "remove it, or change the type"
    because = f"does not go with type {kind}"
    body.only_with(("min", "max"), kind in _NUMBERS, because, help)
    body.only_with(("values",), kind == "enum", because, help)
    if kind == "enum":
        if not body.has("values"):
            body.fault("MS102", body.node.at, f"{body.what} has no `values`", "add `values: [one, other]`")
        values, written = body.get("values", ()), body.node.get("values")
        lost = isinstance(written, Sequence) and len(values) < len(written.items)
        return _Shape(kind, () if lost else values)  # the default may be the one that was lost to a fault
    if kind not in _NUMBERS:
        return _Shape(kind)
    return _Shape(kind, (), *body.bounds())


def _default(node: Scalar, kind: str) -> Any:
    if "${{" in node.text:
        return node  # fits no type: a default can't depend on another param
    if kind in _TEXTS and _is_number(node.value):
        return node.text  # `1.10` stays `1.10`
    return float(node.value) if kind == "float" and _is_number(node.value) else node.value


def _fits_default(body: Body, shape: _Shape, node: Scalar, default: Any) -> bool:
    if isinstance(default, Scalar):
        body.fault("MS111", node.at, f"`default` of {body.what} can't hold other params", "write a value")
        return False
    problem = shape.misfit(default)
    if not problem:
        return True
    help, fix = _meant(shape, node)
    code = "MS103" if "type" in problem else "MS104"
    shown = "nothing" if node.value is None else f"`{node.text[:_SHOWN]}`"
    body.context.fault(code, node.at, f"`default` of {body.what} {problem}: {shown}", help, fix=fix)
    return False


def _meant(shape: _Shape, node: Scalar) -> tuple[str, Fix | None]:
    """A way out for a default that does not fit, and its mend when what was meant can be seen."""
    if near := nearest(node.text, shape.values):
        return f"did you mean `{near}`?", slip(node.at, node.text, near)
    if shape.type in _NUMBERS:
        help, fix, _ = literals.number_meant(node, node.value, Number(whole=shape.type == "int"))
        if shape.type == "int" and isinstance(node.value, float) and node.value.is_integer():
            return f"write `{node.value:.0f}`, or `type: float`", None
        return help, fix
    if node.value is None:
        return ("write `''` for an empty text", None) if shape.type == "string" else ("", None)
    if shape.type == "bool":
        return literals.truth_meant(node)
    return ("", None) if isinstance(node.value, str) else (f'quote it: `"{node.text}"`', None)


def _overriding(kind: str, text: str) -> Any:
    """The value a text on the command line stands for; left as text where it can't fit the type."""
    if kind in _TEXTS or not text or len(text) > MOST_OVERRIDE:
        return text
    value = scalars.resolve(text)
    return float(value) if kind == "float" and _is_number(value) else value


def _is_number(value: scalars.Value) -> TypeGuard[int | float]:
    return isinstance(value, int | float) and not isinstance(value, bool)


PARAM = Fields(
    {
        "type": Key(Choice(tuple(TYPES)), "What kind of value it takes.", required=True),
        "default": Key(Constant(), "The value when none is given with `-p name=value`.", required=True),
        "values": Key(Many(Text(), least=1, one=True), "The texts an enum can be."),
        "min": Key(Number(), "The least an int or float can be."),
        "max": Key(Number(), "The most an int or float can be."),
        "description": Key(Text(), "What it is for."),
    },
    _param,
    instead="{type: <type>, default: <text>}",
)
