"""No two deployments want one port."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from modelsync.language.load import Loaded

Spoil = Callable[..., list[str]]
OTHER = '{kind: endpoint, url: "https://example.org/deploy", token: secrets.service}'
UNUSED = "  service: {aws: churn/service}\n"


@pytest.mark.parametrize(
    ("target", "found"),
    [
        ("{kind: local, port: 8080}", ["MS513 8080"]),
        ("{kind: docker, port: 8080}", ["MS513 8080"]),
        ("{kind: local, port: 8081}", []),
        ("{kind: kubernetes, namespace: ml, port: 8080}", []),
        ("{kind: local, port: 0}", ["MS104 0"]),
    ],
)
def test_a_second_target(alter: Spoil, target: str, found: list[str]) -> None:
    assert alter(OTHER, target, UNUSED, "") == found


def test_both_are_named(altered: Callable[..., Loaded]) -> None:
    (found,) = altered(OTHER, "{kind: local, port: 8080}", UNUSED, "").diagnostics
    assert found.message == "deployments `live` and `elsewhere` both want port 8080"
    assert found.related[0].message == "`live` is defined here"
