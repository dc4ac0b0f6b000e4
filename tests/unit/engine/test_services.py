from __future__ import annotations

import os
import signal
import socket
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from modelsync.core.errors import SurroundingsError
from modelsync.engine import services
from modelsync.engine.services import Running, Service
from modelsync.targets.processes import Process

PYTHON = sys.executable


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def script(home: Path, code: str) -> Service:
    """A service that is one Python script; its only argument is the descriptor of the listening socket."""
    return Service(
        name="script",
        home=home,
        command=lambda _, listener: [PYTHON, "-c", code, str(listener)],
        environment=lambda _: {},
        health="/",
        preferred_port=free_port(),
    )


@pytest.fixture
def pages(tmp_path: Path) -> Iterator[Service]:
    """A real web server of a process of its own."""
    service = Service(
        name="pages",
        home=tmp_path,
        command=lambda port, _: [PYTHON, "-m", "http.server", str(port), "--bind", "127.0.0.1"],
        environment=lambda _: {"GREETING": "hello"},
        health="/",
        preferred_port=free_port(),
    )
    yield service
    services.stop(service)


def test_a_service_is_started_once_found_again_and_stopped(pages: Service) -> None:
    assert services.find(pages) is None
    first = services.launch(pages)
    services.wait(pages, first)
    assert services.answers(first.url)
    assert first.port == pages.preferred_port
    assert services.launch(pages) == first == services.find(pages)
    assert services.stop(pages) is True
    assert services.find(pages) is None
    assert services.stop(pages) is False
    assert not services.answers(first.url)


def test_a_taken_port_is_left_to_who_has_it(pages: Service) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", pages.preferred_port))
        taken.listen()
        running = services.launch(pages)
    assert running.port != pages.preferred_port


def test_a_process_id_that_was_used_again_is_not_taken_for_the_service(pages: Service) -> None:
    running = services.launch(pages)
    text = pages.record.read_text()
    pages.record.write_text(text.replace(running.process.started, running.process.started + "0"))
    assert services.find(pages) is None
    pages.record.write_text(text)


def test_a_damaged_record_is_no_service(pages: Service) -> None:
    pages.home.mkdir(exist_ok=True)
    pages.record.write_text("{")
    assert services.find(pages) is None


def test_a_service_that_ends_while_starting_says_its_last_words(tmp_path: Path) -> None:
    broken = script(tmp_path, "raise SystemExit('no database here')")
    running = services.launch(broken)
    with pytest.raises(SurroundingsError, match="no database here"):
        services.wait(broken, running)


def test_a_service_that_never_answers_is_not_waited_for_for_ever(tmp_path: Path) -> None:
    mute = script(tmp_path, "import time; time.sleep(60)")
    running = services.launch(mute)
    with pytest.raises(SurroundingsError, match="did not answer"):
        services.wait(mute, running, patience=0.2)
    os.killpg(running.process.pid, signal.SIGKILL)


def test_an_address_is_made_of_the_port() -> None:
    assert Running("x", Process(1, "2"), 80).url == "http://127.0.0.1:80"
    assert services.answers("no address") is False


def test_a_command_may_take_the_socket_over_so_that_nobody_can_take_the_port(tmp_path: Path) -> None:
    served = (
        "import socket, sys; from http.server import HTTPServer, SimpleHTTPRequestHandler as H\n"
        "server = HTTPServer(('127.0.0.1', 0), H, bind_and_activate=False)\n"
        "server.socket = socket.socket(fileno=int(sys.argv[1])); server.serve_forever()"
    )
    service = script(tmp_path, served)
    running = services.launch(service)
    services.wait(service, running)
    assert running.port == service.preferred_port
    assert services.stop(service)
