"""What a team's own check may be given and what it may return: the agreement between a gate and a validator."""

from __future__ import annotations

import inspect
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from typing import Any, Protocol, runtime_checkable

from modelsync.core.records import record

OFFERS = ("model", "data", "reference", "champion", "label", "positive")
"""What a custom check may name as a parameter without `with` giving it; None where the gate has no such thing."""

_KEYS = ("passed", "value", "threshold", "direction", "note", "statistic", "subject")
_HOLDS: dict[str, Callable[[float, float], bool]] = {
    ">=": lambda value, threshold: value >= threshold,
    "<=": lambda value, threshold: value <= threshold,
    ">": lambda value, threshold: value > threshold,
    "<": lambda value, threshold: value < threshold,
}
_MOST = 10_000  # findings; a validator that returns more has returned its data
_LONGEST = 2_000  # characters of a text that are kept


class FindingError(Exception):
    """The function can't be called, or what it returned says nothing; the message names it and what was expected."""


@record
class Finding:
    """One thing that a validator says: whether it holds, and the numbers that show it."""

    passed: bool
    value: float | None = None
    threshold: float | None = None
    direction: str = ""  # "<=", ">=", "<" or ">": how the value must stand to the threshold
    note: str = ""
    statistic: str = ""  # empty: the gate's own name
    subject: str = ""

    def to_json(self) -> dict[str, Any]:
        """Plain values, to travel between processes; `read` takes them as if a function had just returned them."""
        return asdict(self)


@record
class Heard:
    """What a validator found, and the last lines that it printed."""

    findings: tuple[Finding, ...]
    said: str = ""


@runtime_checkable
class Validator(Protocol):
    """A team's function with everything it may be given, which is asked in a process of its own."""

    @property
    def label(self) -> str:
        """The function as the spec writes it."""

    def examine(self, timeout: float) -> Heard:
        """What it finds; ModelSyncError when it raises, takes longer than `timeout` seconds, dies or says nothing."""


def arguments(
    function: Callable[..., Any], name: str, offers: Mapping[str, Callable[[], Any]], given: Mapping[str, Any]
) -> dict[str, Any]:
    """What to call the function with: those of the offers that it names, made now, and all that is given.

    What is given wins over what is offered. FindingError when the function can't be called so.
    """
    try:
        signature = inspect.signature(function)
    except ValueError as error:  # compiled functions may not tell
        raise FindingError(f"`{name}` is no function written in Python") from error
    taken = [key for key in offers if key in signature.parameters and key not in given]
    try:
        signature.bind(**{**dict.fromkeys(taken), **given})
    except TypeError as error:
        have = ", ".join([*taken, *given]) or "no arguments"
        raise FindingError(f"`{name}` can't be called: {error}; given were {have}") from error
    return {**{key: offers[key]() for key in taken}, **given}


def read(name: str, returned: Any) -> tuple[Finding, ...]:
    """What the function `name` returned, as findings.

    True or False, or a mapping with `passed` and, for the numbers, `value`, `threshold`, `direction` and `note`, or a
    list of these, told apart by `statistic` and `subject`. With `value`, `threshold` and `direction`, `passed` may be
    left out. FindingError for anything else, and where `passed` contradicts the numbers.
    """
    try:
        return _read(name, returned)
    except FindingError:
        raise
    except Exception as error:  # an object of the team's own may refuse to be looked at
        why = ": ".join(filter(None, (type(error).__name__, said(error))))
        raise FindingError(
            f"`{name}` returned a value ({type(returned).__name__}), which can't be read: {why}"
        ) from error


def said(value: Any) -> str:
    """What an object of a team's own says of itself, on one line; `...` when it can't even be asked."""
    try:
        return " ".join(str(value).split())
    except Exception:
        return "..."


def _read(name: str, returned: Any) -> tuple[Finding, ...]:
    found = list(returned) if _is_list(returned) else [returned]
    if not found:
        raise FindingError(f"`{name}` returned an empty list, which says nothing")
    if len(found) > _MOST:
        raise FindingError(f"`{name}` returned {len(found):,} findings; return at most {_MOST:,}, the worst of them")
    return tuple(_finding(name, each) for each in found)


def _finding(name: str, found: Any) -> Finding:
    if _is_bool(found):
        return Finding(bool(found))
    if not isinstance(found, Mapping):
        raise FindingError(
            f"`{name}` returned {_shown(found)}; expected True or False, or a mapping with `passed` "
            "(and `value`, `threshold`, `direction`, `note`)"
        )
    unknown = sorted(str(key) for key in found if key not in _KEYS)
    if unknown:
        raise FindingError(f"`{name}` returned the unknown key `{unknown[0]}`; known: {', '.join(_KEYS)}")
    value, threshold = (_number(name, found, key) for key in ("value", "threshold"))
    direction = found.get("direction", "")
    if direction not in ("", *_HOLDS):
        raise FindingError(f"`{name}` returned the direction {_shown(direction)}; expected >= or <=")
    return Finding(
        passed=_passed(name, found, value, threshold, direction),
        value=value,
        threshold=threshold,
        direction=direction,
        note=str(found.get("note") or "")[:_LONGEST],
        statistic=str(found.get("statistic") or "")[:_LONGEST],
        subject=str(found.get("subject") or "")[:_LONGEST],
    )


def _passed(name: str, found: Mapping[str, Any], value: float | None, threshold: float | None, direction: str) -> bool:
    """What the function says, which its own numbers must not contradict."""
    by_numbers = None
    if value is not None and threshold is not None and direction:
        by_numbers = _HOLDS[direction](value, threshold)
    told = found.get("passed")
    if told is None:
        if by_numbers is None:
            raise FindingError(f"`{name}` returned no `passed`, and not all of `value`, `threshold` and `direction`")
        return by_numbers
    if not _is_bool(told):
        raise FindingError(f"`{name}` returned {_shown(told)} as `passed`; expected True or False")
    if by_numbers is not None and bool(told) != by_numbers:
        raise FindingError(
            f"`{name}` says passed: {bool(told)}, but {value:g} {direction} {threshold:g} is {by_numbers}"
        )
    return bool(told)


def _number(name: str, found: Mapping[str, Any], key: str) -> float | None:
    given = found.get(key)
    if given is None:
        return None
    try:
        if isinstance(given, str | bytes):  # "0.5" is text, as it is in a spec
            raise TypeError
        number = float(given)
    except OverflowError:
        raise FindingError(f"`{name}` returned {_shown(given)} as `{key}`, which can't be compared") from None
    except (TypeError, ValueError):
        raise FindingError(f"`{name}` returned {_shown(given)} as `{key}`; expected a number") from None
    if not math.isfinite(number):
        raise FindingError(f"`{name}` returned {number} as `{key}`, which can't be compared")
    return number


def _is_bool(value: Any) -> bool:
    return isinstance(value, bool) or type(value).__name__ in ("bool_", "bool")  # numpy's own truth value


def _is_list(value: Any) -> bool:
    return isinstance(value, Sequence) and not isinstance(value, str | bytes)


def _shown(value: Any) -> str:
    return f"{said(value)[:80]!r} ({type(value).__name__})"
