from __future__ import annotations

from pathlib import Path

from modelsync.api.planning import make_plan
from modelsync.api.projects import open_project
from modelsync.api.starting import init


def test_a_plan_touches_nothing(tmp_path: Path) -> None:
    made = init(tmp_path, "churn")
    before = sorted(path for path in tmp_path.rglob("*"))
    plan, _ = make_plan(open_project(made.spec))
    assert plan.nodes[0].task.label == "dataset: tumours"
    assert sorted(path for path in tmp_path.rglob("*")) == before


def test_comments_do_not_change_what_code_means_and_code_does(tmp_path: Path) -> None:
    made = init(tmp_path, "churn")
    _, first = make_plan(open_project(made.spec))
    flow = tmp_path / "flows/churn.py"
    flow.write_text("# a remark\n" + flow.read_text())
    _, second = make_plan(open_project(made.spec))
    assert first.code == second.code
    flow.write_text(flow.read_text().replace("max_iter=1000", "max_iter=2000"))
    _, third = make_plan(open_project(made.spec))
    assert third.code["train.fit"] != first.code["train.fit"]
    assert third.code["train.evaluate"] == first.code["train.evaluate"]
    assert set(first.code) == {"train.split", "train.fit", "train.evaluate", "gate:few_missed"}
