from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import pytest

from modelsync.plan.difference.parts import Way
from modelsync.plan.difference.rollouts import STRATEGY
from tests.unit.plan.difference.conftest import Desk

Said = Callable[..., list[str]]


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("{traffic: 5,", "{traffic: 10,", "`traffic of the step of 5 %` 5 -> 10"),
        ("for: 15m", "for: 5m", "`for of the step of 5 %` 15m -> 5m"),
        ("min_requests: 2000", "min_requests: 200", "`min_requests of the step of 25 %` 2000 -> 200"),
        (", pause: true", "", "`pause of the step of 5 %` true -> false"),
        ("      - {traffic: 25, for: 30m, min_requests: 2000}\n", "", "`steps` 25 % -> none"),
        ("      - {metric: error_rate, max: 0.01, fail_after: 2}\n", "", "`watch` error_rate -> none"),
        ("max: 0.01", "max: 0.02", "`max of error_rate` 0.01 -> 0.02"),
        ("fail_after: 3", "fail_after: 4", "`fail_after of latency_p95_ms` 3 -> 4"),
        ("fail_after: 3}", "fail_after: 3, observe: true}", "`observe of latency_p95_ms` false -> true"),
        ("within: 30s", "within: 60s", "rollback: `within` 30s -> 1m"),
        ("within: 30s, ", "", "rollback: `within` 30s -> none"),
        ("freeze: 24h", "freeze: 1h", "rollback: `freeze` 1d -> 1h"),
        ("    rollback: {within: 30s, freeze: 24h}\n", "", "`rollback` to last_good -> none"),
    ],
)
def test_a_bolder_rollout_and_its_reverse(desk: Desk, old: str, new: str, told: str) -> None:
    assert desk.said(old, new) == [f"rollout weakened: deploy `live`: {told}"]
    (change,) = desk.diff(desk.text, desk.text.replace(old, new, 1)).changes
    assert change.kind == "rollout tightened"


def test_a_measure_that_only_observes_never_decides(said: Said) -> None:
    line = "      - {metric: prediction_psi, versus: stable, max: 0.25, observe: true}\n"
    assert said(line, "") == ["changed: deploy `live`: `watch` prediction_psi against stable -> none"]


def test_the_strategies_have_an_order() -> None:
    order = ["recreate", "rolling", "blue_green", "canary"]
    for one, other in pairwise(order):
        assert STRATEGY(other, one) is Way.WEAKER
        assert STRATEGY(one, other) is Way.TIGHTER
    assert STRATEGY("canary", "shadow") is Way.LOOK


def test_a_plainer_strategy_is_weaker_with_all_that_goes(desk: Desk) -> None:
    start, end = desk.text.index("    steps:\n      - {traffic"), desk.text.index("schedules:")
    text = desk.text[:start] + desk.text[end:]
    text = text.replace("strategy: canary", "strategy: recreate")
    found = desk.diff(text).changes
    assert {str(change.kind) for change in found} == {"rollout weakened", "changed"}
    assert "deploy `live`: `strategy` canary -> recreate" in [str(change) for change in found]


def test_where_it_runs_guards_nothing_and_another_model_has_to_be_looked_at(said: Said) -> None:
    assert said("port: 18123, replicas: 2", "port: 18124, replicas: 1") == [
        "changed: deploy `live`: target: `port` 18123 -> 18124",
        "changed: deploy `live`: target: `replicas` 2 -> 1",
    ]
    more = "models:\n  n: {artifact: pipelines.train.best.model}\n"
    found = said("models:\n", more, "model: m\n", "model: n\n", "reference: champion", "reference: datasets.rows")
    assert "look: deploy `live`: `model` m -> n" in found


def test_replicas_that_may_be_missing(desk: Desk) -> None:
    start, end = desk.text.index("    steps:\n      - {traffic"), desk.text.index("    watch:")
    text = desk.text[:start] + "    max_unavailable: 1\n" + desk.text[end:]
    text = text.replace("strategy: canary", "strategy: rolling")
    (change,) = desk.diff(text.replace("max_unavailable: 1", "max_unavailable: 2"), text).changes
    assert (change.kind, change.said) == ("rollout weakened", "`max_unavailable` 1 -> 2")
    (change,) = desk.diff(text.replace("    max_unavailable: 1\n", ""), text).changes
    assert change.kind == "look"


def test_a_deployment_that_is_entered_earlier_has_fewer_guards_before_it(desk: Desk) -> None:
    text = desk.text.replace("    deploy: live\n", "").replace("steady, fair]}", "steady, fair], deploy: live}")
    found = [f"{change.kind}: {change}" for change in desk.diff(text).changes]
    assert found[0] == "rollout weakened: deploy `live`: is entered at staging, not at production"
    back = [f"{change.kind}: {change}" for change in desk.diff(desk.text, text).changes]
    assert "rollout tightened: deploy `live`: is entered at production, not at staging" in back


def test_deployments_come_and_go(desk: Desk) -> None:
    more = "deploy:\n  spare: {model: m, target: {kind: local, port: 1}, strategy: recreate}\n"
    assert desk.said("deploy:\n", more) == ["added: deploy `spare`: was added"]
    (change,) = desk.diff(desk.text, desk.text.replace("deploy:\n", more, 1)).changes
    assert (change.kind, change.after) == ("removed", None)
