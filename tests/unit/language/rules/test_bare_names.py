"""Gates, stages, deployments and models named bare must exist."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from modelsync.language.load import Loaded

Spoil = Callable[..., list[str]]


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        (["gates: [data_quality]", "gates: [data_qualty]"], ["MS208 data_qualty"]),
        (["deploy: live", "deploy: dead"], ["MS208 dead"]),
        (["after: development", "after: developmnt"], ["MS208 developmnt"]),
        (["model: churn\n", "model: chrun\n"], ["MS208 chrun"]),
        (["model: churn\n", "model: models.churn\n"], []),
    ],
)
def test_the_good_spec_spoilt(spoil: Spoil, changes: list[str], found: list[str]) -> None:
    assert spoil(*changes) == found


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        (["roles: ml-lead", "roles: ml-led"], ["MS208 ml-led"]),
        (["roles: ml-lead", "roles: zzz"], ["MS208 zzz"]),
        (["roles: ml-lead", "roles: [admin, viewer]"], []),
        (["access:\n  roles: {", "access: 3\nold:\n  roles: {"], ["MS103 3", "MS101 old"]),
        (["until: staging", "until: zzz"], ["MS208 zzz"]),
        (["until: staging", "until: train.bst"], ["MS208 train.bst"]),
        (["stages:\n", "stages: 3\nold:\n"], ["MS103 3", "MS101 old"]),
        (["run: {pipeline: report}", "run: {pipeline: zzz}"], ["MS208 zzz"]),
        (["gate: drift", "gate: zzz"], ["MS208 zzz"]),
        (["token: secrets.service", "token: secrets.zzz"], ["MS208 secrets.zzz"]),
        (["secrets:\n", "secrets: 3\nold:\n"], ["MS103 3", "MS101 old"]),
        (["{gates: steady}", "{gates: [steady, stedy]}"], ["MS208 stedy"]),
    ],
)
def test_the_whole_spec_altered(alter: Spoil, changes: list[str], found: list[str]) -> None:
    assert alter(*changes) == found


def test_a_secret_that_is_like_no_other_can_be_declared(altered: Callable[..., Loaded]) -> None:
    (found,) = altered("token: secrets.service", "token: secrets.zzz").diagnostics
    assert found.help == "declare it: `secrets: {zzz: {env: VARIABLE}}`"
    (found,) = altered("token: secrets.service", "token: secrets.servise").diagnostics
    assert (found.help, found.fix and found.fix.replacement) == ("did you mean `secrets.service`?", "secrets.service")
