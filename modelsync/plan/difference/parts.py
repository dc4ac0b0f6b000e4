"""Two values of one setting held against each other: which is the stricter one, by the kind of the setting."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from enum import Enum
from typing import Any

from modelsync.core.records import record
from modelsync.core.units import written


class Way(Enum):
    """What a new value does to a guard."""

    WEAKER = "weaker"
    TIGHTER = "tighter"
    LOOK = "look"  # it can't be told
    NEUTRAL = "neutral"  # it guards nothing


Rule = Callable[[Any, Any], Way]
"""(old, new) -> what it does; only asked when they differ."""


class Seconds(float):
    """A duration: compared as a number, said as a spec writes it."""


@record
class Moved:
    """One setting that differs."""

    name: str
    old: Any
    new: Any
    way: Way

    def __str__(self) -> str:
        return f"`{self.name}` {say(self.old)} -> {say(self.new)}"


def moved(old: Mapping[str, Any], new: Mapping[str, Any], rules: Mapping[str, Rule]) -> Iterator[Moved]:
    """The settings that differ, in the order of their rules; one without a value is None."""
    for name, rule in rules.items():
        one, other = old.get(name), new.get(name)
        if one != other:
            yield Moved(name, one, other, rule(one, other))


def floor(old: Any, new: Any) -> Way:
    """A least value: less is weaker, none at all the weakest."""
    return _compared(_number(old, -math.inf), _number(new, -math.inf))


def cap(old: Any, new: Any) -> Way:
    """A largest value: more is weaker, none at all the weakest."""
    return _compared(_negative(_number(old, math.inf)), _negative(_number(new, math.inf)))


def whole(old: Collection[Any] | None, new: Collection[Any] | None) -> Way:
    """What is looked at: less of it is weaker; None is all there is."""
    if old is None or new is None:
        return Way.WEAKER if old is None else Way.TIGHTER
    return _sets(frozenset(map(repr, old)), frozenset(map(repr, new)))  # values may be lists


def sliced(old: Collection[Any] | None, new: Collection[Any] | None) -> Way:
    """What is looked at besides the whole: less of it is weaker, None the weakest."""
    return whole(old or (), new or ())


def narrow(old: Collection[Any] | None, new: Collection[Any] | None) -> Way:
    """What is let through: more of it is weaker; None is anything."""
    return _OPPOSITE[whole(old, new)]


def ranked(*order: Any) -> Rule:
    """One of some words, the weakest first; words in one tuple are as strict as each other, and others unknown."""
    ranks = {
        word: rank for rank, words in enumerate(order) for word in (words if isinstance(words, tuple) else (words,))
    }

    def rule(old: Any, new: Any) -> Way:
        one, other = ranks.get(old), ranks.get(new)
        return Way.LOOK if one is None or other is None or one == other else _compared(one, other)

    return rule


def look(old: Any, new: Any) -> Way:
    """Something else is asked."""
    return Way.LOOK


def neutral(old: Any, new: Any) -> Way:
    """It guards nothing."""
    return Way.NEUTRAL


def seconds(value: float | None) -> Seconds | None:
    """A duration that may not be there."""
    return None if value is None else Seconds(value)


def say(value: Any) -> str:
    """A value for people, short."""
    match value:
        case None:
            return "none"
        case bool():
            return str(value).lower()
        case Seconds():
            return written(value)
        case float():
            return f"{value:g}"
        case str():
            return value if value else "nothing"
        case Mapping():
            return "{" + ", ".join(f"{key}: {say(each)}" for key, each in value.items()) + "}"
        case Sequence() | frozenset():
            return f"[{', '.join(map(say, value))}]"
    return str(value)


_OPPOSITE = {Way.WEAKER: Way.TIGHTER, Way.TIGHTER: Way.WEAKER, Way.LOOK: Way.LOOK, Way.NEUTRAL: Way.NEUTRAL}


def _number(value: Any, otherwise: float) -> float | None:
    if value is None:
        return otherwise
    return value if isinstance(value, int | float) and not isinstance(value, bool) else None


def _negative(value: float | None) -> float | None:
    return None if value is None else -value


def _compared(old: float | None, new: float | None) -> Way:
    if old is None or new is None or old == new:
        return Way.LOOK
    return Way.WEAKER if new < old else Way.TIGHTER


def _sets(old: frozenset[Any], new: frozenset[Any]) -> Way:
    if old == new:
        return Way.NEUTRAL  # another order
    return Way.WEAKER if new < old else Way.TIGHTER if new > old else Way.LOOK
