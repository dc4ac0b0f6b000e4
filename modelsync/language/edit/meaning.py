"""What an edit was meant to change, compared with what it did change: values only, places don't count."""

from __future__ import annotations

import unicodedata
from collections import abc
from collections.abc import Callable

from modelsync.language.text.alike import alike, same_value
from modelsync.language.text.nodes import Item, Mapping, Node, Scalar, Sequence, key_name
from modelsync.language.text.writing import Data, Opened, Verbatim

Step = str | int
Keys = tuple[Step, ...]  # from the outermost collection to a value


def has_only(before: Node, after: Node, path: Keys, change: Callable[[Node, Node], bool]) -> bool:
    """Whether the change is found at the path, and everything else is as it was."""
    if not path:
        return change(before, after)
    step, rest = path[0], path[1:]
    match before, after:
        case Mapping(), Mapping() if len(before.items) == len(after.items):
            return all(
                alike(old.key, new.key)
                and (has_only(old.value, new.value, rest, change) if _is(old, step) else alike(old.value, new.value))
                for old, new in zip(before.items, after.items, strict=True)
            )
        case Sequence(), Sequence() if len(before.items) == len(after.items):
            return all(
                has_only(old, new, rest, change) if number == step else alike(old, new)
                for number, (old, new) in enumerate(zip(before.items, after.items, strict=True))
            )
    return False


def holds(node: Node, value: Data) -> bool:
    """Whether a node says what plain data says, with keys in the same order."""
    match value:
        case Verbatim() | Opened():
            return False  # only used inside of an edit
        case abc.Mapping():
            return (
                isinstance(node, Mapping)
                and [key_name(item.key) for item in node.items] == list(map(normal, value))
                and all(map(holds, (item.value for item in node.items), value.values()))
            )
        case str() | int() | float() | None:
            return isinstance(node, Scalar) and same_value(node.value, value)
    return isinstance(node, Sequence) and len(node.items) == len(value) and all(map(holds, node.items, value))


def added(before: Node, after: Node, path: Keys, key: str, value: Data) -> bool:
    """Whether a key was added at a path, of which the last keys may be missing before."""
    there = 0
    node: Node | None = before
    while there < len(path) and (node := _at(node, path[there])) is not None:
        there += 1
    for step in reversed(path[there + 1 :]):
        value, key = {key: value}, str(step)
    if there < len(path):
        value, key = {key: value}, str(path[there])
    return has_only(before, after, path[:there], lambda old, new: _has_key(old, new, key, value))


def appended(before: Node, after: Node, value: Data) -> bool:
    """Whether an item was added to a list, or to what became one."""
    if not isinstance(after, Sequence) or not after.items or not holds(after.items[-1], value):
        return False
    rest = after.items[:-1]
    if isinstance(before, Sequence):
        return len(rest) == len(before.items) and all(map(alike, before.items, rest))
    if not isinstance(before, Scalar) or before.value is None:
        return isinstance(before, Scalar) and not rest
    return len(rest) == 1 and isinstance(rest[0], Scalar) and same_value(before.value, rest[0].value)


def removed(before: Node, after: Node, step: Step) -> bool:
    """Whether a key or an item is gone, and nothing else."""
    match before, after:
        case Mapping(), Mapping():
            return _same_items([item for item in before.items if not _is(item, step)], list(after.items))
        case Sequence(), Sequence():
            rest = [node for number, node in enumerate(before.items) if number != step]
            return len(rest) == len(after.items) and all(map(alike, rest, after.items))
    return False


def renamed(before: Node, after: Node, step: Step, key: str) -> bool:
    """Whether a key has another name, and nothing else changed."""
    if not isinstance(before, Mapping) or not isinstance(after, Mapping) or len(before.items) != len(after.items):
        return False
    return all(
        alike(old.value, new.value) and (new.key.text == key if _is(old, step) else alike(old.key, new.key))
        for old, new in zip(before.items, after.items, strict=True)
    )


def normal(key: str) -> str:
    """A key as the reader compares it."""
    return key if key.isascii() else unicodedata.normalize("NFC", key)


def _has_key(before: Node, after: Node, key: str, value: Data) -> bool:
    if isinstance(before, Mapping):
        items = [item for item in before.items if not _is(item, key)]  # a merged one is replaced
    elif isinstance(before, Scalar) and before.value is None:
        items = []
    else:
        return False
    if not isinstance(after, Mapping):
        return False
    found = [item.value for item in after.items if _is(item, key)]
    rest = [item for item in after.items if not _is(item, key)]
    return len(found) == 1 and holds(found[0], value) and _same_items(items, rest)


def _same_items(before: list[Item], after: list[Item]) -> bool:
    return len(before) == len(after) and all(
        alike(old.key, new.key) and alike(old.value, new.value) for old, new in zip(before, after, strict=True)
    )


def _at(node: Node | None, step: Step) -> Node | None:
    if isinstance(node, Mapping):
        return next((item.value for item in node.items if _is(item, step)), None)
    if isinstance(node, Sequence) and isinstance(step, int) and step < len(node.items):
        return node.items[step]
    return None


def _is(item: Item, step: Step) -> bool:
    return isinstance(step, str) and key_name(item.key) == normal(step)
