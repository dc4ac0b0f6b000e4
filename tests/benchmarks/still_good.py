"""Whether a spoilt spec still means something right: a small second opinion, independent of the rules under test."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from modelsync.core.signature import Signature
from modelsync.language.decode.spec import SPEC
from modelsync.language.names import collect, is_name
from modelsync.language.shapes import (
    Builtin,
    Choice,
    Condition,
    Duration,
    Either,
    Expectations,
    Fields,
    Flag,
    Function,
    Kinds,
    Many,
    Named,
    Number,
    Plain,
    Reference,
    Secret,
    Shape,
    Size,
    Text,
)
from modelsync.language.text.nodes import Mapping, Node, Scalar, Sequence
from modelsync.language.text.read import read
from modelsync.language.text.source import Source
from tests.benchmarks.breaks import BREAKS
from tests.benchmarks.faults import Fault
from tests.benchmarks.misfits import ONE_OF
from tests.benchmarks.spots import Survey, TreePath

_DURATION = re.compile(r"(\d+(\.\d+)?(ms|s|m|h|d))+")
_SIZE = re.compile(r"\d+(\.\d+)?([KMGT]i|[kMGT])?B")
_CRON = re.compile(r"[\d*/,A-Z-]+( [\d*/,A-Za-z-]+){4}")
_SECTIONS = {"step": "steps", "output": "outputs", "deploy": "deploy", "params": "params"}


def reason(survey: Survey, fault: Fault, text: str) -> str:
    """Why a spoilt text is still a good spec; empty when it is none."""
    if fault.free:
        return fault.free
    if fault.owner is not None and _is_there(survey, fault.owner, fault.group, text):
        return "the key comes from elsewhere too"
    if fault.kind == "file" and re.sub("/+", "/", text) == re.sub("/+", "/", survey.text):
        return "it is another way to the same file"
    return _meaning(survey, text) if fault.kind in BREAKS else ""


def _is_there(survey: Survey, owner: TreePath, key: str, text: str) -> bool:
    """Whether a key that was taken out is there by a merge or an include."""
    node: Node | None = read(Source(survey.spec.path, text)).root
    for step in owner:
        node = node.items[step] if isinstance(node, Sequence) and isinstance(step, int) else _get(node, str(step))
    return _get(node, key) is not None or (key == "modelsync" and bool(survey.included))


def _get(node: Node | None, key: str) -> Node | None:
    return node.get(key) if isinstance(node, Mapping) else None


def _meaning(survey: Survey, text: str) -> str:
    found = read(Source(survey.spec.path, text))
    if found.root is None or found.diagnostics or not isinstance(found.root, Mapping):
        return ""
    if plain(found.root) == plain(survey.root):
        return "it says the same"
    if _Opinion(survey).fits(SPEC, found.root, "", ()) and not _lost(survey, found.root):
        return "it says something else that is right"
    return ""


def plain(node: Node) -> object:
    """A node as values, types kept apart, styles and places forgotten."""
    match node:
        case Mapping():
            return {item.key.text: plain(item.value) for item in node.items}
        case Sequence():
            return [plain(each) for each in node.items]
    return (type(node.value).__name__, " ".join(node.text.split()))


def _lost(survey: Survey, root: Mapping) -> bool:
    """Whether something is not declared any more that is used."""
    there = set(collect(root).declared())
    for path in survey.uses:
        section = _SECTIONS.get(path[0], f"{path[0]}s")
        if (
            path in survey.defined
            and section not in ("columns", "axess", "inputs")
            and (section, *path[1:]) not in there
        ):
            return True
    return False


class _Opinion:
    def __init__(self, survey: Survey) -> None:
        self._survey = survey
        self._texts: dict[Shape, set[str]] = {}
        for leaf in survey.leaves:
            if isinstance(leaf.node, Scalar) and isinstance(leaf.shape, _CLOSED):
                self._texts.setdefault(leaf.shape, set()).add(leaf.node.text)

    def fits(self, shape: Shape, node: Node, key: str, path: tuple[str | int, ...]) -> bool:
        """Whether a node is right for a shape, as far as that can be seen without the rules."""
        match shape:
            case Fields():
                return self._fields(shape, node, key, path)
            case Kinds():
                kind = node.get(shape.by) if isinstance(node, Mapping) else None
                good = isinstance(kind, Scalar) and kind.text in shape.options
                return good and self._fields(shape.options[kind.text], node, key, path)  # type: ignore[union-attr]
            case Named():
                return self._named(shape, node, path)
            case Many():
                items = node.items if isinstance(node, Sequence) else (node,) if shape.one else None
                if items is None or len(items) < shape.least:
                    return False
                return all(self.fits(shape.item, each, key, (*path, index)) for index, each in enumerate(items))
            case Either():
                return self.fits(shape.mapping if isinstance(node, Mapping) else shape.scalar, node, key, path)
            case Expectations():
                return self._expectation(node)
        return self._value(shape, node, key)

    def _fields(self, shape: Fields, node: Node, key: str, path: tuple[str | int, ...]) -> bool:
        if isinstance(node, Scalar) and node.value is None:
            return not any(each.required for each in shape.keys.values())
        if not isinstance(node, Mapping):
            return bool(shape.short) and self.fits(shape.keys[shape.short].shape, node, shape.short, path)
        written = {item.key.text for item in node.items}
        if any(each.required and name not in written for name, each in shape.keys.items()):
            return False
        for group in ONE_OF:
            if set(group) <= set(shape.keys) and not written & set(group):
                return False
        return all(
            item.key.text in shape.keys
            and self.fits(shape.keys[item.key.text].shape, item.value, item.key.text, (*path, item.key.text))
            for item in node.items
        ) and self._given(node, path)

    def _named(self, shape: Named, node: Node, path: tuple[str | int, ...]) -> bool:
        if isinstance(node, Scalar) and node.value is None:
            return not shape.least
        if not isinstance(node, Mapping):
            return False
        return all(
            (shape.key != "name" or is_name(item.key.text))
            and self.fits(shape.item, item.value, item.key.text, (*path, item.key.text))
            for item in node.items
        )

    def _given(self, node: Mapping, path: tuple[str | int, ...]) -> bool:
        """Whether a step or a gate gives its function what it takes."""
        found = self._signature(node)
        if found is None or found.open:
            return True
        takes = {each.name for each in found.parameters}
        needs = {each.name for each in found.parameters if each.required}
        given = {*_keys(node.get("inputs")), *_keys(node.get("with"))}
        is_step = path[:1] == ("pipelines",)
        return given <= takes and (not is_step or needs <= given)

    def _signature(self, node: Mapping) -> Signature | None:
        written = node.get("run") or node.get("uses")
        if not isinstance(written, Scalar):
            return None
        known = self._survey.known
        if written.text in known.builtins:
            return known.builtins[written.text]
        file, _, name = written.text.rpartition(":")
        found = known.signature(Path(self._survey.spec.root / file), name)
        return found if isinstance(found, Signature) else None

    def _expectation(self, node: Node) -> bool:
        known = self._survey.known.expectations
        if isinstance(node, Scalar):
            return node.text in known
        if not isinstance(node, Mapping) or len(node.items) != 1:
            return False
        item = node.items[0]
        if item.key.text == "suite":
            return True
        shape = known.get(item.key.text)
        if shape is None or (isinstance(item.value, Scalar) and item.value.value is not None):
            return False
        given = set(_keys(item.value))
        return given <= set(shape.arguments) and set(shape.required) <= given

    def _value(self, shape: Shape, node: Node, key: str) -> bool:
        if not isinstance(node, Scalar):
            return not isinstance(shape, _SCALARS)
        if "${{" in node.text:
            return "}}" in node.text
        match shape:
            case Number():
                good = isinstance(node.value, int | float) and not isinstance(node.value, bool)
                return good and shape.low <= node.value <= shape.high  # type: ignore[operator]
            case Flag():
                return isinstance(node.value, bool)
            case Duration():
                return _DURATION.fullmatch(node.text) is not None
            case Size():
                return _SIZE.fullmatch(node.text) is not None
            case Choice():
                return node.text in shape.words
            case Text() if key == "cron":
                return _CRON.fullmatch(node.text) is not None
            case Text() if key in ("timezone", "source", "start", "url", "suite"):
                return node.text in self._texts.get(shape, ())
            case Text() | Plain() if not getattr(shape, "names", "") and key not in ("metric", "test", "columns", "by"):
                fits = not shape.pattern or re.fullmatch(shape.pattern, node.text)
                return bool(fits) and node.value is not None and not isinstance(node.value, bool)
            case _ if isinstance(shape, _CLOSED):
                return node.text in self._texts.get(shape, ())
        return True


_CLOSED = (Text, Plain, Reference, Function, Builtin, Condition, Secret)
_SCALARS = (*_CLOSED, Number, Flag, Duration, Size, Choice)


def _keys(node: Node | None) -> Iterator[str]:
    if isinstance(node, Mapping):
        yield from (item.key.text for item in node.items)
