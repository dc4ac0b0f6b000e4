from __future__ import annotations

import json

from modelsync.core.version import Version
from modelsync.plan.model import Decision, Node, NodeKind, Plan, Task, node_id
from modelsync.release.bumps import Prediction

FIT = Node(Task(NodeKind.STEP, "train.fit", "fit", ("dataset:rows",)), Decision.RUN, "first run")
LATER = Node(Task(NodeKind.PROMOTE, "m", "promote: staging", stage="staging"), Decision.WAIT, "later")
KEPT = Node(Task(NodeKind.DATASET, "rows", "dataset: rows"), Decision.REUSE, "version 1.0.0")


def test_ids_are_made_of_kind_name_and_stage() -> None:
    assert (FIT.id, LATER.id) == ("step:train.fit", "promote:m.staging")
    assert node_id(NodeKind.GATE, "fair") == "gate:fair"


def test_work_is_what_a_run_may_have_to_do() -> None:
    plan = Plan("p", (KEPT, FIT, LATER))
    assert plan.work == (FIT, LATER)
    assert not plan.idle
    assert Plan("p", (KEPT,)).idle
    assert plan.node("dataset:rows") is KEPT


def test_a_plan_is_plain_values() -> None:
    plan = Plan("p", (FIT,), {"m": Prediction(((Version(0, 1, 0), "first version"),))})
    value = json.loads(json.dumps(plan.to_json()))
    assert value["nodes"][0] == {
        "id": "step:train.fit", "kind": "step", "label": "fit", "decision": "run", "reason": "first run",
        "needs": ["dataset:rows"], "after": [],
    }  # fmt: skip
    first = {"version": "0.1.0", "rule": "first version"}
    assert value["expected"] == {"m": {"possible": [first], "may_be_none": False}}


def test_a_version_that_waits_may_come_to_nothing_when_there_is_one() -> None:
    version = Node(Task(NodeKind.VERSION, "m", "version"), Decision.WAIT, "decided when the candidate is there")
    assert Plan("p", (version,), current={"m": "0.1.0"}).may_be_none("m")
    assert not Plan("p", (version,)).may_be_none("m")
