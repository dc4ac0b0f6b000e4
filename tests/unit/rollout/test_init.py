from __future__ import annotations

from dataclasses import replace

import pytest

from modelsync.rollout import STRATEGIES
from modelsync.rollout.base import Done, Drain, RollBack, Route, StartReplicas, Stop, Terms, WarmUp
from tests.unit.rollout.conftest import ANSWERING, World

EVERYTHING = [StartReplicas, WarmUp, Route, Drain, Stop]


@pytest.mark.parametrize("name", STRATEGIES)
@pytest.mark.parametrize("first", [True, False])
def test_every_strategy_comes_to_a_good_end(name: str, first: bool) -> None:
    world = World(old=None if first else ANSWERING)
    assert world.run(STRATEGIES[name](Terms())) == Done()
    assert world.new is not None and world.new.routed and world.new.ready == 2
    assert world.old is None or world.old.alive == 0


@pytest.mark.parametrize("name", STRATEGIES)
@pytest.mark.parametrize("first", [True, False])
@pytest.mark.parametrize("broken", EVERYTHING)
@pytest.mark.parametrize("dies_after", [None, *EVERYTHING])
@pytest.mark.parametrize("stuck", [True, False])
def test_whatever_fails_nothing_is_left_half_done(
    name: str, first: bool, broken: type, dies_after: type | None, stuck: bool
) -> None:
    old = None if first else replace(ANSWERING, in_flight=3)
    world = World(old=old, fails=frozenset({broken}), dies_after=dies_after, stuck=stuck)
    end = world.run(STRATEGIES[name](Terms()))
    if isinstance(end, RollBack):
        assert end.reason
        assert world.new is None or world.new.alive == 0 or "on the way back" in end.reason
    else:
        assert world.new is not None and world.new.routed


@pytest.mark.parametrize("name", STRATEGIES)
def test_a_release_that_never_gets_ready_goes_back_in_time(name: str) -> None:
    world = World(old=ANSWERING, never_ready=True)
    end = world.run(STRATEGIES[name](Terms(ready_within=20)))
    assert end == RollBack("only 0 of 2 replicas were ready after 21.0 s")
    assert world.old is not None and world.old.routed and world.old.ready == 2
    assert world.now < 40


@pytest.mark.parametrize("name", STRATEGIES)
def test_the_deadline_holds_before_the_switch(name: str) -> None:
    world = World(old=ANSWERING, never_ready=True)
    end = world.run(STRATEGIES[name](Terms(ready_within=1000, deadline=30)))
    assert end == RollBack("the rollout did not reach its switch within 30.0 s")
