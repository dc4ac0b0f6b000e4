"""Deployments."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from modelsync.language.delivery import (
    DockerTarget,
    EndpointTarget,
    KubernetesTarget,
    LocalTarget,
    Rollback,
    Target,
    TrafficStep,
    Watch,
)
from modelsync.language.load import Loaded

Spoil = Callable[..., list[str]]


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        (["    model: churn\n", ""], ["MS102 t"]),
        (["    strategy: blue_green\n", ""], ["MS102 m"]),
        (["strategy: blue_green", "strategy: canary"], ["MS511 live", "MS512 live"]),
        (["strategy: blue_green", "strategy: green"], ["MS105 green"]),
        (["strategy: blue_green", "strategy: recreate"], []),
        (["{kind: local, port: 8080, replicas: 2}", "{kind: docker, image: x}"], ["MS102 {"]),
        (["{kind: local, port: 8080, replicas: 2}", "{kind: docker, image: x, port: 80}"], []),
        (["{kind: local, port: 8080, replicas: 2}", "{kind: local, port: 80, image: x}"], ["MS101 image"]),
        (["{kind: local, port: 8080, replicas: 2}", "{kind: kubernetes, namespace: ml, replicas: 65}"], []),
        (["{kind: local, port: 8080, replicas: 2}", "{kind: kubernetes, namespace: ML}"], ["MS107 ML"]),
        (["{kind: local, port: 8080, replicas: 2}", "{kind: kubernetes}"], ["MS102 {"]),
        (["{kind: local, port: 8080, replicas: 2}", "{kind: endpoint, url: a/b}"], ["MS107 a/b"]),
        (
            ["{kind: local, port: 8080, replicas: 2}", "{kind: endpoint, url: 'https://a:b@c'}"],
            ["MS602 'https://a:b@c'"],
        ),
        (["{kind: local, port: 8080, replicas: 2}", "null"], ["MS103 null"]),
        (["{kind: local, port: 8080, replicas: 2}", "{kind: [local]}"], ["MS103 ["]),
        (["{kind: local, port: 8080, replicas: 2}", "{kind: locl, port: 1}"], ["MS105 locl"]),
        (["{kind: local, port: 8080, replicas: 2}", "{kind: local}"], ["MS102 {"]),
        (["{kind: local, port: 8080, replicas: 2}", "{port: 80}"], ["MS102 {"]),
        (["{kind: local, port: 8080, replicas: 2}", "{kind: local, port: 0}"], ["MS104 0"]),
        (["{kind: local, port: 8080, replicas: 2}", "{kind: local, port: 70000}"], ["MS104 70000"]),
        (["{kind: local, port: 8080, replicas: 2}", "{kind: local, port: '80'}"], ["MS103 '80'"]),
        (["{kind: local, port: 8080, replicas: 2}", "local"], ["MS103 local"]),
        (["    target: {kind: local, port: 8080, replicas: 2}\n", ""], ["MS102 m"]),
        (["    strategy: blue_green\n", "    strategy: blue_green\n    watch: []\n"], ["MS104 ["]),
        (["    strategy: blue_green\n", "    strategy: blue_green\n    max_surge: 1\n"], ["MS109 max_surge"]),
        (["deploy:\n  live:", "deploy:\n  odd: 3\n  live:"], ["MS103 3"]),
    ],
)
def test_the_good_spec_spoilt(spoil: Spoil, changes: list[str], found: list[str]) -> None:
    assert spoil(*changes) == found


def test_a_deployment_as_decoded(spoilt: Callable[..., Loaded]) -> None:
    spec = spoilt("    model: churn\n", "    model: models.churn\n", ", replicas: 2", "").spec
    assert spec is not None
    live = spec.deploys["live"]
    assert (live.model, live.strategy) == ("churn", "blue_green")
    assert live.target == live.local == LocalTarget(8080, 1, "127.0.0.1")


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        (["traffic: 5,", "traffic: 5%,"], ["MS103 5%"]),
        (["traffic: 5,", "traffic: 150,"], ["MS104 150"]),
        (["for: 15m", "for: 15"], ["MS106 15"]),
        (["min_requests: 500}", "min_requests: 1_000}"], ["MS103 1_000"]),
        (["min_requests: 500}", "min_requests: 0.5}"], ["MS103 0.5"]),
        (["      - {traffic: 100}\n", "      - 100\n"], ["MS103 100"]),
        (["max: 0.01, fail_after: 2", "fail_after: 2"], ["MS102 {"]),
        (["max: 0.01, fail_after: 2", "max: 0.01, min: 0.5"], ["MS104 max"]),
        (["max: 0.01, fail_after: 2", "max: 1%"], ["MS103 1%"]),
        (["max: 0.01, fail_after: 2", "max: 0.01, fail_after: 0"], ["MS104 0"]),
        (["{metric: error_rate, ", "{"], ["MS102 {"]),
        (["versus: stable", "versus: champion"], ["MS105 champion"]),
        (["{to: last_good, within: 30s, freeze: 24h}", "{to: first}"], ["MS105 first"]),
        (["{to: last_good, within: 30s, freeze: 24h}", "{within: 0s}"], ["MS104 0s"]),
        (["{to: last_good, within: 30s, freeze: 24h}", "null"], []),
        (["{to: last_good, within: 30s, freeze: 24h}", "true"], ["MS103 true"]),
        (["token: secrets.service", "token: abc"], ["MS602 abc"]),
    ],
)
def test_a_rollout(alter: Spoil, changes: list[str], found: list[str]) -> None:
    assert alter(*changes) == found


def test_a_rolling_deployment_may_move_something(alter: Spoil, whole: str) -> None:
    steps = whole[whole.index("    steps:\n      - {traffic: 5") : whole.index("    watch:")]
    rolling = "strategy: rolling\n    max_unavailable: 0\n    max_surge: 0"
    assert alter(steps, "", "strategy: canary", rolling) == ["MS104 max_surge"]
    assert alter(steps, "", "strategy: canary", rolling.replace("surge: 0", "surge: 1")) == []


def test_a_rollout_as_decoded(altered: Callable[..., Loaded]) -> None:
    spec = altered().spec
    assert spec is not None
    live = spec.deploys["live"]
    assert live.steps == (TrafficStep(5, 900.0, 500), TrafficStep(25, 1800.0, 0, True), TrafficStep(100))
    assert live.watch == (
        Watch("error_rate", None, 0.01, None, 2),
        Watch("prediction_psi", None, 0.25, "stable", 1, True),
    )
    assert live.rollback == Rollback("last_good", 30.0, 86400.0)
    target = spec.deploys["elsewhere"].target
    assert isinstance(target, EndpointTarget)
    assert (target.url, str(target.token)) == ("https://example.org/deploy", "secrets.service")


def test_every_target_has_its_defaults(altered: Callable[..., Loaded]) -> None:
    def target(written: str) -> Target:
        spec = altered("{kind: local, port: 8080, replicas: 2}", written).spec
        assert spec is not None
        return spec.deploys["live"].target

    assert target("{kind: docker, port: 80}") == DockerTarget(80, 1, "")
    assert target("{kind: kubernetes, namespace: ml}") == KubernetesTarget("ml", 8080, 1, "", "")
    assert target("{kind: local, port: 80}") == LocalTarget(80)
