from __future__ import annotations

from itertools import pairwise

from modelsync.plan.drawing.layers import Grid, Spot, arrange, is_gate
from modelsync.plan.drawing.picture import Edge, Graph, Kind, Node, Tie


def grid(graph: Graph) -> Grid:
    return arrange(graph, {node.id: (100.0, 40.0) for node in graph.nodes})


def at(found: Grid, id: str) -> Spot:
    return next(spot for spot in found.nodes if spot.node is not None and spot.node.id == id)


def test_columns_are_the_longest_way_and_gates_stand_between_them(graphs: dict[str, Graph]) -> None:
    found = grid(graphs["wide"])
    levels = {spot.node.id: spot.level for spot in found.nodes if spot.node}
    assert [levels[f"step:train.{name}"] for name in ("fit", "evaluate", "best")] == [2, 4, 6]
    assert (levels["dataset:rows"], levels["gate:quality"]) == (0, 1)
    assert (levels["model:m"], levels["gate:steady"], levels["stage:production"]) == (8, 9, 12)
    for edge, chain in found.chains:
        assert levels[edge.source] < levels[edge.target]
        assert [one.level < other.level for one, other in pairwise(chain)].count(False) == 0
    assert {is_gate(spot) for spot in found.nodes if spot.level % 2} == {True}


def test_what_needs_nothing_stands_beside_its_first_user() -> None:
    nodes = [Node(Kind.DATASET, "late", "late"), *(Node(Kind.STEP, f"p.{n}", str(n), pipeline="p") for n in range(4))]
    edges = [Edge(f"step:p.{n}", f"step:p.{n + 1}", Tie.FLOW) for n in range(3)]
    found = grid(Graph("x", tuple(nodes), (*edges, Edge("dataset:late", "step:p.3", Tie.FLOW))))
    assert at(found, "dataset:late").level == at(found, "step:p.3").level - 2


def test_pipelines_share_a_band_only_one_after_the_other_and_gates_stand_below_what_they_judge(
    graphs: dict[str, Graph],
) -> None:
    found = grid(graphs["wide"])
    train, report, model = (at(found, id).band for id in ("step:train.fit", "step:report.page", "model:m"))
    assert train == model != report  # the report is made while the model goes on
    assert train > report
    assert at(found, "gate:quality").band == at(found, "dataset:rows").band + 1
    assert at(found, "gate:steady").band == model + 1
    assert {spot.band % 2 for spot in found.nodes if is_gate(spot)} == {1}
    boxes: dict[int, list[tuple[str, int]]] = {}
    for spot in found.nodes:
        if spot.node and spot.node.kind is Kind.STEP:
            boxes.setdefault(spot.band, []).append((spot.node.pipeline, spot.level))
    for steps in boxes.values():
        spans = {name: [level for of, level in steps if of == name] for name, _ in steps}
        ordered = sorted((min(levels), max(levels)) for levels in spans.values())
        assert all(one[1] < other[0] for one, other in pairwise(ordered))


def test_long_edges_share_their_way() -> None:
    names = "abcde"
    nodes = tuple(Node(Kind.STEP, f"p.{name}", name, pipeline="p") for name in names)
    steps = [Edge(f"step:p.{one}", f"step:p.{other}", Tie.FLOW) for one, other in pairwise(names)]
    long = [Edge("step:p.a", "step:p.d", Tie.FLOW), Edge("step:p.a", "step:p.e", Tie.FLOW)]
    found = grid(Graph("x", nodes, (*steps, *long)))
    chains = {(edge.source, edge.target): chain for edge, chain in found.chains}
    short, longer = chains["step:p.a", "step:p.d"], chains["step:p.a", "step:p.e"]
    assert len(short) == 4
    assert longer[:3] == short[:3]
    assert short[1] in found.rows[short[1].band, short[1].level]


def test_neighbours_stand_opposite_each_other() -> None:
    left = [Node(Kind.DATASET, name, name) for name in ("a", "b", "c")]
    right = [Node(Kind.STEP, f"p.{name}", name, pipeline="p") for name in ("c", "b", "a")]
    edges = [Edge(f"dataset:{name}", f"step:p.{name}", Tie.FLOW) for name in ("a", "b", "c")]
    found = grid(Graph("x", (*left, *right), tuple(edges)))
    rows = [[spot.node.title for spot in row if spot.node] for row in found.rows.values()]
    assert rows[0] == rows[1]
