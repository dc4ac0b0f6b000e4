"""`params:` and the values given to them on the command line."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeGuard

from modelsync.core.diagnostics import Fix
from modelsync.core.nearest import nearest
from modelsync.language import scalars
from modelsync.language.decode.context import Context
from modelsync.language.decode.fields import Fields, fields
from modelsync.language.mends import slip
from modelsync.language.model import Param
from modelsync.language.nodes import Item, Node, Scalar, kind_of

TYPES: dict[str, type] = {"int": int, "float": float, "bool": bool, "string": str, "enum": str}
_TEXTS = ("string", "enum")
_NUMBERS = ("int", "float")
MOST_OVERRIDE = 1024  # characters of a number on the command line; longer is a mistake, not a number


@dataclass(frozen=True, slots=True)
class _Shape:
    """The type of a param and what its value must fit."""

    type: str
    values: tuple[str, ...] = ()
    low: float | None = None
    high: float | None = None

    def misfit(self, value: Any) -> str:
        """Why a value does not fit, empty when it does."""
        right = isinstance(value, TYPES[self.type]) and not (self.type == "int" and isinstance(value, bool))
        if not right:
            return f"is not of type {self.type}"
        if isinstance(value, float) and not math.isfinite(value):
            return "is not a finite number"
        if self.values and value not in self.values:
            return f"must be one of {', '.join(self.values)}"
        if self.low is not None and value < self.low:
            return f"must be at least {self.low:g}"
        if self.high is not None and value > self.high:
            return f"must be at most {self.high:g}"
        return ""


def params(context: Context, items: tuple[Item, ...], overrides: Mapping[str, str]) -> dict[str, Param]:
    """Every param with its value; overrides obey the same rules as defaults."""
    found = {item.key.text: param for item in items if (param := _param(context, item, overrides)) is not None}
    for name, text in overrides.items():
        if name not in context.names.params:
            near = nearest(name, context.names.params)
            declared = ", ".join(sorted(context.names.params)) or "none"
            help = f"did you mean `{near}`?" if near else f"params of this spec: {declared}"
            message = f"`{name}={text}` was given, and the spec has no param `{name}`"
            context.fault("MS112", context.source.at(1, 1), message, help)
    return found


def _param(context: Context, item: Item, overrides: Mapping[str, str]) -> Param | None:
    name = item.key.text
    body = _body(context, item)
    if body is None:
        return None
    shape, node = _shape(body), body.node_of("default", required=True)
    if shape is None or node is None:
        return None
    context.enums[name] = shape.values
    if not isinstance(node, Scalar):
        context.fault("MS103", node.at, f"`default` of {body.what} must be one value, not {kind_of(node)}")
        return None
    default = _default(context, node, shape.type)
    if not _fits_default(body, shape, node, default):
        return None
    if name not in overrides:
        return Param(name, shape.type, default, default, item.key.at)
    value = _overriding(shape.type, overrides[name])
    if problem := shape.misfit(value):
        message = f"`{name}={overrides[name]}` was given, and param `{name}` {problem}"
        near = nearest(overrides[name], shape.values)
        help = f"did you mean `{near}`?" if near else f"the default is {default}, declared in {item.key.at}"
        context.fault("MS112", item.key.at, message, help)
        return None
    return Param(name, shape.type, value, default, item.key.at)


def _body(context: Context, item: Item) -> Fields | None:
    what = f"param `{item.key.text}`"
    value: Node = item.value
    if isinstance(value, Scalar) and value.value is not None:
        meant = f"`{{type: {_type_of(value)}, default: {value.text}}}`"
        context.fault("MS103", value.at, f"{what} must be a mapping, not {kind_of(value)}", f"write {meant}")
        return None
    return fields(context, value, what, ("type", "default", "values", "min", "max"))


def _shape(body: Fields) -> _Shape | None:
    kind = body.choice("type", TYPES, required=True)
    if kind is None:
        return None
    for key, fits in (("min", kind in _NUMBERS), ("max", kind in _NUMBERS), ("values", kind == "enum")):
        if (written := body.node.key(key)) is not None and not fits:
            message = f"`{key}` does not go with type {kind} in {body.what}"
            body.context.fault("MS109", written.at, message, "remove it, or change the type")
    if kind == "enum":
        body.listed("values", required=True)
        return _Shape(kind, tuple(text for text, _ in body.texts("values")))
    if kind not in _NUMBERS:
        return _Shape(kind)
    low, high = body.bounds()
    return _Shape(kind, (), low, high)


def _default(context: Context, node: Scalar, kind: str) -> Any:
    if "${{" in node.text:
        return node  # fits no type: a default can't depend on another param
    if kind in _TEXTS and _is_number(node.value):
        return node.text  # `1.10` stays `1.10`
    return float(node.value) if kind == "float" and _is_number(node.value) else node.value


def _fits_default(body: Fields, shape: _Shape, node: Scalar, default: Any) -> bool:
    if isinstance(default, Scalar):
        body.context.fault("MS111", node.at, f"`default` of {body.what} can't hold other params", "write a value")
        return False
    problem = shape.misfit(default)
    if not problem:
        return True
    help, fix = "", None
    if near := nearest(node.text, shape.values):
        help, fix = f"did you mean `{near}`?", slip(node.at, node.text, near)
    elif shape.type in _NUMBERS and node.quoted and re.fullmatch(r"-?[0-9]+(\.[0-9]+)?", node.text):
        help, fix = "remove the quotes", Fix(node.at, node.text)
    code = "MS103" if "type" in problem else "MS104"
    body.context.fault(code, node.at, f"`default` of {body.what} {problem}: `{node.text}`", help, fix=fix)
    return False


def _overriding(kind: str, text: str) -> Any:
    """The value a text on the command line stands for; left as text where it can't fit the type."""
    if kind in _TEXTS or not text or len(text) > MOST_OVERRIDE:
        return text
    value = scalars.resolve(text)
    return float(value) if kind == "float" and _is_number(value) else value


def _is_number(value: scalars.Value) -> TypeGuard[int | float]:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _type_of(node: Scalar) -> str:
    return {bool: "bool", int: "int", float: "float"}.get(type(node.value), "string")
