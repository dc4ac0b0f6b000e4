"""A value fits the type that the function's own annotation asks for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from modelsync.core.diagnostics import Diagnostic, Fix, Pos, Related
from modelsync.core.signature import Signature
from modelsync.language.model import Code
from modelsync.language.subject import Subject
from modelsync.language.text.nodes import Mapping as MappingNode
from modelsync.language.text.nodes import Scalar

CODE = "MS405"

# Annotations that say plainly what is wanted; whatever else stands there is taken to accept anything.
_WANTED: Mapping[str, tuple[str, tuple[type, ...]]] = {
    "int": ("a whole number", (int,)),
    "float": ("a number", (int, float)),
    "str": ("text", (str,)),
    "bool": ("true or false", (bool,)),
}


def check(subject: Subject) -> Iterator[Diagnostic]:
    """Each value under `with` that is a word where a number is wanted, or the other way round."""
    for step in subject.spec.steps:
        if not step.command:
            node = subject.context.nodes["steps", step.id].get("with")
            yield from _calls(subject.signature(step.code), step.code, step.arguments, node)
    for gate in subject.spec.gates.values():
        if gate.uses is not None:
            node = subject.context.nodes["gates", gate.name].get("with")
            yield from _calls(subject.validator(gate.uses), gate.uses, gate.arguments, node)


def _calls(found: object, code: Code, values: Mapping[str, Any], node: object) -> Iterator[Diagnostic]:
    if not isinstance(found, Signature) or not isinstance(node, MappingNode):
        return
    for parameter in found.parameters:
        written, wanted = node.get(parameter.name), _WANTED.get(parameter.annotation.removesuffix(" | None"))
        if wanted is None or not isinstance(written, Scalar) or "${{" in written.text:
            continue
        value = values.get(parameter.name)
        if not _fits(value, wanted[1]):
            related = () if found.at is None else (Related(found.at, f"`{found.name}` is defined here"),)
            shown = f'"{written.text[:60]}"' if written.quoted else written.text[:60]
            message = f"`{parameter.name}` of `{code.text}` is {wanted[0]}, not `{shown}`"
            help, fix = _way_out(written.at, value, wanted[1])
            yield Diagnostic(CODE, written.at, message, help, related=related, fix=fix)


def _fits(value: Any, types: tuple[type, ...]) -> bool:
    """Whether a scalar is of a type; nothing at all, and what is no scalar, is the function's own matter."""
    if value is None or not isinstance(value, bool | int | float | str):
        return True
    if isinstance(value, bool) or types == (bool,):
        return isinstance(value, bool) and bool in types
    if isinstance(value, float) and types == (int,):
        return value.is_integer()
    return isinstance(value, types)


def _way_out(at: Pos, value: Any, types: tuple[type, ...]) -> tuple[str, Fix | None]:
    """What to write instead where that is clear: a number in quotes means the number, a share in percent its part."""
    if str in types:
        return f'write `"{value}"`' if not isinstance(value, bool) else "", None
    if isinstance(value, str) and bool not in types:
        plain = value.strip().removesuffix("%")
        try:
            number = float(plain)
        except ValueError:
            return "", None
        if plain != value.strip():
            return (f"write `{number / 100:g}`", None) if float in types else ("", None)
        if float in types or number.is_integer():
            return f"write `{plain}` without quotes", None
    return "", None
