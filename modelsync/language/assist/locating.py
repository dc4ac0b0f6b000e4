"""Every key and value of a spec with the part of the language that describes it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from enum import StrEnum
from pathlib import Path

from modelsync.core.diagnostics import Pos
from modelsync.core.records import record
from modelsync.language.decode.spec import SPEC
from modelsync.language.decode.spelling import kind_of
from modelsync.language.shapes import Either, Expectations, Fields, Key, Kinds, Many, Named, Shape
from modelsync.language.text.nodes import Mapping, Node, Scalar, Sequence


class Role(StrEnum):
    """What a scalar or collection is in the language."""

    KEY = "key"  # a word of the language
    NAME = "name"  # chosen by the writer
    VALUE = "value"
    EXPECTATION = "expectation"
    ARGUMENT = "argument"


@record
class Spot:
    """One node with its meaning."""

    node: Node
    role: Role
    shape: Shape | None  # of the value, or of the value below a key; None where the language says nothing
    path: tuple[str, ...]  # keys and names from the top, list positions as numbers
    around: Mapping | None  # the mapping it stands in
    key: Key | None = None  # the key it is or stands under
    owner: Shape | None = None  # the shape of the mapping around


def spots(root: Node, shape: Shape = SPEC) -> Iterator[Spot]:
    """Every key and value from the top to the bottom, each collection before what is in it."""
    yield from _value(root, shape, Spot(root, Role.VALUE, shape, (), None))


def spot_at(root: Node, file: Path, line: int, col: int) -> Spot | None:
    """The innermost key or value of a file at a place (from 1)."""
    found = None
    for spot in spots(root):
        at = spot.node.at
        holds = at.file == file and (at.line, at.col) <= (line, col) <= (at.end_line, at.end_col)
        if holds and (found is None or _is_inside(at, found.node.at)):
            found = spot
    return found


def _is_inside(inner: Pos, outer: Pos) -> bool:
    """Blocks end where the next begins, so what starts later is further in."""
    return (inner.line, inner.col) >= (outer.line, outer.col)


def _value(node: Node, shape: Shape | None, spot: Spot) -> Iterator[Spot]:
    shape = _resolved(shape, node)
    spot = replace(spot, node=node, shape=shape, role=Role.VALUE)
    yield spot
    match node:
        case Mapping():
            yield from _mapping(node, shape, spot)
        case Sequence():
            item = shape.item if isinstance(shape, Many) else None
            for index, each in enumerate(node.items):
                yield from _value(each, item, replace(spot, path=(*spot.path, str(index))))


def _resolved(shape: Shape | None, node: Node) -> Shape | None:
    """The shape that counts for a node: one of two, the item of a list of one, the key a short form stands for."""
    match shape:
        case Either():
            return shape.mapping if isinstance(node, Mapping) else shape.scalar
        case Many() if shape.one and not isinstance(node, Sequence):
            return _resolved(shape.item, node)
        case Fields() if shape.short and not isinstance(node, Mapping):
            return _resolved(shape.keys[shape.short].shape, node)
    return shape


def _mapping(node: Mapping, shape: Shape | None, spot: Spot) -> Iterator[Spot]:
    for item in node.items:
        if item.via is not None:
            continue  # merged in: it is shown where it is written
        path = (*spot.path, item.key.text)
        inner = Spot(item.key, Role.NAME, None, path, node, owner=shape)
        match shape:
            case Fields() | Kinds():
                fields = keys_of(shape, node)
                key = None if fields is None else fields.keys.get(item.key.text)
                below = None if key is None else key.shape
                inner = replace(inner, role=Role.KEY, key=key, shape=below)
            case Named():
                below = shape.item
                inner = replace(inner, shape=below)
            case Expectations():
                below = None
                inner = replace(inner, role=Role.EXPECTATION, shape=shape)
            case _:
                below = None
        yield inner
        if isinstance(shape, Expectations):
            yield from _arguments(item.value, inner)
        else:
            yield from _value(item.value, below, inner)


def _arguments(node: Node, spot: Spot) -> Iterator[Spot]:
    yield replace(spot, node=node, role=Role.VALUE, shape=None)
    if not isinstance(node, Mapping):
        return
    for item in node.items:
        inner = Spot(item.key, Role.ARGUMENT, None, (*spot.path, item.key.text), node)
        yield inner
        yield from _value(item.value, None, replace(inner, role=Role.VALUE))


def keys_of(shape: Shape | None, node: Mapping) -> Fields | None:
    """The keys a mapping may have, by its kind where kinds differ: while it has none, only that which says it."""
    if isinstance(shape, Kinds):
        kind = kind_of(node, shape)
        first = next(iter(shape.options.values()))
        return shape.options[kind] if kind else Fields({shape.by: first.keys[shape.by]})
    return shape if isinstance(shape, Fields) else None


def scalar_at(root: Node, file: Path, line: int, col: int) -> tuple[Spot, Scalar] | None:
    """The same for scalars only."""
    spot = spot_at(root, file, line, col)
    return (spot, spot.node) if spot is not None and isinstance(spot.node, Scalar) else None
