from __future__ import annotations

from modelsync.core.traffic import Side
from modelsync.rollout.base import Done, Observation, RollBack, Route, StartReplicas, Stop, Terms, WaitReady, WarmUp
from modelsync.rollout.recreate import Recreate
from tests.unit.rollout.conftest import ANSWERING, World


def test_the_old_side_stops_first() -> None:
    world = World(old=ANSWERING)
    assert world.run(Recreate()) == Done()
    assert world.story == [
        Stop(Side.OLD),
        StartReplicas(Side.NEW),
        WaitReady(Side.NEW),
        WarmUp(Side.NEW),
        Route(new=100),
        Done(),
    ]


def test_a_failure_starts_the_old_side_again() -> None:
    world = World(old=ANSWERING, dies_after=StartReplicas)
    assert world.run(Recreate()) == RollBack("a replica ended")
    assert world.old is not None and world.old.routed and world.old.warm == 2
    assert world.story[-5:] == [
        Stop(Side.NEW),
        StartReplicas(Side.OLD),
        WaitReady(Side.OLD),
        WarmUp(Side.OLD),
        RollBack("a replica ended"),
    ]


def test_a_failure_after_the_switch_takes_the_traffic_back() -> None:
    world = World(old=ANSWERING, dies_after=Route)
    assert world.run(Recreate()) == RollBack("a replica ended")
    assert Route(new=0) in world.story
    assert world.old is not None and world.old.routed


def test_a_first_release_has_nothing_to_go_back_to() -> None:
    world = World(never_ready=True)
    end = world.run(Recreate(Terms(ready_within=5)))
    assert isinstance(end, RollBack)
    assert world.old is None


def test_an_old_side_that_does_not_come_back_is_said() -> None:
    world = World(old=ANSWERING, never_ready=True, old_returns=False)
    end = world.run(Recreate(Terms(ready_within=5)))
    assert isinstance(end, RollBack)
    assert "the old release was not ready again in time" in end.reason


def test_an_old_side_that_ends_again_is_said() -> None:
    gone = Observation(9.0, old=ANSWERING.__class__("1.0.0", 2, started=2, trouble="it ended"))
    end = Recreate().back(gone, 0.0, "the new one failed")
    assert end == RollBack("the new one failed; and the old release did not come back: it ended")
