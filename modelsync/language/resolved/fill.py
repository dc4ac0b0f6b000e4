"""A spec as it will be used: includes merged, params put in, short forms long, defaults filled in."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from modelsync.core.diagnostics import Pos
from modelsync.core.rules import VersionRule
from modelsync.language.decode import model_checks, table_checks, versioning
from modelsync.language.decode.around_the_clock import SCHEDULE
from modelsync.language.decode.datasets import DATASET
from modelsync.language.decode.models import MODEL
from modelsync.language.decode.params import PARAM
from modelsync.language.decode.spec import SPEC
from modelsync.language.decode.steps import PIPELINE, STEP
from modelsync.language.resolved.holes import Outside, hidden, outside, put_in
from modelsync.language.resolved.tree import DEFAULT, Entry, Leaf, Origin, Row, Table, Tree
from modelsync.language.shapes import (
    Anything,
    Constant,
    Either,
    Expectations,
    Fields,
    Flag,
    Kinds,
    Many,
    Matrix,
    Named,
    Number,
    Plain,
    Reference,
    Shape,
)
from modelsync.language.subject import Subject
from modelsync.language.text import nodes
from modelsync.language.text.nodes import Node, Scalar
from modelsync.language.text.scalars import Value

_TYPED = (Anything, Flag, Matrix, Number)  # the value counts; elsewhere the text as it is written does
_TEXTS = ("string", "enum", "datetime")  # types of params and columns whose values are text


def resolve(subject: Subject) -> Table:
    """The whole of a spec without faults."""
    tree = subject.context.tree
    assert isinstance(tree, nodes.Mapping)
    found = _Filler(outside(subject.context)).fill(SPEC, without_include(tree), "")
    assert isinstance(found, Table)
    return found


def without_include(tree: nodes.Mapping) -> nodes.Mapping:
    """What is included is there already."""
    return nodes.Mapping(tuple(item for item in tree.items if item.key.text != "include"), tree.at)


class _Filler:
    """Walks a spec by its shape; the pipeline around is what `steps.` refers into."""

    def __init__(self, outside: Outside) -> None:
        self._outside = outside
        self._pipeline = ""

    def fill(self, shape: Shape, node: Node, key: str) -> Tree:
        """What a node means in full; `key` is what it stands under."""
        match shape:
            case Fields():
                return self._fields(shape, node)
            case Kinds():
                assert isinstance(node, nodes.Mapping)
                kind = node.get(shape.by)
                assert isinstance(kind, Scalar)
                return self._fields(shape.options[kind.text], node)
            case Either():
                return self.fill(shape.mapping if isinstance(node, nodes.Mapping) else shape.scalar, node, key)
            case Named():
                return self._named(shape, node)
            case Many():
                items = node.items if isinstance(node, nodes.Sequence) else (node,)
                return Row(tuple(self.fill(shape.item, each, key) for each in items), Origin(node.at))
            case Expectations():
                return self._expectation(node)
        return self._value(shape, node, key)

    def _fields(self, shape: Fields, node: Node) -> Table:
        body = _long(shape, node)
        entries = []
        for item in body.items:
            name = _SYNONYMS.get((id(shape), item.key.text), item.key.text)
            inner = shape.keys[name].shape
            value = self._constant(body, item.value) if _is_constant(inner) else self.fill(inner, item.value, name)
            entries.append(Entry(name, value, origin_of(item)))
        written = {entry.key for entry in entries}
        special = _DEFAULTS.get(id(shape), {})
        for name, key in shape.keys.items():
            default = special[name](body, key.default) if name in special else key.default
            if name not in written and default is not None:
                entries.append(Entry(name, _unwritten(self.fill(key.shape, _node(default, node.at), name)), DEFAULT))
        return Table(tuple(entries), Origin(node.at))

    def _named(self, shape: Named, node: Node) -> Table:
        entries = []
        for item in node.items if isinstance(node, nodes.Mapping) else ():
            if shape.item is PIPELINE:
                self._pipeline = item.key.text
            value = self.fill(shape.item, item.value, item.key.text)
            if shape.item is PARAM and item.key.text in self._outside.origins:
                assert isinstance(value, Table)
                value = self._given(item.key.text, value)
            entries.append(Entry(item.key.text, value, origin_of(item)))
        return Table(tuple(entries), Origin(node.at))

    def _given(self, name: str, param: Table) -> Table:
        """A param with the value it was given in the place of its default."""
        value = Leaf(hidden(name, self._outside.params[name]), Origin(None, (self._outside.origins[name],)))
        return Table(
            tuple(replace(each, value=value) if each.key == "default" else each for each in param.entries), param.origin
        )

    def _expectation(self, node: Node) -> Tree:
        """An expectation by its name, with its arguments, which may be none."""
        if isinstance(node, Scalar):
            return Table((Entry(node.text, Table((), Origin(node.at)), Origin(node.at)),), Origin(node.at))
        assert isinstance(node, nodes.Mapping)
        (item,) = node.items
        empty = isinstance(item.value, Scalar) and item.value.value is None
        value = Table((), Origin(item.value.at)) if empty else self._value(Anything(), item.value, item.key.text)
        return Table((Entry(item.key.text, value, origin_of(item)),), Origin(node.at))

    def _constant(self, body: nodes.Mapping, node: Node) -> Tree:
        """Values whose type stands beside them: a number is text where the type is one of texts."""
        if isinstance(node, nodes.Sequence):
            return Row(tuple(self._constant(body, each) for each in node.items), Origin(node.at))
        assert isinstance(node, Scalar)
        kind = body.get("type")
        leaf = put_in(node, self._outside)
        is_text = isinstance(kind, Scalar) and kind.text in _TEXTS
        return Leaf(node.text, leaf.origin) if is_text and _is_number(leaf.value) and leaf.value == node.value else leaf

    def _value(self, shape: Shape, node: Node, key: str) -> Tree:
        match node:
            case nodes.Mapping():
                entries = (Entry(i.key.text, self._value(shape, i.value, i.key.text), origin_of(i)) for i in node.items)
                return Table(tuple(entries), Origin(node.at))
            case nodes.Sequence():
                return Row(tuple(self._value(shape, each, key) for each in node.items), Origin(node.at))
        leaf = put_in(node, self._outside, key)
        if isinstance(shape, _TYPED):
            return leaf
        text = node.text if leaf.value == node.value else str(leaf.value)
        return Leaf(self._long_name(shape, text), leaf.origin)

    def _long_name(self, shape: Shape, text: str) -> str:
        """A reference from the top of the spec; a name without its section, which its place says."""
        if isinstance(shape, Reference) and text.startswith("steps.") and self._pipeline:
            return f"pipelines.{self._pipeline}.{text.removeprefix('steps.')}"
        if isinstance(shape, Plain) and shape.names:
            return text.removeprefix(f"{shape.names}.")
        return text


def _long(shape: Fields, node: Node) -> nodes.Mapping:
    """The mapping that is written, or that a short form stands for."""
    if isinstance(node, nodes.Mapping):
        return node
    if isinstance(node, Scalar) and node.value is None:
        return nodes.Mapping((), node.at)
    return nodes.Mapping((nodes.Item(Scalar(shape.short, shape.short, "", node.at), node),), node.at)


def origin_of(item: nodes.Item) -> Origin:
    """Where a key stands, and which values of included files its own replaced."""
    return Origin(item.key.at, tuple(f"over {at.file}:{at.line}" for at in item.over))


def _is_constant(shape: Shape) -> bool:
    return isinstance(shape.item if isinstance(shape, Many) else shape, Constant)


def _is_number(value: Value) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _unwritten(tree: Tree) -> Tree:
    """What nobody wrote."""
    match tree:
        case Leaf():
            return replace(tree, origin=DEFAULT)
        case Row():
            return Row(tuple(map(_unwritten, tree.items)), DEFAULT)
    entries = (Entry(each.key, _unwritten(each.value), DEFAULT) for each in tree.entries)
    return Table(tuple(entries), DEFAULT)


def _node(value: Any, at: Pos) -> Node:
    """A default as if it were written."""
    match value:
        case Mapping():
            keys = ((Scalar(key, key, "", at), _node(each, at)) for key, each in value.items())
            return nodes.Mapping(tuple(nodes.Item(key, each) for key, each in keys), at)
        case list() | tuple():
            return nodes.Sequence(tuple(_node(each, at) for each in value), at)
        case VersionRule():
            return _node({"bump": str(value.bump), "when": value.when.text}, at)
    return Scalar(value, str(value).lower() if isinstance(value, bool) else str(value), "", at)


_Default = Callable[[nodes.Mapping, Any], Any]
"""(what is written, the default) -> what holds; None when nothing does."""


def _beside(key: str) -> _Default:
    return lambda body, default: default if body.get(key) is not None else None


def _always(value: Any) -> _Default:
    return lambda body, default: value


def _isolate(body: nodes.Mapping, default: Any) -> Any:
    """A limit is only real when the process can be ended."""
    resources = body.get("resources")
    limited = isinstance(resources, nodes.Mapping) and resources.get("memory") is not None
    return "process" if limited or body.get("timeout") is not None else default


def _by_interval(body: nodes.Mapping, default: Any) -> Any:
    """A point has no interval, and so no confidence."""
    return default if body.get("versus") is not None or _says(body, "decide_on", "interval") else None


def _beside_a_bound(body: nodes.Mapping, default: Any) -> Any:
    return default if any(body.get(key) is not None for key in ("min", "max")) else None


def _repeats(body: nodes.Mapping, default: Any) -> Any:
    """Folds are drawn anew, but for those in the order of time."""
    return None if body.get("folds") is None or _says(body, "splitter", "time_series") else default


def _of_bins(body: nodes.Mapping, default: Any) -> Any:
    return None if _says(body, "metric", "brier") else default


def _says(body: nodes.Mapping, key: str, word: str) -> bool:
    node = body.get(key)
    return isinstance(node, Scalar) and node.text == word


# Defaults that hang on what else is written, and those of whole sections, by the shape that they belong to.
_DEFAULTS: Mapping[int, Mapping[str, _Default]] = {
    id(SPEC): {"engine": _always({}), "root": _always(None)},  # where a spec lies is no part of what it means
    id(DATASET): {"versioning": _always({})},
    id(MODEL): {"versioning": _always({})},
    id(versioning.DATASET): {"rules": _always(versioning.DATASET_RULES)},
    id(versioning.MODEL): {"rules": _always(versioning.MODEL_RULES)},
    id(STEP): {"isolate": _isolate},
    id(SCHEDULE): {"timezone": _beside("cron")},
    id(table_checks.DRIFT): {"correction": _beside("alpha")},
    id(table_checks.VALUE_DRIFT): {"correction": _beside("alpha")},
    id(model_checks.PERFORMANCE): {
        **{name: _beside("versus") for name in ("min_delta", "method")},
        "confidence": _by_interval,
        "decide_on": _beside_a_bound,
    },
    id(model_checks.CHAMPION): {"repeats": _beside("folds")},
    id(model_checks.STABILITY): {"repeats": _repeats, "splitter": _beside("folds")},
    id(model_checks.CALIBRATION): {"bins": _of_bins},
    id(model_checks.RESIDUALS): {"min_rows": _beside("by")},
}
_SYNONYMS = {(id(table_checks.DRIFT), "max_statistic"): "max"}
