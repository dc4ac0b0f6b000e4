"""Schedules, monitors and channels as they are decoded."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from modelsync.language.load import Loaded
from modelsync.language.model import Ref, RefKind

Spoil = Callable[..., list[str]]
NIGHTLY = '{cron: "15 2 * * *", timezone: Europe/Berlin, run: {until: staging}, missed: latest, overlap: replace}'
DRIFT = "{gate: drift, data: live.requests, every: 1d, then: [notify, retrain]}"


@pytest.mark.parametrize(
    ("schedule", "found"),
    [
        ("{every: 6h, missed: all}", []),
        ('{cron: "0 0 * * *", missed: skip, run: null}', []),
        ("{missed: latest}", ["MS102 {"]),
        ("{timezone: UTC, missed: latest}", ["MS102 {"]),
        ('{every: 6h, cron: "0 0 * * *", missed: skip}', ["MS109 every"]),
        ("{every: 6h, timezone: UTC, missed: skip}", ["MS109 timezone"]),
        ("{every: 6h}", ["MS102 {"]),
        ("{every: 0s, missed: skip}", ["MS104 0s"]),
        ("{every: 6, missed: skip}", ["MS106 6"]),
        ("{every: 6h, missed: never}", ["MS105 never"]),
        ("{every: 6h, missed: skip, overlap: forbit}", ["MS105 forbit"]),
        ("{every: 6h, missed: skip, run: staging}", ["MS103 staging"]),
        ("{every: 6h, missed: skip, run: {until: stagin}}", ["MS208 stagin"]),
        ("{every: 6h, missed: skip, run: {until: stages.staging}}", []),
        ("{every: 6h, missed: skip, run: {until: train.best}}", []),
        ("{every: 6h, missed: skip, run: {until: pipelines.train.best}}", []),
        ("{every: 6h, missed: skip, run: {pipeline: trian}}", ["MS208 trian"]),
        ("{every: 6h, missed: skip, run: {pipeline: pipelines.train}}", []),
        ("null", ["MS102 null", "MS102 null"]),
        ("nightly", ["MS103 nightly"]),
    ],
)
def test_a_schedule(alter: Spoil, schedule: str, found: list[str]) -> None:
    assert alter(NIGHTLY, schedule) == found


@pytest.mark.parametrize(
    ("monitor", "found"),
    [
        ("{gate: gates.drift, data: datasets.customers, every: 12h, then: retrain}", []),
        ("{gate: drft, data: live.requests, every: 1d, then: retrain}", ["MS208 drft"]),
        ("{gate: drift, data: lve.requests, every: 1d, then: retrain}", ["MS201 lve.requests"]),
        ("{gate: drift, data: live.request, every: 1d, then: retrain}", ["MS203 live.request"]),
        ("{gate: drift, data: live, every: 1d, then: retrain}", ["MS203 live"]),
        ("{gate: drift, data: models.churn, every: 1d, then: retrain}", ["MS202 models.churn"]),
        (
            "{gate: drift, data: pipelines.report.page.page, every: 1d, then: retrain}",
            ["MS202 pipelines.report.page.page"],
        ),
        ("{gate: drift, data: live.requests, every: 1d, then: []}", ["MS104 ["]),
        ("{gate: drift, data: live.requests, every: 1d, then: [retrain, retrain]}", ["MS109 retrain"]),
        ("{gate: drift, data: live.requests, every: 1d, then: shout}", ["MS105 shout"]),
        ("{gate: drift, every: 1d, then: retrain}", ["MS102 {"]),
        ("drift", ["MS103 drift"]),
    ],
)
def test_a_monitor(alter: Spoil, monitor: str, found: list[str]) -> None:
    assert alter(DRIFT, monitor) == found


@pytest.mark.parametrize(
    ("channel", "found"),
    [
        ("{url: secrets.hook, events: run.failed}", []),
        ("{url: secrets.hook, events: []}", ["MS104 ["]),
        ("{url: secrets.hook, events: [gate.faild]}", ["MS105 gate.faild"]),
        ("{url: secrets.hook}", ["MS102 {"]),
        ("{events: [gate.failed]}", ["MS102 {"]),
    ],
)
def test_a_channel(alter: Spoil, channel: str, found: list[str]) -> None:
    assert alter("{url: secrets.hook, events: [gate.failed, deploy.rolled_back]}", channel) == found


def test_as_decoded(altered: Callable[..., Loaded]) -> None:
    spec = altered().spec
    assert spec is not None
    nightly, often = spec.schedules["nightly"], spec.schedules["often"]
    assert (nightly.cron, nightly.every, nightly.timezone) == ("15 2 * * *", None, "Europe/Berlin")
    assert (nightly.until, nightly.pipeline, nightly.missed, nightly.overlap) == ("staging", "", "latest", "replace")
    assert (often.cron, often.every, often.timezone, often.pipeline) == ("", 21600.0, "UTC", "report")
    assert (often.missed, often.overlap) == ("skip", "forbid")
    monitor = spec.monitors["live_drift"]
    assert isinstance(monitor.data, Ref)
    assert (monitor.data.kind, str(monitor.data)) == (RefKind.LIVE, "live.requests")
    assert (monitor.gate, monitor.every, monitor.then) == ("drift", 86400.0, ("notify", "retrain"))
    assert spec.channels["chat"].events == ("gate.failed", "deploy.rolled_back")


def test_a_dataset_called_requests_is_no_deployment(altered: Callable[..., Loaded]) -> None:
    renamed = ["  orders:\n", "  requests:\n", "datasets.orders", "datasets.requests"]
    spec = altered(*renamed, "data: live.requests", "data: datasets.requests").spec
    assert spec is not None
    monitor = spec.monitors["live_drift"]
    assert isinstance(monitor.data, Ref)
    assert monitor.data.kind is RefKind.DATASET
