"""A copy of the reference project on ports of its own, driven through the real command line."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]


@dataclass
class Cli:
    """The command line in a project's folder."""

    folder: Path
    environment: dict[str, str] = field(default_factory=dict)

    def start(self, *words: str) -> subprocess.Popen[str]:
        """Begin a command."""
        return subprocess.Popen(
            [sys.executable, "-m", "modelsync", *words],
            cwd=self.folder,
            env={**os.environ, **self.environment},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def __call__(self, *words: str, exit: int = 0) -> str:
        """Run a command, expect its exit code, give what it said."""
        process = self.start(*words)
        said, _ = process.communicate(timeout=280)
        assert process.returncode == exit, f"exit {process.returncode}, expected {exit}\n{said}"
        assert "Traceback" not in said, said
        return said


@dataclass
class Project(Cli):
    """The copied reference project."""

    port: int = 0

    @property
    def spec(self) -> Path:
        """Its spec."""
        return self.folder / "specs/credit/modelsync.yaml"

    def edit(self, path: str, old: str, new: str) -> None:
        """Replace a text that must be there."""
        file = self.folder / path
        text = file.read_text()
        assert old in text, f"{path} holds no {old!r}"
        file.write_text(text.replace(old, new))

    def get(self, path: str) -> Any:
        """GET from the deployment."""
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=20) as answer:
            return json.loads(answer.read())

    def predict(self, path: str = "/predict/credit") -> Any:
        """A prediction on the deployment's own example."""
        body = json.dumps(self.get("/example")).encode()
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}{path}", data=body, method="POST")
        with urllib.request.urlopen(request, timeout=20) as answer:
            return json.loads(answer.read())

    def prefect(self, path: str, **body: Any) -> Any:
        """POST to the API of the project's Prefect server."""
        port = json.loads((self.folder / ".modelsync/prefect.json").read_text())["port"]
        request = urllib.request.Request(
            f"http://127.0.0.1:{port}/api{path}",
            data=json.dumps(body).encode(),
            headers={"content-type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=20) as answer:
            return json.loads(answer.read())


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


# Loaded by every Python process below: what looks up a name or connects outside this machine is written down.
_WATCH = """
import os, socket
_lookup, _connect = socket.getaddrinfo, socket.socket.connect
_LOCAL = ("127.0.0.1", "::1", "localhost", "", None, socket.gethostname())

def _note(host):
    host = host.decode() if isinstance(host, bytes) else host
    if host not in _LOCAL:
        with open(os.environ["OUTSIDE_LOG"], "a") as log:
            log.write(f"{host}\\n")

def getaddrinfo(host, *rest, **more):
    _note(host)
    return _lookup(host, *rest, **more)

def connect(self, address):
    if isinstance(address, tuple):
        _note(address[0])
    return _connect(self, address)

socket.getaddrinfo, socket.socket.connect = getaddrinfo, connect
"""


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Project]:
    """The reference project, copied; its servers and deployments are taken down at the end."""
    folder = tmp_path_factory.mktemp("project")
    for name in ("specs/credit", "flows", "validators"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    watch = tmp_path_factory.mktemp("watch")
    (watch / "sitecustomize.py").write_text(_WATCH)
    watched = {"PYTHONPATH": str(watch), "OUTSIDE_LOG": str(watch / "outside.log")}
    made = Project(folder, watched, port=free_port())
    made.edit("specs/credit/modelsync.yaml", "port: 8080", f"port: {made.port}")
    first, report, rest = made.spec.read_text().partition("report: true")
    rest = rest.replace(report, "report: false", 1).replace(report, "report: evidently", 1)
    made.spec.write_text(first + report + rest)  # a page of ours is proof enough, and one beside it
    yield made
    made.environment = watched
    if (folder / ".modelsync/deploy/live/replicas.json").exists():
        made("deploy", "undeploy", "live")
    made("server", "stop")
