"""Durations and sizes, how they are read and said; a bare number is neither."""

from __future__ import annotations

import re

_SECONDS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}
_BYTES = {"B": 1} | {f"{sign}iB": 1024**power for power, sign in enumerate("KMGT", 1)}
_BYTES |= {f"{sign}B": 1000**power for power, sign in enumerate("kMGT", 1)}
_SIZE = re.compile(r"(\d+(?:\.\d+)?)([kKMGT]?i?B)")
_PART = re.compile(r"(\d+(?:\.\d+)?)(ms|s|m|h|d)")


def seconds(text: str) -> float:
    """The seconds in a duration such as `15m`, `1h30m` or `250ms`; ValueError with the expected form otherwise."""
    parts = _PART.findall(text)
    if not parts or "".join(number + unit for number, unit in parts) != text:
        raise ValueError(f"`{text}` is not a duration; write a number with a unit, such as 10s, 15m, 1h30m or 2d")
    return sum(float(number) * _SECONDS[unit] for number, unit in parts)


def size_in_bytes(text: str) -> int:
    """The bytes in a size such as `2GiB` or `512MB`; ValueError with the expected form otherwise."""
    match = _SIZE.fullmatch(text)
    if match is None or match.group(2) not in _BYTES:
        raise ValueError(f"`{text}` is not a size; write a number with a unit, such as 512MiB or 2GiB")
    factor: int = _BYTES[match.group(2)]
    return round(float(match.group(1)) * factor)


def say_seconds(value: float) -> str:
    """A duration for people: `0.4 s`, `12.3 s`, `4 min 10 s`."""
    if value < 60:
        return f"{value:.1f} s"
    minutes, rest = divmod(round(value), 60)
    if minutes < 60:
        return f"{minutes} min {rest} s"
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min"


def written(value: float) -> str:
    """Seconds as a spec writes them, in the fewest units that are exact: `15m`, `1h30m`, `2d`, `250ms`, `0s`."""
    rest, parts = round(value * 1000), []
    for unit, size in (("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1000), ("ms", 1)):
        count, rest = divmod(rest, size)
        parts += [f"{count}{unit}"] if count else []
    return "".join(parts) or "0s"


def say_count(number: int, what: str) -> str:
    """How many of something, for people: `1 row`, `2,000 rows`."""
    return f"{number:,} {what}{'' if number == 1 else 's'}"


def say_bytes(count: int) -> str:
    """A size for people in binary units: `78.2 KiB`."""
    size = float(count)
    for unit in ("B", "KiB", "MiB", "GiB"):
        if size < 1024:
            return f"{size:.0f} {unit}" if unit == "B" else f"{size:.1f} {unit}"
        size /= 1024
    return f"{size:.1f} TiB"
