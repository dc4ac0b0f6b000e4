from __future__ import annotations

import pytest

from modelsync.plan.drawing.picture import Edge, Graph, Kind, Node, Tie
from modelsync.plan.drawing.text import WIDTH, draw, summary


def test_every_node_has_its_line_in_the_order_of_execution(graphs: dict[str, Graph]) -> None:
    assert (
        draw(graphs["small"])
        == """\
small: 1 dataset, 3 steps, 3 gates, 1 model, 2 stages, 1 deployment
  dataset  rows         rows.csv
  gate     quality      quality: 1 check              ← rows
  step     clean        flow.py:clean                 ← rows, quality
  gate     drifted      drift: 1 check                ← clean (table)
  step     fit          flow.py:fit                   ← clean (table), drifted
  step     evaluate     flow.py:evaluate              ← fit (model), clean (table), drifted
  model    m            versions from 0.1.0           ← fit (model), evaluate (metrics)
  gate     good         performance: 2 checks         ← m, clean (table)
  stage    development                                ← m, quality
  stage    production   when metrics.roc_auc >= 0.7   ← development, drifted, good
  deploy   live         recreate on local port 18123  ← production, m
"""
    )


def test_nothing_goes_beyond_the_width_and_what_is_needed_is_never_torn(graphs: dict[str, Graph]) -> None:
    lines = draw(graphs["wide"]).splitlines()
    assert max(map(len, lines)) <= WIDTH
    assert [line for line in lines if line != line.rstrip()] == []
    assert "  step     train.fit ×3" in "\n".join(lines)
    needs = tuple(Edge(f"step:p.{name}", "step:p.z", Tie.FLOW, ("some thing",)) for name in "abcdefgh")
    nodes = tuple(Node(Kind.STEP, f"p.{name}", name * 6, "x" * 28, "p") for name in "abcdefghz")
    drawn = draw(Graph("many", nodes, needs)).splitlines()[9:]
    assert drawn[0].endswith("← aaaaaa (some thing), bbbbbb (some thing),")
    assert drawn[1].strip() == "cccccc (some thing), dddddd (some thing),"
    assert drawn[1].index("c") == drawn[0].index("← ") + 2
    assert len(drawn) == 4


def test_long_words_go_on_below(graphs: dict[str, Graph]) -> None:
    node = Node(Kind.STAGE, "s", "s", " ".join(["condition"] * 12))
    other = Node(Kind.STAGE, "t", "t")
    drawn = draw(Graph("long", (other, node), (Edge("stage:t", "stage:s", Tie.ORDER),))).splitlines()
    assert [line.strip() for line in drawn[2:]] == [
        "stage    s  " + " ".join(["condition"] * 8), " ".join(["condition"] * 4) + "  ← t",
    ]  # fmt: skip
    assert draw(graphs["none"]) == "none: nothing is made yet\n"


def test_a_need_that_is_longer_than_a_line_is_not_torn() -> None:
    other, node = Node(Kind.STEP, "p.a", "a" * 60, "x", "p"), Node(Kind.STEP, "p.b", "b", "x", "p")
    words = ("output_" * 9,)
    drawn = draw(Graph("long", (other, node), (Edge(other.id, node.id, Tie.FLOW, words),))).splitlines()
    assert drawn[-1].strip() == f"← {'a' * 60} ({words[0]})"


def test_things_are_counted(graphs: dict[str, Graph]) -> None:
    said = summary(graphs["wide"])
    assert said == "2 datasets, 5 steps in 2 pipelines, 3 gates, 1 model, 2 stages, 3 deployments"


@pytest.mark.parametrize("width", [60, 80, 140])
def test_the_width_is_that_of_who_shows_it(graphs: dict[str, Graph], width: int) -> None:
    assert max(map(len, draw(graphs["small"], width).splitlines())) <= width
    assert draw(graphs["small"], 10) == draw(graphs["small"], 40)
