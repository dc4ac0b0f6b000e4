"""The graph as a Mermaid flowchart, which GitHub, GitLab and many editors draw inside of Markdown."""

from __future__ import annotations

import re

from modelsync.plan.drawing.picture import Edge, Graph, Kind, Node, Tie

# What stands around the label of each kind: its shape.
_SHAPES = {
    Kind.DATASET: ("[(", ")]"),
    Kind.STEP: ("[", "]"),
    Kind.GATE: ("{{", "}}"),
    Kind.MODEL: ("([", "])"),
    Kind.STAGE: ("[/", "/]"),
    Kind.DEPLOY: ("[[", "]]"),
}
_ARROWS = {Tie.FLOW: "-->", Tie.ORDER: "==>", Tie.GUARD: "-.->"}
# Fills that are readable with dark text, whatever the page's own theme is.
_CLASSES = {
    Kind.DATASET: "fill:#d7ecff,stroke:#2f6f9f,color:#10212e",
    Kind.STEP: "fill:#f3f1ea,stroke:#77715f,color:#23211c",
    Kind.GATE: "fill:#ffe9c7,stroke:#b0701a,color:#2e2010",
    Kind.MODEL: "fill:#e4dcfa,stroke:#6a4fb3,color:#1d1533",
    Kind.STAGE: "fill:#d9f2e3,stroke:#2e7d53,color:#0f2a1c",
    Kind.DEPLOY: "fill:#ffdcd9,stroke:#b1453c,color:#331411",
}
_PLAIN = re.compile(r"[A-Za-z0-9 _.,/:×→-]")


def draw(graph: Graph) -> str:
    """The lines of a `flowchart LR`, each ended."""
    ids = _ids(graph)
    lines = ["flowchart LR"]
    for pipeline in graph.pipelines:
        lines.append(f'  subgraph pipeline_{pipeline}["pipeline {_text(pipeline)}"]')
        lines += [f"    {_node(node, ids)}" for node in graph.nodes if node.pipeline == pipeline]
        lines.append("  end")
    lines += [f"  {_node(node, ids)}" for node in graph.nodes if not node.pipeline]
    lines += [f"  {_edge(edge, ids)}" for edge in graph.edges]
    drawn = {node.kind for node in graph.nodes}
    lines += [f"  classDef {kind} {style}" for kind, style in _CLASSES.items() if kind in drawn]
    return "".join(f"{line}\n" for line in lines)


def _ids(graph: Graph) -> dict[str, str]:
    """Words by the id of a node that stay the same when other nodes come and go, and are no words of Mermaid."""
    found: dict[str, str] = {}
    for node in graph.nodes:
        word = f"{node.kind}_{node.name.replace('.', '__')}"
        while word in found.values():
            word += "_"
        found[node.id] = word
    return found


def _node(node: Node, ids: dict[str, str]) -> str:
    before, after = _SHAPES[node.kind]
    detail = f"<br/>{_text(node.detail)}" if node.detail else ""
    return f'{ids[node.id]}{before}"{_text(node.label)}{detail}"{after}:::{node.kind}'


def _edge(edge: Edge, ids: dict[str, str]) -> str:
    words = f'|"{_text(", ".join(edge.words))}"|' if edge.words else ""
    return f"{ids[edge.source]} {_ARROWS[edge.tie]}{words} {ids[edge.target]}"


def _text(text: str) -> str:
    """A text in quotes: every sign that may mean something to Mermaid, Markdown or HTML as an entity."""
    return "".join(each if _PLAIN.match(each) else f"#{ord(each)};" for each in text)
