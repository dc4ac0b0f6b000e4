from __future__ import annotations

import shutil
import socket
import time
from contextlib import closing, suppress
from dataclasses import replace
from pathlib import Path

import pytest

from modelsync.core.errors import SurroundingsError
from modelsync.core.traffic import ArmState, Side
from modelsync.targets import processes, records
from modelsync.targets.base import Release
from modelsync.targets.local import LocalTarget
from tests.unit.conftest import Ground


def wait_ready(target: LocalTarget, side: Side) -> ArmState:
    end = time.monotonic() + 30
    while time.monotonic() < end:
        seen = target.observe(side)
        assert seen is not None
        if seen.ready == seen.wanted or seen.trouble:
            return seen
        time.sleep(0.02)
    raise AssertionError("never ready")


def bring_up(target: LocalTarget, release: Release) -> None:
    with target.hold():
        target.start(Side.NEW, release)
        wait_ready(target, Side.NEW)
        target.warm_up(Side.NEW)
        target.route(100)


def test_a_release_from_start_to_stop(ground: Ground) -> None:
    target, release = ground.target(replicas=2), ground.release("1.0.0")
    with target.hold():
        assert target.observe(Side.OLD) is None
        assert not target.serves(release)
        target.check()
        target.start(Side.NEW, release)
        seen = wait_ready(target, Side.NEW)
        assert (seen.started, seen.alive, seen.ready, seen.warm, seen.routed) == (2, 2, 2, 0, False)
        target.warm_up(Side.NEW)
        target.route(100)
        assert target.observe(Side.NEW) == replace(seen, warm=2, routed=True)
    assert ground.ask("POST", "/predict/doubler/1.0.0", {"x": 4.0})[1]["predictions"] == [8.0]
    with target.hold():
        assert target.serves(release)
        assert not target.serves(replace(release, digest="another"))
        assert not ground.target(replicas=1).serves(release)  # outside of a rollout there are no sides
        target.stop(Side.OLD)
        stopped = target.observe(Side.OLD)
        assert stopped is not None and (stopped.started, stopped.routed) == (0, True)
        assert ground.ask("POST", "/predict/doubler", {"x": 4.0})[0] == 503
        target.start(Side.OLD, release)
        wait_ready(target, Side.OLD)
    assert ground.ask("POST", "/predict/doubler", {"x": 4.0})[0] == 200
    before = target.undeploy()
    assert (before.version, before.requests) == ("1.0.0", {"1.0.0": 3})
    assert ground.processes() == []


def test_what_was_never_routed_goes_when_the_hold_ends(ground: Ground) -> None:
    target = ground.target()
    with target.hold():
        target.start(Side.NEW, ground.release("1.0.0"))
        wait_ready(target, Side.NEW)
    assert ground.processes() == []
    assert not (target.state / records.REPLICAS).exists()


def test_what_a_killed_rollout_left_goes_with_the_next_one(ground: Ground) -> None:
    target = ground.target()
    bring_up(target, ground.release("1.0.0"))
    hold = target.hold()
    hold.__enter__()
    target.start(Side.NEW, ground.release("2.0.0"))
    wait_ready(target, Side.NEW)
    running = records.read_replicas(target.state)
    hold.__exit__(None, None, None)
    # The state as a kill would have left it: written down, and a process that runs.
    left = next(arm for arm in running.arms.values() if arm.version == "2.0.0")
    spawned = target._spawn(left, left.replicas[0])
    orphan = replace(left, replicas=(replace(left.replicas[0], process=spawned),))
    records.write_replicas(target.state, running.with_arm(orphan))
    with target.hold():
        assert not processes.is_alive(spawned)
        assert target.observe(Side.NEW) is None
    assert ground.ask("POST", "/predict/doubler", {"x": 1.0})[1]["version"] == "1.0.0"


def test_traffic_is_shared_by_weight(ground: Ground) -> None:
    target = ground.target()
    bring_up(target, ground.release("1.0.0"))
    with target.hold():
        target.start(Side.NEW, ground.release("2.0.0"))
        wait_ready(target, Side.NEW)
        target.route(50)
        answers = {ground.ask("POST", "/predict/doubler", {"x": 1.0})[1]["version"] for _ in range(40)}
        assert answers == {"1.0.0", "2.0.0"}
        target.route(0)
        answers = {ground.ask("POST", "/predict/doubler", {"x": 1.0})[1]["version"] for _ in range(10)}
        assert answers == {"1.0.0"}


def test_a_replica_that_ends_tells_why(ground: Ground) -> None:
    target = ground.target()
    with target.hold():
        target.start(Side.NEW, ground.release("1.0.0", fail="the model is made of cheese"))
        seen = wait_ready(target, Side.NEW)
    assert "a replica of doubler 1.0.0 ended: the model is made of cheese (log: " in seen.trouble


def test_a_replica_that_can_not_predict_its_example(ground: Ground) -> None:
    target = ground.target()
    with target.hold():
        target.start(Side.NEW, ground.release("1.0.0", bad_example=True))
        wait_ready(target, Side.NEW)
        with pytest.raises(SurroundingsError, match="did not predict its own example: it answered 422"):
            target.warm_up(Side.NEW)


def test_a_replica_that_is_gone_can_not_be_warmed_up(ground: Ground) -> None:
    target = ground.target()
    with target.hold():
        target.start(Side.NEW, ground.release("1.0.0"))
        wait_ready(target, Side.NEW)
        arm = next(iter(records.read_replicas(target.state).arms.values()))
        assert arm.replicas[0].process is not None
        processes.stop([arm.replicas[0].process], grace=5.0)
        with pytest.raises(SurroundingsError, match="did not predict its own example"):
            target.warm_up(Side.NEW)


def test_a_model_without_an_example_is_warm_when_it_is_ready(ground: Ground) -> None:
    target = ground.target()
    with target.hold():
        target.start(Side.NEW, ground.release("1.0.0", no_example=True))
        wait_ready(target, Side.NEW)
        target.warm_up(Side.NEW)
        seen = target.observe(Side.NEW)
        assert seen is not None and seen.warm == 1


def test_a_taken_port_is_found_before_anything_changes(ground: Ground) -> None:
    with closing(socket.socket()) as holder:
        holder.bind(("127.0.0.1", ground.port))
        holder.listen()
        with pytest.raises(SurroundingsError, match=f"port {ground.port}"):
            ground.target().check()


def test_a_first_release_that_is_stopped_again_leaves_no_route(ground: Ground) -> None:
    target = ground.target()
    with target.hold():
        target.start(Side.NEW, ground.release("1.0.0"))
        wait_ready(target, Side.NEW)
        target.route(100)
        target.stop(Side.NEW)
        assert records.read_routes(target.state).arms == ()
    assert ground.processes() == []


def test_a_side_that_does_not_exist(ground: Ground) -> None:
    target = ground.target()
    with target.hold(), pytest.raises(SurroundingsError, match="has no old release"):
        target.stop(Side.OLD)


def test_only_the_newest_logs_are_kept(ground: Ground) -> None:
    target = ground.target()
    target.state.mkdir(parents=True)
    for number in range(25):
        (target.state / f"replica-{number}.log").write_text("")
    with target.hold():
        pass
    assert len(list(target.state.glob("replica-*.log"))) == 20


def test_paths_may_be_relative(ground: Ground, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ground.folder)
    target = replace(ground.target(), state=Path("state/live"))
    assert target.state == ground.state / "live"
    with suppress(FileNotFoundError):
        shutil.rmtree(target.state)
