"""The graph as an SVG that needs nothing else: no script, no font of its own, readable on light and dark screens."""

from __future__ import annotations

from itertools import pairwise
from textwrap import wrap
from xml.sax.saxutils import escape, quoteattr

from modelsync.plan.drawing.layers import Spot
from modelsync.plan.drawing.picture import Edge, Graph, Kind, Node, Tie
from modelsync.plan.drawing.positions import Frame, Point, place
from modelsync.plan.drawing.text import summary

_TITLE, _DETAIL = 13.0, 11.0  # pixels of the two sizes of letters
_LINE, _FIRST = 15.0, 18.0  # from line to line, and to the name
_PAD = 14.0
_LETTERS = 34  # of a line of details
_LINES = 3
_MARGIN = 24.0
_HEADING = 56.0
_LEGEND = 44.0

# Widths of letters as shares of their size, for want of a font: a little more than those of the common ones.
_NARROW, _WIDE = frozenset("ijltfrI.,:;|!'()[]{} "), frozenset("mwMW@%→")

_STYLE = """\
  .page{fill:#ffffff} .frame{fill:#f6f7f9;stroke:#d5d9df}
  text{font-family:system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif;fill:#1c2430}
  .heading{font-size:17px;font-weight:600} .name{font-size:13px;font-weight:600}
  .detail,.small{font-size:11px;fill:#5b6675}
  .node{stroke-width:1.4}
  .dataset{fill:#dcedfd;stroke:#2f6f9f} .step{fill:#ffffff;stroke:#6b7686} .gate{fill:#fff0d6;stroke:#b0701a}
  .model{fill:#ebe4fd;stroke:#6a4fb3} .stage{fill:#dcf4e6;stroke:#2e7d53} .deploy{fill:#ffe3e0;stroke:#b1453c}
  .edge{fill:none;stroke-width:1.4} .flow{stroke:#8a94a3} .order{stroke:#2e7d53;stroke-width:2.2}
  .guard{stroke:#c98a34;stroke-dasharray:5 4}
  .tip-flow{fill:#8a94a3} .tip-order{fill:#2e7d53} .tip-guard{fill:#c98a34}
  @media (prefers-color-scheme:dark){
    .page{fill:#14181f} .frame{fill:#1a2029;stroke:#333c49}
    text{fill:#e8ecf2} .detail,.small{fill:#9aa6b5}
    .dataset{fill:#16324a;stroke:#62a8dd} .step{fill:#232b36;stroke:#8a97a8} .gate{fill:#40301a;stroke:#e0a24a}
    .model{fill:#2d2450;stroke:#a68df0} .stage{fill:#173a29;stroke:#5dbb88} .deploy{fill:#47221f;stroke:#ea8379}
    .flow{stroke:#6d7989} .order{stroke:#5dbb88} .guard{stroke:#d39a4d}
    .tip-flow{fill:#6d7989} .tip-order{fill:#5dbb88} .tip-guard{fill:#d39a4d}
  }"""
_SAYS = {Tie.FLOW: "content goes on", Tie.GUARD: "is judged first", Tie.ORDER: "comes before"}


def draw(graph: Graph) -> str:
    """One document of its own."""
    lines = {node.id: _lines(node) for node in graph.nodes}
    layout = place(graph, {node.id: _size(node, lines[node.id]) for node in graph.nodes})
    said = f"{summary(graph)}" if graph.nodes else "nothing is made yet"
    width = max(layout.size[0], 560.0) + 2 * _MARGIN
    height = layout.size[1] + _HEADING + _LEGEND + _MARGIN
    nodes = graph.by_id
    body = [
        *(_frame(frame) for frame in layout.frames),
        *(_edge(nodes[edge.source], nodes[edge.target], edge, way) for edge, way in layout.ways),
        *(_node(spot, lines) for spot in layout.spots),
    ]
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:.0f}" height="{height:.0f}" '
            f'viewBox="0 0 {width:.0f} {height:.0f}" role="img" aria-label={quoteattr(f"{graph.project}: {said}")}>',
            f"<style>\n{_STYLE}\n</style>",
            f"<defs>{''.join(map(_tip, Tie))}</defs>",
            '<rect class="page" width="100%" height="100%" rx="10"/>',
            f'<text class="heading" x="{_MARGIN:g}" y="32">{escape(graph.project)}</text>',
            f'<text class="small" x="{_MARGIN:g}" y="50">{escape(said)}</text>',
            f'<g transform="translate({_MARGIN:g} {_HEADING:g})">',
            *body,
            "</g>",
            *_legend(graph, height - _MARGIN),
            "</svg>\n",
        ]
    )


def _lines(node: Node) -> list[str]:
    """The details of a node in a few lines; what is cut off is in the title that a pointer shows."""
    found = wrap(node.detail, _LETTERS)
    return found if len(found) <= _LINES else [*found[: _LINES - 1], f"{found[_LINES - 1][: _LETTERS - 1]}…"]


def _size(node: Node, lines: list[str]) -> tuple[float, float]:
    wide = max(_wide(node.label, _TITLE) * 1.06, *(_wide(line, _DETAIL) for line in lines), 40.0)
    aside = 12.0 if node.kind in (Kind.GATE, Kind.STAGE, Kind.MODEL) else 0.0
    cap = 8.0 if node.kind is Kind.DATASET else 0.0
    return wide + 2 * _PAD + aside, _FIRST + _LINE * len(lines) + 14.0 + cap


def _wide(text: str, size: float) -> float:
    shares = (
        0.33
        if each in _NARROW
        else 0.9
        if each in _WIDE
        else 0.7
        if each.isupper()
        else 1.0
        if ord(each) > 0x2E7F
        else 0.57
        for each in text
    )
    return sum(shares) * size


def _frame(frame: Frame) -> str:
    (x, y), (width, height) = frame.corner, frame.size
    return (
        f'<rect class="frame" x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}" rx="10"/>'
        f'<text class="small" x="{x + 10:.1f}" y="{y + 14:.1f}">pipeline {escape(frame.pipeline)}</text>'
    )


def _node(spot: Spot, lines: dict[str, list[str]]) -> str:
    node = spot.node
    assert node is not None
    first = spot.y - spot.size[1] / 2 + _FIRST + 3.0 + (8.0 if node.kind is Kind.DATASET else 0.0)
    whole = f"{node.kind} {node.label}" + (f": {node.detail}" if node.detail else "")
    shape = f'<path class="node {node.kind}" d="{_outline(spot, node.kind)}"/>'
    details = (_words("detail", spot.x, first + _LINE * number, line) for number, line in enumerate(lines[node.id], 1))
    name = _words("name", spot.x, first, node.label)
    return f"<g><title>{escape(whole)}</title>{shape}{name}{''.join(details)}</g>"


def _words(look: str, x: float, y: float, text: str) -> str:
    return f'<text class="{look}" x="{x:.1f}" y="{y:.1f}" text-anchor="middle">{escape(text)}</text>'


def _outline(spot: Spot, kind: Kind) -> str:
    """The shape of a kind from the upper left corner clockwise."""
    w, h = spot.size
    x, y = spot.x - w / 2, spot.y - h / 2
    match kind:
        case Kind.DATASET:  # a drum
            side = f"M{x:.1f} {y + 8:.1f}v{h - 16:.1f}a{w / 2:.1f} 8 0 0 0 {w:.1f} 0v{16 - h:.1f}"
            return f"{side}a{w / 2:.1f} 8 0 0 0 {-w:.1f} 0a{w / 2:.1f} 8 0 0 0 {w:.1f} 0"
        case Kind.GATE:
            return f"M{x + 11:.1f} {y:.1f}h{w - 22:.1f}l11 {h / 2:.1f}l-11 {h / 2:.1f}h{22 - w:.1f}l-11 {-h / 2:.1f}z"
        case Kind.STAGE:  # points on
            return f"M{x:.1f} {y:.1f}h{w - 12:.1f}l12 {h / 2:.1f}l-12 {h / 2:.1f}h{12 - w:.1f}z"
    r = min(h / 2, 18.0) if kind is Kind.MODEL else 6.0
    corner = f"a{r:g} {r:g} 0 0 1 "
    box = (
        f"M{x + r:.1f} {y:.1f}h{w - 2 * r:.1f}{corner}{r:g} {r:g}v{h - 2 * r:.1f}{corner}{-r:g} {r:g}"
        f"h{2 * r - w:.1f}{corner}{-r:g} {-r:g}v{2 * r - h:.1f}{corner}{r:g} {-r:g}z"
    )
    return (
        f"{box}M{x + 5:.1f} {y + 5:.1f}v{h - 10:.1f}M{x + w - 5:.1f} {y + 5:.1f}v{h - 10:.1f}"
        if kind is Kind.DEPLOY
        else box
    )


def _edge(source: Node, target: Node, edge: Edge, way: tuple[Point, ...]) -> str:
    """A line that leaves and enters level, upright where it ends above a gate: ways in common lie on each other."""
    (x, y), *_ = way
    bends = []
    for number, ((a, b), (c, d)) in enumerate(pairwise(way)):
        half = (c - a) / 2
        one, other = (a + half, b), (c - half, d)
        if target.kind is Kind.GATE and number == 0:
            one = other = (a, d)
        elif source.kind is Kind.GATE and number == len(way) - 2:
            one = other = (c, b)
        bends.append(f"C{one[0]:.1f} {one[1]:.1f} {other[0]:.1f} {other[1]:.1f} {c:.1f} {d:.1f}")
    words = f": {', '.join(edge.words)}" if edge.words else ""
    return (
        f'<path class="edge {edge.tie}" marker-end="url(#tip-{edge.tie})" d="M{x:.1f} {y:.1f}{"".join(bends)}">'
        f"<title>{escape(f'{source.label} → {target.label}{words}')}</title></path>"
    )


def _tip(tie: Tie) -> str:
    return (
        f'<marker id="tip-{tie}" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="8" markerHeight="8" '
        f'markerUnits="userSpaceOnUse" orient="auto"><path class="tip-{tie}" d="M0 0L10 5L0 10z"/></marker>'
    )


def _legend(graph: Graph, y: float) -> list[str]:
    """What the kinds of lines mean, for those that are there."""
    found, x = [], _MARGIN
    there = {edge.tie for edge in graph.edges}
    for tie, words in _SAYS.items():
        if tie in there:
            found.append(f'<path class="edge {tie}" marker-end="url(#tip-{tie})" d="M{x:.1f} {y - 4:.1f}h34"/>')
            found.append(f'<text class="small" x="{x + 42:.1f}" y="{y:.1f}">{words}</text>')
            x += 42 + _wide(words, _DETAIL) + 28
    return found
