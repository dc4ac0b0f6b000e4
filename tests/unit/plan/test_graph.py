from __future__ import annotations

from collections.abc import Callable

from modelsync.language.model import Ref, RefKind, Spec
from modelsync.plan.graph import champion_stage, gates_of, source_of, tasks, upstream
from modelsync.plan.model import Task
from tests.unit.plan.conftest import SPEC


def by_id(spec: Spec) -> dict[str, Task]:
    return {task.id: task for task in tasks(spec)}


def test_each_task_comes_after_what_it_needs(load_spec: Callable[..., Spec]) -> None:
    seen: set[str] = set()
    for task in tasks(load_spec()):
        assert set(task.needs) | set(task.after) <= seen
        seen.add(task.id)


def test_a_critical_gate_stands_before_the_consumers_of_its_target_and_another_does_not(
    load_spec: Callable[..., Spec],
) -> None:
    found = by_id(load_spec())
    assert found["step:train.clean"].needs == ("dataset:rows", "gate:quality")
    assert "gate:drifted" in found["step:train.fit"].needs
    mild = by_id(load_spec(text=SPEC.replace("    kind: quality\n", "    kind: quality\n    severity: warning\n")))
    assert mild["step:train.clean"].needs == ("dataset:rows",)


def test_the_version_waits_for_the_gates_on_its_model_however_they_end(load_spec: Callable[..., Spec]) -> None:
    found = by_id(load_spec())
    assert found["version:m"].after == ("gate:quality", "gate:drifted", "gate:good")
    assert found["deploy:m.production"].needs == ("promote:m.development",)
    assert found["promote:m.production"].needs == ("promote:m.development", "deploy:m.production")


def test_two_pipelines_and_two_models_have_names_that_tell_them_apart(load_spec: Callable[..., Spec]) -> None:
    other = "  other:\n    steps:\n      clean:\n        run: flow.py:clean\n        inputs: {data: datasets.rows}\n"
    text = SPEC.replace("gates:\n  quality", f"{other}        outputs: {{table: table}}\ngates:\n  quality")
    text = text.replace("reference: champion", "reference: datasets.rows")
    text = text.replace("stages:\n", "  n:\n    artifact: pipelines.train.fit.model\nstages:\n")
    labels = {task.label for task in tasks(load_spec(text=text))}
    assert {"train.clean", "other.clean", "version: m", "version: n", "promote: production of n"} <= labels
    assert "deploy: production of m" in labels
    assert "deploy: production of n" not in labels


def test_where_things_come_from(load_spec: Callable[..., Spec]) -> None:
    spec = load_spec()
    model = spec.models["m"]
    at = model.at
    assert source_of(spec, Ref(RefKind.DATASET, ("rows",), at)) == "dataset:rows"
    assert source_of(spec, Ref(RefKind.MODEL, ("m",), at)) == "step:train.fit"
    datasets, steps = upstream(spec, [Ref(RefKind.MODEL, ("m",), at)])
    assert (set(datasets), set(steps)) == ({"rows"}, {"train.fit", "train.clean"})
    assert gates_of(spec, spec.stages["production"], model) == ("drifted", "good")


def test_the_champion_lives_in_production_or_in_the_last_stage(load_spec: Callable[..., Spec]) -> None:
    assert champion_stage(load_spec()) == "production"
    other = load_spec(text=SPEC.replace("  production: {", "  live: {"))
    assert champion_stage(other) == "live"
    without = SPEC[: SPEC.index("stages:")].replace("reference: champion", "reference: datasets.rows")
    assert champion_stage(load_spec(text=without.replace(", versus: champion, min_delta: -0.1", ", max: 1"))) is None
