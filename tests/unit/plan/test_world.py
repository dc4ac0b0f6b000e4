from __future__ import annotations

from collections.abc import Callable

from modelsync.core.version import Version
from modelsync.language.model import Spec
from tests.unit.plan.conftest import Past


def test_the_latest_version_and_the_champion_are_not_the_same_thing(load_spec: Callable[..., Spec]) -> None:
    spec = load_spec()
    past = Past(spec)
    assert past.world.latest("m") is None
    assert past.world.champion(spec, "m") is None
    past.run(model="M1").run(model="M2", to="development")
    latest, champion = past.world.latest("m"), past.world.champion(spec, "m")
    assert latest is not None
    assert champion is not None
    assert (latest.version, champion.version) == (Version(0, 2, 0), Version(0, 1, 0))
    assert past.world.at_stage("m", "development") == latest
    assert past.world.at_stage("m", "staging") is None
