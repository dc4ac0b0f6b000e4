"""HTTP over a unix socket, asked of a real server."""

from __future__ import annotations

import threading
from contextlib import closing
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from socketserver import UnixStreamServer

import pytest

from modelsync.targets.unix_http import UnixConnection


class _Answer(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()
        self.wfile.write(self.path.encode())

    def address_string(self) -> str:
        return "a neighbour"

    def log_message(self, format: str, *args: object) -> None:
        pass


def test_a_request_is_answered(tmp_path: Path) -> None:
    with UnixStreamServer(str(tmp_path / "s"), _Answer) as server:
        thread = threading.Thread(target=server.handle_request)
        thread.start()
        connection = UnixConnection(str(tmp_path / "s"), timeout=5)
        connection.request("GET", "/ready")
        assert connection.getresponse().read() == b"/ready"
        connection.close()
        thread.join()


def test_nobody_there_is_an_os_error(tmp_path: Path) -> None:
    with (
        closing(UnixConnection(str(tmp_path / "s"), timeout=1)) as nobody,
        pytest.raises(OSError, match="No such file"),
    ):
        nobody.request("GET", "/")
