from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.unit.plan.difference.conftest import Desk

Said = Callable[..., list[str]]


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("hook: {env: HOOK}", "hook: {env: OTHER}", ["changed: secret `hook`: `key` HOOK -> OTHER"]),
        ("hook: {env: HOOK}", "hook: {file: HOOK}", ["changed: secret `hook`: `store` env -> file"]),
        ("s3://lake/x", "s3://lake/y", ["changed: remote `lake`: `url` s3://lake/x -> s3://lake/y"]),
        (
            "{key: secrets.keys}",
            "{key: secrets.hook}",
            ["changed: remote `lake`: `credentials` {key: secrets.keys} -> {key: secrets.hook}"],
        ),
        ("15 2 * * *", "15 3 * * *", ["changed: schedule `nightly`: `cron` 15 2 * * * -> 15 3 * * *"]),
        ("every: 1d", "every: 2d", ["changed: monitor `live_drift`: `every` 1d -> 2d"]),
        (
            "events: [gate.failed]",
            "events: [run.failed]",
            ["changed: channel `chat`: `events` [gate.failed] -> [run.failed]"],
        ),
        ("min: 1, max: 9", "min: 1, max: 99", ["changed: param `size`: `max` 9 -> 99"]),
        ("values: [a, b]", "values: [a, b, c]", ["changed: param `learner`: `values` [a, b] -> [a, b, c]"]),
        ("concurrency: 4", "concurrency: 8", ["changed: `concurrency` 4 -> 8"]),
        ("project: guarded", "project: other", ["changed: `project` guarded -> other"]),
        (
            "lead: [a@example.org]",
            "lead: [a@example.org, c@example.org]",
            ["access widened: role `lead`: c@example.org may act as it now"],
        ),
        (
            "boss: [b@example.org]",
            'boss: ["*@example.org"]',
            [
                "access widened: role `boss`: *@example.org may act as it now",
                "access narrowed: role `boss`: b@example.org may no longer act as it",
            ],
        ),
        (
            ', contributor: ["*@example.org"]',
            "",
            ["access narrowed: role `contributor`: *@example.org may no longer act as it"],
        ),
    ],
)
def test_each_setting_is_told(said: Said, old: str, new: str, told: list[str]) -> None:
    assert said(old, new) == told


def test_things_come_and_go(desk: Desk) -> None:
    for more, what in (
        ("params:\n  extra: {type: int, default: 1}\n", "param `extra`"),
        ("secrets:\n  extra: {env: X}\n", "secret `extra`"),
        ("schedules:\n  extra: {every: 1h, missed: skip}\n", "schedule `extra`"),
        ("monitors:\n  extra: {gate: drifted, data: live.requests, every: 1h, then: notify}\n", "monitor `extra`"),
    ):
        head = more.split("\n")[0]
        text = desk.text.replace(
            "secrets: {hook: {env: HOOK}, keys: {file: keys.txt}}",
            "secrets:\n  hook: {env: HOOK}\n  keys: {file: keys.txt}",
        )
        with_it = text.replace(f"{head}\n", more, 1)
        (change,) = desk.diff(with_it, text).changes
        assert (str(change.kind), change.what, change.before) == ("added", what, None)
        (change,) = desk.diff(text, with_it).changes
        assert (str(change.kind), change.what, change.after) == ("removed", what, None)


def test_no_secret_is_ever_said(said: Said) -> None:
    for told in said("hook: {env: HOOK}", "hook: {env: OTHER}"):
        assert "HOOK" in told  # where it lies is no secret
