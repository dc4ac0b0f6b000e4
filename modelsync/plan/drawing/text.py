"""The graph as lines for a terminal: each node in the order of execution, and behind an arrow what it needs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from textwrap import wrap

from modelsync.plan.drawing.picture import Edge, Graph, Kind

WIDTH = 100  # columns of a line where nobody says how wide it may be; what is needed goes on below
_NARROWEST = 40  # columns: below it lines are broken by whoever shows them
_DETAIL = 30  # columns of the words about a node; longer ones push the arrow out of its column
_LEAST = 24  # columns that are left for what is needed, however wide the rest is
_ARROW = "  ← "
_MANY = {Kind.DEPLOY: "deployments"}


def draw(graph: Graph, width: int = WIDTH) -> str:
    """The lines, each ended, at most `width` columns where names leave room."""
    width = max(width, _NARROWEST)
    if not graph.nodes:
        return f"{graph.project}: nothing is made yet\n"
    starts = [f"  {node.kind:<8} {node.label}" for node in graph.nodes]
    wide = max(map(len, starts)) + 2
    detail = max((len(node.detail) for node in graph.nodes if len(node.detail) <= _DETAIL), default=0)
    lines = wrap(f"{graph.project}: {summary(graph)}", width, subsequent_indent="  ", break_on_hyphens=False)
    titles = {node.id: node.title for node in graph.nodes}
    entering = graph.entering
    for node, start in zip(graph.nodes, starts, strict=True):
        first, *rest = wrap(node.detail, max(width - wide, _LEAST), break_on_hyphens=False) or [""]
        above = [f"{start:<{wide}}{first:<{detail}}", *(" " * wide + each for each in rest)]
        needs = [_said(edge, titles) for edge in entering[node.id]]
        lines += [*above[:-1], *_with_needs(above[-1], wide, needs, width)]
    return "".join(f"{line.rstrip()}\n" for line in lines)


def summary(graph: Graph) -> str:
    """`1 dataset, 6 steps in 2 pipelines, 3 gates`."""
    counts = Counter(node.kind for node in graph.nodes)
    parts = {kind: _counted(counts[kind], kind) for kind in Kind if counts[kind]}
    if len(graph.pipelines) > 1:
        parts[Kind.STEP] += f" in {len(graph.pipelines)} pipelines"
    return ", ".join(parts.values())


def _said(edge: Edge, titles: Mapping[str, str]) -> str:
    words = f" ({', '.join(edge.words)})" if edge.words else ""
    return (titles[edge.source] + words).replace(" ", "\N{NO-BREAK SPACE}")  # a need is broken nowhere inside


def _with_needs(line: str, column: int, needs: list[str], most: int) -> list[str]:
    """A line with what is needed behind it; below it, from a column on, where too little is left."""
    if not needs:
        return [line]
    above = [line] if most - len(line) - len(_ARROW) < _LEAST else []
    start = " " * (column - 2) if above else line
    width = max(most - len(start) - len(_ARROW), _LEAST)
    first, *rest = wrap(", ".join(needs), width, break_long_words=False, break_on_hyphens=False)
    below = [" " * len(start + _ARROW) + each for each in rest]
    return [each.replace("\N{NO-BREAK SPACE}", " ") for each in (*above, start + _ARROW + first, *below)]


def _counted(count: int, kind: Kind) -> str:
    return (
        f"1 {'deployment' if kind is Kind.DEPLOY else kind}" if count == 1 else f"{count} {_MANY.get(kind, f'{kind}s')}"
    )
