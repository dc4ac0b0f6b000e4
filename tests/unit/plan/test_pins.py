"""References to one version of a dataset."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from modelsync.core.errors import UsageError
from modelsync.language.model import Spec
from modelsync.plan.build import build
from modelsync.plan.model import Decision
from modelsync.plan.pins import pins
from tests.unit.plan.conftest import SPEC, Past

PINNED = SPEC.replace("inputs: {data: datasets.rows}", "inputs: {data: datasets.rows@1.0.0}")


def test_the_version_is_found_where_a_step_or_a_gate_names_it(load_spec: Callable[..., Spec]) -> None:
    past = Past(load_spec()).run()
    [first] = past.state.datasets["rows"]
    text = SPEC.replace("reference: champion\n    no_reference: pass", "reference: datasets.rows@1.0.0")
    assert pins(load_spec(text=PINNED), past.state) == {"datasets.rows@1.0.0": first}
    assert pins(load_spec(text=text), past.state) == {"datasets.rows@1.0.0": first}
    assert pins(load_spec(), past.state) == {}


def test_a_version_that_is_not_there_is_told_with_its_place(load_spec: Callable[..., Spec]) -> None:
    past = Past(load_spec()).run()
    spec = load_spec(text=PINNED.replace("rows@1.0.0", "rows@2.0.0"))
    with pytest.raises(UsageError, match=r"modelsync.yaml:14:24: dataset `rows` has no version 2.0.0") as told:
        pins(spec, past.state)
    assert told.value.help == "versions: 1.0.0"


def test_new_content_does_not_run_what_names_an_old_version(load_spec: Callable[..., Spec]) -> None:
    past = Past(load_spec()).run()
    spec = load_spec(text=PINNED)
    past = past.of(spec)
    past.pins = pins(spec, past.state)
    past.run()
    past.bytes = "v2"
    plan = build(spec, past.world)
    assert plan.node("dataset:rows").decision is Decision.RUN
    assert plan.node("step:train.clean").decision is Decision.REUSE
    assert "dataset:rows" not in plan.node("step:train.clean").task.needs
