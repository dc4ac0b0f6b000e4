"""Values about releasing."""

from __future__ import annotations

from dataclasses import FrozenInstanceError, replace
from pathlib import Path

import pytest

from modelsync.core.diagnostics import Pos
from modelsync.language.delivery import (
    Access,
    Deploy,
    DockerTarget,
    LocalTarget,
    Rollback,
    SecretRef,
    TrafficStep,
    Watch,
)

HERE, THERE = Pos(Path("a.yaml"), 1, 1, 1, 2), Pos(Path("a.yaml"), 9, 1, 9, 2)


def test_a_secret_is_said_by_its_name_and_is_the_same_wherever_it_stands() -> None:
    assert str(SecretRef("hook", HERE)) == "secrets.hook"
    assert SecretRef("hook", HERE) == SecretRef("hook", THERE)
    assert SecretRef("hook", HERE) != SecretRef("other", HERE)


def test_a_deployment_is_the_same_wherever_it_stands() -> None:
    live = Deploy("live", "churn", LocalTarget(8080), "recreate", HERE)
    assert live == replace(live, at=THERE)
    assert live.local == LocalTarget(8080, 1, "127.0.0.1")
    assert (live.steps, live.watch, live.rollback) == ((), (), None)


def test_only_a_local_target_can_be_asked_for_as_one() -> None:
    with pytest.raises(AssertionError):
        _ = Deploy("live", "churn", DockerTarget(8080), "recreate", HERE).local


def test_defaults_are_those_of_the_language() -> None:
    assert TrafficStep(5) == TrafficStep(5, 0.0, 0, pause=False)
    assert Watch("error_rate") == Watch("error_rate", None, None, None, 1, observe=False)
    assert Rollback() == Rollback("last_good", None, 0.0)
    assert Access().roles == {}


def test_values_do_not_change() -> None:
    with pytest.raises((FrozenInstanceError, AttributeError)):
        Rollback().freeze = 1.0  # type: ignore[misc]
