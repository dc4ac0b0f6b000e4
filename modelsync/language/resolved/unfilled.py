"""A spec as it is written, with what it includes: nothing is put in, nothing is filled in."""

from __future__ import annotations

from modelsync.language.resolved.fill import origin_of, without_include
from modelsync.language.resolved.holes import hidden
from modelsync.language.resolved.tree import Entry, Leaf, Origin, Row, Table, Tree
from modelsync.language.subject import Subject
from modelsync.language.text import nodes
from modelsync.language.text.nodes import Node


def written(subject: Subject) -> Table:
    """The whole of a spec without faults."""
    tree = subject.context.tree
    assert isinstance(tree, nodes.Mapping)
    found = _tree(without_include(tree))
    assert isinstance(found, Table)
    return found


def _tree(node: Node) -> Tree:
    match node:
        case nodes.Mapping():
            entries = (Entry(item.key.text, _tree(item.value), origin_of(item)) for item in node.items)
            return Table(tuple(entries), Origin(node.at))
        case nodes.Sequence():
            return Row(tuple(map(_tree, node.items)), Origin(node.at))
    text = "" if node.value is None or isinstance(node.value, str) else node.text  # `1.10` can be text, and is not 1.1
    return Leaf(hidden("", node.value), Origin(node.at), text)
