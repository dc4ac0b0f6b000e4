"""A column as one bar: the share of its values that is missing, wrong, and as it should be."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from modelsync.gates.page import svg
from modelsync.gates.page.figure import figure
from modelsync.gates.page.markup import Markup, join
from modelsync.gates.page.svg import Span
from modelsync.gates.page.wording import share

_HIGH = 14.0


@dataclass(frozen=True, slots=True)
class Part:
    """A share of a bar; `class_` names its colour."""

    said: str
    share: float
    class_: str


def bar(title: str, parts: Sequence[Part]) -> Markup:
    """The parts side by side, with their shares in words."""
    span = Span(0.0, 1.0)
    at, boxes = 0.0, []
    for part in parts:
        boxes.append(svg.box(span.at(at), 0, span.at(at + part.share) - span.at(at), _HIGH, part.class_))
        at += part.share
    said = ", ".join(f"{share(part.share)} {part.said}" for part in parts)
    return figure(title, svg.chart(said, _HIGH, boxes), said)


def bars(title: str, rows: Sequence[tuple[str, float]], class_: str) -> Markup:
    """One bar under the other on the same line of shares, each with its name and its share."""
    span = Span(0.0, 1.0, 0.0, svg.WIDTH - 64)
    drawn = []
    for place, (name, part) in enumerate(rows):
        y = place * 38.0
        drawn += [
            svg.text(0, y + 12, name, "start"),
            svg.box(0, y + 18, svg.WIDTH - 64, _HIGH, "gap-bar", 2),
            svg.box(0, y + 18, span.at(part), _HIGH, class_, 2),
            svg.text(svg.WIDTH, y + 30, share(part), "end", "strong"),
        ]
    said = "; ".join(f"{name}: {share(part)}" for name, part in rows)
    return figure(title, svg.chart(said, 38.0 * len(rows), join(drawn)))
