"""Stages are one chain."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from modelsync.language.load import Loaded

Spoil = Callable[..., list[str]]


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        (
            ["  development: {gates: [data_quality]}", "  development: {gates: [data_quality]}\n  early:"],
            ["MS509 early"],
        ),
        (
            [
                "  development: {gates: [data_quality]}",
                "  development: {gates: [data_quality]}\n  early: {after: staging}",
            ],
            ["MS509 early"],
        ),
        (
            ["  development: {gates: [data_quality]}", "  development: {gates: [data_quality], after: production}"],
            ["MS509 production"],
        ),
        (
            ["  development: {gates: [data_quality]}", "  development: {gates: [data_quality], after: development}"],
            ["MS509 development"],
        ),
    ],
)
def test_the_good_spec_spoilt(spoil: Spoil, changes: list[str], found: list[str]) -> None:
    assert spoil(*changes) == found


def test_a_circle_of_three_is_told_once(spoilt: Callable[..., Loaded]) -> None:
    (found,) = spoilt("development: {gates", "development: {after: production, gates").diagnostics
    assert "`production` -> `staging` -> `development` -> `production`" in found.message
