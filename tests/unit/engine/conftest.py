"""A project whose dataset may come from anywhere, and a run of it without a server."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from modelsync.api.planning import make_plan
from modelsync.api.projects import open_project
from modelsync.engine import datasets
from modelsync.engine.context import Run
from modelsync.engine.results import NodeResult
from modelsync.plan.model import Plan
from modelsync.registry.records import DatasetVersion, RunRecord


@dataclass
class Place:
    """A project with one dataset, `rows`."""

    root: Path

    def write(self, path: str, text: str) -> None:
        target = self.root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text)

    def declare(self, source: str, more: str = "") -> None:
        """The spec: `source` and further keys of the dataset as YAML."""
        self.write("modelsync.yaml", f"modelsync: 1\nproject: p\ndatasets:\n  rows:\n    source: {source}\n{more}")

    def plan(self) -> Plan:
        return make_plan(open_project(self.root / "modelsync.yaml"))[0]

    def reason(self) -> str:
        """What the plan says of the dataset."""
        node = self.plan().node("dataset:rows")
        return f"{node.decision}: {node.reason}"

    def run(self) -> NodeResult:
        """What a run would do with the dataset."""
        project = open_project(self.root / "modelsync.yaml")
        plan, world = make_plan(project)
        record = RunRecord("r" * 32, "p", "modelsync.yaml", "d", {}, None, "ana")
        self.last = Run(
            spec=project.spec, plan=plan, world=world, workspace=project.workspace, record=record, say=print
        )
        return datasets.perform(self.last, plan.node("dataset:rows").task)

    @property
    def versions(self) -> list[DatasetVersion]:
        project = open_project(self.root / "modelsync.yaml")
        return project.workspace.state().datasets.get("rows", [])


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path / "project")


@dataclass
class Site:
    """A web server that answers with `body`, and counts how often it was asked for it."""

    port: int = 0
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    gets: int = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/rows.csv"


@pytest.fixture
def site() -> Iterator[Site]:
    found = Site()
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(found))
    found.port = server.server_port
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    yield found
    server.shutdown()
    server.server_close()
    thread.join()


def _handler(site: Site) -> Callable[..., BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_HEAD(self) -> None:
            self.send_response(200)
            for name, value in {"Content-Length": str(len(site.body)), **site.headers}.items():
                self.send_header(name, value)
            self.end_headers()

        def do_GET(self) -> None:
            site.gets += 1
            self.do_HEAD()
            self.wfile.write(site.body)

        def log_message(self, format: str, *args: object) -> None:
            """Nothing on the screen."""

    return Handler
