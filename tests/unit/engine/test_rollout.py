from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest

from modelsync.core.errors import LockedError, SurroundingsError, UsageError
from modelsync.core.processes import started_at
from modelsync.engine.rollout import RolloutResult, local_target, roll_out
from modelsync.rollout import STRATEGIES
from modelsync.targets import deployments, records
from modelsync.targets.base import Release
from tests.unit.conftest import Client, Ground, free_port

CONTROLLER = """
import sys
from pathlib import Path
from modelsync.engine.rollout import roll_out
from modelsync.targets.base import Release
from modelsync.targets.local import LocalTarget
state, port, version, folder, replica, strategy = sys.argv[1:]
target = LocalTarget(Path(state), "127.0.0.1", int(port), 1, (sys.executable, replica),
                     (sys.executable, "-P", "-m", "modelsync.serving.router"))
release = Release("doubler", version, f"digest of {version}", Path(folder))
roll_out(target, strategy, release, on_event=lambda said: print(said, flush=True))
"""


def deploy(
    ground: Ground, release: Release, strategy: str = "blue_green", *, replicas: int = 1, port: int | None = None
) -> RolloutResult:
    return roll_out(ground.target(replicas=replicas, port=port), strategy, release, on_event=lambda said: None)


@pytest.mark.parametrize("strategy", STRATEGIES)
def test_first_and_second_release(ground: Ground, strategy: str) -> None:
    said: list[str] = []
    first = roll_out(ground.target(), strategy, ground.release("1.0.0"), on_event=said.append)
    assert (first.outcome, first.version, first.reason) == ("live", "1.0.0", "")
    assert first.url == f"http://127.0.0.1:{ground.port}"
    assert said[0] == "starting doubler 1.0.0"
    assert said[-2:] == ["doubler 1.0.0 gets 100 % of the traffic", "doubler 1.0.0 is live"]
    router = deployments.status(ground.state / "live").router_pid
    assert deploy(ground, ground.release("2.0.0"), strategy).outcome == "live"
    assert ground.ask("POST", "/predict/doubler", {"x": 1.0})[1]["version"] == "2.0.0"
    assert deployments.status(ground.state / "live").router_pid == router
    assert len(ground.processes()) == 2


def test_a_switch_under_load_loses_no_request(ground: Ground, client: Client) -> None:
    deploy(ground, ground.release("1.0.0", pause=0.002), replicas=2)
    with client:
        while len(client.answers) < 20:
            time.sleep(0.01)
        result = deploy(ground, ground.release("2.0.0", pause=0.002), replicas=2)
        seen = len(client.answers)
        while len(client.answers) < seen + 20 and not client.failures:
            time.sleep(0.01)
    assert result.outcome == "live"
    assert client.failures == []
    versions = [version for _, version in client.answers]
    assert {"1.0.0", "2.0.0"} == set(versions)
    assert versions == sorted(versions)  # never back to the old one
    assert deployments.status(ground.state / "live").errors == {}


@pytest.mark.parametrize(
    ("behaviour", "reason"),
    [
        ({"fail": "no such model"}, "a replica of doubler 2.0.0 ended: no such model"),
        ({"bad_example": True}, "did not predict its own example"),
    ],
)
def test_a_broken_release_goes_back_unnoticed(
    ground: Ground, client: Client, behaviour: dict[str, object], reason: str
) -> None:
    deploy(ground, ground.release("1.0.0"))
    with client:
        result = deploy(ground, ground.release("2.0.0", **behaviour))
    assert (result.outcome, result.version) == ("rolled_back", "1.0.0")
    assert reason in result.reason
    assert client.failures == []
    assert {version for _, version in client.answers} == {"1.0.0"}
    assert len(ground.processes()) == 2


def test_recreate_starts_the_old_release_again(ground: Ground) -> None:
    deploy(ground, ground.release("1.0.0"))
    said: list[str] = []
    result = roll_out(ground.target(), "recreate", ground.release("2.0.0", fail="broken"), on_event=said.append)
    assert (result.outcome, result.version) == ("rolled_back", "1.0.0")
    assert ground.ask("POST", "/predict/doubler", {"x": 1.0})[1]["version"] == "1.0.0"
    assert "stopping doubler 1.0.0" in said
    assert any(word.startswith("going back: a replica of doubler 2.0.0 ended: broken") for word in said)
    assert said[-1] == "rolled back"


def test_one_that_is_never_ready_goes_back_by_the_deadline(ground: Ground) -> None:
    deploy(ground, ground.release("1.0.0"))
    said: list[str] = []
    result = roll_out(
        ground.target(), "blue_green", ground.release("2.0.0", never_ready=True), on_event=said.append, deadline=1.0
    )
    assert result.reason == "the rollout did not reach its switch within 1.0 s"
    assert ground.ask("POST", "/predict/doubler", {"x": 1.0})[0] == 200
    assert len(ground.processes()) == 2


def test_a_first_release_that_fails_leaves_nothing(ground: Ground) -> None:
    result = deploy(ground, ground.release("1.0.0", fail="broken"))
    assert (result.outcome, result.version) == ("rolled_back", "")
    assert ground.processes() == []
    assert deployments.found(ground.state) == ()


def test_the_same_release_again_changes_nothing(ground: Ground) -> None:
    deploy(ground, ground.release("1.0.0"))
    before = ground.processes()
    said: list[str] = []
    again = roll_out(ground.target(), "blue_green", ground.release("1.0.0"), on_event=said.append)
    assert again.outcome == "live"
    assert said == ["doubler 1.0.0 serves already, nothing to do"]
    assert ground.processes() == before


def test_but_not_when_it_lost_a_replica(ground: Ground) -> None:
    deploy(ground, ground.release("1.0.0"))
    pid = deployments.status(ground.state / "live").replicas[0].pid
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    assert deploy(ground, ground.release("1.0.0")).outcome == "live"
    assert ground.ask("POST", "/predict/doubler", {"x": 1.0})[0] == 200
    assert pid not in ground.processes()


def test_after_everything_died_it_comes_up_again(ground: Ground) -> None:
    deploy(ground, ground.release("1.0.0"))
    for pid in ground.processes():
        os.kill(pid, signal.SIGKILL)
    assert deploy(ground, ground.release("1.0.0")).outcome == "live"
    assert ground.ask("POST", "/predict/doubler", {"x": 1.0})[0] == 200
    assert len(ground.processes()) == 2


def test_a_deployment_can_move_to_another_port(ground: Ground) -> None:
    deploy(ground, ground.release("1.0.0"))
    ground.port = free_port()
    assert deploy(ground, ground.release("1.0.0")).outcome == "live"
    assert ground.ask("POST", "/predict/doubler", {"x": 1.0})[0] == 200
    assert len(ground.processes()) == 2


@pytest.mark.parametrize("strategy", STRATEGIES)
def test_a_taken_port_stops_it_before_anything_else_does(ground: Ground, strategy: str) -> None:
    deploy(ground, ground.release("1.0.0"))
    before = ground.processes()
    with closing(socket.socket()) as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        port = int(holder.getsockname()[1])
        with pytest.raises(SurroundingsError, match=f"port {port} on 127.0.0.1 is already in use"):
            deploy(ground, ground.release("2.0.0"), strategy, port=port)
    assert ground.processes() == before
    assert ground.ask("POST", "/predict/doubler", {"x": 1.0})[1]["version"] == "1.0.0"


def test_an_unknown_strategy(ground: Ground) -> None:
    with pytest.raises(UsageError, match="no strategy `bluegreen`") as caught:
        deploy(ground, ground.release("1.0.0"), "bluegreen")
    assert caught.value.help == "did you mean `blue_green`?"
    with pytest.raises(UsageError) as caught:
        deploy(ground, ground.release("1.0.0"), "xyz")
    assert caught.value.help == "known strategies: recreate, blue_green"


@pytest.mark.parametrize("strategy", STRATEGIES)
def test_an_interruption_is_carried_on_after_the_way_back(ground: Ground, strategy: str) -> None:
    deploy(ground, ground.release("1.0.0"))

    def interrupt(said: str) -> None:
        if said == "waiting until doubler 2.0.0 is ready":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        roll_out(ground.target(), strategy, ground.release("2.0.0", never_ready=True), on_event=interrupt)
    assert ground.ask("POST", "/predict/doubler", {"x": 1.0})[1]["version"] == "1.0.0"
    assert len(ground.processes()) == 2


def test_a_second_interruption_ends_it_at_once_and_still_leaves_no_process(ground: Ground) -> None:
    def interrupt(said: str) -> None:
        if said.startswith(("waiting", "going back")):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        roll_out(ground.target(), "blue_green", ground.release("1.0.0", never_ready=True), on_event=interrupt)
    assert ground.processes() == []


@pytest.mark.slow
@pytest.mark.parametrize("strategy", STRATEGIES)
@pytest.mark.parametrize(
    "at", ["starting doubler 2.0.0", "waiting until doubler 2.0.0", "warming", "doubler 2.0.0 gets"]
)
def test_a_controller_killed_on_the_way_leaves_what_the_next_one_can_mend(
    ground: Ground, strategy: str, at: str
) -> None:
    deploy(ground, ground.release("1.0.0"))
    release = ground.release("2.0.0")
    words = [str(ground.state / "live"), str(ground.port), "2.0.0", str(release.folder), _plain(), strategy]
    with subprocess.Popen([sys.executable, "-c", CONTROLLER, *words], stdout=subprocess.PIPE, text=True) as controller:
        assert controller.stdout is not None
        for line in controller.stdout:
            if line.startswith(at):
                break
        controller.send_signal(signal.SIGKILL)
    status, answer, _ = ground.ask("POST", "/predict/doubler", {"x": 1.0})
    if strategy == "blue_green":  # exactly one release answers, whichever moment it was
        assert status == 200
        assert answer["version"] in ("1.0.0", "2.0.0")
    assert deploy(ground, release, strategy).outcome == "live"
    assert ground.ask("POST", "/predict/doubler", {"x": 1.0})[1]["version"] == "2.0.0"
    assert len(ground.processes()) == 2
    deployments.undeploy(ground.state / "live")
    assert ground.processes() == []


def test_two_at_once_do_not_mix(ground: Ground, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(records, "_LOCK_PATIENCE", 0.1)
    with ground.target().hold(), pytest.raises(LockedError):
        deploy(ground, ground.release("1.0.0"))


@pytest.mark.slow
def test_a_real_model_goes_live_and_is_replaced_under_load(ground: Ground, cancer: Path) -> None:
    target = local_target(ground.state, "live", host="127.0.0.1", port=ground.port, replicas=1)
    first, second = (Release("cancer", version, version, cancer) for version in ("1.0.0", "1.1.0"))
    assert roll_out(target, "blue_green", first, on_event=print).outcome == "live"
    served = ground.ask("GET", "/")[1]["served"][0]
    status, answer, headers = ground.ask("POST", "/predict/cancer", {"rows": [served["example"]]})
    assert (status, answer["predictions"], headers["x-model-version"]) == (200, [0], "1.0.0")
    assert answer["probabilities"][0]["0"] > 0.99
    body = json.dumps({"rows": [served["example"]]}).encode()
    with Client(ground.port, "/predict/cancer", body) as client:
        assert roll_out(target, "blue_green", second, on_event=print).outcome == "live"
    assert client.failures == []
    before = target.undeploy()
    assert before.version == "1.1.0"
    assert all(r.pid is not None and started_at(r.pid) is None for r in before.replicas)


def _plain() -> str:
    return str(Path(__file__).parents[1] / "plain_replica.py")
