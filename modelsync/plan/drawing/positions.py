"""The grid of a drawing in numbers: how far apart columns and rows stand, so that the main way is straight."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import accumulate, pairwise
from statistics import fmean

from modelsync.core.records import record
from modelsync.plan.drawing.layers import Rows, Size, Spot, arrange, is_gate
from modelsync.plan.drawing.picture import Edge, Graph

GAP = 60.0  # between two columns
ASIDE = 8.0  # from the middle of a node to where it gives to gates, and on the other side to where gates let it begin
NEAR = 13.0  # between two rows, and between a node and a line that passes
APART = 34.0  # between two bands
FRAME = 18.0  # from the frame of a pipeline to its steps
HEAD = 20.0  # for the name above them
_SWEEPS = 8

Point = tuple[float, float]


@record
class Frame:
    """The box around the steps of a pipeline: its corner, its width and its height."""

    pipeline: str
    corner: Point
    size: Size


@record
class Layout:
    """Everything with its place.

    `ways` are the points of each edge. An edge leaves a gate at its right and enters it at its left; at its other end,
    below or above a node, it is upright. An edge without a gate goes from the right of a node to the left of another.
    """

    size: Size
    spots: tuple[Spot, ...]
    frames: tuple[Frame, ...]
    ways: tuple[tuple[Edge, tuple[Point, ...]], ...]


def place(graph: Graph, sizes: Mapping[str, Size]) -> Layout:
    """The layout of a graph whose nodes have these widths and heights, in one unit; the same for the same graph."""
    grid = arrange(graph, sizes)
    width = _set_x(grid.rows)
    height = _set_y(grid.rows)
    frames = tuple(_frame(name, grid.nodes) for name in graph.pipelines)
    ways = tuple((edge, _way(chain)) for edge, chain in grid.chains)
    return Layout((width, height), grid.nodes, frames, ways)


def _set_x(rows: Rows) -> float:
    """Columns from left to right, gates halfway between the middles of two of them. The width of all."""
    wide: dict[int, float] = {}
    for (_, level), row in rows.items():
        wide[level] = max(wide.get(level, 0.0), *(spot.size[0] for spot in row))
    centre: dict[int, float] = {-2: -GAP + FRAME}
    for level in range(0, max(wide, default=0) + 2, 2):
        apart = (wide.get(level - 2, 0.0) + wide.get(level, 0.0)) / 2 + GAP
        if gates := wide.get(level - 1):
            apart = max(apart, gates + 4 * NEAR)
        centre[level] = centre[level - 2] + apart
        centre[level - 1] = centre[level] - apart / 2
    spots = [spot for row in rows.values() for spot in row]
    for spot in spots:
        spot.x = centre[spot.level]
        if spot.node is None:
            spot.size = (wide[spot.level], 0.0)  # a line is level all along the nodes that it passes
    return max((spot.x + spot.size[0] / 2 for spot in spots), default=0.0) + FRAME


def _set_y(rows: Rows) -> float:
    """Each band below the one before it; within it, every row as near to its neighbours as the others let it."""
    top = 0.0
    for band in sorted({band for band, _ in rows}):
        columns = [row for (of, _), row in sorted(rows.items(), key=lambda each: each[0]) if of == band]
        for row in columns:
            _spread(row, [0.0] * len(row))
        for sweep in range(_SWEEPS):
            for row in columns[:: -1 if sweep % 2 else 1]:
                _spread(row, [_wanted(spot) for spot in row])
        spots = [spot for row in columns for spot in row]
        framed = any(spot.node is not None and spot.node.pipeline for spot in spots)
        above = FRAME + (HEAD if framed else 0.0)
        shift = top + above - min(spot.y - spot.size[1] / 2 for spot in spots)
        for spot in spots:
            spot.y += shift
        top = max(spot.y + spot.size[1] / 2 for spot in spots) + APART
    return max(top - APART, 0.0) + FRAME


def _wanted(spot: Spot) -> float:
    """The middle of the neighbours; for a node, of the nodes among them, so that the way through them is straight."""
    near = [other for other in (*spot.before, *spot.after) if other.band == spot.band]
    nodes = [other for other in near if other.node is not None]
    if spot.node is not None and nodes:
        near = nodes
    return fmean(other.y for other in near) if near else spot.y


def _spread(row: list[Spot], wanted: list[float]) -> None:
    """Set the rows of a column as near to where they want to be as order and heights allow; lines give way to nodes."""
    depth = [0.0]
    for one, other in pairwise(row):
        depth.append(depth[-1] + (one.size[1] + other.size[1]) / 2 + NEAR)
    free = [y - least for y, least in zip(wanted, depth, strict=True)]  # has only to grow from row to row
    firm = [number for number, spot in enumerate(row) if spot.node is not None] or list(range(len(row)))
    down = [*accumulate((free[number] for number in firm), max)]
    up = [*accumulate((free[number] for number in reversed(firm)), min)][::-1]
    for number, low, high in zip(firm, up, down, strict=True):
        free[number] = (low + high) / 2
    lines = [number for number in range(len(row)) if number not in firm]
    for number in lines:
        free[number] = max(free[number], free[max(number - 1, 0)])
    for number in reversed(lines):
        free[number] = min(free[number], free[min(number + 1, len(row) - 1)])
    for spot, y, least in zip(row, free, depth, strict=True):
        spot.y = y + least


def _frame(pipeline: str, spots: Iterable[Spot]) -> Frame:
    steps = [spot for spot in spots if spot.node is not None and spot.node.pipeline == pipeline]
    left = min(spot.x - spot.size[0] / 2 for spot in steps) - FRAME
    right = max(spot.x + spot.size[0] / 2 for spot in steps) + FRAME
    top = min(spot.y - spot.size[1] / 2 for spot in steps) - HEAD
    bottom = max(spot.y + spot.size[1] / 2 for spot in steps) + FRAME
    return Frame(pipeline, (left, top), (right - left, bottom - top))


def _way(chain: tuple[Spot, ...]) -> tuple[Point, ...]:
    first, last = chain[0], chain[-1]
    start: Point = (first.x + first.size[0] / 2, first.y)
    end: Point = (last.x - last.size[0] / 2, last.y)
    if is_gate(last):
        start = (first.x + ASIDE, _edge_of(first, chain[1]))
    if is_gate(first):
        end = (last.x - ASIDE, _edge_of(last, chain[-2]))
    between = ((spot.x + side * spot.size[0] / 2, spot.y) for spot in chain[1:-1] for side in (-1, 1))
    return (start, *between, end)


def _edge_of(spot: Spot, other: Spot) -> float:
    """The bottom of a node, or its top when the other stands above it."""
    half = spot.size[1] / 2
    return spot.y + half if other.y > spot.y else spot.y - half
