"""Which column, band and row of a page every node of the graph gets, and through which points its long edges go.

The method of Sugiyama: every node in the column behind all that it needs, long edges cut into one point a column, rows
ordered by the middle of their neighbours. Gates stand between the columns, in a band of their own below what they
judge, so that pipelines stay boxes and the way from data to deployment stays one line.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from statistics import fmean

from modelsync.core.records import record
from modelsync.plan.drawing.picture import Edge, Graph, Kind, Node, Tie

_SWEEPS = 8  # more change nothing that is seen

Size = tuple[float, float]
Rows = Mapping[tuple[int, int], list["Spot"]]
"""(band, level) -> the spots of that column of that band from top to bottom."""


@dataclass(slots=True, eq=False)
class Spot:
    """A node, or a point through which a long edge goes; `x` and `y` are its middle."""

    level: int  # of columns: even, and odd between two of them
    band: int
    size: Size
    node: Node | None = None
    x: float = 0.0
    y: float = 0.0
    before: list[Spot] = field(default_factory=list)
    after: list[Spot] = field(default_factory=list)


@record
class Grid:
    """Every spot in its row, and each edge as the spots on its way; the first spots are those of the nodes."""

    nodes: tuple[Spot, ...]
    rows: Rows
    chains: tuple[tuple[Edge, tuple[Spot, ...]], ...]


def is_gate(spot: Spot) -> bool:
    """Whether it is a gate, which stands between the columns."""
    return spot.node is not None and spot.node.kind is Kind.GATE


def arrange(graph: Graph, sizes: Mapping[str, Size]) -> Grid:
    """The grid of a graph whose nodes have these widths and heights; the same for the same graph."""
    levels = _levels(graph)
    bands = _bands(graph, levels)
    spots = {node.id: Spot(levels[node.id], bands[node.id], sizes[node.id], node) for node in graph.nodes}
    points: dict[tuple[str, int, int], Spot] = {}
    chains = tuple((edge, _chain(edge, spots, points)) for edge in graph.edges)
    rows: dict[tuple[int, int], list[Spot]] = {}
    for spot in (*spots.values(), *points.values()):
        rows.setdefault((spot.band, spot.level), []).append(spot)
    _order(rows)
    return Grid(tuple(spots.values()), rows, chains)


def _levels(graph: Graph) -> dict[str, int]:
    """Even numbers by the longest way, a gate one behind what it judges. What needs nothing moves to its users."""
    found: dict[str, int] = {}
    entering = graph.entering
    for node in graph.nodes:
        before = [found[edge.source] for edge in entering[node.id]]
        nearest = max(before, default=-2)
        found[node.id] = nearest + (1 if node.kind is Kind.GATE or nearest % 2 else 2)
    users: dict[str, list[int]] = {}
    for edge in graph.edges:
        users.setdefault(edge.source, []).append(found[edge.target])
    for node in graph.nodes:
        if not entering[node.id] and node.id in users:
            nearest = min(users[node.id])
            found[node.id] = nearest - (1 if nearest % 2 else 2)
    return found


def _bands(graph: Graph, levels: Mapping[str, int]) -> dict[str, int]:
    """Rows of the page, few as can be: pipelines, what is before and behind them, and gates below what they judge."""
    pipelines = [[node for node in graph.nodes if node.pipeline == name] for name in graph.pipelines]
    release = [node for node in graph.nodes if node.kind in (Kind.MODEL, Kind.STAGE, Kind.DEPLOY)]
    datasets = [[node] for node in graph.nodes if node.kind is Kind.DATASET]
    taken: list[list[range]] = []
    found: dict[str, int] = {}
    for group in (*pipelines[:1], release, *pipelines[1:], *datasets):
        if not group:
            continue
        used = [levels[node.id] for node in group]
        span = range(min(used), max(used) + 1)
        free = [number for number, spans in enumerate(taken) if not any(_overlap(span, other) for other in spans)]
        band = free[0] if free else len(taken)
        if band == len(taken):
            taken.append([])
        if group[0].kind is not Kind.DATASET:  # datasets may stand above each other
            taken[band].append(span)
        found |= {node.id: band for node in group}
    # The first band holds the way to the deployment: it stands last. Below each there is one for the gates on it.
    found = {id: 2 * (len(taken) - 1 - band) for id, band in found.items()}
    judged = {id: edges[0].source for id, edges in graph.entering.items() if edges}
    return found | {node.id: found[judged[node.id]] + 1 for node in graph.nodes if node.kind is Kind.GATE}


def _overlap(one: range, other: range) -> bool:
    return one.start < other.stop and other.start < one.stop


def _chain(edge: Edge, spots: Mapping[str, Spot], points: dict[tuple[str, int, int], Spot]) -> tuple[Spot, ...]:
    """The edge cut into one step a column. Edges from one node share their way, and guards of one node do."""
    first, last = spots[edge.source], spots[edge.target]
    gate = first if is_gate(first) else last if is_gate(last) else None
    band, parity = (max(first.band, last.band), 0) if gate is None else (gate.band, 1)
    end = edge.target if edge.tie is Tie.GUARD else edge.source
    between = [level for level in range(first.level + 1, last.level) if level % 2 == parity]
    chain = (first, *(points.setdefault((end, level, band), Spot(level, band, (0.0, 0.0))) for level in between), last)
    for one, other in pairwise(chain):
        if other not in one.after:
            one.after.append(other)
            other.before.append(one)
    return chain


def _order(rows: Rows) -> None:
    """Sort each column of each band by the middle of its neighbours, there and back."""
    for sweep in range(_SWEEPS):
        backwards = bool(sweep % 2)
        where = {
            id(spot): (band, (n + 0.5) / len(row)) for (band, _), row in rows.items() for n, spot in enumerate(row)
        }
        for key in sorted(rows, key=lambda each: each[1], reverse=backwards):
            row = rows[key]
            middle = {id(spot): _middle(spot, spot.after if backwards else spot.before, where) for spot in row}
            row.sort(key=lambda spot: middle[id(spot)])
            where |= {id(spot): (key[0], (number + 0.5) / len(row)) for number, spot in enumerate(row)}


def _middle(spot: Spot, neighbours: Iterable[Spot], where: Mapping[int, tuple[int, float]]) -> float:
    found = []
    for each in neighbours:
        band, share = where[id(each)]
        found.append(share if band == spot.band else -0.5 if band < spot.band else 1.5)
    return fmean(found) if found else where[id(spot)][1]
