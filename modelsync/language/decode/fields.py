"""The keys of one mapping, taken one by one: unknown, missing and unsupported keys are found here for all."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from typing import Any

from modelsync.core.nearest import nearest
from modelsync.language import nodes
from modelsync.language.decode import literals
from modelsync.language.decode.context import Context
from modelsync.language.mends import slip
from modelsync.language.names import is_name
from modelsync.language.nodes import Item, Node, Scalar, Sequence, kind_of


class Fields:
    """A mapping whose allowed keys are known; `what` names it in messages, such as "step `fit`"."""

    def __init__(self, context: Context, node: nodes.Mapping, what: str) -> None:
        self.context, self.node, self.what = context, node, what

    def has(self, key: str) -> bool:
        """Whether the key is written."""
        return self.node.get(key) is not None

    def node_of(self, key: str, *, required: bool = False) -> Node | None:
        """The value of a key; a fault when it is required and not there."""
        found = self.node.get(key)
        if found is None and required:
            self.context.fault("MS102", self.node.at, f"{self.what} has no `{key}`", f"add `{key}:`")
        return found

    def text(self, key: str, *, required: bool = False) -> str | None:
        """A literal text."""
        found = self.node_of(key, required=required)
        return None if found is None else literals.text(self.context, found, self._named(key))

    def plain(self, key: str, *, required: bool = False) -> tuple[str, Scalar] | None:
        """A text that names something, with its node."""
        found = self.node_of(key, required=required)
        said = None if found is None else literals.plain(self.context, found, self._named(key))
        return (said, found) if said is not None and isinstance(found, Scalar) else None

    def number(
        self, key: str, low: float = -math.inf, high: float = math.inf, *, required: bool = False
    ) -> float | None:
        """A number within bounds."""
        found = self.node_of(key, required=required)
        return None if found is None else literals.number(self.context, found, self._named(key), low, high)

    def bounds(self) -> tuple[float | None, float | None]:
        """`min` and `max`, the second not less than the first."""
        low, high = self.number("min"), self.number("max")
        if low is not None and high is not None and low > high and (written := self.node.key("max")) is not None:
            self.context.fault("MS104", written.at, f"`max` of {self.what} is less than its `min`", "swap them")
            return None, None
        return low, high

    def integer(self, key: str, default: int, low: float = -math.inf, high: float = math.inf) -> int:
        """A whole number within bounds, the default when it is not there or has a fault."""
        found = self.node.get(key)
        said = None if found is None else literals.integer(self.context, found, self._named(key), low, high)
        return default if said is None else said

    def boolean(self, key: str, *, default: bool) -> bool:
        """A truth value, the default when it is not there or has a fault."""
        found = self.node.get(key)
        said = None if found is None else literals.boolean(self.context, found, self._named(key))
        return default if said is None else said

    def duration(self, key: str) -> float | None:
        """Seconds."""
        found = self.node.get(key)
        return None if found is None else literals.duration(self.context, found, self._named(key))

    def choice(
        self, key: str, options: Iterable[str], later: Iterable[str] = (), *, required: bool = False
    ) -> str | None:
        """One of some words."""
        found = self.node_of(key, required=required)
        return None if found is None else literals.choice(self.context, found, self._named(key), options, later)

    def texts(self, key: str) -> tuple[tuple[str, Scalar], ...]:
        """Names in a list, or one name alone; each with its node. Written twice is a fault."""
        found = self.node.get(key)
        if found is None:
            return ()
        listed: list[tuple[str, Scalar]] = []
        for each in found.items if isinstance(found, Sequence) else (found,):
            said = literals.plain(self.context, each, self._named(key))
            if said is None or not isinstance(each, Scalar):
                continue
            if said in (name for name, _ in listed):
                self.context.fault("MS109", each.at, f"`{said}` is listed twice in {self._named(key)}", "remove one")
            else:
                listed.append((said, each))
        return tuple(listed)

    def items(self, key: str, *, required: bool = False) -> tuple[Item, ...]:
        """The items of a mapping keyed by names; none when it is not there or not a mapping."""
        found = self.node_of(key, required=required)
        return () if found is None else named_items(self.context, found, self._named(key))

    def listed(self, key: str, *, required: bool = False) -> tuple[Node, ...]:
        """The values of a list; a list that is required must not be empty."""
        found = self.node_of(key, required=required)
        if isinstance(found, Sequence):
            if required and not found.items:
                self.context.fault("MS104", found.at, f"{self._named(key)} must not be empty")
            return found.items
        if found is not None:
            self.context.fault("MS103", found.at, f"{self._named(key)} must be a list, not {kind_of(found)}")
        return ()

    def values(self, key: str) -> dict[str, Any]:
        """Literals by name (`with`), params put in; those with a fault are left out."""
        return {
            item.key.text: said
            for item in self.items(key)
            if (said := literals.value(self.context, item.value)) is not literals.FAULT
        }

    def section(self, key: str, allowed: Iterable[str], later: Iterable[str] = ()) -> Fields | None:
        """The fields of a mapping below this one."""
        found = self.node.get(key)
        return None if found is None else fields(self.context, found, self._named(key), allowed, later)

    def _named(self, key: str) -> str:
        return f"`{key}` of {self.what}" if self.what != "the spec" else f"`{key}`"


def fields(context: Context, node: Node, what: str, allowed: Iterable[str], later: Iterable[str] = ()) -> Fields | None:
    """The fields of a mapping, its keys checked: `allowed` work, `later` are refused as not supported yet."""
    if isinstance(node, Scalar) and node.value is None:
        node = nodes.Mapping((), node.at)  # `staging:` with nothing below says: all defaults
    if not isinstance(node, nodes.Mapping):
        context.fault("MS103", node.at, f"{what} must be a mapping, not {kind_of(node)}")
        return None
    allowed, later = tuple(allowed), tuple(later)
    for item in node.items:
        if item.key.text in later:
            context.fault(
                "MS110", item.key.at, f"`{item.key.text}` in {what} is not supported yet", "remove it for now"
            )
        elif item.key.text not in allowed:
            near = nearest(item.key.text, (*allowed, *later))
            help = f"did you mean `{near}`?" if near else ""
            fixable = near in allowed and node.get(near) is None
            note = f"keys allowed here: {', '.join(sorted(allowed))}"
            message = f"unknown key `{item.key.text}` in {what}"
            fix = slip(item.key.at, item.key.text, near) if fixable else None
            context.fault("MS101", item.key.at, message, help, notes=(note,), fix=fix)
    return Fields(context, node, what)


def named_items(context: Context, node: Node, what: str) -> tuple[Item, ...]:
    """The items of a mapping keyed by names; a key that can't be a name is a fault and left out."""
    if isinstance(node, Scalar) and node.value is None:
        return ()
    if not isinstance(node, nodes.Mapping):
        context.fault("MS103", node.at, f"{what} must be a mapping, not {kind_of(node)}")
        return ()
    good = []
    for item in node.items:
        if is_name(item.key.text):
            good.append(item)
        else:
            mended = re.sub(r"[^A-Za-z0-9_]+", "_", item.key.text)
            help = f"did you mean `{mended}`?" if is_name(mended) else ""
            note = "a name has letters, digits and `_`, a letter first, at most 64, and is no word such as `and`"
            context.fault("MS107", item.key.at, f"`{item.key.text}` in {what} can't be a name", help, notes=(note,))
    return tuple(good)
