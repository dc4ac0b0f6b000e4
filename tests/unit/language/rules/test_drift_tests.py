"""Drift tests must exist."""

from __future__ import annotations

from collections.abc import Callable

import pytest

Spoil = Callable[..., list[str]]


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        (["test: psi", "test: pssi"], ["MS504 pssi"]),
        (["test: psi", "test: 7"], ["MS504 7"]),
    ],
)
def test_the_good_spec_spoilt(spoil: Spoil, changes: list[str], found: list[str]) -> None:
    assert spoil(*changes) == found


@pytest.mark.parametrize("kind", ["target_drift", "drift"])
def test_every_kind_of_drift(spoil: Spoil, kind: str) -> None:
    gate = f"kind: {kind}, target: datasets.customers, reference: datasets.customers"
    assert spoil("models:\n", f"  one: {{{gate}, checks: [{{test: pssi, max: 1}}]}}\nmodels:\n") == ["MS504 pssi"]
