"""Charts as SVG that takes its colours and fonts from the page and its width from where it stands."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from modelsync.gates.page.markup import Child, Markup, join, tag
from modelsync.gates.page.wording import number

WIDTH = 420.0  # in the chart's own unit: on a narrow screen about a pixel
_LETTER = 6.4  # the width of a letter of 12 units, about


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of numbers laid on a stretch of the chart."""

    low: float
    high: float
    start: float = 0.0
    end: float = WIDTH

    def at(self, value: float) -> float:
        """Where a number lies; what is outside lies at the edge."""
        share = (value - self.low) / (self.high - self.low) if self.high > self.low else 0.5
        return self.start + min(max(share, 0.0), 1.0) * (self.end - self.start)


def chart(said: str, height: float, *children: Child, of: str = "", width: float = WIDTH) -> Markup:
    """A picture with the sentence that says what it shows to those who can't see it."""
    view = f"0 0 {width:g} {height:g}"
    return tag("svg", *children, class_=f"chart {of}".strip(), viewBox=view, role="img", aria_label=said)


def text(x: float, y: float, said: str, anchor: str = "middle", class_: str | None = None) -> Markup:
    """Words at a place."""
    return tag("text", said, x=x, y=y, text_anchor=anchor, class_=class_)


def beside(x: float, y: float, said: str, span: Span, class_: str | None = None) -> Markup:
    """Words centred at x as far as they fit between the ends of a span."""
    half = len(said) * _LETTER / 2
    if x - half < span.start:
        return text(span.start, y, said, "start", class_)
    if x + half > span.end:
        return text(span.end, y, said, "end", class_)
    return text(x, y, said, "middle", class_)


def line(x1: float, y1: float, x2: float, y2: float, class_: str) -> Markup:
    """A straight line."""
    return tag("line", x1=x1, y1=y1, x2=x2, y2=y2, class_=class_)


def box(x: float, y: float, width: float, height: float, class_: str, rx: float | None = None) -> Markup:
    """A rectangle; one of no width is drawn as none."""
    return tag("rect", x=x, y=y, width=max(width, 0.0), height=max(height, 0.0), rx=rx, class_=class_)


def path(points: Sequence[tuple[float, float]], class_: str, *, closed: str = "") -> Markup:
    """A line through points, `Z` closes it."""
    steps = "L".join(f"{x:.1f} {y:.1f}" for x, y in points)
    return tag("path", d=f"M{steps}{closed}", class_=class_)


def axis(span: Span, y: float, count: int = 4) -> Markup:
    """A horizontal axis with round numbers under it."""
    marks = [(at, span.at(at)) for at in ticks(span.low, span.high, count)]
    return join(
        line(span.start, y, span.end, y, "axis"),
        [line(x, y, x, y + 4, "axis") for _, x in marks],
        [beside(x, y + 17, number(at), span) for at, x in marks],
    )


def ticks(low: float, high: float, count: int = 4) -> list[float]:
    """About so many round numbers between two."""
    if not (math.isfinite(low) and math.isfinite(high)) or high <= low:
        return [low] if math.isfinite(low) else []
    raw = (high - low) / max(count, 1)
    power = 10.0 ** math.floor(math.log10(raw))
    step = next(step * power for step in (1, 2, 2.5, 5, 10) if step * power >= raw * 0.999)
    first = math.ceil(low / step - 1e-9)
    return [round(place * step, 12) + 0.0 for place in range(first, math.floor(high / step + 1e-9) + 1)]
