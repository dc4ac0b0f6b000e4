from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.unit.plan.difference.conftest import Desk

Said = Callable[..., list[str]]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("project: guarded", "# a comment\nproject:   guarded"),
        ("count: 2, not_author: true", "not_author: true, count: 2"),
        ("freshness: 36h", "freshness: {max_age: 1d12h}"),
        ("after: page", "after: [steps.page]"),
        ("metrics.roc_auc >= 0.7 and", "metrics.roc_auc  >=  0.7  and"),
        ("concurrency: 4}", "concurrency: 4, runner: threads}"),
        ("inputs: {table: steps.clean.table}", "inputs: {table: pipelines.train.clean.table}"),
    ],
)
def test_another_way_to_write_it_is_cosmetic(said: Said, old: str, new: str) -> None:
    assert said(old, new) == ["cosmetic: only the text differs: layout, comments, or another way to write the same"]


def test_a_description_is_for_people(said: Said) -> None:
    found = said("  own:\n    kind", "  own:\n    description: what for\n    kind", "count: 2", "count: 1")
    assert found == [
        "approval weakened: stage `production`: approval: `count` 2 -> 1",
        "cosmetic: the description of `gates.own` is another",
    ]


def test_the_order_of_what_is_asked_decides_nothing(said: Said) -> None:
    assert said("gates: [drifted, good, steady, fair]", "gates: [fair, steady, good, drifted]") == [
        "cosmetic: `stages.staging.gates` is in another order, which decides nothing"
    ]
    one, other = (
        "- {metric: error_rate, max: 0.01, fail_after: 2}",
        "- {metric: latency_p95_ms, max: 120, fail_after: 3}",
    )
    assert said(f"{one}\n      {other}", f"{other}\n      {one}") == [
        "cosmetic: `deploys.live.watch` is in another order, which decides nothing"
    ]


def test_the_same_text_has_no_difference(desk: Desk) -> None:
    assert desk.diff(desk.text).changes == ()
