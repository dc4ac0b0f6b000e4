from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.unit.plan.difference.conftest import Desk

Said = Callable[..., list[str]]


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (
            "gates: [drifted, good, steady, fair]",
            "gates: [drifted, good, fair]",
            "gate weakened: stage `staging`: gate `steady` is no longer asked",
        ),
        ("count: 2", "count: 1", "approval weakened: stage `production`: approval: `count` 2 -> 1"),
        (
            "roles: [lead, boss]",
            "roles: [lead, boss, contributor]",
            "approval weakened: stage `production`: approval: `roles` [lead, boss] -> [lead, boss, contributor]",
        ),
        (
            "not_author: true",
            "not_author: false",
            "approval weakened: stage `production`: approval: `not_author` true -> false",
        ),
        ("expires: 48h", "expires: 72h", "approval weakened: stage `production`: approval: `expires` 2d -> 3d"),
        (
            "roc_auc >= 0.7",
            "roc_auc >= 0.6",
            'stage weakened: stage `production`: `when` `metrics.roc_auc >= 0.7 and gate(fair) == "pass"` -> '
            '`metrics.roc_auc >= 0.6 and gate(fair) == "pass"`',
        ),
        (
            '    when: metrics.roc_auc >= 0.7 and gate(fair) == "pass"\n',
            "",
            'stage weakened: stage `production`: `when` `metrics.roc_auc >= 0.7 and gate(fair) == "pass"` -> none',
        ),
    ],
)
def test_a_weaker_stage_and_its_reverse(desk: Desk, old: str, new: str, told: str) -> None:
    assert desk.said(old, new) == [told]
    (change,) = desk.diff(desk.text, desk.text.replace(old, new, 1)).changes
    assert change.kind == told.split(":", maxsplit=1)[0].replace("weakened", "tightened")


def test_an_approval_that_is_gone(desk: Desk) -> None:
    line = "    approval: {roles: [lead, boss], count: 2, not_author: true, expires: 48h}\n"
    assert desk.said(line, "") == [
        "approval weakened: stage `production`: the approval was removed: nobody of [lead, boss] is asked"
    ]
    (change,) = desk.diff(desk.text, desk.text.replace(line, "")).changes
    assert str(change) == "stage `production`: an approval was added: 2 of [lead, boss] must agree"
    assert change.kind == "approval tightened"


def test_other_people_and_other_conditions_have_to_be_looked_at(said: Said) -> None:
    assert said("roles: [lead, boss]", "roles: [contributor]")[0].startswith("look: stage `production`: approval")
    found = said("roc_auc >= 0.7 and", "accuracy >= 0.7 and")
    assert found[0].startswith("look: stage `production`: `when`")
    assert found[0].endswith(": which lets more through can't be told")


def test_a_stage_that_is_gone_takes_its_guards_with_it(desk: Desk) -> None:
    line = "  staging: {after: development, gates: [drifted, good, steady, fair]}\n"
    text = (
        desk.text.replace(line, "")
        .replace("after: staging", "after: development")
        .replace("until: staging", "until: development")
    )
    found = [str(change) for change in desk.diff(text).changes if "stage" in change.kind]
    assert found == ["stage `staging`: was removed, with its gates `drifted`, `good`, `steady`, `fair`"]
    back = [f"{change.kind}: {change}" for change in desk.diff(desk.text, text).changes if "stage" in change.kind]
    assert back == ["stage tightened: stage `staging`: was added before `production`"]


def test_another_order_is_told_once(said: Said) -> None:
    found = said(
        "staging: {after: development,", "staging: {", "development: {gates", "development: {after: staging, gates",
        "after: staging\n", "after: development\n",
    )  # fmt: skip
    assert found == [
        "stage weakened: stages: the order development, staging, production is staging, development, production now"
    ]


def test_a_gate_that_an_earlier_stage_asks_still_guards(said: Said) -> None:
    earlier = said("gates: [quality]", "gates: [quality, own]", "gates: [own]", "gates: []")
    assert earlier == [
        "changed: stage `production`: gate `own` is asked by `development` before it now",
        "gate tightened: stage `development`: gate `own` is asked as well",
    ]
    later = said("gates: [quality]", "gates: []", "gates: [own]", "gates: [own, quality]")
    assert later == [
        "gate weakened: stage `development`: gate `quality` is no longer asked",
        "changed: stage `production`: gate `quality` is asked here now, by `development` before",
    ]


def test_what_is_deployed_when_a_version_enters(said: Said) -> None:
    assert said("    deploy: live\n", "") == ["changed: stage `production`: `deploy` live -> none"]
