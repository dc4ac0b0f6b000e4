from __future__ import annotations

import re

from modelsync.plan.drawing.mermaid import draw
from modelsync.plan.drawing.picture import Graph, Kind, Node


def test_nodes_stand_in_their_pipelines_with_shape_and_class(graphs: dict[str, Graph]) -> None:
    drawn = draw(graphs["wide"])
    lines = drawn.splitlines()
    assert lines[0] == "flowchart LR"
    assert lines[1] == '  subgraph pipeline_train["pipeline train"]'
    assert '    step_train__fit["train.fit ×3<br/>flow.py:fit"]:::step' in lines
    assert '  dataset_rows[("rows<br/>s3://bucket/rows.parquet")]:::dataset' in lines
    assert '  stage_development[/"development"/]:::stage' in lines
    assert '  step_train__best -->|"model, metrics"| model_m' in lines
    assert "  gate_quality -.-> step_train__fit" in lines
    assert "  stage_development ==> stage_production" in lines
    assert lines.count("  end") == 2
    for kind in Kind:
        assert re.search(rf"^  classDef {kind} fill:#\w+,stroke:#\w+,color:#\w+$", drawn, re.MULTILINE)


def test_labels_hold_no_sign_that_means_something(graphs: dict[str, Graph]) -> None:
    drawn = draw(graphs["wide"])
    assert "report a #34;b#34; #60;c#62; #38; #92;d --model #123;inputs.model#125; -o #123;outputs.page#125;" in drawn
    for label in re.findall(r'"([^"\n]*)"', drawn):
        rest = re.sub(r"<br/>|#\d+;", "", label)
        assert not re.search(r'[<>&"`#;{}\[\]()|\\*_]', rest.replace("_", "")), label


def test_ids_are_words_and_differ_where_names_run_together() -> None:
    nodes = tuple(Node(Kind.STEP, name, name, pipeline=name.split(".")[0]) for name in ("a_.b", "a._b", "a.end"))
    drawn = draw(Graph("x", nodes, ()))
    ids = re.findall(r"^\s*(step_\w+)\[", drawn, re.MULTILINE)
    assert ids == ["step_a___b", "step_a___b_", "step_a__end"]
    assert draw(Graph("x", (), ())) == "flowchart LR\n"
