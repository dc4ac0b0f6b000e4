"""Servers for tests of remotes, all on 127.0.0.1: S3 (moto, for real), a fake of Google's store, a faulty line."""

from __future__ import annotations

import hashlib
import http.client
import http.server
import re
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.utils import formatdate
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit
from xml.sax.saxutils import escape

SIGNED = "AWS4-HMAC-SHA256 Credential=key/20260101/us-east-1/s3/aws4_request, SignedHeaders=host, Signature=0"
CONDITIONS = ("if-match", "if-none-match")


@contextmanager
def moto() -> Iterator[int]:
    """A process that speaks S3 and checks nobody's keys; its port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    words = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)]
    with subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            _wait(port)
            yield port
        finally:
            process.terminate()


def make_bucket(port: int, name: str) -> None:
    """An empty bucket."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    connection.request("PUT", f"/{name}", headers={"Authorization": SIGNED, "Content-Length": "0"})
    assert connection.getresponse().status == 200
    connection.close()


@dataclass
class Line:
    """A line to a server that can be made bad. `fault` sees (number of the request, method, path) and answers an HTTP
    status to send instead, `cut` (the request is lost), `deaf` (the answer is lost), `stall`, or nothing.
    """

    upstream: int
    fault: Callable[[int, str, str], str | int | None] = lambda number, method, path: None
    forgets: tuple[str, ...] = ()  # headers that do not arrive, as with servers that know no compare-and-set
    asked: list[str] = field(default_factory=list)
    port: int = 0
    over: threading.Event = field(default_factory=threading.Event)


@contextmanager
def line(upstream: int) -> Iterator[Line]:
    """A line to a port of this machine."""
    made = Line(upstream)

    class Handler(_Quiet):
        protocol_version = "HTTP/1.1"

        def _pass(self) -> None:
            made.asked.append(f"{self.command} {self.path}")
            body = self.rfile.read(int(self.headers.get("content-length") or 0))
            wrong = made.fault(len(made.asked), self.command, self.path)
            if isinstance(wrong, int):
                return self.answer(wrong, b"<Error><Code>Made</Code></Error>", {})
            if wrong == "stall":
                made.over.wait(30)
            if wrong in ("cut", "stall"):
                return self._hang_up()
            headers = {name: value for name, value in self.headers.items() if name.lower() not in made.forgets}
            connection = http.client.HTTPConnection("127.0.0.1", made.upstream, timeout=30)
            connection.request(self.command, self.path, body, headers)
            got = connection.getresponse()
            content = got.read()
            connection.close()
            if wrong == "deaf":
                return self._hang_up()
            kept = {n: v for n, v in got.getheaders() if n.lower() not in ("transfer-encoding", "connection", "date")}
            if self.command == "HEAD":
                return self.answer(got.status, b"", kept)
            return self.answer(got.status, content, {**kept, "Content-Length": str(len(content))})

        def _hang_up(self) -> None:
            self.close_connection = True
            self.connection.shutdown(socket.SHUT_RDWR)

        do_GET = do_PUT = do_HEAD = do_DELETE = do_POST = _pass  # noqa: N815 - the names are the library's

    with _serving(Handler) as port:
        made.port = port
        try:
            yield made
        finally:
            made.over.set()


@contextmanager
def google() -> Iterator[tuple[int, dict[str, tuple[bytes, int]]]]:
    """A FAKE of what Google's store does with objects, as far as remotes need it: bytes, ranges, listing, ETag and
    generations that are compared. Nobody has run remotes on a bucket of Google's here. Port, and objects by path.
    """
    objects: dict[str, tuple[bytes, int]] = {}
    turn, generations = threading.Lock(), iter(range(1, 1_000_000))

    class Handler(_Quiet):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            query = parse_qs(parts.query)
            if "list-type" in query or "prefix" in query:
                return self._list(unquote(parts.path), query.get("prefix", [""])[0])
            found = objects.get(unquote(parts.path))
            if found is None:
                return self.answer(404, b"<Error><Code>NoSuchKey</Code></Error>", {})
            content, span = found[0], re.fullmatch(r"bytes=(\d+)-(\d+)", self.headers.get("range", ""))
            if span is None:
                return self.answer(200, content, self._marks(found))
            start, end = int(span[1]), min(int(span[2]) + 1, len(content))
            place = {"Content-Range": f"bytes {start}-{end - 1}/{len(content)}"}
            return self.answer(206, content[start:end], {**self._marks(found), **place})

        do_HEAD = do_GET  # noqa: N815 - as above

        def do_PUT(self) -> None:
            path = unquote(urlsplit(self.path).path)
            content = self.rfile.read(int(self.headers.get("content-length") or 0))
            wanted = self.headers.get("x-goog-if-generation-match")
            with turn:
                now = objects.get(path, (b"", 0))[1]
                if wanted is not None and int(wanted) != now:
                    return self.answer(412, b"<Error><Code>PreconditionFailed</Code></Error>", {})
                objects[path] = (content, next(generations))
            return self.answer(200, b"", self._marks(objects[path]))

        def do_DELETE(self) -> None:
            gone = objects.pop(unquote(urlsplit(self.path).path), None)
            return self.answer(404 if gone is None else 204, b"", {})

        def _list(self, path: str, prefix: str) -> None:
            start = f"{path.rstrip('/')}/"
            rows = "".join(
                f"<Contents><Key>{escape(key.removeprefix(start))}</Key><Size>{len(content)}</Size><ETag>x</ETag>"
                f"<LastModified>2026-11-20T10:00:{min(generation, 59):02}.000Z</LastModified></Contents>"
                for key, (content, generation) in sorted(objects.items())
                if key.startswith(start + prefix)
            )
            self.answer(200, f"<ListBucketResult>{rows}</ListBucketResult>".encode(), {})

        def _marks(self, found: tuple[bytes, int]) -> dict[str, str]:
            tag = hashlib.md5(found[0]).hexdigest()
            return {"ETag": f'"{tag}"', "x-goog-generation": str(found[1]), "Last-Modified": formatdate(usegmt=True)}

    with _serving(Handler) as port:
        yield port, objects


class _Quiet(http.server.BaseHTTPRequestHandler):
    def answer(self, status: int, content: bytes, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in {"Content-Length": str(len(content)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(b"" if self.command == "HEAD" else content)

    def log_message(self, format: str, *args: Any) -> None:
        pass


@contextmanager
def _serving(handler: type[http.server.BaseHTTPRequestHandler]) -> Iterator[int]:
    with _Server(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield int(server.server_address[1])
        finally:
            server.shutdown()
            thread.join()


class _Server(http.server.ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Whoever asks may be killed in the middle."""


def _wait(port: int) -> None:
    until = time.monotonic() + 30
    while time.monotonic() < until:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise TimeoutError(f"nobody answers on port {port}")
