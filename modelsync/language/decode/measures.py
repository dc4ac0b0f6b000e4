"""Durations and sizes: numbers with a unit, each told when its unit is missing, misspelt or beyond reason."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TypeVar

from modelsync.core.diagnostics import Fix
from modelsync.core.nearest import slipped
from modelsync.core.units import seconds, size_in_bytes
from modelsync.language.decode.context import Context
from modelsync.language.decode.literals import FAULT, OPENING, finite, scalar
from modelsync.language.shapes import Duration
from modelsync.language.text.nodes import Node, Scalar, kind_of

LONGEST = 10 * 365 * 86400.0  # seconds; more is a slip, and timers of the operating system can't carry everything
LARGEST = 1024 * 1024**4  # bytes; no machine has more

_Number = TypeVar("_Number", int, float)


def duration(context: Context, node: Node, what: str, shape: Duration) -> float | None:
    """Seconds of a duration such as `15m`; a bare number is refused, because nobody sees its unit."""
    found = _with_unit(context, node, what, "duration", "such as `30s` or `15m`")
    if isinstance(found, str):
        return _within_reason(context, node, what, _measured(context, node, what, found, seconds), shape)
    if found is not None:
        help = f"did you mean `{found:g}{shape.unit}`? units are ms, s, m, h, d"
        context.fault("MS106", node.at, f"{what} is a duration, and `{found:g}` has no unit", help)
    return None


def size(context: Context, node: Node, what: str) -> int | None:
    """Bytes of a size such as `2GiB`; a bare number is refused, because nobody sees its unit."""
    found = _with_unit(context, node, what, "size", "such as `512MiB` or `2GiB`")
    if isinstance(found, str):
        bytes = _measured(context, node, what, found, size_in_bytes)
        if bytes is None or 0 < bytes <= LARGEST:
            return bytes
        context.fault("MS104", node.at, f"{what} must be more than 0 and at most {LARGEST // 1024**4}TiB")
        return None
    if found is not None:
        unit = "GiB" if found < _MANY else "MiB" if found < _MANY**2 else "B"
        help = f"did you mean `{found:g}{unit}`? units are B, KiB, MiB, GiB, TiB and kB, MB, GB, TB"
        context.fault("MS106", node.at, f"{what} is a size, and `{found:g}` has no unit", help)
    return None


def _within_reason(context: Context, node: Node, what: str, found: float | None, shape: Duration) -> float | None:
    if found is None or (0 < found <= LONGEST) or (found == 0 and not shape.positive):
        return found
    if found <= 0:
        context.fault("MS104", node.at, f"{what} must be more than 0")
    else:
        context.fault("MS104", node.at, f"{what} is longer than ten years", "look at its unit: m is minutes, d is days")
    return None


def _with_unit(context: Context, node: Node, what: str, kind: str, such_as: str) -> str | int | float | None:
    """The text of a measure, or the bare number that stands in its place."""
    found = finite(context, node, scalar(context, node)) if isinstance(node, Scalar) else None
    if found is FAULT:
        return None
    if isinstance(found, str | int | float) and not isinstance(found, bool):
        return found
    context.fault("MS103", node.at, f"{what} must be a {kind}, not {kind_of(node)}", such_as)
    return None


def _measured(context: Context, node: Node, what: str, text: str, read: Callable[[str], _Number]) -> _Number | None:
    """The number behind a measure; a unit that is only misspelt is told, and read as what was meant."""
    try:
        return read(text)
    except OverflowError:
        context.fault("MS104", node.at, f"{what} is too large to be a number")
        return None
    except ValueError as error:
        message, _, help = str(error).partition("; ")
    meant = _unit_meant(text, read)
    as_it_stands = isinstance(node, Scalar) and OPENING not in node.text
    fix = Fix(node.at, meant) if meant and as_it_stands else None
    meant = meant or _in_our_words(text, read) or _unit_slipped(text, read)
    context.fault("MS106", node.at, f"{what}: {message}", f"did you mean `{meant}`?" if meant else help, fix=fix)
    return read(meant) if meant else None


def _unit_meant(text: str, read: Callable[[str], object]) -> str:
    """The measure that was meant where only spelling or space is wrong: `15 min`, `1h 30m`, `2 hours`, `2gib`."""
    parts = _PART.findall(text[:_LONGEST_TEXT])
    if not parts or "".join(number + unit for number, unit in parts) != "".join(text.split()):
        return ""
    meant = "".join(number + _UNITS.get(unit.casefold(), unit) for number, unit in parts)
    try:
        read(meant)
    except (ValueError, OverflowError):
        return ""
    return meant


def _unit_slipped(text: str, read: Callable[[str], object]) -> str:
    """The measure whose unit became this by a slip of the finger: `15mm`, `10n`, `2GBi`."""
    match = _PART.fullmatch(text)
    unit = slipped(match[2], _TIMES if read is seconds else _SIZES) if match else ""
    return f"{match[1]}{unit}" if match and unit else ""


def _in_our_words(text: str, read: Callable[[str], object]) -> str:
    """The measure in another notation: `PT40M`, `00:40:00`, `2w`, `2G`."""
    meant = ""
    if period := _PERIOD.fullmatch(text):
        meant = period[1].lower()
    elif clock := _CLOCK.fullmatch(text):
        meant = "".join(
            f"{int(number)}{unit}" for number, unit in zip(clock.groups(), "hms", strict=True) if int(number)
        )
    elif weeks := _WEEKS.fullmatch(text):
        meant = f"{int(weeks[1]) * 7}d"
    elif letter := _LETTER.fullmatch(text):
        meant = f"{letter[1]}{letter[2].upper()}iB"
    try:
        read(meant)
    except (ValueError, OverflowError):
        return ""
    return meant


_MANY = 100  # gigabytes are few; a larger number means a smaller unit
_PERIOD = re.compile(r"PT([0-9HMS]+)")  # ISO 8601
_CLOCK = re.compile(r"([0-9]{1,2}):([0-9]{2}):([0-9]{2})")
_WEEKS = re.compile(r"([0-9]{1,4}) ?w(?:eeks?)?")
_LETTER = re.compile(r"([0-9]{1,9}(?:\.[0-9]{1,9})?) ?([kKmMgGtT])")
_TIMES = ("s", "m", "h", "d", "ms")  # common ones first, as a slip may be one of several
_SIZES = ("GiB", "MiB", "KiB", "TiB", "GB", "MB", "kB", "TB", "B")
_LONGEST_TEXT = 64
_PART = re.compile(r"([0-9]+(?:\.[0-9]+)?)\s*([A-Za-z]+)")
_SPELLINGS = {
    "ms": "millisecond milliseconds msec",
    "s": "sec secs second seconds",
    "m": "min mins minute minutes",
    "h": "hr hrs hour hours",
    "d": "day days",
    "B": "byte bytes",
    "KiB": "kib ki",
    "MiB": "mib mi",
    "GiB": "gib gi",
    "TiB": "tib ti",
    "kB": "kb",
    "MB": "mb",
    "GB": "gb",
    "TB": "tb",
}
_UNITS = {spelling: unit for unit, many in _SPELLINGS.items() for spelling in (unit.casefold(), *many.split())}
