"""Whether the decision trees in a skops archive stay inside their own arrays, checked before one is made.

Compiled code follows a tree's indices without looking; an archive made with intent could lead it out of its memory.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np

KINDS = frozenset({"sklearn.tree._tree.Tree", "sklearn.ensemble._hist_gradient_boosting.predictor.TreePredictor"})
# These hand their own checked rows to inner trees unchecked, so an inner tree must not look beyond the outer columns.
_UNCHECKED = ("sklearn.ensemble._forest", "sklearn.ensemble._gb", "sklearn.ensemble._iforest")
_ANY = 1 << 62

Array = Callable[[str], "np.ndarray[Any, Any]"]


def check(schema: dict[str, Any], array: Array) -> None:
    """ValueError when a tree of the schema points outside its nodes, backwards, or beyond its estimator's columns.

    `array` reads a member of the archive by its name.
    """
    waiting: list[tuple[Any, int, bool]] = [(schema, _ANY, False)]
    while waiting:
        node, columns, unchecked = waiting.pop()
        if isinstance(node, list):
            waiting.extend((each, columns, unchecked) for each in node)
        if not isinstance(node, dict):
            continue
        kind = f"{node.get('__module__')}.{node.get('__class__')}"
        if kind in KINDS and "content" in node:
            _check_tree(node, columns, array)
            continue
        own = _own_columns(node)
        if own is not None:
            columns = min(own, columns) if unchecked else own
            unchecked = kind.startswith(_UNCHECKED)
        waiting.extend((each, columns, unchecked) for each in node.values())


def _own_columns(node: dict[str, Any]) -> int | None:
    """The `n_features_in_` of an estimator as the schema has it."""
    fields = node.get("content")
    attributes = fields.get("content") if isinstance(fields, dict) else None
    stored = attributes.get("n_features_in_") if isinstance(attributes, dict) else None
    if not isinstance(stored, dict) or stored.get("__loader__") != "JsonNode":
        return None
    return int(json.loads(stored["content"]))


def _check_tree(node: dict[str, Any], columns: int, array: Array) -> None:
    fields = node["content"]["content"]
    nodes = array(fields["nodes"]["file"])
    if nodes.ndim != 1 or len(nodes) == 0 or not nodes.dtype.names:
        raise ValueError("a tree without a list of nodes")
    if "left_child" in nodes.dtype.names:
        _check_size(fields, nodes, array)
        inner = nodes["left_child"] != -1
        children, feature = ("left_child", "right_child"), "feature"
    else:
        inner = nodes["is_leaf"] == 0
        children, feature = ("left", "right"), "feature_idx"
        _check_categories(nodes[inner], fields, array)
    _check_branches(nodes, inner, children)
    looked_at = nodes[feature][inner]
    if (looked_at < 0).any() or (looked_at >= columns).any():
        raise ValueError("a tree that looks at a column which the model does not have")


def _check_size(fields: dict[str, Any], nodes: np.ndarray[Any, Any], array: Array) -> None:
    values = array(fields["values"]["file"])
    stated = int(json.loads(fields["node_count"]["content"]))
    if stated != len(nodes) or len(values) != len(nodes):
        raise ValueError(f"a tree that states {stated} nodes and holds {len(nodes)}")


def _check_branches(nodes: np.ndarray[Any, Any], inner: np.ndarray[Any, Any], children: tuple[str, str]) -> None:
    """Children come after their parent, so that there is no circle, and inside the tree."""
    place = inner.nonzero()[0]
    for side in children:
        child = nodes[side][inner].astype("int64")
        if (child <= place).any() or (child >= len(nodes)).any():
            raise ValueError("a tree with a branch that leads out of it")


def _check_categories(nodes: np.ndarray[Any, Any], fields: dict[str, Any], array: Array) -> None:
    splits = nodes["bitset_idx"][nodes["is_categorical"] == 1]
    for name in ("binned_left_cat_bitsets", "raw_left_cat_bitsets"):
        bitsets = array(fields[name]["file"])
        if bitsets.ndim != 2 or bitsets.shape[1] != 8 or (splits >= len(bitsets)).any():
            raise ValueError("a tree with a category set that is not there")
