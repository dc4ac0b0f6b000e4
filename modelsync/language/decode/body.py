"""One decoded mapping on its way to a value: what was written, what was understood, and where."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from typing import Any

from modelsync.core.diagnostics import Pos
from modelsync.core.records import record
from modelsync.language.decode.context import Context
from modelsync.language.decode.spelling import named
from modelsync.language.text import nodes
from modelsync.language.text.nodes import Node


@record
class Place:
    """Where the decoder stands: in words for messages, and inside which named things."""

    what: str
    names: tuple[tuple[str, str], ...] = ()  # (title, name) from the outside in: ("pipeline", "train"), ("step", "fit")
    at: Pos | None = field(default=None, compare=False)  # the key of the innermost named thing
    owner: str = ""  # in words, what the key that is read belongs to

    @property
    def name(self) -> str:
        """The innermost name."""
        return self.names[-1][1] if self.names else ""

    @property
    def pipeline(self) -> str:
        """The pipeline around, empty outside of one."""
        return next((name for title, name in self.names if title == "pipeline"), "")

    @property
    def step(self) -> str:
        """The step around as `pipeline.step`, empty outside of one."""
        found = next((name for title, name in self.names if title == "step"), "")
        return f"{self.pipeline}.{found}" if found else ""


@record
class Body:
    """The keys of one mapping; `get` is None for what is not written and for what has a fault, `has` tells which."""

    context: Context
    place: Place
    node: nodes.Mapping
    values: Mapping[str, Any]

    @property
    def what(self) -> str:
        """The thing in words."""
        return self.place.what

    @property
    def name(self) -> str:
        """The name it is declared under."""
        return self.place.name

    @property
    def at(self) -> Pos:
        """The place of its name; of its body when it has none."""
        return self.node.at if self.place.at is None else self.place.at

    def get(self, key: str, default: Any = None) -> Any:
        """The decoded value."""
        found = self.values.get(key)
        return default if found is None else found

    def has(self, key: str) -> bool:
        """Whether the key is written."""
        return self.node.get(key) is not None

    def node_of(self, key: str) -> Node:
        """The node of a key that is written."""
        found = self.node.get(key)
        assert found is not None
        return found

    def key_at(self, key: str) -> Pos:
        """The place of a key; of the mapping when it is not written."""
        found = self.node.key(key)
        return self.node.at if found is None else found.at

    def value_at(self, key: str) -> Pos:
        """The place of a key's value; of the mapping when it is not written."""
        found = self.node.get(key)
        return self.node.at if found is None else found.at

    def fault(self, code: str, at: Pos, message: str, help: str = "") -> None:
        """Remember one error."""
        self.context.fault(code, at, message, help)

    def only_with(self, keys: tuple[str, ...], fits: object, because: str, help: str) -> None:
        """A fault for each of the keys that is written where it does not fit."""
        for key in keys:
            if self.has(key) and not fits:
                self.fault("MS109", self.key_at(key), f"`{key}` {because} in {self.what}", help)

    def bounds(self, low: str = "min", high: str = "max") -> tuple[Any, Any]:
        """Two limits, the second not less than the first."""
        one, other = self.get(low), self.get(high)
        if one is not None and other is not None and one > other:
            message = f"`{high}` of {self.what} is less than its `{low}`"
            self.fault("MS104", self.key_at(high), message, "swap them")
            return None, None
        return one, other

    def named(self, key: str) -> str:
        """A key in words."""
        return named(key, self.what)
