"""Predicted probabilities against what happened: the reliability plot, with the rows of each bin under it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from modelsync.gates.page import svg
from modelsync.gates.page.figure import figure
from modelsync.gates.page.markup import Markup, tag
from modelsync.gates.page.svg import Span
from modelsync.gates.page.wording import number, share

_LEFT, _TOP, _SIDE = 34.0, 10.0, 300.0
_BARS = 44.0  # the height of the bars that count rows
_RIGHT = svg.WIDTH - 6


@dataclass(frozen=True, slots=True)
class Bin:
    """The rows whose predicted probability lies between two bounds."""

    low: float
    high: float
    n: int
    mean_predicted: float | None
    share_positive: float | None


def plot(bins: Sequence[Bin]) -> Markup:
    """A dot for each bin with rows; on the diagonal things happen as often as predicted."""
    used = [one for one in bins if one.n and one.mean_predicted is not None and one.share_positive is not None]
    across, up = Span(0.0, 1.0, _LEFT, _RIGHT), Span(0.0, 1.0, _TOP + _SIDE, _TOP)
    points = [(across.at(one.mean_predicted or 0.0), up.at(one.share_positive or 0.0)) for one in used]
    most = max((one.n for one in bins), default=1)
    floor = _TOP + _SIDE + 34 + _BARS
    drawn = svg.chart(
        f"Reliability in {len(used)} bins: " + "; ".join(map(_sentence, used)),
        floor + 4,
        [svg.line(across.at(at), _TOP, across.at(at), _TOP + _SIDE, "axis") for at in (0, 0.25, 0.5, 0.75, 1)],
        [svg.line(_LEFT, up.at(at), _RIGHT, up.at(at), "axis") for at in (0, 0.25, 0.5, 0.75, 1)],
        svg.path([(across.at(0), up.at(0)), (across.at(1), up.at(1))], "zero dashed"),
        [_gap(one, across, up) for one in used],
        svg.path(points, "now") if len(points) > 1 else None,
        [tag("circle", cx=x, cy=y, r=5.5, class_="dot") for x, y in points],
        [svg.text(_LEFT - 6, up.at(at) + 4, number(at), "end") for at in (0, 0.5, 1)],
        [svg.beside(across.at(at), _TOP + _SIDE + 17, number(at), across) for at in (0, 0.25, 0.5, 0.75, 1)],
        [_count(one, across, floor, most) for one in bins],
        svg.text(_LEFT - 6, floor, "rows", "end"),
    )
    small = "predicted probability across, share that is positive up; dashed: as predicted; bars: rows of each bin"
    return figure("Reliability", drawn, small, class_="single")


def table(bins: Sequence[Bin]) -> Markup:
    """The same in numbers."""
    heads = ("predicted", "rows", "mean predicted", "share positive")
    rows = [
        tag(
            "tr",
            tag("th", f"{number(one.low)} to {number(one.high)}", scope="row"),
            tag("td", f"{one.n:,}", class_="num"),
            tag("td", number(one.mean_predicted), class_="num"),
            tag("td", number(one.share_positive), class_="num"),
        )
        for one in bins
    ]
    head = tag("tr", [tag("th", said, scope="col", class_="num" if said != "predicted" else None) for said in heads])
    inner = tag("table", tag("caption", "Bins"), tag("thead", head), tag("tbody", rows))
    return tag("div", inner, class_="scroll", tabindex=0)


def _gap(one: Bin, across: Span, up: Span) -> Markup:
    x = across.at(one.mean_predicted or 0.0)
    return svg.line(x, up.at(one.mean_predicted or 0.0), x, up.at(one.share_positive or 0.0), "whisker")


def _count(one: Bin, across: Span, floor: float, most: int) -> Markup:
    left, right, high = across.at(one.low), across.at(one.high), _BARS * one.n / max(most, 1)
    return svg.box(left + 1, floor - high, right - left - 2, high, "before-bar")


def _sentence(one: Bin) -> str:
    return f"{share(one.share_positive or 0.0)} positive where {share(one.mean_predicted or 0.0)} is predicted"
