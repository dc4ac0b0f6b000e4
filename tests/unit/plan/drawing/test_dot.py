from __future__ import annotations

import re

from modelsync.plan.drawing.dot import draw
from modelsync.plan.drawing.picture import Graph


def test_nodes_stand_in_their_clusters_and_edges_say_what_goes_along(graphs: dict[str, Graph]) -> None:
    lines = draw(graphs["wide"]).splitlines()
    assert lines[0] == 'digraph "wide" {'
    assert lines[-1] == "}"
    assert '  subgraph "cluster_train" {' in lines
    assert '    "step:train.fit" [label="train.fit ×3\\nflow.py:fit", shape=box, fillcolor="#f3f1ea"];' in lines
    assert '  "step:train.best" -> "model:m" [label="model, metrics", style=solid];' in lines
    assert '  "gate:quality" -> "step:train.fit" [style=dashed];' in lines
    assert '  "stage:development" -> "stage:production" [style=bold];' in lines


def test_quotes_and_backslashes_are_escaped(graphs: dict[str, Graph]) -> None:
    drawn = draw(graphs["wide"])
    assert 'report a \\"b\\" <c> & \\\\d --model {inputs.model} -o {outputs.page}' in drawn
    outside = re.sub(r'"(\\.|[^"\\])*"', "", drawn)
    assert re.fullmatch(r"[\w\s{}\[\]=;,>-]*", outside)
