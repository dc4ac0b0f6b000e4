from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from modelsync.core.expression import parse
from modelsync.plan.difference.sides import Side, mapped, side
from tests.unit.plan.difference.conftest import Desk


def place(found: Side, *path: str | int) -> str:
    at = found.at(*path)
    line = found.texts[0].splitlines()[at.line - 1]
    return line[at.col - 1 : at.end_col - 1] if at.end_line == at.line else line[at.col - 1 :]


def test_a_path_leads_to_its_key_or_value_as_far_as_it_is_written(desk: Desk) -> None:
    found = side(desk.subject())
    assert place(found, "gates", "good") == "good"
    assert place(found, "gates", "good", "target") == "models.m"
    assert place(found, "pipelines", "train", "steps", "fit", "with", "learner") == '"${{ params.learner }}"'
    assert place(found, "stages", "production", "approval", "count") == "2"
    assert found.at("deploy", "live", "steps", 1).line == found.at("deploy", "live", "steps", 0).line + 1
    assert place(found, "deploy", "live", "steps", 9) == "steps"
    assert place(found, "gates", "good", "severity") == "good"  # not written: the thing it belongs to
    assert found.at().line == 1
    assert found.node("params", "size", "max") is not None
    assert found.node("params", "size", "values") is None


def test_names_of_the_other_spec_lead_to_those_of_the_text(desk: Desk) -> None:
    names = {("gates", "better"): "good", ("pipelines", "make"): "train", ("steps", "make", "learn"): "fit"}
    found = replace(side(desk.subject()), names=names)
    assert place(found, "gates", "better", "kind") == "performance"
    assert place(found, "pipelines", "make", "steps", "learn") == "fit"
    assert place(found, "pipelines", "make", "steps", "best") == "best"
    assert found.check_at("better", 1, "min_delta") == side(desk.subject()).check_at("good", 1, "min_delta")


def test_a_check_has_the_place_of_its_key_else_its_own(desk: Desk) -> None:
    found = side(desk.subject())
    text = found.texts[0].splitlines()
    at = found.check_at("good", 1, "confidence")
    assert text[at.line - 1][at.col - 1 : at.end_col - 1] == "0.95"
    at = found.check_at("good", 1, "max")
    assert text[at.line - 1][at.col - 1 :].startswith("{metric: roc_auc, versus")
    assert found.check_at("good", 7, "max") == found.at("gates", "good")


def test_where_a_project_lies_is_no_part_of_what_it_means(desk: Desk, tmp_path: Path) -> None:
    for name in ("flow.py", "rows.csv"):
        (tmp_path / name).write_text((desk.path.parent / name).read_text())
    moved = Desk(tmp_path / "modelsync.yaml", desk.text)
    assert side(desk.subject()).spec == side(moved.subject()).spec
    assert side(desk.subject()).spec.datasets["rows"].path == Path("rows.csv")


def test_needless_spaces_of_a_condition_are_gone(desk: Desk) -> None:
    spaced = desk.text.replace("metrics.roc_auc >= 0.7", "metrics.roc_auc   >= 0.7")
    assert side(desk.subject(spaced)).spec.stages == side(desk.subject()).spec.stages


def test_every_part_of_a_tree_can_be_changed_and_the_rest_stays(desk: Desk) -> None:
    spec = desk.subject().spec

    def louder(value: Any) -> Any:
        return value.upper() if isinstance(value, str) and value == "boss" else value

    changed = mapped(spec, louder)
    approval = changed.stages["production"].approval
    assert approval is not None
    assert approval.roles == ("lead", "BOSS")
    assert changed.gates == spec.gates
    expression = parse("metrics.a > 1")
    assert mapped({"x": (expression,)}, lambda value: value) == {"x": (expression,)}
