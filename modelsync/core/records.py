"""Frozen records with slots: what `@dataclass(frozen=True, slots=True)` makes, at a third of the cost.

`dataclasses` compiles six functions for every class, nearly a millisecond each time a command starts; with the hundred
classes that a spec needs, that is half of the time a person waits for `check`. Here only `__init__` is compiled, the
other methods are shared. `dataclasses.fields`, `replace`, `is_dataclass` and `match` work as they do there.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from operator import attrgetter
from typing import Any, TypeVar, dataclass_transform

_Record = TypeVar("_Record")
_ABSENT = object()


@dataclass_transform(frozen_default=True, field_specifiers=(dataclasses.field,))
def record(cls: type[_Record]) -> type[_Record]:
    """The class as a frozen record: equal, hashed and shown by its fields, with no other attributes."""
    plain = dataclasses.dataclass(init=False, repr=False, eq=False, match_args=True)(cls)
    fields = dataclasses.fields(plain)  # type: ignore[arg-type]
    names = tuple(each.name for each in fields)
    own = {name: value for name, value in vars(plain).items() if name not in {*names, "__dict__", "__weakref__"}}
    compared = [each.name for each in fields if each.compare]
    written = {name for name in vars(cls) if name in _METHODS}
    methods = {name: made for name, made in _methods(names, compared).items() if name not in written}
    body = {**own, **methods, "__slots__": names, "__init__": _init(fields, cls)}
    made: type[_Record] = type(cls)(cls.__name__, cls.__bases__, body)  # type: ignore[misc]
    made.__qualname__ = cls.__qualname__
    return made


def _init(fields: Sequence[dataclasses.Field[Any]], cls: type) -> Callable[..., None]:
    """The only method that is compiled: it is called for every node of a spec, so it must be fast."""
    scope: dict[str, Any] = {"_set": object.__setattr__, "_absent": _ABSENT}
    parameters, lines = ["self"], []
    for each in fields:
        name, value = each.name, each.name
        if each.default_factory is not dataclasses.MISSING:
            scope[f"_make_{name}"] = each.default_factory
            parameters.append(f"{name}=_absent")
            value = f"_make_{name}() if {name} is _absent else {name}"
        elif each.default is not dataclasses.MISSING:
            scope[f"_default_{name}"] = each.default
            parameters.append(f"{name}=_default_{name}")
        else:
            parameters.append(name)
        lines.append(f" _set(self, {name!r}, {value})")
    if "__post_init__" in vars(cls):
        lines.append(" self.__post_init__()")
    exec(f"def __init__({', '.join(parameters)}):\n" + ("\n".join(lines) or " pass"), scope)  # noqa: S102 - names of fields only
    made: Callable[..., None] = scope["__init__"]
    made.__qualname__ = f"{cls.__qualname__}.__init__"
    return made


_METHODS = ("__eq__", "__hash__", "__repr__", "__setattr__", "__delattr__", "__getstate__", "__setstate__")


def _methods(names: tuple[str, ...], compared: Sequence[str]) -> dict[str, Any]:
    """Everything but `__init__`, over the fields by name."""
    key = attrgetter(*compared) if compared else type

    def equal(self: Any, other: Any) -> Any:
        return key(self) == key(other) if other.__class__ is self.__class__ else NotImplemented

    def hashed(self: Any) -> int:
        return hash(key(self))

    def shown(self: Any) -> str:
        return f"{self.__class__.__qualname__}({', '.join(f'{name}={getattr(self, name)!r}' for name in names)})"

    def refuse(self: Any, name: str, *value: Any) -> None:
        raise dataclasses.FrozenInstanceError(f"`{name}` of a {self.__class__.__qualname__} can't be changed")

    def state(self: Any) -> list[Any]:
        return [getattr(self, name) for name in names]

    def restore(self: Any, values: list[Any]) -> None:
        for name, value in zip(names, values, strict=True):
            object.__setattr__(self, name, value)

    return dict(zip(_METHODS, (equal, hashed, shown, refuse, refuse, state, restore), strict=True))
