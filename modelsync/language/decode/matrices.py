"""`matrix:` of a step: axes with values, members added by `include` and taken away by `exclude`."""

from __future__ import annotations

from collections.abc import Mapping as MappingType
from itertools import product
from typing import Any

from modelsync.language.decode import literals
from modelsync.language.decode.body import Place
from modelsync.language.decode.context import Context
from modelsync.language.names import is_name
from modelsync.language.nodes import Item, Mapping, Node, Scalar, Sequence, kind_of

MAX_MEMBERS = 1_000  # each is a task with a record of its own; more is a search, not a matrix

Values = MappingType[str, Any]


def matrix(context: Context, node: Node, place: Place) -> tuple[Values, ...] | None:
    """The members in the order written, each its values by axis.

    As in other CI systems: `exclude` takes away members that hold all of its values; `include` adds its values to every
    member whose axes agree with it, and is a member of its own when there is none.
    """
    if not isinstance(node, Mapping):
        context.fault("MS103", node.at, f"{place.what} must be a mapping of axes, not {kind_of(node)}")
        return None
    axes = {item.key.text: _axis(context, item, place) for item in node.items if item.key.text not in _SPECIAL}
    if None in axes.values():
        return None
    sizes = [len(values) for values in axes.values() if values is not None]
    count = 1
    for size in sizes:
        count *= size
    if count > MAX_MEMBERS:
        message = f"{place.what} has {count:,} members; at most {MAX_MEMBERS:,} can run"
        context.fault("MS104", node.at, message, "take away values, or search inside one step")
        return None
    members = [dict(zip(axes, each, strict=True)) for each in product(*(values or () for values in axes.values()))]
    members = [] if not axes else members
    for wanted in _listed(context, node, "exclude", place):
        members = [each for each in members if not _agrees(each, wanted, wanted)]
    members = _including(members, _listed(context, node, "include", place), tuple(axes))
    if not members:
        context.fault("MS104", node.at, f"{place.what} has no member", "give at least one axis with a value")
        return None
    return tuple(members)


def members_of(context: Context, place: Place) -> tuple[Values, ...]:
    """The members a step runs for, of its own matrix or of the one it follows with `each`; none when it runs once.

    The faults of a matrix are told where it stands, not again where it is followed.
    """
    pipeline, _, step = place.step.partition(".")
    id = context.names.followed((pipeline, step))
    node = context.names.matrices.get(id)
    if node is None:
        return ()
    if id not in context.members:
        before = len(context.faults)
        context.members[id] = matrix(context, node, place) or ()
        del context.faults[before:]
    return context.members[id]


_SPECIAL = ("include", "exclude")


def _axis(context: Context, item: Item, place: Place) -> list[Any] | None:
    what = f"axis `{item.key.text}` of {place.what}"
    if not is_name(item.key.text):
        context.fault("MS107", item.key.at, f"`{item.key.text}` in {place.what} can't be a name", "write letters")
        return None
    if not isinstance(item.value, Sequence):
        help = f"write `{item.key.text}: [{item.value.text}]`" if isinstance(item.value, Scalar) else ""
        context.fault("MS103", item.value.at, f"{what} must be a list, not {kind_of(item.value)}", help)
        return None
    if not item.value.items:
        context.fault("MS104", item.value.at, f"{what} must not be empty")
        return None
    values: list[Any] = []
    for each in item.value.items:
        found = literals.value(context, each)
        if found is literals.FAULT:
            return None
        if found in values:
            context.fault("MS109", each.at, f"`{found}` is listed twice in {what}", "remove one")
        else:
            values.append(found)
    return values


def _listed(context: Context, node: Mapping, key: str, place: Place) -> list[dict[str, Any]]:
    written = node.get(key)
    if written is None:
        return []
    if not isinstance(written, Sequence):
        message = f"`{key}` of {place.what} must be a list of mappings, not {kind_of(written)}"
        context.fault("MS103", written.at, message, f"write `{key}: [{{axis: value}}]`")
        return []
    found = []
    axes = [item.key.text for item in node.items if item.key.text not in _SPECIAL]
    for each in written.items:
        if not isinstance(each, Mapping):
            context.fault("MS103", each.at, f"`{key}` of {place.what} must hold mappings, not {kind_of(each)}")
            continue
        if key == "exclude":
            for item in each.items:
                if item.key.text not in axes:
                    message = f"`{item.key.text}` is no axis of {place.what}"
                    context.unknown("MS212", item.key.at, message, item.key.text, axes, "axes")
        values = literals.value(context, each)
        if values is not literals.FAULT:
            found.append(values)
    return found


def _agrees(member: Values, wanted: Values, axes: Values | tuple[str, ...]) -> bool:
    return all(name in member and member[name] == wanted[name] for name in axes if name in wanted)


def _including(
    members: list[dict[str, Any]], more: list[dict[str, Any]], axes: tuple[str, ...]
) -> list[dict[str, Any]]:
    added = []
    for each in more:
        fitting = [member for member in members if _agrees(member, each, axes)]
        for member in fitting:
            member.update(each)
        if not fitting:
            added.append(each)
    return members + added
