"""What a YAML text says, before it means anything: scalars, mappings and sequences, each with its place."""

from __future__ import annotations

import unicodedata
from dataclasses import field

from modelsync.core.diagnostics import Pos
from modelsync.core.records import record


@record
class Scalar:
    """One value: as the YAML 1.2 core schema reads it, and its text after unquoting."""

    value: str | int | float | bool | None
    text: str
    style: str  # "" plain, ' or " quoted, | or > block
    at: Pos  # where it is defined
    via: Pos | None = field(default=None, compare=False)  # the alias (`*name`) that put it here

    @property
    def quoted(self) -> bool:
        """Whether the writer said that it is text."""
        return self.style != ""


@record
class Item:
    """One key of a mapping with its value."""

    key: Scalar
    value: Node
    via: Pos | None = field(default=None, compare=False)  # the value of the `<<` that merged it in
    over: tuple[Pos, ...] = field(default=(), compare=False)  # values of included files that it replaced, nearest first


@record
class Mapping:
    """Keys in the order written, merged keys (`<<`) after the mapping's own."""

    items: tuple[Item, ...]
    at: Pos
    via: Pos | None = field(default=None, compare=False)

    def get(self, key: str) -> Node | None:
        """The value of a key, None when it is not there."""
        return next((item.value for item in self.items if item.key.text == key), None)

    def key(self, key: str) -> Scalar | None:
        """The key itself, for its place."""
        return next((item.key for item in self.items if item.key.text == key), None)


@record
class Sequence:
    """Values in the order written."""

    items: tuple[Node, ...]
    at: Pos
    via: Pos | None = field(default=None, compare=False)


Node = Scalar | Mapping | Sequence


def key_name(key: Scalar) -> str:
    """The text by which two keys are the same: an accent written in two ways is one accent."""
    return key.text if key.text.isascii() else unicodedata.normalize("NFC", key.text)


def kind_of(node: Node) -> str:
    """What a node is, in words for a message."""
    match node:
        case Mapping():
            return "a mapping"
        case Sequence():
            return "a list"
        case Scalar(value=None):
            return "nothing"
        case Scalar(value=bool()):
            return f"the truth value `{node.text}`"
        case Scalar(value=int() | float()):
            return f"the number `{node.text}`"
    return f"the text `{node.text if len(node.text) <= 40 else node.text[:37] + '...'}`"
