"""A long piece of work, seen on a terminal, and stopped by Ctrl-C with nothing left behind."""

from __future__ import annotations

import os
import pty
import signal
import subprocess
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from modelsync.cli.progress import bar


class _Slow(BaseHTTPRequestHandler):
    """A mebibyte at once, and then nothing more for a long time."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", str(8 << 20))
        self.end_headers()
        self.wfile.write(b"x" * (1 << 20))
        self.server.over.wait(30)  # type: ignore[attr-defined]

    def log_message(self, format: str, *args: object) -> None:
        """Nothing on the screen."""


def test_ctrl_c_while_fetching(tmp_path: Path) -> None:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Slow)
    server.over = threading.Event()  # type: ignore[attr-defined]
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "modelsync", "dataset", "add", f"http://127.0.0.1:{server.server_port}/rows.bin"],
        cwd=tmp_path,
        stderr=theirs,
        stdout=subprocess.PIPE,
        env={**os.environ, "TERM": "xterm", "COLUMNS": "80"},
    )
    os.close(theirs)
    try:
        said = _read_until(ours, b"1.0/8.0 MiB")
        process.send_signal(signal.SIGINT)
        assert process.wait(20) == 130, said
    finally:
        process.kill()
        server.over.set()  # type: ignore[attr-defined]
        server.shutdown()
        server.server_close()
        os.close(ours)
        assert process.stdout is not None
        process.stdout.close()
    assert [str(path) for path in tmp_path.rglob("*") if path.is_file()] == []


def _read_until(descriptor: int, wanted: bytes) -> bytes:
    said, limit = b"", time.monotonic() + 20
    while wanted not in said and time.monotonic() < limit:
        said += os.read(descriptor, 4096)
    return said


def test_nothing_is_shown_where_nobody_looks(capsys: pytest.CaptureFixture[str]) -> None:
    with bar("fetching", "storing") as tell:
        tell(1, 2)
    assert capsys.readouterr() == ("", "")
