from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time

import pytest

from modelsync.core.errors import LockedError, UsageError
from modelsync.targets import deployments, records
from tests.unit.conftest import Ground
from tests.unit.targets.test_local import bring_up

ELSEWHERE = """
import json, sys
from pathlib import Path
from modelsync.targets import deployments
state = Path(sys.argv[1])
found = deployments.found(state)
gone = [deployments.undeploy(state / name) for name in found]
print(json.dumps([[g.name, g.url, g.alive, g.version, g.wanted] for g in gone]))
"""


def test_another_process_finds_it_and_takes_it_down(ground: Ground) -> None:
    bring_up(ground.target(replicas=2), ground.release("1.0.0"))
    assert len(ground.processes()) == 3
    answer = subprocess.run(
        [sys.executable, "-c", ELSEWHERE, str(ground.state)], capture_output=True, text=True, check=True, timeout=60
    )
    assert json.loads(answer.stdout) == [["live", f"http://127.0.0.1:{ground.port}", True, "1.0.0", 2]]
    assert ground.processes() == []
    assert deployments.found(ground.state) == ()


def test_status_tells_what_is(ground: Ground) -> None:
    bring_up(ground.target(), ground.release("1.0.0"))
    ground.ask("POST", "/predict/doubler", {"x": 1.0})
    seen = deployments.status(ground.state / "live")
    assert (seen.name, seen.alive, seen.model, seen.version) == ("live", True, "doubler", "1.0.0")
    assert (seen.digest, seen.wanted, dict(seen.requests), dict(seen.errors)) == (
        "digest of 1.0.0",
        1,
        {"1.0.0": 1},
        {},
    )
    replica = seen.replicas[0]
    assert replica.alive and replica.pid is not None and replica.log.exists()
    os.kill(replica.pid, signal.SIGKILL)
    end = time.monotonic() + 10
    while deployments.status(ground.state / "live").alive and time.monotonic() < end:
        time.sleep(0.02)
    assert not deployments.status(ground.state / "live").alive


def test_nothing_there(ground: Ground) -> None:
    assert deployments.found(ground.state) == ()
    assert not deployments.status(ground.state / "live").alive
    with pytest.raises(UsageError, match="`live` is not deployed"):
        deployments.undeploy(ground.state / "live")


def test_a_rollout_under_way_is_not_disturbed(ground: Ground, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(records, "_LOCK_PATIENCE", 0.1)
    target = ground.target()
    with target.hold(), pytest.raises(LockedError, match=f"pid {os.getpid()}"):
        target.undeploy()


@pytest.mark.parametrize(
    ("host", "url"),
    [
        ("127.0.0.1", "http://127.0.0.1:80"),
        ("0.0.0.0", "http://127.0.0.1:80"),
        ("::", "http://[::1]:80"),
        ("::1", "http://[::1]:80"),
        ("localhost", "http://localhost:80"),
    ],
)
def test_addresses(host: str, url: str) -> None:
    assert deployments.url_of(host, 80) == url
