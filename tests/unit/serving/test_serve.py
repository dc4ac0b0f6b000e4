from __future__ import annotations

import http.client
import logging
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from modelsync.serving import serve
from modelsync.targets import talk
from tests.unit.conftest import free_port

CODE = """
import asyncio, sys
from modelsync.serving import serve, web
async def app(scope, receive, send):
    if scope["type"] == "http":
        await asyncio.sleep(float(scope["path"][1:] or 0))
        await web.send_reply(send, web.json_reply(200, "done"), b"1")
    elif scope["type"] == "lifespan":
        await receive()
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await send({"type": "lifespan.shutdown.complete"})
serve.log_to_stderr()
"""


@contextmanager
def serving(line: str) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-c", f"{CODE}{line}"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        yield process
        process.kill()


def get(port: int, path: str = "/0") -> int:
    end = time.monotonic() + 20
    while True:
        with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=20)) as connection:
            try:
                connection.request("GET", path)
                return connection.getresponse().status
            except ConnectionRefusedError:
                if time.monotonic() > end:
                    raise
                time.sleep(0.02)


def test_on_a_port_quietly_until_told_to_end() -> None:
    port = free_port()
    with serving(f"serve.on_port(app, '127.0.0.1', {port})") as process:
        assert get(port) == 200
        process.send_signal(signal.SIGTERM)
        process.wait(20)
        assert process.stderr is not None
        assert process.stderr.read() == ""


def test_what_is_under_way_is_finished_first() -> None:
    port = free_port()
    with serving(f"serve.on_port(app, '127.0.0.1', {port})") as process:
        assert get(port) == 200
        with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=20)) as connection:
            connection.request("GET", "/0.5")
            time.sleep(0.1)
            process.send_signal(signal.SIGTERM)
            assert connection.getresponse().status == 200


def test_on_a_socket(tmp_path: Path) -> None:
    path = tmp_path / "s"
    with serving(f"serve.on_socket(app, {str(path)!r})"):
        end = time.monotonic() + 20
        while not path.exists() and time.monotonic() < end:
            time.sleep(0.02)
        assert talk.ask(str(path), "GET", "/0", timeout=20) == talk.Answer(200, "done")


def test_words_have_time_and_level(capsys: pytest.CaptureFixture[str]) -> None:
    before = logging.getLogger().handlers[:], logging.getLogger().level
    try:
        serve.log_to_stderr()
        logging.getLogger("somebody").info("hello")
    finally:
        logging.getLogger().handlers[:], level = before
        logging.getLogger().setLevel(level)
    assert capsys.readouterr().err.endswith(" INFO hello\n")
