"""The forms in which the graph of a spec is drawn: one form, one module with `draw(graph)`, and this table."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from modelsync.plan.drawing import dot, mermaid, svg, text
from modelsync.plan.drawing.picture import Graph

FORMS: Mapping[str, Callable[[Graph], str]] = {
    "text": text.draw,
    "mermaid": mermaid.draw,
    "dot": dot.draw,
    "svg": svg.draw,
}
"""What `graph --format` takes -> the function that draws it; each gives the whole text with its last line end."""

ENDINGS: Mapping[str, str] = {
    ".txt": "text",
    ".mmd": "mermaid",
    ".mermaid": "mermaid",
    ".dot": "dot",
    ".gv": "dot",
    ".svg": "svg",
}
"""The form that the name of a file asks for."""
