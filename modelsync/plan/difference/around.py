"""What stands around the work: params, people, secrets, remotes, schedules, monitors, channels and the engine."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields
from typing import Any

from modelsync.language.model import Param
from modelsync.language.text import nodes
from modelsync.language.text.nodes import Node
from modelsync.plan.choices import differences
from modelsync.plan.difference.changes import Change, Class
from modelsync.plan.difference.parts import Seconds, say
from modelsync.plan.difference.sides import Side

# section -> how the Spec calls it, and what one is called.
_SECTIONS = {
    "params": ("params", "param"),
    "secrets": ("secrets", "secret"),
    "remotes": ("remotes", "remote"),
    "schedules": ("schedules", "schedule"),
    "monitors": ("monitors", "monitor"),
    "notify": ("channels", "channel"),
}


def compare(old: Side, new: Side) -> Iterator[Change]:
    """Every change of these sections."""
    for section, (attribute, title) in _SECTIONS.items():
        yield from _section(old, new, section, attribute, title)
    yield from _bounds(old, new)
    yield from _access(old, new)
    for key, path in (
        ("project", ("project",)),
        ("runner", ("engine", "runner")),
        ("concurrency", ("engine", "concurrency")),
    ):
        one, other = getattr(old.spec, key), getattr(new.spec, key)
        if one != other:
            yield Change(Class.CHANGED, "", f"`{key}` {say(one)} -> {say(other)}", old.at(*path), new.at(*path))


def _section(old: Side, new: Side, section: str, attribute: str, title: str) -> Iterator[Change]:
    before: Mapping[str, Any] = getattr(old.spec, attribute)
    after: Mapping[str, Any] = getattr(new.spec, attribute)
    for name, thing in before.items():
        if name not in after:
            yield Change(Class.REMOVED, f"{title} `{name}`", "was removed", old.at(section, name))
            continue
        for key, one, other in differences(_settings(thing), _settings(after[name])):
            places = old.at(section, name, key), new.at(section, name, key)
            yield Change(Class.CHANGED, f"{title} `{name}`", f"`{key}` {say(one)} -> {say(other)}", *places)
    for name in after:
        if name not in before:
            yield Change(Class.ADDED, f"{title} `{name}`", "was added", after=new.at(section, name))


def _settings(thing: Any) -> dict[str, Any]:
    """What is said of a thing, secrets by their names."""
    named = {each.name: getattr(thing, each.name) for each in fields(thing) if each.name not in ("name", "at")}
    if isinstance(thing, Param) and thing.value == thing.default:
        del named["value"]  # it has another one only when it was given from outside
    return {name: Seconds(value) if name == "every" and value else _plain(value) for name, value in named.items()}


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: str(each) for key, each in value.items()}
    return value if value is None or isinstance(value, bool | int | float | tuple) else str(value)


def _bounds(old: Side, new: Side) -> Iterator[Change]:
    """What a param may be: it guards values from outside, and the Spec only has the value that was taken."""
    for name in old.spec.params:
        if name in new.spec.params:
            for key in ("values", "min", "max"):
                one, other = (_text(side.node("params", name, key)) for side in (old, new))
                if one != other:
                    path = ("params", name, key)
                    said = f"`{key}` {say(one)} -> {say(other)}"
                    yield Change(Class.CHANGED, f"param `{name}`", said, old.at(*path), new.at(*path))


def _text(node: Node | None) -> Any:
    """What is written, without how."""
    match node:
        case nodes.Scalar():
            return node.value
        case nodes.Sequence():
            return [_text(each) for each in node.items]
    return None


def _access(old: Side, new: Side) -> Iterator[Change]:
    """People by role: somebody more in a role may do more."""
    before, after = old.spec.access.roles, new.spec.access.roles
    for role in dict.fromkeys((*before, *after)):
        one, other = before.get(role, ()), after.get(role, ())
        places = (
            old.at("access", "roles", role) if role in before else None,
            new.at("access", "roles", role) if role in after else None,
        )
        if more := [person for person in other if person not in one]:
            yield Change(Class.ACCESS_WIDENED, f"role `{role}`", f"{', '.join(more)} may act as it now", *places)
        if less := [person for person in one if person not in other]:
            yield Change(Class.ACCESS_NARROWED, f"role `{role}`", f"{', '.join(less)} may no longer act as it", *places)
