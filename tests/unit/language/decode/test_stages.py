"""Stages."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from modelsync.language.delivery import Approval
from modelsync.language.load import Loaded

Spoil = Callable[..., list[str]]


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        (["    deploy: live\n", "    approval: {count: 1}\n    deploy: live\n"], ["MS102 {", "MS102 {"]),
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


@pytest.mark.parametrize(
    ("approval", "found"),
    [
        ("{roles: [ml-lead], expires: 48h}", []),
        ("{roles: [admin, viewer], expires: 48h}", []),
        ("{roles: roles.ml-lead, expires: 48h}", []),
        ("{roles: [ml-led], expires: 48h}", ["MS208 ml-led"]),
        ("{roles: [], expires: 48h}", ["MS104 ["]),
        ("{role: ml-lead, expires: 48h}", ["MS101 role"]),
        ("{roles: ml-lead}", ["MS102 {"]),
        ("{roles: ml-lead, expires: 48}", ["MS106 48"]),
        ("{roles: ml-lead, expires: 0s}", ["MS104 0s"]),
        ("{roles: ml-lead, expires: 48h, count: 0}", ["MS104 0"]),
        ("{roles: ml-lead, expires: 48h, not_author: maybe}", ["MS103 maybe"]),
        ("ml-lead", ["MS103 ml-lead"]),
        ("null", ["MS102 null", "MS102 null"]),
    ],
)
def test_an_approval(alter: Spoil, approval: str, found: list[str]) -> None:
    assert alter("{roles: ml-lead, count: 1, not_author: true, expires: 48h}", approval) == found


def test_an_approval_as_decoded(altered: Callable[..., Loaded]) -> None:
    spec = altered().spec
    assert spec is not None
    assert spec.stages["production"].approval == Approval(("ml-lead",), 172800.0, 1, True)
    assert spec.stages["staging"].approval is None
