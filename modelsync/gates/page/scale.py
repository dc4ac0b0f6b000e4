"""One value on a line: where it lies, where the limit is, and on which side of it a value is allowed."""

from __future__ import annotations

import math
from dataclasses import dataclass

from modelsync.core.verdict import Check
from modelsync.gates.page import svg
from modelsync.gates.page.markup import Markup, tag
from modelsync.gates.page.svg import Span
from modelsync.gates.page.wording import measured, signs, statistic

_TOP, _THICK = 18.0, 9.0
_MIDDLE = _TOP + _THICK / 2
_HEIGHT = 50.0
_LIMITS = {"<=": "max", "<": "below", ">=": "min", ">": "above", "=": "expected"}
_LETTER = 4.0  # about half a letter and the room beside it
_EDGE = 8.0  # room for a dot at either end


@dataclass(frozen=True, slots=True)
class Mark:
    """A further place on the line that means something, such as 0 of a difference."""

    at: float
    said: str


def scale(check: Check, *marks: Mark) -> Markup | None:
    """The value against its threshold; None when one of them is no number."""
    value, limit = check.value, check.threshold
    if value is None or limit is None or not (math.isfinite(value) and math.isfinite(limit)):
        return None
    span = _span(check, marks)
    x, edge = span.at(value), span.at(limit)
    less = check.direction.startswith("<")
    below, above = ("good", "bad") if less else ("bad", "good")
    limit_said = f"{_LIMITS.get(check.direction, '')} {measured(check, limit)}".strip()
    if check.direction in ("=", ""):
        below = above = "track"
    raised = check.noise is not None and math.isclose(check.noise, limit)
    return svg.chart(
        f"{statistic(check)} is {measured(check, value)}, must be {signs(check.direction)} {measured(check, limit)}",
        _HEIGHT,
        svg.box(0, _TOP, edge, _THICK, below, 2),
        svg.box(edge, _TOP, svg.WIDTH - edge, _THICK, above, 2),
        _chance(check, span, raised=raised),
        [svg.line(span.at(mark.at), _TOP - 3, span.at(mark.at), _TOP + _THICK + 3, "chance") for mark in marks],
        _whisker(check, span),
        svg.line(edge, _TOP - 5, edge, _TOP + _THICK + 7, "limit"),
        tag("circle", cx=x, cy=_MIDDLE, r=6.5, class_="dot"),
        svg.beside(x, 10, measured(check, value), span, "strong"),
        _words(check, edge, limit_said + (", raised to what chance shows" if raised else ""), marks, span),
        of=f"of-{check.outcome}",
    )


def _span(check: Check, marks: tuple[Mark, ...]) -> Span:
    points = [float(check.value or 0.0), float(check.threshold or 0.0), *(mark.at for mark in marks)]
    points += [end for end in (check.interval or ()) if math.isfinite(end)]
    points += [check.noise] if check.noise is not None and math.isfinite(check.noise) else []
    low, high = min(points), max(points)
    room = (high - low) * 0.2 or abs(high) * 0.1 or 1.0
    if low >= 0 and check.direction.startswith("<"):  # sizes of effect start at nothing
        return Span(0.0, high + room, _EDGE, svg.WIDTH - _EDGE)
    return Span(low - room, high + room, _EDGE, svg.WIDTH - _EDGE)


def _whisker(check: Check, span: Span) -> list[Markup]:
    if check.interval is None or any(math.isnan(end) for end in check.interval):
        return []
    low, high = (span.at(end) for end in check.interval)
    return [
        svg.line(low, _MIDDLE, high, _MIDDLE, "whisker"),
        *(svg.line(end, _MIDDLE - 5, end, _MIDDLE + 5, "whisker") for end in (low, high)),
    ]


def _chance(check: Check, span: Span, *, raised: bool) -> list[Markup]:
    if check.noise is None or raised or not math.isfinite(check.noise):
        return []
    x = span.at(check.noise)
    return [svg.line(x, _TOP - 3, x, _TOP + _THICK + 3, "chance")]


def _words(check: Check, edge: float, said: str, marks: tuple[Mark, ...], span: Span) -> list[Markup]:
    """The words of limit and marks under the line; a mark whose words find no room there stands above, or has none."""
    under = _TOP + _THICK + 19
    found = [svg.beside(edge, under, said, span)]
    for mark in marks:
        x = span.at(mark.at)
        if abs(x - edge) > (len(said) + len(mark.said)) * _LETTER:
            found.append(svg.beside(x, under, mark.said, span))
        elif abs(x - span.at(check.value or 0.0)) > (10 + len(mark.said)) * _LETTER:
            found.append(svg.beside(x, 10, mark.said, span))
    return found
