from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from modelsync.api.specs import known
from modelsync.language.load import load
from modelsync.language.model import Spec
from modelsync.language.subject import Subject
from modelsync.plan.build import build
from modelsync.plan.difference import compare
from modelsync.plan.difference.changes import Class
from modelsync.plan.model import Decision
from tests.unit.plan.conftest import SPEC, Past
from tests.unit.plan.difference.conftest import Desk

Said = Callable[..., list[str]]


def about_steps(found: list[str]) -> list[str]:
    return [each.removeprefix("re-runs: ") for each in found if each.startswith("re-runs: ")]


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (
            "flow.py:fit",
            "flow.py:refit",
            "step `train.fit`: its function flow.py:fit -> flow.py:refit",
        ),
        (
            "seed: [1, 2]",
            "seed: [1, 3]",
            "step `train.fit`: its matrix, 2 -> 2 members (without {seed: 2}, with {seed: 3})",
        ),
        ("env: {MODE: fast}", "env: {MODE: slow}", "step `train.fit`: MODE: fast -> slow"),
        ("env: {LANG: C}", "env: {LANG: D}", "step `report.page`: LANG: C -> D"),
        ('"${{ params.size }}"', "7", "step `train.clean`: size: 3 -> 7"),
        (
            "inputs: {table: steps.clean.table}",
            "inputs: {table: datasets.other}",
            "step `train.fit`: its input table: pipelines.train.clean.table -> datasets.other",
        ),
        ("[report, --learner,", "[report, -l,", "step `report.page`: its command"),
        ("default: a}", "default: b}", "step `report.page`: learner: a -> b"),
        ("mode: max", "mode: min", "step `train.best`: mode: max -> min"),
    ],
)
def test_each_reason_is_told(said: Said, old: str, new: str, told: str) -> None:
    assert told in about_steps(said(old, new))


def test_what_follows_is_told_with_what_it_follows(said: Said) -> None:
    found = about_steps(said("default: 3, min", "default: 4, min"))
    unless = "reused if what it gets comes out as before"
    assert found == [
        "step `train.clean`: size: 3 -> 4",
        f"step `train.fit`: follows train.clean; {unless}",
        f"step `train.evaluate`: follows train.fit, train.clean; {unless}",
        f"step `train.best`: follows train.evaluate, train.fit; {unless}",
        f"step `report.page`: follows train.best; {unless}",
    ]


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("timeout: 10m", "timeout: 20m", "changed: step `train.clean`: `timeout` 10m -> 20m"),
        (
            "limit: 2",
            "limit: 3",
            "changed: step `train.clean`: `retries.limit` 2 -> 3",
        ),
        (
            "resources: {cpu: 1}",
            "resources: {cpu: 2}",
            "changed: step `train.fit`: `resources.cpu` 1 -> 2",
        ),
        ("        after: page\n", "", "changed: step `report.last`: `after` [page] -> none"),
        (
            '{size: "${{ params.size }}"}',
            "{size: 3}",
            "changed: step `train.clean`: `with` {size: ${{ params.size }}} -> none",
        ),
    ],
)
def test_how_a_step_is_run_runs_nothing_again(said: Said, old: str, new: str, told: str) -> None:
    assert told in said(old, new)
    assert about_steps(said(old, new)) == []


def test_steps_come_and_go(desk: Desk) -> None:
    last = (
        '      last:\n        command: [send, "{outputs.done}"]\n        after: page\n        outputs: {done: file}\n'
    )
    assert desk.said(last, "") == ["removed: step `report.last`: was removed"]
    (change,) = desk.diff(desk.text, desk.text.replace(last, "")).changes
    assert (change.kind, change.said) == (Class.ADDED, "is new: it runs for the first time")


EDITS = [
    ("default: a", "default: b"),
    ("{x: {type: int}", "{x: {type: int, min: 0}"),
    ("inputs: {table: steps.clean.table}", "inputs: {table: datasets.rows}"),
    ("      fit:\n        run: flow.py:fit", "      fit:\n        timeout: 1h\n        run: flow.py:fit"),
    ("outputs: {metrics: metrics}", "outputs: {metrics: metrics}\n        retries: 2"),
    ("steps.clean.table}\n        outputs: {metrics", "datasets.rows}\n        outputs: {metrics"),
    ("min: 0.5", "min: 0.4"),
    ("  - {metric: roc_auc, min: 0.5}\n", ""),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new"), EDITS, ids=range(len(EDITS)))
def test_it_tells_what_a_plan_with_the_same_data_would_decide(
    load_spec: Callable[..., Spec], tmp_path: Path, old: str, new: str
) -> None:
    def subject() -> Subject:
        loaded = load(tmp_path / "modelsync.yaml", known())
        assert loaded.subject is not None
        return loaded.subject

    past = Past(load_spec()).run()
    before = subject()
    text = SPEC.replace(old, new, 1)
    if text == SPEC:
        text = SPEC.replace(old.strip(), new.strip(), 1)
    spec = load_spec(text=text)
    plan = build(spec, past.of(spec).world)
    found = {change.what: change.said for change in compare(before, subject()).changes if change.kind is Class.RERUNS}
    told = {
        node.task.name: node.decision
        for node in plan.nodes
        if node.task.kind == "step" and node.decision is not Decision.REUSE
    }
    assert {f"step `{name}`" for name in told} == set(found)
    for name, decision in told.items():
        assert ("follows" in found[f"step `{name}`"]) == (decision is Decision.WAIT)
