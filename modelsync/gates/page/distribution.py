"""A column of numbers before and now: densities on quantile bins of the reference, and where the two part most."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from modelsync.gates.page import svg
from modelsync.gates.page.figure import BEFORE_AND_NOW, figure
from modelsync.gates.page.markup import Markup, join
from modelsync.gates.page.scene import Floats
from modelsync.gates.page.svg import Span
from modelsync.gates.page.wording import number, share
from modelsync.gates.question import GateError

_BINS = 24  # quantile bins of the reference: enough to see a shape, few enough for some hundred rows
_BARS = 60  # of equal width, where single values far away matter
_TAIL = 0.005  # the share at either end that is left out of the picture when it would squeeze the rest
_POINTS = 160  # places at which the distribution functions are compared for the line; the largest gap is exact
_HIGHEST = 4.0  # bars end at so many times the upper quartile of the densities: a spike would flatten the rest
_LEAST_REACH = 0.07  # of the line of differences: a tiny one must look tiny
_LEAST_SPAN, _LARGEST_SPAN = 1e-290, 1e290
_LEFT, _HEIGHT = 34.0, 170.0


@dataclass(frozen=True, slots=True)
class _View:
    """The stretch of values that is shown, and the share of each side's values outside of it."""

    low: float
    high: float
    outside: tuple[float, float]

    @property
    def span(self) -> Span:
        """On the chart."""
        return Span(self.low, self.high, _LEFT, svg.WIDTH)


def histograms(name: str, before: Floats, now: Floats) -> Markup:
    """Both samples, sorted, as densities over each other."""
    import numpy as np

    view = _view(before, now)
    edges = _edges(before, view)
    sides = [np.histogram(values, edges)[0] / len(values) / np.diff(edges) for values in (before, now)]
    both = np.concatenate(sides)
    top = min(float(both.max()), float(np.quantile(both[both > 0], 0.75)) * _HIGHEST) if both.any() else 1.0
    floor, ceiling = _HEIGHT - 26, 8.0
    height = Span(0.0, top or 1.0, floor, ceiling)
    areas = [_steps(edges, side, view.span, height) for side in sides]
    cut = "; bars that reach the top are cut there" if float(both.max()) > top else ""
    said = f"Densities of {name}: median {number(float(np.median(before)))} before, {number(float(np.median(now)))} now"
    drawn = svg.chart(
        said,
        _HEIGHT,
        svg.path([(view.span.at(edges[0]), floor), *areas[0], (view.span.at(edges[-1]), floor)], "before", closed="Z"),
        svg.path(
            [(view.span.at(edges[0]), floor), *areas[1], (view.span.at(edges[-1]), floor)], "now-soft", closed="Z"
        ),
        svg.path(areas[1], "now"),
        svg.axis(view.span, floor),
    )
    return figure(
        BEFORE_AND_NOW, drawn, f"density in {len(edges) - 1} quantile bins of the reference{cut}{_left(view)}"
    )


def one(name: str, now: Floats, limits: Sequence[float], *, by_reference: bool) -> Markup:
    """One sample in bars of equal width, with the limits beyond which a value is outside."""
    import numpy as np

    inside = [limit for limit in limits if np.isfinite(limit)]
    low, high = min([float(now[0]), *inside]), max([float(now[-1]), *inside])
    _must_fit(low, high)
    if high <= low:
        low, high = low - 0.5, high + 0.5
    span = Span(low, high, _LEFT, svg.WIDTH)
    counts, edges = np.histogram(now, _BARS, (low, high))
    height = Span(0.0, float(np.sqrt(counts.max())) or 1.0, _HEIGHT - 26, 8.0)
    bars = [
        _bar(span, height, float(left), float(right), int(count), inside)
        for left, right, count in zip(edges[:-1], edges[1:], counts, strict=True)
        if count
    ]
    drawn = svg.chart(
        f"Values of {name} from {number(float(now[0]))} to {number(float(now[-1]))}",
        _HEIGHT,
        bars,
        [svg.line(span.at(limit), 4, span.at(limit), _HEIGHT - 26, "limit") for limit in inside],
        svg.axis(span, _HEIGHT - 26),
    )
    source = "the reference" if by_reference else "the table"
    small = f"height by the square root of the count, so that single values can be seen; limits by {source}"
    return figure("Values, those outside of the limits in red", drawn, small, class_="single")


def _bar(span: Span, height: Span, left: float, right: float, count: int, limits: Sequence[float]) -> Markup:
    middle = (left + right) / 2
    outside = bool(limits) and (middle < min(limits) or middle > max(limits))
    top = height.at(count**0.5)
    wide = max(span.at(right) - span.at(left) - 0.7, 0.8)
    return svg.box(span.at(left), top, wide, height.start - top, "bad-bar" if outside else "now-bar")


def difference(name: str, before: Floats, now: Floats) -> Markup:
    """The share of values up to each point now, minus that share in the reference, with the largest gap marked."""
    import numpy as np

    view = _view(before, now)
    place, gap = _largest_gap(before, now)
    grid = np.linspace(view.low, view.high, _POINTS)
    if view.low <= place <= view.high:
        grid = np.sort(np.append(grid, place))
    line = _below(now, grid) - _below(before, grid)
    reach = max(float(np.abs(line).max()), abs(gap), _LEAST_REACH) * 1.45
    height = Span(-reach, reach, _HEIGHT - 26, 8.0)
    span = view.span
    points = [(span.at(x), height.at(y)) for x, y in zip(grid.tolist(), line.tolist(), strict=True)]
    x, zero = span.at(place), height.at(0.0)
    word = "higher" if gap > 0 else "lower"
    said = (
        f"D = {number(abs(gap))}: the share of values up to {number(place)} is {100 * abs(gap):.1f} points {word} now"
    )
    drawn = svg.chart(
        f"Difference of the distribution functions of {name}. {said}",
        _HEIGHT,
        svg.path([(span.start, zero), *points, (span.end, zero)], "now-soft", closed="Z"),
        svg.line(span.start, zero, span.end, zero, "zero"),
        svg.path(points, "now"),
        svg.line(x, zero, x, height.at(gap), "limit"),
        svg.beside(x, height.at(gap) + (-7 if gap > 0 else 16), f"D = {number(abs(gap))}", span, "strong"),
        [svg.text(_LEFT - 6, height.at(at) + 4, number(at), "end") for at in svg.ticks(-reach, reach, 3)],
        svg.axis(span, _HEIGHT - 26),
    )
    return figure(join("Difference of the cumulative shares, now minus reference"), drawn, said)


def _view(before: Floats, now: Floats) -> _View:
    """All values, unless a few far ones would squeeze the rest into less than two thirds of the width."""
    import numpy as np

    low, high = (float(end) for end in (min(before[0], now[0]), max(before[-1], now[-1])))
    _must_fit(low, high)
    near = [np.quantile(values, (_TAIL, 1 - _TAIL)) for values in (before, now)]
    inner_low, inner_high = float(min(near[0][0], near[1][0])), float(max(near[0][1], near[1][1]))
    if inner_high > inner_low and high - low > 1.5 * (inner_high - inner_low):
        low, high = inner_low, inner_high
    if high <= low:
        low, high = low - 0.5, high + 0.5
    outside = [float(((values < low) | (values > high)).mean()) for values in (before, now)]
    return _View(low, high, (outside[0], outside[1]))


def _must_fit(low: float, high: float) -> None:
    """GateError where the arithmetic of a picture would overflow."""
    if high > low and not _LEAST_SPAN < high - low < _LARGEST_SPAN:
        raise GateError("its values are too far apart or too close together")


def _edges(before: Floats, view: _View) -> Floats:
    """Quantiles of the reference inside the view; bins narrower than a line are joined to their neighbours."""
    import numpy as np

    quantiles = np.quantile(before, np.linspace(0, 1, _BINS + 1)[1:-1])
    least = (view.high - view.low) / 120
    edges = [view.low]
    for edge in quantiles.tolist():
        if edge - edges[-1] >= least and view.high - edge >= least:
            edges.append(edge)
    edges.append(view.high)
    return np.asarray(edges)


def _steps(edges: Floats, heights: Floats, span: Span, height: Span) -> list[tuple[float, float]]:
    points = []
    for left, right, value in zip(edges[:-1].tolist(), edges[1:].tolist(), heights.tolist(), strict=True):
        points += [(span.at(left), height.at(value)), (span.at(right), height.at(value))]
    return points


def _below(values: Floats, grid: Floats) -> Floats:
    import numpy as np

    return np.searchsorted(values, grid, side="right") / len(values)


def _largest_gap(before: Floats, now: Floats) -> tuple[float, float]:
    """Where the distribution functions lie furthest apart, and how far, now minus before."""
    import numpy as np

    every = np.concatenate([before, now])
    gaps = _below(now, every) - _below(before, every)
    place = int(np.abs(gaps).argmax())
    return float(every[place]), float(gaps[place])


def _left(view: _View) -> str:
    before, now = view.outside
    return (
        f"; {share(before)} of the reference and {share(now)} now lie outside of the picture" if before or now else ""
    )
