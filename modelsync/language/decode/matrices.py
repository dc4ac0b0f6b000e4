"""`matrix:` of a step: axes with values, members added by `include` and taken away by `exclude`."""

from __future__ import annotations

from collections.abc import Hashable
from collections.abc import Mapping as MappingType
from dataclasses import replace
from itertools import product
from math import prod
from typing import Any

from modelsync.core.nearest import nearest
from modelsync.language.decode import literals
from modelsync.language.decode.body import Place
from modelsync.language.decode.context import UNKNOWN, Context
from modelsync.language.mends import slip
from modelsync.language.names import is_name
from modelsync.language.text.nodes import Item, Mapping, Node, Scalar, Sequence, kind_of

MAX_MEMBERS = 1_000  # each is a task with a record of its own; more is a search, not a matrix

Values = MappingType[str, Any]


def matrix(context: Context, node: Node, place: Place) -> tuple[Values, ...] | None:
    """The members in the order written, the first axis changing slowest, each its values by axis.

    As in GitHub Actions: `exclude` takes away the members that hold all of its values; after that `include` adds its
    values to every member whose axes agree with it (what an earlier `include` added may be replaced, what an axis says
    never), and is a member of its own when there is none.
    """
    if not isinstance(node, Mapping):
        context.fault("MS103", node.at, f"{place.what} must be a mapping of axes, not {kind_of(node)}", _HELP)
        return None
    node = replace(node, items=tuple(_respelt(context, item, node, place) for item in node.items))
    axes = {item.key.text: item for item in node.items if item.key.text not in _SPECIAL}
    if not _is_small(context, node, axes, place):
        return None
    values = {name: _axis(context, item, place) for name, item in axes.items()}
    excluded = _listed(context, node, "exclude", place)
    included = _listed(context, node, "include", place)
    if None in values.values() or excluded is None or included is None:
        return None
    whole = [dict(zip(values, each, strict=True)) for each in product(*(each or () for each in values.values()))]
    members = [each for each in whole if axes and not any(_agrees(each, wanted, axes) for wanted in excluded)]
    members = _including(members, included, axes)
    if not members:
        help = "`exclude` takes all of them away" if whole and axes else "give at least one axis with a value"
        context.fault("MS104", node.at, f"{place.what} has no member", help)
        return None
    return tuple(members)


def members_of(context: Context, place: Place) -> tuple[Values, ...]:
    """The members a step runs for, of its own matrix or of the one it follows with `each`; none when it runs once.

    The faults of a matrix are told where it stands, not again where it is followed; a step whose members can't be known
    has one that is UNKNOWN.
    """
    pipeline, _, step = place.step.partition(".")
    id = context.names.followed((pipeline, step))
    node = context.names.matrices.get(id)
    if node is None:
        return (UNKNOWN,) if id in context.names.each or id != (pipeline, step) else ()
    if id not in context.members:
        with context.quietly():
            context.members[id] = matrix(context, node, place) or (UNKNOWN,)
    return context.members[id]


def axes_of(members: tuple[Values, ...]) -> tuple[str, ...]:
    """The names that any of the members has, in the order written."""
    return tuple(dict.fromkeys(name for member in members for name in member))


_SPECIAL = ("include", "exclude")
_HELP = "write `axis: [value, other]` for each thing that varies"


def _respelt(context: Context, item: Item, node: Mapping, place: Place) -> Item:
    """The item under `include` or `exclude`, where only a slip makes it look like an axis whose values are mappings."""
    key = item.key
    listed = item.value.items if isinstance(item.value, Sequence) else ()
    if key.text in _SPECIAL or not listed or not all(isinstance(each, Mapping) for each in listed):
        return item
    near = nearest(key.text, (name for name in _SPECIAL if node.get(name) is None))
    fix = slip(key.at, key.text, near)
    if fix is None:
        return item
    message = f"`{key.text}` in {place.what} has entries like `{near}`, not values of an axis"
    context.fault("MS101", key.at, message, f"did you mean `{near}`?", fix=fix)
    return replace(item, key=replace(key, text=near, value=near))


def _is_small(context: Context, node: Mapping, axes: MappingType[str, Item], place: Place) -> bool:
    """Whether there are few enough members to look at them at all."""
    lists = [item.value for item in axes.values()]
    count = prod(len(each.items) for each in lists if isinstance(each, Sequence)) if axes else 0
    for key in _SPECIAL:
        written = node.get(key)
        extra = len(written.items) if isinstance(written, Sequence) else 0
        count = count + extra if key == "include" else max(count, extra)
    if count <= MAX_MEMBERS:
        return True
    shown = f"{count:,}" if count < _COUNTABLE else f"more than {_COUNTABLE:,}"
    message = f"{place.what} has {shown} members; at most {MAX_MEMBERS:,} can run"
    context.fault("MS104", node.at, message, "take away values, or search inside one step")
    return False


_COUNTABLE = 1_000_000_000


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
    values: dict[Hashable, Any] = {}
    with context.through(item.value.via):
        for each in item.value.items:
            found = literals.value(context, each)
            if found is literals.FAULT:
                return None
            if _identity(found) in values:
                context.fault("MS109", each.at, f"`{found}` is listed twice in {what}", "remove one")
            values[_identity(found)] = found
    return list(values.values())


def _listed(context: Context, node: Mapping, key: str, place: Place) -> list[dict[str, Any]] | None:
    """The entries of `include` or `exclude`; None when one of them has a fault."""
    written = node.get(key)
    if written is None:
        return []
    if not isinstance(written, Sequence):
        message = f"`{key}` of {place.what} must be a list of mappings, not {kind_of(written)}"
        context.fault("MS103", written.at, message, f"write `{key}: [{{axis: value}}]`")
        return None
    axes = {item.key.text: item.value for item in node.items if item.key.text not in _SPECIAL}
    found = [_entry(context, each, key, axes, place) for each in written.items]
    return [each for each in found if each is not None] if None not in found else None


def _entry(context: Context, node: Node, key: str, axes: MappingType[str, Node], place: Place) -> dict[str, Any] | None:
    if not isinstance(node, Mapping):
        help = f"write `{{{next(iter(axes))}: {node.text}}}`" if len(axes) == 1 and isinstance(node, Scalar) else ""
        context.fault("MS103", node.at, f"`{key}` of {place.what} must hold mappings, not {kind_of(node)}", help)
        return None
    if not node.items:
        context.fault("MS104", node.at, f"an entry in `{key}` of {place.what} is empty", "name an axis with its value")
        return None
    good = True
    for item in node.items:
        if key == "exclude":
            good &= _can_be_excluded(context, item, axes, place)
        elif not is_name(item.key.text):
            good = False
            message = f"`{item.key.text}` in `{key}` of {place.what} can't be a name"
            context.fault("MS107", item.key.at, message, "write letters")
    values = literals.value(context, node)
    return values if good and values is not literals.FAULT else None


def _can_be_excluded(context: Context, item: Item, axes: MappingType[str, Node], place: Place) -> bool:
    """Whether an axis has this value, as far as both are written and not put in; what excludes nothing is a slip."""
    name, axis = item.key.text, axes.get(item.key.text)
    if axis is None:
        context.unknown("MS212", item.key.at, f"`{name}` is no axis of {place.what}", name, axes, "axes")
        return False
    wanted = item.value
    listed = axis.items if isinstance(axis, Sequence) else ()
    scalars = [each for each in listed if isinstance(each, Scalar) and literals.OPENING not in each.text]
    if not isinstance(wanted, Scalar) or literals.OPENING in wanted.text or not scalars or len(scalars) < len(listed):
        return True
    if any(_identity(each.value) == _identity(wanted.value) for each in scalars):
        return True
    near = nearest(wanted.text, (each.text for each in scalars))
    values = ", ".join(each.text for each in scalars[:_SHOWN])
    help = f"did you mean `{near}`?" if near else f"its values are {values}"
    context.fault("MS105", wanted.at, f"axis `{name}` of {place.what} is never `{wanted.text[:40]}`", help)
    return False


_SHOWN = 12


def _agrees(member: Values, wanted: Values, axes: MappingType[str, Any]) -> bool:
    return all(_identity(member[name]) == _identity(wanted[name]) for name in axes if name in wanted)


def _identity(value: Any) -> Hashable:
    """By what two values are the same: `1`, `1.0` and `true` are three."""
    match value:
        case dict():
            return "mapping", frozenset((key, _identity(each)) for key, each in value.items())
        case list():
            return "list", tuple(_identity(each) for each in value)
    return type(value).__name__, value


def _including(
    members: list[dict[str, Any]], more: list[dict[str, Any]], axes: MappingType[str, Any]
) -> list[dict[str, Any]]:
    added = []
    for each in more:
        fitting = [member for member in members if _agrees(member, each, axes)]
        for member in fitting:
            member.update(each)
        if not fitting:
            added.append(each)
    return members + added
