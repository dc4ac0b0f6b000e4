"""Nodes to values by their shape: one reader for each kind of shape, every fault told where it stands."""

from __future__ import annotations

import keyword
import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from modelsync.core.diagnostics import Fix
from modelsync.core.nearest import nearest
from modelsync.language import secrecy
from modelsync.language.decode import literals, measures, references, ways_out
from modelsync.language.decode.body import Body, Place
from modelsync.language.decode.conditions import condition
from modelsync.language.decode.context import BareName, Context
from modelsync.language.decode.expectations import expectation
from modelsync.language.decode.matrices import axes_of, matrix, members_of
from modelsync.language.decode.spelling import in_words, kind_of, named
from modelsync.language.delivery import SecretRef
from modelsync.language.mends import slip
from modelsync.language.names import is_name, local
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
    Validator,
)
from modelsync.language.text import nodes
from modelsync.language.text.nodes import Item, Node, Scalar, Sequence
from modelsync.language.text.nodes import kind_of as said_kind

_ROLE = re.compile(r"[A-Za-z_][A-Za-z0-9_-]{0,63}")
_WORDS = (Plain, Text, Choice, Reference)
_HEADS = {"until": "stages"}  # what may stand before a name, where it is not the section itself


def read(context: Context, shape: Any, node: Node, place: Place) -> Any:
    """The value of a node of this shape; None when it has a fault, which is then remembered."""
    with context.through(node.via):
        return _READERS[type(shape)](context, shape, node, place)


def _fields(context: Context, shape: Fields, node: Node, place: Place) -> Any:
    body_node = _as_mapping(context, shape, node, place)
    if body_node is None or (not body_node.items and body_node.at in context.emptied):
        return None
    members = members_of(context, place) if shape.per_member else ()
    axes = axes_of(members)
    values = {}
    for item in body_node.items:
        key = shape.keys.get(item.key.text)
        if key is None:
            continue  # told already, by the step that looks at keys
        first = members[0] if members and item.key.text in shape.per_member else None
        with context.through(item.via), context.member(first, axes):
            inner = replace(place, what=named(item.key.text, place.what), owner=place.what)
            value = read(context, key.shape, item.value, inner)
        if value is not None:
            values[item.key.text] = value
    body = Body(context, place, body_node, values)
    for name, key in shape.keys.items():
        if key.required and not body.has(name):
            help = ways_out.for_missing(name, key)
            context.fault("MS102", body_node.at, f"{place.what} has no `{name}`", help, notes=(key.doc,))
    return values if shape.build is None else shape.build(body)


def _as_mapping(context: Context, shape: Fields, node: Node, place: Place) -> nodes.Mapping | None:
    if isinstance(node, nodes.Mapping):
        return node
    if isinstance(node, Scalar) and node.value is None:
        return nodes.Mapping((), node.at)  # `staging:` with nothing below says: all defaults
    if shape.short and (isinstance(node, Scalar) or isinstance(shape.keys[shape.short].shape, Many)):
        key = Scalar(shape.short, shape.short, "", node.at)
        return nodes.Mapping((Item(key, node),), node.at)
    message = f"{place.what} must be a mapping, not {said_kind(node)}"
    context.fault("MS103", node.at, message, ways_out.as_keys(shape, node))
    return None


def _kinds(context: Context, shape: Kinds, node: Node, place: Place) -> Any:
    if not isinstance(node, nodes.Mapping):
        message = f"{place.what} must be a mapping, not {said_kind(node)}"
        context.fault("MS103", node.at, message, ways_out.as_keys(shape, node))
        return None
    kind = kind_of(node, shape)
    if kind:
        return _fields(context, shape.options[kind], node, replace(place, what=f"{kind} {place.what}"))
    written = node.get(shape.by)
    if written is None:
        listed = f"one of {', '.join(shape.options)}"
        context.fault("MS102", node.at, f"{place.what} has no `{shape.by}`", f"add `{shape.by}:`, {listed}")
    elif literals.plain(context, written, named(shape.by, place.what)) is not None:
        literals.choice(context, written, named(shape.by, place.what), shape.options)
    return None


def _named(context: Context, shape: Named, node: Node, place: Place) -> dict[str, Any] | None:
    if isinstance(node, Scalar) and node.value is None:
        node = nodes.Mapping((), node.at)
    if not isinstance(node, nodes.Mapping):
        message = f"{place.what} must be a mapping, not {said_kind(node)}"
        context.fault("MS103", node.at, message, ways_out.as_names(shape, node))
        return None
    if len(node.items) < shape.least:
        context.fault("MS104", node.at, f"{place.what} must name at least one {shape.title}")
    found = {}
    for item in node.items:
        name = item.key.text
        if not _is_key(context, shape, item, place) and not name:
            continue  # any other name is told, and what stands below it is looked at as well
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
    if literals.OPENING in text:
        literals.no_key(context, item)
        return False
    if not good:
        mended = re.sub(r"[^A-Za-z0-9_]+", "_", text)
        mended = re.sub(r"([0-9]+)_?(.+)", r"\2_\1", mended) if mended[:1].isdigit() else mended
        mended = mended.lower() if keyword.iskeyword(mended) else mended
        help = f"did you mean `{mended}`?" if is_name(mended) else ""
        note = "a name has letters, digits and `_`, a letter first, at most 64, and is no word such as `and`"
        notes = () if shape.key == "any" else (note,)
        context.fault("MS107", item.key.at, f"`{text[:80]}` in {place.what} can't be a name", help, notes=notes)
    return good


def _many(context: Context, shape: Many, node: Node, place: Place) -> tuple[Any, ...] | None:
    if isinstance(node, Sequence):
        items: tuple[Node, ...] = node.items
    elif shape.one and not (literals.is_nothing(node) or ways_out.is_listing(shape, node)):
        items = (node,)
    else:
        message = f"{place.what} must be a list, not {said_kind(node)}"
        context.fault("MS103", node.at, message, ways_out.as_list(shape, node))
        return None
    if len(items) < shape.least:
        lack = f"has only {len(items)} and needs at least {shape.least}" if items else "must not be empty"
        context.fault("MS104", node.at, f"{place.what} {lack}")
    inner = replace(place, what=f"{shape.title} of {place.owner or place.what}") if shape.title else place
    found, seen = [], set()
    for each in items:
        if _goes_on(context, shape, each):
            continue
        if isinstance(shape.item, _WORDS) and isinstance(each, Scalar) and not shape.repeats:
            if each.text in seen:
                message = f"`{each.text}` is listed twice in {place.what}"
                context.fault("MS109", each.at, message, "remove one")
                continue
            seen.add(each.text)
        value = read(context, shape.item, each, inner)
        if value is not None:
            found.append(value)
    return tuple(found)


def _goes_on(context: Context, shape: Many, node: Node) -> bool:
    """Whether a word goes on in the next line: that is another item without its dash, and told there."""
    if not isinstance(shape.item, Choice | Plain | Reference) or not isinstance(node, Scalar):
        return False
    first, _, rest = node.text.partition(" ")
    if node.quoted or not rest or node.at.line == node.at.end_line:
        return False
    at = context.within(node, len(first) + 1, len(node.text))
    context.fault("MS103", at, f"`{rest[:40]}` goes on with the item above", f"write `- {rest[:40]}`")
    return True


def _text(context: Context, shape: Text, node: Node, place: Place) -> str | None:
    return _fitting(context, shape, node, place, literals.text(context, node, place.what))


def _plain(context: Context, shape: Plain, node: Node, place: Place) -> str | None:
    found = _fitting(context, shape, node, place, literals.plain(context, node, place.what))
    if found is not None and shape.names:
        head = _HEADS.get(shape.names, shape.names)
        name = local(found, place.pipeline) if shape.names == "steps" else found.removeprefix(f"{head}.")
        context.bare[BareName(shape.names, name, node.at, place.what, place.pipeline)] = None
        return name
    return found


def _fitting(context: Context, shape: Text | Plain, node: Node, place: Place, found: str | None) -> str | None:
    if found is not None and shape.pattern and not re.fullmatch(shape.pattern, found):
        message = f"{place.what} can't be `{found[:80]}`"
        context.fault("MS107", node.at, message, f"write {shape.expected}" if shape.expected else "")
        return None
    return found


def _anything(context: Context, shape: Anything, node: Node, place: Place) -> Any:
    found = literals.value(context, node)
    return None if found is literals.FAULT else found


def _secret(context: Context, shape: Secret, node: Node, place: Place) -> SecretRef | str | None:
    """`secrets.name`; what looks like the secret itself is never let in."""
    help = "declare it under `secrets`, such as `{env: NAME}`, and write `secrets.name` here"
    if not isinstance(node, Scalar) or node.value is None:
        wanted = "text or `secrets.name`" if shape.or_text else "a reference to a secret"
        context.fault("MS103", node.at, f"{place.what} must be {wanted}, not {said_kind(node)}", help)
        return None
    is_reference = isinstance(node.value, str) and node.text.startswith("secrets.")
    name = node.text.removeprefix("secrets.") if is_reference else _secret_meant(context, shape, node, place)
    if is_reference and not name:
        context.fault("MS203", node.at, f"{place.what} names no secret", "write `secrets.name`")
        return None
    if name:
        context.secrets.append(found := SecretRef(name, node.at))
        return found
    if not shape.or_text or secrecy.looks_secret(node.text):
        message = f"{place.what} must be a reference to a secret; a literal would be kept in every copy of this spec"
        context.fault("MS602", node.at, message, help)
        return None
    return "" if node.quoted and not node.text else literals.text(context, node, place.what)


def _secret_meant(context: Context, shape: Secret, node: Scalar, place: Place) -> str:
    """The secret that a text without `secrets.` probably names, told as a fault; empty when it names none."""
    written, names = node.text, context.names.secrets
    if written in names and not shape.or_text:
        meant = f"secrets.{written}"
        fix: Fix | None = Fix(node.at, meant)
    else:
        meant = nearest(written, (f"secrets.{name}" for name in names)) if "." in written else ""
        fix = slip(node.at, written, meant)
    if fix is None:
        return ""
    context.fault("MS203", node.at, f"`{written}` in {place.what} is no secret", f"did you mean `{meant}`?", fix=fix)
    return meant.removeprefix("secrets.")


def _choice(context: Context, shape: Choice, node: Node, place: Place) -> str | None:
    if shape.fixed and isinstance(node, Scalar) and "${{" in node.text:
        literals.plain(context, node, place.what)
        return None
    return literals.choice(context, node, place.what, shape.words)


def _either(context: Context, shape: Either, node: Node, place: Place) -> Any:
    return read(context, shape.mapping if isinstance(node, nodes.Mapping) else shape.scalar, node, place)


_READERS: dict[type, Callable[[Context, Any, Node, Place], Any]] = {
    Fields: _fields,
    Kinds: _kinds,
    Named: _named,
    Many: _many,
    Text: _text,
    Plain: _plain,
    Number: lambda context, shape, node, place: literals.number(context, node, place.what, shape),
    Flag: lambda context, shape, node, place: literals.truth(context, node, place.what, shape.words),
    Duration: lambda context, shape, node, place: measures.duration(context, node, place.what, shape),
    Size: lambda context, shape, node, place: measures.size(context, node, place.what),
    Choice: _choice,
    Anything: _anything,
    Constant: lambda context, shape, node, place: node,
    Reference: references.reference,
    Function: lambda context, shape, node, place: references.code(context, node, place.what),
    Validator: lambda context, shape, node, place: references.validator(context, node, place.what),
    Builtin: lambda context, shape, node, place: references.builtin(context, node, place.what),
    File: lambda context, shape, node, place: references.file(context, node, place.what),
    Condition: lambda context, shape, node, place: condition(context, node, shape.owner, place.name),
    Secret: _secret,
    Either: _either,
    Expectations: lambda context, shape, node, place: expectation(context, node, place),
    Matrix: lambda context, shape, node, place: matrix(context, node, place),
}
