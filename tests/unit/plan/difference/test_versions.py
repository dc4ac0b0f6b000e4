from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.unit.plan.difference.conftest import Desk

Said = Callable[..., list[str]]


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("start: 0.1.0", "start: 1.0.0", "versioning changed: model `m`: `start` 0.1.0 -> 1.0.0"),
        (
            "{bump: major, when: signature.breaking}, {bump: patch, when: changed(datasets.rows)}",
            "{bump: patch, when: changed(datasets.rows)}, {bump: major, when: signature.breaking}",
            "versioning changed: model `m`: rules: in another order, and the first that holds wins",
        ),
        (
            "{bump: major, when: signature.breaking}, ",
            "",
            "versioning changed: model `m`: rules: without `major: signature.breaking`",
        ),
        (
            "    metrics: pipelines.train.best.metrics\n",
            "",
            "look: model `m`: `metrics` pipelines.train.best.metrics -> none: gates and conditions see another thing",
        ),
    ],
)
def test_when_a_version_moves_and_what_it_is_of(desk: Desk, old: str, new: str, told: str) -> None:
    text = desk.text.replace(old, new)
    if "metrics:" in old:
        text = text.replace("metrics.roc_auc >= 0.7 and ", "")
        assert told in [f"{change.kind}: {change}" for change in desk.diff(text).changes]
    else:
        assert [f"{change.kind}: {change}" for change in desk.diff(text).changes] == [told]


def test_rules_that_are_written_as_they_hold_anyway_are_no_change(desk: Desk) -> None:
    rules = "[{bump: major, when: contract.breaking}, {bump: patch, when: content.changed}]"
    without = desk.text.replace(f"    versioning:\n      rules: {rules}\n", "")
    assert [str(change.kind) for change in desk.diff(without).changes] == ["versioning changed"]
    minor = "{bump: minor, when: contract.extended or rows.added}"
    same = desk.text.replace(
        "breaking}, {bump: patch, when: content", f"breaking}}, {minor}, {{bump: patch, when: content"
    )
    assert desk.diff(same, without).is_cosmetic


def test_models_come_and_go(desk: Desk) -> None:
    text = desk.text.replace("reference: champion", "reference: datasets.rows")
    with_it = text.replace("models:\n", "models:\n  n: {artifact: pipelines.train.best.model}\n", 1)
    (change,) = desk.diff(with_it, text).changes
    assert str(change) == "model `n`: was added"
    (change,) = desk.diff(text, with_it).changes
    assert str(change) == "model `n`: was removed: its versions stay, and none is added"
