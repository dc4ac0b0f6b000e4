"""A level too many or one that is missing, seen by what stands below a key."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from modelsync.language.decode.model_checks import PERFORMANCE
from modelsync.language.decode.regrouping import in_one, limited, listed_for, measure_of, needless, section_of
from modelsync.language.decode.spec import SPEC
from modelsync.language.decode.steps import PIPELINE, RESOURCES, STEP
from modelsync.language.decode.table_checks import DRIFT
from modelsync.language.decode.versioning import DATASET
from modelsync.language.load import Loaded
from modelsync.language.shapes import Fields, Many
from modelsync.language.text.nodes import Item, Mapping, Sequence
from modelsync.language.text.read import read
from modelsync.language.text.source import Source

Spoil = Callable[..., Loaded]
_RULES = DATASET.keys["rules"].shape
assert isinstance(_RULES, Many)
assert isinstance(_RULES.item, Fields)
RULE = _RULES.item


def item(text: str) -> Item:
    root = read(Source(Path("modelsync.yaml"), f"{text}\n")).root
    assert isinstance(root, Mapping)
    return root.items[0]


@pytest.mark.parametrize(
    ("shape", "text", "section"),
    [
        (PIPELINE, "fit: {run: a.py:b, outputs: {model: model}}", "steps"),
        (PIPELINE, "fit: {run: a.py:b, otputs: {model: model}, inputs: {}}", "steps"),
        (PIPELINE, "fit: {rnu: a.py:b, outputs: {}}", ""),
        (PIPELINE, "fit: {}", ""),
        (PIPELINE, "fit: 7", ""),
        (PIPELINE, "x-fit: {run: a.py:b}", ""),
        (SPEC, "seed: {type: int, default: 7, min: 0}", "params"),
        (SPEC, "fresh: {kind: quality, target: datasets.a, checks: []}", "gates"),
        (SPEC, "odd: {description: of everything}", ""),
        (STEP, "seed: {type: int}", ""),
    ],
)
def test_things_by_name_are_known_by_their_keys(shape: Fields, text: str, section: str) -> None:
    assert section_of(item(text), shape) == section


@pytest.mark.parametrize(
    ("text", "start"),
    [
        ("a: [{name: fit, run: a.py:b}]", "put them under `steps:`, each by its name: `fit:` instead of"),
        ("a: [{fit: {run: a.py:b}}]", "put them under `steps:`, without dashes: `fit:` instead of"),
        ("a: [{steps: {}}]", ""),
        ("a: [fit]", ""),
        ("a: []", ""),
    ],
)
def test_a_list_of_things_by_name(text: str, start: str) -> None:
    node = item(text).value
    assert isinstance(node, Sequence)
    assert listed_for(node, PIPELINE).startswith(start)
    assert bool(start) == bool(listed_for(node, PIPELINE))


@pytest.mark.parametrize(
    ("shape", "text", "near", "names"),
    [
        (RESOURCES, "limits: {cpu: 1, memory: 2GiB}", "", ["cpu", "memory"]),
        (RESOURCES, "limits: {cpu: 1, disk: 2GiB}", "", []),
        (RESOURCES, "limits: {}", "", []),
        (STEP, "strategy: {matrix: {seed: [1]}}", "matrix", ["matrix"]),
        (STEP, "parameters: {timeout: 5, retries: 2}", "with", []),
    ],
)
def test_a_level_too_many(shape: Fields, text: str, near: str, names: list[str]) -> None:
    assert [each.key.text for each in needless(item(text), shape, near)] == names


@pytest.mark.parametrize(
    ("shape", "text", "said"),
    [
        (PERFORMANCE, "roc_auc: 0.8", "write `{metric: roc_auc, min: 0.8}`, or `max:` for the most that passes"),
        (PERFORMANCE, "roc_auc: high", ""),
        (PERFORMANCE, "roc_auc: true", ""),
        (PERFORMANCE, "roc_auc:", ""),
        (DRIFT, "psi: 0.2", "write `{test: psi, max: 0.2}`"),
        (RULE, "major: contract.breaking", "write `{bump: major, when: contract.breaking}`"),
        (RULE, "huge: contract.breaking", ""),
        (STEP, "fit: 1", ""),
    ],
)
def test_a_value_that_stands_as_a_key(shape: Fields, text: str, said: str) -> None:
    assert in_one(item(text), shape) == said


def test_a_limit_is_on_the_side_of_its_sign() -> None:
    assert limited(PERFORMANCE, "mae", "2", "<=") == "write `{metric: mae, max: 2}`"
    assert limited(PERFORMANCE, "r2", "0", ">") == "write `{metric: r2, min: 0}`"
    assert (measure_of(DRIFT), measure_of(STEP)) == ("test", "")


def test_what_stands_without_its_section_is_told_once_and_read_below_it(spoilt: Spoil) -> None:
    steps = "    steps:\n      split:"
    loaded = spoilt(steps, "    extra: {run: flows/churn.py:fit, inputs: {train: steps.split.train}}\n" + steps)
    assert [each.help for each in loaded.diagnostics if each.code == "MS101"] == ["put it under `steps:`"]
    loaded = spoilt("engine: {", "late: {env: LATE}\nlater: {env: LATER}\nengine: {")
    assert [each.help for each in loaded.diagnostics] == ["put `late` and `later` under `secrets:`"]


def test_what_stands_a_level_too_deep_is_read_where_it_belongs(spoilt: Spoil) -> None:
    (found,) = spoilt("metric: roc_auc, min: 0.80", "check: {metric: roc_auc, min: 0.80}").diagnostics
    assert found.help.startswith("write `metric` and `min` straight into a check of performance gate")
