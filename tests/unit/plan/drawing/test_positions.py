from __future__ import annotations

from itertools import combinations

import pytest

from modelsync.plan.drawing.layers import Spot
from modelsync.plan.drawing.picture import Edge, Graph, Kind, Node, Tie
from modelsync.plan.drawing.positions import Layout, place


def laid(graph: Graph) -> Layout:
    return place(graph, {node.id: (60.0 + 7 * len(node.label), 40.0) for node in graph.nodes})


def box(spot: Spot) -> tuple[float, float, float, float]:
    (width, height) = spot.size
    return spot.x - width / 2, spot.y - height / 2, spot.x + width / 2, spot.y + height / 2


def overlap(one: tuple[float, float, float, float], other: tuple[float, float, float, float]) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


@pytest.mark.parametrize("name", ["wide", "small"])
def test_no_node_lies_on_another_and_all_lie_on_the_page(graphs: dict[str, Graph], name: str) -> None:
    layout = laid(graphs[name])
    for one, other in combinations(layout.spots, 2):
        assert not overlap(box(one), box(other)), (one.node, other.node)
    for left, top, right, bottom in map(box, layout.spots):
        assert 0 <= left < right <= layout.size[0]
        assert 0 <= top < bottom <= layout.size[1]


@pytest.mark.parametrize("name", ["wide", "small"])
def test_a_frame_holds_the_steps_of_its_pipeline_and_nothing_else(graphs: dict[str, Graph], name: str) -> None:
    layout = laid(graphs[name])
    for frame in layout.frames:
        (left, top), (width, height) = frame.corner, frame.size
        area = (left, top, left + width, top + height)
        inside = {spot.node.name for spot in layout.spots if spot.node and overlap(box(spot), area)}
        assert inside == {node.name for node in graphs[name].nodes if node.pipeline == frame.pipeline}


@pytest.mark.parametrize("name", ["wide", "small"])
def test_edges_begin_and_end_at_their_nodes_and_go_to_the_right(graphs: dict[str, Graph], name: str) -> None:
    layout = laid(graphs[name])
    where = {spot.node.id: spot for spot in layout.spots if spot.node}
    for edge, way in layout.ways:
        first, last = where[edge.source], where[edge.target]
        assert [x for x, _ in way] == sorted(x for x, _ in way), edge
        for (x, y), spot in ((way[0], first), (way[-1], last)):
            left, top, right, bottom = box(spot)
            assert x in (left, right) or left < x < right
            assert y in (top, spot.y, bottom)
    gated = [way for edge, way in layout.ways if where[edge.target].node.kind is Kind.GATE]  # type: ignore[union-attr]
    assert gated


def test_the_main_way_is_straight(graphs: dict[str, Graph]) -> None:
    ys = {spot.node.id: spot.y for spot in laid(graphs["small"]).spots if spot.node}
    main = ["dataset:rows", "step:train.clean", "step:train.fit", "model:m", "stage:development", "deploy:live"]
    assert max(abs(ys[id] - ys[main[0]]) for id in main) < 1.0


def test_the_same_graph_is_laid_out_the_same(graphs: dict[str, Graph]) -> None:
    one, other = laid(graphs["wide"]), laid(graphs["wide"])
    assert one.ways == other.ways
    assert one.size == other.size
    assert laid(graphs["none"]).spots == ()


def test_a_gate_below_one_pipeline_reaches_what_stands_below_it_from_above() -> None:
    nodes = [Node(Kind.STEP, f"{name}.a", "a", pipeline=name) for name in ("main", "side")]
    nodes += [Node(Kind.GATE, "judge", "judge"), Node(Kind.MODEL, "m", "m"), Node(Kind.STAGE, "stage", "stage")]
    edges = [
        Edge("step:side.a", "gate:judge", Tie.FLOW),
        Edge("step:main.a", "model:m", Tie.FLOW),
        Edge("model:m", "stage:stage", Tie.FLOW),
        Edge("gate:judge", "stage:stage", Tie.GUARD),
    ]
    layout = laid(Graph("x", tuple(nodes), tuple(edges)))
    where = {spot.node.id: spot for spot in layout.spots if spot.node}
    ways = {(edge.source, edge.target): way for edge, way in layout.ways}
    assert where["step:side.a"].y < where["gate:judge"].y < where["stage:stage"].y
    assert ways["step:side.a", "gate:judge"][0][1] == box(where["step:side.a"])[3]
    assert ways["gate:judge", "stage:stage"][-1][1] == box(where["stage:stage"])[1]
