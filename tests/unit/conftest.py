"""What tests of several rooms share: a place to deploy to, and a real fitted model."""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import signal
import socket
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from modelsync.targets import deployments
from modelsync.targets.base import Release
from modelsync.targets.local import LocalTarget

PLAIN_REPLICA = (sys.executable, str(Path(__file__).with_name("plain_replica.py")))
ROUTER = (sys.executable, "-P", "-m", "modelsync.serving.router")


@dataclass
class Ground:
    """A place to deploy to: its own state folder and port."""

    folder: Path
    port: int

    @property
    def state(self) -> Path:
        return self.folder / "state"

    def target(self, *, replicas: int = 1, port: int | None = None, host: str = "127.0.0.1") -> LocalTarget:
        return LocalTarget(self.state / "live", host, port or self.port, replicas, PLAIN_REPLICA, ROUTER)

    def release(self, version: str, **behaviour: Any) -> Release:
        folder = self.folder / f"model-{version}"
        folder.mkdir(exist_ok=True)
        (folder / "behaviour.json").write_text(json.dumps(behaviour))
        return Release("doubler", version, f"digest of {version}", folder)

    def processes(self) -> list[int]:
        """Every process that was started for a deployment below this state folder and is not merely uncollected."""
        found = []
        for path in Path("/proc").glob("[0-9]*/cmdline"):
            with contextlib.suppress(OSError):
                if any(word.startswith(os.fsencode(self.state)) for word in path.read_bytes().split(b"\0")):
                    found.append(int(path.parent.name))
        return found

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> tuple[int, Any, dict[str, str]]:
        """One request: status, decoded body and headers."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        with contextlib.closing(connection):
            data = body if isinstance(body, bytes) or body is None else json.dumps(body).encode()
            connection.request(method, path, data, headers)
            response = connection.getresponse()
            text = response.read()
            return response.status, json.loads(text) if text else None, dict(response.getheaders())


@dataclass
class Client:
    """Asks without a break over one kept connection and writes down every answer."""

    port: int
    path: str = "/predict/doubler"
    body: bytes = b'{"rows": [{"x": 2.0}]}'
    answers: list[tuple[int, str]] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)
    _over: threading.Event = field(default_factory=threading.Event)

    def __enter__(self) -> Client:
        self._thread = threading.Thread(target=self._ask, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join(30)

    def _ask(self) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        while not self._over.is_set():
            try:
                connection.request("POST", self.path, self.body)
                response = connection.getresponse()
                said = response.read()
                self.answers.append((response.status, response.getheader("x-model-version", "")))
                if response.status != 200:
                    self.failures.append(f"{response.status} {said!r}")
            except (OSError, http.client.HTTPException) as error:
                self.failures.append(repr(error))
                connection.close()
        connection.close()


@pytest.fixture
def ground(tmp_path: Path) -> Iterator[Ground]:
    """A free port and a state folder; whatever was started there is gone afterwards."""
    place = Ground(tmp_path, free_port())
    yield place
    for name in deployments.found(place.state):
        deployments.undeploy(place.state / name)
    for pid in place.processes():
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def free_port() -> int:
    with contextlib.closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def client(ground: Ground) -> Client:
    """A client of that place, to be used as `with client:`."""
    return Client(ground.port)


@pytest.fixture(scope="session")
def cancer(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model folder: a small pipeline fitted on the 30 columns of the breast cancer data."""
    from sklearn.datasets import load_breast_cancer
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    from modelsync.usercode.models import save_model

    table, label = load_breast_cancer(return_X_y=True, as_frame=True)
    folder = tmp_path_factory.mktemp("cancer") / "model"
    save_model(make_pipeline(StandardScaler(), LogisticRegression(max_iter=200)).fit(table, label), folder, [table])
    return folder
