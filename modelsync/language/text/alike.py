"""Whether two values of a text say the same, wherever they stand and however they are laid out."""

from __future__ import annotations

import math

from modelsync.language.text.nodes import Mapping, Node, Scalar, Sequence
from modelsync.language.text.scalars import Value


def alike(one: Node, other: Node) -> bool:
    """The same values of the same types, written with the same quotes, keys in the same order; places don't count."""
    match one, other:
        case Scalar(), Scalar():
            return one.text == other.text and one.style == other.style and same_value(one.value, other.value)
        case Sequence(), Sequence():
            return len(one.items) == len(other.items) and all(map(alike, one.items, other.items))
        case Mapping(), Mapping():
            return len(one.items) == len(other.items) and all(
                alike(mine.key, yours.key) and alike(mine.value, yours.value)
                for mine, yours in zip(one.items, other.items, strict=True)
            )
    return False


def same_value(one: Value, other: Value) -> bool:
    """Equal and of one type: `1`, `1.0` and `true` are three values, `nan` is itself."""
    if type(one) is not type(other):
        return False
    if isinstance(one, float) and isinstance(other, float) and math.isnan(one):
        return math.isnan(other)
    return one == other
