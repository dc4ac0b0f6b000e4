from __future__ import annotations

from modelsync.targets.base import DeploymentStatus, Target
from tests.unit.conftest import Ground


def test_the_local_target_is_a_target(ground: Ground) -> None:
    target: Target = ground.target()
    assert target.url == f"http://127.0.0.1:{ground.port}"


def test_nothing_deployed_is_not_alive() -> None:
    assert not DeploymentStatus("live", "", False).alive
