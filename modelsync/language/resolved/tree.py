"""A spec on its way to paper: values as they are used, each with the places and reasons it comes from."""

from __future__ import annotations

from dataclasses import field

from modelsync.core.diagnostics import Pos
from modelsync.core.records import record
from modelsync.language.text.scalars import Value


@record
class Origin:
    """Where a value is written, None for what nobody wrote; and what else made it what it is, in a few words each."""

    at: Pos | None = None
    said: tuple[str, ...] = ()

    def __str__(self) -> str:
        return self._shown("" if self.at is None else f"{self.at.file}:{self.at.line}")

    def in_one_file(self) -> str:
        """The same where all stands in one file, whose name says nothing."""
        return self._shown("" if self.at is None else f"line {self.at.line}")

    def _shown(self, place: str) -> str:
        text = ", ".join((*filter(None, (place,)), *self.said))  # a name or a value may hold what would end a comment
        return "".join(each if each.isprintable() else each.encode("unicode_escape").decode() for each in text)


DEFAULT = Origin(None, ("default",))


@record
class Leaf:
    """One value; `text` is how a number or truth value is written, when that is to stay."""

    value: Value
    origin: Origin
    text: str = ""


@record
class Entry:
    """One key with its value, and what the key replaced."""

    key: str
    value: Tree
    origin: Origin


@record
class Table:
    """Keys in the order of the writer, what was filled in behind them."""

    entries: tuple[Entry, ...]
    origin: Origin

    def get(self, key: str) -> Tree | None:
        """The value of a key, None when it is not there."""
        return next((entry.value for entry in self.entries if entry.key == key), None)


@record
class Row:
    """Values in their order."""

    items: tuple[Tree, ...]
    origin: Origin = field(default=DEFAULT)


Tree = Leaf | Table | Row
