"""Stages."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from modelsync.language.load import Loaded

Spoil = Callable[..., list[str]]


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        (["    deploy: live\n", "    approval: {count: 1}\n    deploy: live\n"], ["MS110 approval"]),
        (["gates: [data_quality]", "gate: [data_quality]"], ["MS101 gate"]),
        (["gates: [data_quality]", "gates: [data_quality, data_quality]"], ["MS109 data_quality"]),
        (["    when: metrics.roc_auc >= 0.82 and", "    when: metrics.roc_auc >= and"], ["MS301 a"]),
        (["after: development", "after: [development]"], ["MS103 ["]),
        (["stages:\n", "stages:\n  odd: 3\n"], ["MS103 3"]),
    ],
)
def test_the_good_spec_spoilt(spoil: Spoil, changes: list[str], found: list[str]) -> None:
    assert spoil(*changes) == found


def test_stages_as_decoded(spoilt: Callable[..., Loaded]) -> None:
    spec = spoilt().spec
    assert spec is not None
    production = spec.stages["production"]
    assert (production.after, production.gates, production.deploy) == ("staging", (), "live")
    assert production.when is not None
    assert spec.stages["staging"].gates == ("input_drift", "beats_champion", "fair", "floor")
