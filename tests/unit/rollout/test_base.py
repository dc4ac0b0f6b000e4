from __future__ import annotations

from modelsync.core.traffic import ArmState, Side
from modelsync.rollout.base import (
    Done,
    Observation,
    Progress,
    RollBack,
    StartReplicas,
    Stop,
    WaitReady,
    WarmUp,
    advance,
    first_steps,
)
from modelsync.rollout.blue_green import BlueGreen


def test_the_same_action_keeps_its_time() -> None:
    loading = ArmState("2.0.0", 1, started=1, alive=1)
    progress = advance(BlueGreen(), Progress(began=0.0), Observation(1.0))
    assert progress == Progress(0.0, StartReplicas(Side.NEW), 1.0)
    progress = advance(BlueGreen(), progress, Observation(2.0, new=loading))
    assert progress == Progress(0.0, WaitReady(Side.NEW), 2.0)
    assert advance(BlueGreen(), progress, Observation(9.0, new=loading)).since == 2.0


def test_once_back_never_forward_again() -> None:
    ready = ArmState("2.0.0", 1, started=1, alive=1, ready=1)
    back = advance(BlueGreen(), Progress(0.0), Observation(1.0, new=ready, failure="the disk is full"))
    assert (back.action, back.reason) == (Stop(Side.NEW), "the disk is full")
    again = advance(BlueGreen(), back, Observation(2.0, new=ready))
    assert again.action == Stop(Side.NEW)


def test_a_failure_on_the_way_back_ends_it() -> None:
    back = Progress(0.0, Stop(Side.NEW), 1.0, reason="first")
    end = advance(BlueGreen(), back, Observation(2.0, failure="second"))
    assert end.action == RollBack("first; and on the way back: second")


def test_an_end_is_an_end() -> None:
    over = Progress(0.0, Done(), 1.0)
    assert advance(BlueGreen(), over, Observation(5.0, failure="late")) is over


def test_the_steps_before_traffic() -> None:
    assert first_steps(Side.NEW, None) == StartReplicas(Side.NEW)
    assert first_steps(Side.NEW, ArmState("1", 2, started=2, alive=2, ready=1)) == WaitReady(Side.NEW)
    assert first_steps(Side.NEW, ArmState("1", 2, started=2, alive=2, ready=2)) == WarmUp(Side.NEW)
    assert first_steps(Side.NEW, ArmState("1", 2, started=2, alive=2, ready=2, warm=2)) is None


def test_an_observation_gives_its_sides() -> None:
    arm = ArmState("1", 1)
    assert Observation(0.0, old=arm).side(Side.OLD) is arm
    assert Observation(0.0, old=arm).side(Side.NEW) is None
