"""Nodes to values by their shape: one reader for each kind of shape, every fault told where it stands."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from modelsync.core.diagnostics import Fix
from modelsync.language import nodes, secrecy
from modelsync.language.decode import literals, references
from modelsync.language.decode.body import Body, Place
from modelsync.language.decode.conditions import condition
from modelsync.language.decode.context import BareName, Context
from modelsync.language.decode.expectations import expectation
from modelsync.language.decode.matrices import matrix, members_of
from modelsync.language.decode.spelling import in_words, kind_of, named
from modelsync.language.delivery import SecretRef
from modelsync.language.names import is_name
from modelsync.language.nodes import Item, Node, Scalar, Sequence
from modelsync.language.nodes import kind_of as said_kind
from modelsync.language.shapes import (
    Anything,
    Builtin,
    Choice,
    Condition,
    Constant,
    Duration,
    Either,
    Expectations,
    Fields,
    File,
    Flag,
    Function,
    Kinds,
    Many,
    Matrix,
    Named,
    Number,
    Plain,
    Reference,
    Secret,
    Size,
    Text,
)

_ROLE = re.compile(r"[A-Za-z_][A-Za-z0-9_-]{0,63}")


def read(context: Context, shape: Any, node: Node, place: Place) -> Any:
    """The value of a node of this shape; None when it has a fault, which is then remembered."""
    with context.through(node.via):
        return _READERS[type(shape)](context, shape, node, place)


def _fields(context: Context, shape: Fields, node: Node, place: Place) -> Any:
    body_node = _as_mapping(context, shape, node, place)
    if body_node is None:
        return None
    members = members_of(context, place) if shape.per_member else ()
    values = {}
    for item in body_node.items:
        key = shape.keys.get(item.key.text)
        if key is None:
            continue  # told already, by the step that looks at keys
        first = members[0] if members and item.key.text in shape.per_member else None
        with context.through(item.via), context.member(first):
            inner = replace(place, what=named(item.key.text, place.what), owner=place.what)
            value = read(context, key.shape, item.value, inner)
        if value is not None:
            values[item.key.text] = value
    body = Body(context, place, body_node, values)
    for name, key in shape.keys.items():
        if key.required and not body.has(name):
            context.fault("MS102", body_node.at, f"{place.what} has no `{name}`", f"add `{name}:`", notes=(key.doc,))
    return values if shape.build is None else shape.build(body)


def _as_mapping(context: Context, shape: Fields, node: Node, place: Place) -> nodes.Mapping | None:
    if isinstance(node, nodes.Mapping):
        return node
    if isinstance(node, Scalar) and node.value is None:
        return nodes.Mapping((), node.at)  # `staging:` with nothing below says: all defaults
    if shape.short and (isinstance(node, Scalar) or isinstance(shape.keys[shape.short].shape, Many)):
        key = Scalar(shape.short, shape.short, "", node.at)
        return nodes.Mapping((Item(key, node),), node.at)
    help = _instead(shape, node) if isinstance(node, Scalar) and shape.instead else ""
    context.fault("MS103", node.at, f"{place.what} must be a mapping, not {said_kind(node)}", help)
    return None


def _instead(shape: Fields, node: Scalar) -> str:
    kind = {bool: "bool", int: "int", float: "float"}.get(type(node.value), "string")
    return f"write `{shape.instead.replace('<type>', kind).replace('<text>', node.text[:40])}`"


def _kinds(context: Context, shape: Kinds, node: Node, place: Place) -> Any:
    if not isinstance(node, nodes.Mapping):
        context.fault("MS103", node.at, f"{place.what} must be a mapping, not {said_kind(node)}")
        return None
    kind = kind_of(node, shape)
    if kind:
        return _fields(context, shape.options[kind], node, replace(place, what=f"{kind} {place.what}"))
    written = node.get(shape.by)
    if written is None:
        listed = f"one of {', '.join(shape.options)}"
        context.fault("MS102", node.at, f"{place.what} has no `{shape.by}`", f"add `{shape.by}:`, {listed}")
    else:
        literals.choice(context, written, named(shape.by, place.what), shape.options)
    return None


def _named(context: Context, shape: Named, node: Node, place: Place) -> dict[str, Any] | None:
    if isinstance(node, Scalar) and node.value is None:
        node = nodes.Mapping((), node.at)
    if not isinstance(node, nodes.Mapping):
        context.fault("MS103", node.at, f"{place.what} must be a mapping, not {said_kind(node)}")
        return None
    if len(node.items) < shape.least:
        context.fault("MS104", node.at, f"{place.what} must name at least one {shape.title}")
    found = {}
    for item in node.items:
        if not _is_key(context, shape, item, place):
            continue
        name = item.key.text
        what = in_words(shape, name, place.owner)
        inner = Place(what, (*place.names, (shape.title, name)), item.key.at)
        with context.through(item.via):
            value = read(context, shape.item, item.value, inner)
        if value is not None or (isinstance(shape.item, Anything) and literals.is_nothing(item.value)):
            found[name] = value
    return found


def _is_key(context: Context, shape: Named, item: Item, place: Place) -> bool:
    """Whether a key can be a name; told as a fault when it can't."""
    text = item.key.text
    good = {"name": is_name(text), "role": _ROLE.fullmatch(text) is not None, "any": bool(text)}[shape.key]
    if not good:
        mended = re.sub(r"[^A-Za-z0-9_]+", "_", text)
        help = f"did you mean `{mended}`?" if is_name(mended) else ""
        note = "a name has letters, digits and `_`, a letter first, at most 64, and is no word such as `and`"
        context.fault("MS107", item.key.at, f"`{text}` in {place.what} can't be a name", help, notes=(note,))
    return good


def _many(context: Context, shape: Many, node: Node, place: Place) -> tuple[Any, ...] | None:
    if isinstance(node, Sequence):
        items: tuple[Node, ...] = node.items
    elif shape.one and not (isinstance(node, Scalar) and node.value is None):
        items = (node,)
    else:
        context.fault("MS103", node.at, f"{place.what} must be a list, not {said_kind(node)}")
        return None
    if len(items) < shape.least:
        context.fault("MS104", node.at, f"{place.what} must not be empty")
    inner = replace(place, what=f"{shape.title} of {place.owner or place.what}") if shape.title else place
    found, seen = [], set()
    for each in items:
        if isinstance(shape.item, Plain | Text | Choice | Reference) and isinstance(each, Scalar):
            if each.text in seen:
                message = f"`{each.text}` is listed twice in {place.what}"
                context.fault("MS109", each.at, message, "remove one")
                continue
            seen.add(each.text)
        value = read(context, shape.item, each, inner)
        if value is not None:
            found.append(value)
    return tuple(found)


def _text(context: Context, shape: Text, node: Node, place: Place) -> str | None:
    return _fitting(context, shape, node, place, literals.text(context, node, place.what))


def _plain(context: Context, shape: Plain, node: Node, place: Place) -> str | None:
    found = _fitting(context, shape, node, place, literals.plain(context, node, place.what))
    if found is not None and shape.names:
        name = found.removeprefix(f"{shape.names}.")
        context.bare[BareName(shape.names, name, node.at, place.what, place.pipeline)] = None
        return name
    return found


def _fitting(context: Context, shape: Text | Plain, node: Node, place: Place, found: str | None) -> str | None:
    if found is not None and shape.pattern and not re.fullmatch(shape.pattern, found):
        message = f"{place.what} can't be `{found[:80]}`"
        context.fault("MS107", node.at, message, f"write {shape.expected}" if shape.expected else "")
        return None
    return found


def _number(context: Context, shape: Number, node: Node, place: Place) -> float | None:
    number = literals.integer if shape.whole else literals.number
    return number(context, node, place.what, shape.low, shape.high)


def _duration(context: Context, shape: Duration, node: Node, place: Place) -> float | None:
    found = literals.duration(context, node, place.what)
    if found is not None and shape.positive and found <= 0:
        context.fault("MS104", node.at, f"{place.what} must be more than 0")
        return None
    return found


def _anything(context: Context, shape: Anything, node: Node, place: Place) -> Any:
    found = literals.value(context, node)
    return None if found is literals.FAULT else found


def _secret(context: Context, shape: Secret, node: Node, place: Place) -> SecretRef | str | None:
    """`secrets.name`; what looks like the secret itself is never let in."""
    if isinstance(node, Scalar) and isinstance(node.value, str) and node.text.startswith("secrets."):
        found = SecretRef(node.text.removeprefix("secrets."), node.at)
        context.secrets.append(found)
        return found
    help = "declare it under `secrets`, such as `{env: NAME}`, and write `secrets.name` here"
    if isinstance(node, Scalar) and (not shape.or_text or secrecy.looks_secret(node.text)):
        message = f"{place.what} must be a reference to a secret; a literal would be kept in every copy of this spec"
        if isinstance(node.value, str) and node.text in context.names.secrets:
            help = f"did you mean `secrets.{node.text}`?"
            context.fault("MS602", node.at, message, help, fix=Fix(node.at, f"secrets.{node.text}"))
            return None
        context.fault("MS602", node.at, message, help)
        return None
    return literals.text(context, node, place.what)


def _either(context: Context, shape: Either, node: Node, place: Place) -> Any:
    return read(context, shape.mapping if isinstance(node, nodes.Mapping) else shape.scalar, node, place)


_READERS: dict[type, Callable[[Context, Any, Node, Place], Any]] = {
    Fields: _fields,
    Kinds: _kinds,
    Named: _named,
    Many: _many,
    Text: _text,
    Plain: _plain,
    Number: _number,
    Flag: lambda context, shape, node, place: literals.boolean(context, node, place.what),
    Duration: _duration,
    Size: lambda context, shape, node, place: literals.size(context, node, place.what),
    Choice: lambda context, shape, node, place: literals.choice(context, node, place.what, shape.words),
    Anything: _anything,
    Constant: lambda context, shape, node, place: node,
    Reference: references.reference,
    Function: lambda context, shape, node, place: references.code(context, node, place.what),
    Builtin: lambda context, shape, node, place: references.builtin(context, node, place.what),
    File: lambda context, shape, node, place: references.file(context, node, place.what),
    Condition: lambda context, shape, node, place: condition(context, node, shape.owner, place.name),
    Secret: _secret,
    Either: _either,
    Expectations: lambda context, shape, node, place: expectation(context, node, place),
    Matrix: lambda context, shape, node, place: matrix(context, node, place),
}
