"""What is left of a regression against what was predicted, as a cloud of counted marks with its trend."""

from __future__ import annotations

from modelsync.gates.page import svg
from modelsync.gates.page.figure import figure
from modelsync.gates.page.markup import Markup, tag
from modelsync.gates.page.scene import Floats
from modelsync.gates.page.svg import Span
from modelsync.gates.page.wording import number

_ACROSS, _UP = 20, 18  # cells: at most 360 marks, however many rows
_TRENDS = 10  # quantile bins of the prediction over which the trend is averaged
_HEIGHT, _LEFT = 260.0, 44.0
_LARGEST = 8.5
_FAR = 0.002  # the share at either end that is drawn at the edge


def plot(predicted: Floats, residual: Floats) -> Markup:
    """Residual over prediction; the area of a mark says how many rows lie there."""
    import numpy as np

    low, high = (float(end) for end in np.quantile(predicted, (_FAR, 1 - _FAR)))
    reach = float(np.quantile(np.abs(residual), 1 - _FAR)) or 1.0
    if high <= low:
        low, high = low - 0.5, high + 0.5
    across, up = Span(low, high, _LEFT + 8, svg.WIDTH - 8), Span(-reach, reach, _HEIGHT - 34, 10.0)
    xs, ys = np.clip(predicted, low, high), np.clip(residual, -reach, reach)
    marks = [
        tag("circle", cx=across.at(x), cy=up.at(y), r=max(_LARGEST * size**0.5, 1.5), class_="cloud")
        for x, y, size in _cells(xs, ys, ((low, high), (-reach, reach)))
    ]
    trend = [(across.at(x), up.at(y)) for x, y in _trend(predicted, residual)]
    mean = float(residual.mean())
    said = (
        f"Residuals of {len(residual):,} rows: mean {number(mean)}, standard deviation {number(float(residual.std()))}"
    )
    drawn = svg.chart(
        said,
        _HEIGHT,
        [svg.text(_LEFT, up.at(at) + 4, number(at), "end") for at in svg.ticks(-reach, reach, 4)],
        svg.line(across.start, up.at(0.0), across.end, up.at(0.0), "zero"),
        marks,
        svg.path(trend, "trend") if len(trend) > 1 else None,
        svg.axis(across, _HEIGHT - 30),
    )
    small = "truth minus prediction up, prediction across; the area of a mark counts rows; the line is their mean"
    return figure(said, drawn, small, class_="single")


def _cells(xs: Floats, ys: Floats, ends: tuple[tuple[float, float], ...]) -> list[tuple[float, float, float]]:
    """The middle of the rows of each cell, and how many they are as a part of the fullest."""
    import numpy as np

    sums = [np.histogram2d(xs, ys, bins=(_ACROSS, _UP), range=ends, weights=weights)[0] for weights in (None, xs, ys)]
    counts, used = sums[0], sums[0] > 0
    middles = [part[used] / counts[used] for part in sums[1:]]
    sizes = counts[used] / counts.max()
    return list(zip(middles[0].tolist(), middles[1].tolist(), sizes.tolist(), strict=True))


def _trend(predicted: Floats, residual: Floats) -> list[tuple[float, float]]:
    import numpy as np

    order = np.argsort(predicted, kind="stable")
    parts = [part for part in np.array_split(order, _TRENDS) if len(part)]
    return [(float(predicted[part].mean()), float(residual[part].mean())) for part in parts]
