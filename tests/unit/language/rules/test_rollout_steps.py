"""The steps of a rollout fit its strategy."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from modelsync.language.load import Loaded

Spoil = Callable[..., list[str]]


@pytest.fixture
def roll(alter: Spoil, whole: str) -> Callable[[str, str], list[str]]:
    """The findings when the rollout has this strategy and these steps."""
    steps = whole[whole.index("    steps:\n      - {traffic: 5") : whole.index("    watch:")]

    def rolling(strategy: str, written: str) -> list[str]:
        return alter("strategy: canary", f"strategy: {strategy}", steps, f"    steps: {written}\n" if written else "")

    return rolling


@pytest.mark.parametrize(
    ("strategy", "steps", "found"),
    [
        ("canary", "[{traffic: 100}]", []),
        ("canary", "[{traffic: 0, for: 1h}, {traffic: 100}]", []),
        ("canary", "", ["MS511 live"]),
        ("canary", "[{traffic: 5, for: 1h}, {traffic: 5, for: 1h}, {traffic: 100}]", ["MS511 5"]),
        ("canary", "[{traffic: 50, for: 1h}, {traffic: 5, for: 1h}, {traffic: 100}]", ["MS511 5"]),
        ("canary", "[{traffic: 5, for: 1h}, {traffic: 90, for: 1h}]", ["MS511 90"]),
        ("canary", "[{traffic: 5, for: 1h}, {trafic: 100}]", ["MS101 trafic"]),
        ("canary", "[{traffic: 5, for: 1h}, {for: 1h}]", ["MS102 {"]),
        ("canary", "[{traffic: 5, for: 1}, {traffic: 100}]", ["MS106 1"]),
        ("canary", "[]", ["MS104 ["]),
        ("canary", "{traffic: 100}", ["MS103 {"]),
        ("recreate", "[{traffic: 100}]", ["MS511 steps"]),
        ("blue_green", "[{traffic: 100}]", ["MS511 steps"]),
        ("rolling", "[{traffic: 100}]", ["MS511 steps"]),
        ("rolling", "", []),
        ("shadow", "[{traffic: 100, for: 7d}]", []),
        ("shadow", "", ["MS511 live"]),
        ("shadow", "[{traffic: 100}]", ["MS511 100"]),
        ("shadow", "[{traffic: 100, for: 7d}, {traffic: 50, for: 7d}]", ["MS511 50"]),
        ("ab_test", "[{traffic: 50, for: 7d}]", []),
        ("ab_test", "[{traffic: 100, for: 7d}]", ["MS511 100"]),
        ("ab_test", "[{traffic: 0, for: 7d}]", ["MS511 0"]),
        ("cnary", "[{traffic: 5, for: 1h}, {traffic: 90, for: 1h}]", ["MS105 cnary", "MS511 90"]),
        ("zzz", "[{traffic: 5, for: 1h}]", ["MS105 zzz"]),
    ],
)
def test_a_rollout(roll: Callable[[str, str], list[str]], strategy: str, steps: str, found: list[str]) -> None:
    assert roll(strategy, steps) == found


def test_the_step_before_is_shown(altered: Callable[..., Loaded]) -> None:
    (found,) = altered("traffic: 25,", "traffic: 5,").diagnostics
    assert found.message == "canary traffic must rise at every step; 5 % follows 5 %"
    assert found.related[0].message == "the step before sends 5 %"
