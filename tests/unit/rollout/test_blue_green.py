from __future__ import annotations

from dataclasses import replace

from modelsync.core.traffic import Side
from modelsync.rollout.base import Done, Drain, RollBack, Route, StartReplicas, Stop, Terms, WaitReady, WarmUp
from modelsync.rollout.blue_green import BlueGreen
from tests.unit.rollout.conftest import ANSWERING, World


def test_the_whole_way_without_a_gap() -> None:
    world = World(old=ANSWERING)
    assert world.run(BlueGreen()) == Done()
    assert world.story == [
        StartReplicas(Side.NEW),
        WaitReady(Side.NEW),
        WarmUp(Side.NEW),
        Route(new=100),
        Stop(Side.OLD),
        Done(),
    ]
    assert world.gaps == 0


def test_old_requests_end_before_the_old_side_does_but_not_for_ever() -> None:
    world = World(old=ANSWERING, stuck=True)
    assert world.run(BlueGreen(Terms(drain_within=5))) == Done()
    assert world.story[-3:] == [Drain(Side.OLD), Stop(Side.OLD), Done()]
    assert world.now < 20


def test_a_failure_before_the_switch_never_touches_the_old_side() -> None:
    world = World(old=ANSWERING, fails=frozenset({WarmUp}))
    assert world.run(BlueGreen()) == RollBack("WarmUp failed")
    assert world.old == replace(ANSWERING, ready=2)
    assert world.gaps == 0
    assert Route(new=100) not in world.story


def test_a_failure_after_the_switch_gives_the_traffic_back() -> None:
    world = World(old=ANSWERING, dies_after=Route)
    assert world.run(BlueGreen()) == RollBack("a replica ended")
    assert world.old is not None and world.old.routed and world.old.alive == 2
    assert world.story[-3:] == [Route(new=0), Stop(Side.NEW), RollBack("a replica ended")]


def test_with_the_old_side_gone_a_new_side_that_still_answers_stays() -> None:
    new = replace(ANSWERING, version="2.0.0", alive=1, ready=1, trouble="one of two ended", in_flight=0)
    world = World(old=replace(ANSWERING, started=0, alive=0, ready=0, routed=False), new=new)
    assert world.run(BlueGreen()) == Done()


def test_a_first_release_in_trouble_is_taken_away() -> None:
    world = World(dies_after=Route)
    # It is routed and nothing is left to do: the next look already finds the trouble.
    assert world.run(BlueGreen()) == RollBack("a replica ended")
    assert world.new is not None and world.new.alive == 0


def test_requests_of_the_new_side_end_too_when_it_goes_back() -> None:
    world = World(old=ANSWERING, new=replace(ANSWERING, version="2.0.0", alive=1, trouble="one ended"), stuck=True)
    assert isinstance(world.run(BlueGreen(Terms(drain_within=5))), RollBack)
    assert Drain(Side.NEW) in world.story
