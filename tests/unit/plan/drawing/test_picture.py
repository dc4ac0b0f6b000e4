from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from modelsync.language.delivery import EndpointTarget
from modelsync.language.model import Spec
from modelsync.plan.drawing.picture import Edge, Graph, Kind, Node, Tie, graph
from modelsync.plan.graph import tasks
from modelsync.plan.model import NodeKind
from tests.unit.plan.conftest import SPEC

_SAME = {NodeKind.DATASET: "dataset", NodeKind.STEP: "step", NodeKind.GATE: "gate", NodeKind.VERSION: "model"}


def into(found: Graph, id: str) -> dict[str, tuple[Tie, tuple[str, ...]]]:
    return {edge.source: (edge.tie, edge.words) for edge in found.entering[id]}


def test_each_node_comes_after_what_it_needs_and_every_thing_is_there(wide: Spec) -> None:
    found = graph(wide)
    seen: set[str] = set()
    for node in found.nodes:
        assert {edge.source for edge in found.entering[node.id]} <= seen
        seen.add(node.id)
    assert {node.name for node in found.nodes if node.kind is Kind.STEP} == {step.id for step in wide.steps}
    assert {node.kind for node in found.nodes} == set(Kind)
    assert found.pipelines == ("train", "report")
    assert set(found.by_id) == seen


def test_it_is_the_graph_that_a_run_follows(load_spec: Callable[..., Spec]) -> None:
    spec = load_spec()
    found = graph(spec)
    for task in tasks(spec):
        if task.kind in _SAME:
            drawn = {edge.source for edge in found.entering[f"{_SAME[task.kind]}:{task.name}"]}
            made_by = {"model:m": "step:train.fit"} if task.kind is NodeKind.GATE else {}
            assert set(task.needs) == {made_by.get(id, id) for id in drawn}, task.id


def test_what_flows_is_named_and_what_guards_is_told_apart(load_spec: Callable[..., Spec], wide: Spec) -> None:
    small = graph(load_spec())
    assert into(small, "step:train.clean") == {"dataset:rows": (Tie.FLOW, ()), "gate:quality": (Tie.GUARD, ())}
    assert into(small, "step:train.fit")["step:train.clean"] == (Tie.FLOW, ("table",))
    assert into(small, "stage:production") == {
        "stage:development": (Tie.ORDER, ()), "gate:drifted": (Tie.GUARD, ()), "gate:good": (Tie.GUARD, ()),
    }  # fmt: skip
    assert into(small, "deploy:live") == {"stage:production": (Tie.ORDER, ()), "model:m": (Tie.FLOW, ())}
    found = graph(wide)
    assert into(found, "gate:steady")["step:train.evaluate"] == (Tie.FLOW, ("every member",))
    assert into(found, "step:report.last") == {"step:report.page": (Tie.ORDER, ())}
    assert into(found, "gate:mild") == {"dataset:rows": (Tie.FLOW, ("@1.2.0 as reference",))}
    assert "gate:quality" in into(found, "stage:production")  # its condition asks for that verdict
    assert into(found, "deploy:spare") == {"model:m": (Tie.FLOW, ())}


def test_a_gate_that_does_not_block_guards_no_step(load_spec: Callable[..., Spec]) -> None:
    mild = graph(load_spec(text=SPEC.replace("    kind: quality\n", "    kind: quality\n    severity: info\n")))
    assert into(mild, "step:train.clean") == {"dataset:rows": (Tie.FLOW, ())}
    assert "gate:quality" in into(mild, "stage:development")


def test_a_gate_on_the_artifact_of_a_model_stands_before_the_model(load_spec: Callable[..., Spec]) -> None:
    own = "  own: {kind: custom, uses: flow.py:fit, target: pipelines.train.fit.model, with: {table: 1, learner: 2}}\n"
    found = graph(load_spec(text=SPEC.replace("gates:\n", f"gates:\n{own}", 1)))
    assert into(found, "model:m")["gate:own"] == (Tie.GUARD, ())
    assert found.by_id["gate:own"].detail == "custom: flow.py:fit"


@pytest.mark.parametrize(
    ("id", "label", "detail"),
    [
        ("dataset:rows", "rows", "s3://bucket/rows.parquet"),
        ("dataset:asked", "asked", "a query"),
        ("step:train.fit", "train.fit ×3", "flow.py:fit"),
        ("step:train.evaluate", "train.evaluate ×3", "flow.py:evaluate"),
        ("step:report.page", "report.page", 'report a "b" <c> & \\d --model {inputs.model} -o {outputs.page}'),
        ("gate:mild", "mild", "drift: 1 check, warning only"),
        ("model:m", "m", "versions from 0.1.0"),
        (
            "stage:production",
            "production",
            'when metrics.roc_auc >= 0.5 and gate(quality) == "pass", approval by 1 of lead',
        ),
        ("stage:development", "development", ""),
        ("deploy:live", "live", "canary 5 → 100 % on kubernetes namespace ml"),
        ("deploy:spare", "spare", "recreate on https://example.org/m"),
        ("deploy:box", "box", "recreate on docker port 9000"),
    ],
)
def test_a_node_says_what_people_want_to_know(wide: Spec, id: str, label: str, detail: str) -> None:
    node = graph(wide).by_id[id]
    assert (node.label, node.detail) == (label, detail)


def test_one_pipeline_needs_no_name_before_its_steps(load_spec: Callable[..., Spec]) -> None:
    assert graph(load_spec()).by_id["step:train.fit"].label == "fit"


def test_what_a_terminal_would_obey_is_escaped(wide: Spec) -> None:
    spare = replace(wide.deploys["spare"], target=EndpointTarget("https://x.y/\x1b[31mred\n\ud800"))
    found = graph(replace(wide, deploys={**wide.deploys, "spare": spare}))
    assert found.by_id["deploy:spare"].detail == "recreate on https://x.y/\\x1b[31mred \\ud800"


def test_a_graph_is_plain_data() -> None:
    node = Node(Kind.STEP, "p.s", "s", pipeline="p", times=2)
    assert (node.id, node.label) == ("step:p.s", "s ×2")
    assert Graph("x", (node,), (Edge("a", node.id, Tie.FLOW),)).entering == {node.id: [Edge("a", "step:p.s", Tie.FLOW)]}
