"""A monitor asks what can be asked, and what follows can follow."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from modelsync.language.load import Loaded

Spoil = Callable[..., list[str]]
OLD = "{gate: drift, data: live.requests, every: 1d, then: [notify, retrain]}"


@pytest.mark.parametrize(
    ("monitor", "found"),
    [
        ("{gate: drift, data: live.requests, every: 1d, then: rollback}", []),
        ("{gate: drift, data: datasets.customers, every: 1d, then: rollback}", ["MS518 rollback"]),
        ("{gate: steady, data: live.requests, every: 1d, then: retrain}", ["MS518 live.requests"]),
        ("{gate: steady, data: datasets.customers, every: 1d, then: retrain}", []),
        ("{gate: stedy, data: live.requests, every: 1d, then: retrain}", ["MS208 stedy"]),
        ("{gate: drift, data: lve.requests, every: 1d, then: rollback}", ["MS201 lve.requests"]),
    ],
)
def test_a_monitor(alter: Spoil, monitor: str, found: list[str]) -> None:
    assert alter(OLD, monitor) == found


def test_a_message_needs_somebody_who_listens(alter: Spoil) -> None:
    notify = "notify:\n  chat: {url: secrets.hook, events: [gate.failed, deploy.rolled_back]}\n"
    assert alter(notify, "") == ["MS518 ["]
    assert alter(notify, "notify:\n") == ["MS518 ["]
    assert alter(notify, "notify: 3\n") == ["MS103 3"]
    assert alter(notify, "", OLD, OLD.replace("[notify, retrain]", "retrain")) == []


def test_the_kinds_that_can_be_asked_are_named(altered: Callable[..., Loaded]) -> None:
    (found,) = altered(OLD, OLD.replace("gate: drift", "gate: steady")).diagnostics
    assert found.help == "ask a gate of kind quality, drift, custom, or give a table with the label as `data`"
    assert found.related[0].message == "`steady` is defined here"
