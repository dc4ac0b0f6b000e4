"""One of the two specs of a difference: what it means, free of where it lies, and where each part of it stands."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import field, fields, is_dataclass, replace
from pathlib import Path
from typing import Any, TypeVar

from modelsync.core.diagnostics import Pos
from modelsync.core.expression import Expression, parse
from modelsync.core.records import record
from modelsync.language.model import Spec
from modelsync.language.subject import Subject
from modelsync.language.text import nodes
from modelsync.language.text.nodes import Node

Name = tuple[str, ...]
"""A declared name with its section: `("gates", "fair")`, `("steps", "train", "fit")`."""

_Tree = TypeVar("_Tree")


@record
class Side:
    """One spec. Paths in `spec` begin at its root, conditions have no needless spaces: equal means the same.

    `names` are the names in `spec` that are written otherwise in the text, as they are written.
    """

    spec: Spec
    subject: Subject
    names: Mapping[Name, str] = field(default_factory=dict)

    def at(self, *path: str | int) -> Pos:
        """Where a path of keys stands, as far as it is written: the key of a collection, else the value."""
        node, found = self.subject.context.tree, self.subject.context.source.at(1, 1)
        for step in self._written(path):
            item = _inside(node, step)
            if item is None:
                return found
            found, node = item
        return found

    def check_at(self, gate: str, index: int, key: str) -> Pos:
        """Where a key of one check of a gate stands; the check when it is not written."""
        listed = self.subject.context.checks.get(self.names.get(("gates", gate), gate), [])
        if index >= len(listed):
            return self.at("gates", gate)
        node = listed[index][1]
        found = node.get(key)
        return node.at if found is None else found.at

    def node(self, *path: str | int) -> Node | None:
        """What is written at a path of keys, None when nothing is."""
        node = self.subject.context.tree
        for step in self._written(path):
            item = _inside(node, step)
            if item is None:
                return None
            _, node = item
        return node

    @property
    def texts(self) -> tuple[str, ...]:
        """The texts of the files it was read from."""
        return tuple(source.text for source in self.subject.context.sources.values())

    def _written(self, path: tuple[str | int, ...]) -> tuple[str | int, ...]:
        """The path with the names that the text has."""
        match path:
            case ("pipelines", str() as pipeline, "steps", str() as step, *rest):
                own = self.names.get(("steps", pipeline, step), step)
                return "pipelines", self.names.get(("pipelines", pipeline), pipeline), "steps", own, *rest
            case (str() as section, str() as name, *rest):
                return section, self.names.get((section, name), name), *rest
        return path


def side(subject: Subject) -> Side:
    """The side of a spec that was read; it may hold faults that lie outside of it, such as a file that is gone."""
    spec, root = subject.spec, subject.spec.root

    def settle(value: Any) -> Any:
        if isinstance(value, Path):
            return value.relative_to(root) if value.is_relative_to(root) else value
        if isinstance(value, Expression):
            return parse(" ".join(value.text.split()))
        return value

    return Side(replace(mapped(replace(spec, files=()), settle), root=Path(), path=Path()), subject)


def mapped(value: _Tree, change: Callable[[Any], Any]) -> _Tree:
    """A tree of dataclasses, mappings and tuples with every part changed, from the inside out; the rest as it is."""
    found: Any = value
    match value:
        case Mapping():
            found = {key: mapped(each, change) for key, each in value.items()}
        case tuple():
            found = tuple(mapped(each, change) for each in value)
        case Expression():
            pass
        case _ if is_dataclass(value) and not isinstance(value, type):
            parts = {each.name: (getattr(value, each.name)) for each in fields(value) if each.init}
            fresh = {name: mapped(part, change) for name, part in parts.items()}
            if any(fresh[name] is not parts[name] for name in parts):
                found = replace(value, **fresh)
    return change(found)  # type: ignore[no-any-return]


def _inside(node: Node | None, step: str | int) -> tuple[Pos, Node] | None:
    """The place and the value of one key or item."""
    if isinstance(node, nodes.Mapping) and isinstance(step, str):
        item = next((each for each in node.items if each.key.text == step), None)
        if item is None:
            return None
        is_scalar = isinstance(item.value, nodes.Scalar) and item.value.text != ""
        return (item.value.at if is_scalar else item.key.at), item.value
    if isinstance(node, nodes.Sequence) and isinstance(step, int) and step < len(node.items):
        return node.items[step].at, node.items[step]
    return None
