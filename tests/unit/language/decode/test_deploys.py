"""Deployments."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from modelsync.language.load import Loaded

Spoil = Callable[..., list[str]]


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        (["    model: churn\n", ""], ["MS102 t"]),
        (["    strategy: blue_green\n", ""], ["MS102 m"]),
        (["strategy: blue_green", "strategy: canary"], ["MS110 canary"]),
        (["strategy: blue_green", "strategy: green"], ["MS105 green"]),
        (["strategy: blue_green", "strategy: recreate"], []),
        (["{kind: local, port: 8080, replicas: 2}", "{kind: docker, image: x}"], ["MS110 docker"]),
        (["{kind: local, port: 8080, replicas: 2}", "{kind: locl, port: 1}"], ["MS105 locl"]),
        (["{kind: local, port: 8080, replicas: 2}", "{kind: local}"], ["MS102 {"]),
        (["{kind: local, port: 8080, replicas: 2}", "{port: 80}"], ["MS102 {"]),
        (["{kind: local, port: 8080, replicas: 2}", "{kind: local, port: 0}"], ["MS104 0"]),
        (["{kind: local, port: 8080, replicas: 2}", "{kind: local, port: 70000}"], ["MS104 70000"]),
        (["{kind: local, port: 8080, replicas: 2}", "{kind: local, port: '80'}"], ["MS103 '80'"]),
        (["{kind: local, port: 8080, replicas: 2}", "local"], ["MS103 local"]),
        (["    target: {kind: local, port: 8080, replicas: 2}\n", ""], ["MS102 m"]),
        (["    strategy: blue_green\n", "    strategy: blue_green\n    watch: []\n"], ["MS110 watch"]),
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
    assert (live.target.port, live.target.replicas, live.target.host) == (8080, 1, "127.0.0.1")
