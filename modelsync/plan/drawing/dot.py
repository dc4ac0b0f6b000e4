"""The graph in the DOT language, for Graphviz and whatever else reads it."""

from __future__ import annotations

from modelsync.plan.drawing.picture import Edge, Graph, Kind, Node, Tie

_SHAPES = {
    Kind.DATASET: "cylinder",
    Kind.STEP: "box",
    Kind.GATE: "hexagon",
    Kind.MODEL: "ellipse",
    Kind.STAGE: "parallelogram",
    Kind.DEPLOY: "box3d",
}
_FILLS = {
    Kind.DATASET: "#d7ecff",
    Kind.STEP: "#f3f1ea",
    Kind.GATE: "#ffe9c7",
    Kind.MODEL: "#e4dcfa",
    Kind.STAGE: "#d9f2e3",
    Kind.DEPLOY: "#ffdcd9",
}
_LINES = {Tie.FLOW: "solid", Tie.ORDER: "bold", Tie.GUARD: "dashed"}


def draw(graph: Graph) -> str:
    """The lines of one `digraph`, each ended; every id and label is quoted."""
    lines = [f"digraph {_quoted(graph.project)} {{", "  rankdir=LR;", "  graph [fontname=Helvetica];"]
    lines.append('  node [fontname=Helvetica, style=filled, color="#555555"];')
    lines.append('  edge [fontname=Helvetica, fontsize=10, color="#555555"];')
    for pipeline in graph.pipelines:
        lines.append(f"  subgraph {_quoted(f'cluster_{pipeline}')} {{")
        lines.append(f"    label={_quoted(f'pipeline {pipeline}')};")
        lines += [f"    {_node(node)}" for node in graph.nodes if node.pipeline == pipeline]
        lines.append("  }")
    lines += [f"  {_node(node)}" for node in graph.nodes if not node.pipeline]
    lines += [f"  {_edge(edge)}" for edge in graph.edges]
    return "".join(f"{line}\n" for line in (*lines, "}"))


def _node(node: Node) -> str:
    label = _quoted(node.label, node.detail) if node.detail else _quoted(node.label)
    return f"{_quoted(node.id)} [label={label}, shape={_SHAPES[node.kind]}, fillcolor={_quoted(_FILLS[node.kind])}];"


def _edge(edge: Edge) -> str:
    label = f"label={_quoted(', '.join(edge.words))}, " if edge.words else ""
    return f"{_quoted(edge.source)} -> {_quoted(edge.target)} [{label}style={_LINES[edge.tie]}];"


def _quoted(*lines: str) -> str:
    """Lines as one quoted text; a backslash would begin an escape, such as the name of the node."""
    return '"' + r"\n".join(line.replace("\\", "\\\\").replace('"', '\\"') for line in lines) + '"'
