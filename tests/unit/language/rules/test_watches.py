"""A strategy that lets callers meet a new version bit by bit says what is watched."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from modelsync.language.load import Loaded

Spoil = Callable[..., list[str]]
WATCH = """    watch:
      - {metric: error_rate, max: 0.01, fail_after: 2}
      - {metric: prediction_psi, versus: stable, max: 0.25, observe: true}
"""


@pytest.mark.parametrize(
    ("watch", "found"),
    [
        ("", ["MS512 live"]),
        ("    watch: []\n", ["MS104 ["]),
        ("    watch:\n", ["MS103 watch"]),
        ("    watch: {metric: error_rate, max: 0.1}\n", ["MS103 {"]),
        ("    wach: [{metric: error_rate, max: 0.1}]\n", ["MS101 wach"]),
        ("    watch: [{metric: error_rat, max: 0.1}]\n", ["MS512 error_rat"]),
        ("    watch: [{metric: zzz, max: 0.1}]\n", ["MS512 zzz"]),
        ("    watch: [{metric: error_rate, max: 0.1, observe: true}]\n", ["MS512 watch"]),
        ("    watch: [{metric: error_rate}]\n", ["MS102 {"]),
        ("    watch: [{max: 1}, {metric: error_rate, max: 0.1, observe: true}]\n", ["MS102 {"]),
    ],
)
def test_a_canary(alter: Spoil, watch: str, found: list[str]) -> None:
    assert alter(WATCH, watch) == found


def test_a_swift_strategy_need_not_watch_but_may(alter: Spoil, whole: str) -> None:
    steps = whole[whole.index("    steps:\n      - {traffic: 5") : whole.index("    watch:")]
    assert alter("strategy: canary", "strategy: blue_green", steps, "", WATCH, "") == []
    observing = "    watch: [{metric: error_rate, max: 0.1, observe: true}]\n"
    assert alter("strategy: canary", "strategy: blue_green", steps, "", WATCH, observing) == []


@pytest.mark.parametrize("strategy", ["rolling"])
def test_every_progressive_strategy(alter: Spoil, whole: str, strategy: str) -> None:
    steps = whole[whole.index("    steps:\n      - {traffic: 5") : whole.index("    watch:")]
    assert alter("strategy: canary", f"strategy: {strategy}", steps, "", WATCH, "") == ["MS512 live"]


def test_the_measures_are_named(altered: Callable[..., Loaded]) -> None:
    (found,) = altered("metric: error_rate", "metric: zzz").diagnostics
    assert found.help.startswith("there are: error_rate, latency_mean_ms, ")
