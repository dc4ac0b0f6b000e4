"""Addresses are fetched whole, resumed, or refused with a reason; a real server answers."""

from __future__ import annotations

import http.server
import socket
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from modelsync.core.errors import ModelSyncError, SurroundingsError, UsageError
from modelsync.data.sources.web import WebSource

CONTENT = bytes(range(256)) * 4000  # about a megabyte


@dataclass
class Site:
    """What the server does: how many bytes each answer breaks off after, which statuses come first, its headers."""

    port: int = 0
    breaks: list[int] = field(default_factory=list)
    statuses: list[int] = field(default_factory=list)
    headers: dict[str, str] = field(default_factory=lambda: {"ETag": '"v1"'})
    ranges: bool = True
    head: bool = True
    to: str = ""
    asked: list[tuple[str, str]] = field(default_factory=list)
    content: bytes = CONTENT
    on_answer: Callable[[Site], None] = lambda site: None

    def url(self, path: str = "/data/rows.csv") -> str:
        return f"http://127.0.0.1:{self.port}{path}"


@pytest.fixture
def site() -> Iterator[Site]:
    state = Site()

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_HEAD(self) -> None:
            if not state.head:
                return self.send_error(405)
            return self._answer(b"")

        def do_GET(self) -> None:
            self._answer(state.content)

        def _answer(self, body: bytes) -> None:
            state.asked.append((self.command, self.headers.get("Range", "")))
            if self.path == "/moved":
                self.send_response(302)
                self.send_header("Location", state.to)
                return self.end_headers()
            if state.statuses:
                return self.send_error(state.statuses.pop(0))
            start = 0
            if state.ranges and self.headers.get("Range") and self.headers.get("If-Range") == state.headers.get("ETag"):
                start = int(self.headers["Range"].removeprefix("bytes=").removesuffix("-"))
            self.send_response(206 if start else 200)
            if start:
                self.send_header("Content-Range", f"bytes {start}-{len(state.content) - 1}/{len(state.content)}")
            if "Transfer-Encoding" not in state.headers:
                self.send_header("Content-Length", str(len(state.content) - start))
            for name, value in state.headers.items():
                self.send_header(name, value)
            self.end_headers()
            cut = state.breaks.pop(0) if state.breaks and body else None
            self.wfile.write(body[start:][:cut])
            state.on_answer(state)
            return None

        def log_message(self, format: str, *args: object) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        state.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield state
        server.shutdown()
        thread.join()


def _source(url: str, waits: list[float] | None = None) -> WebSource:
    return WebSource(url, timeout=5, wait=(waits if waits is not None else []).append)


def test_it_comes_whole(site: Site, tmp_path: Path) -> None:
    told: list[tuple[int, int | None]] = []
    url = site.url("/data/rows%20of%201.csv?token=abc#x")
    found = _source(url).fetch(tmp_path / "in", lambda done, total: told.append((done, total)))
    assert found.place == tmp_path / "in" / "rows of 1.csv"
    assert found.place.read_bytes() == CONTENT
    assert (found.size, found.single, found.fingerprint.value) == (len(CONTENT), True, 'etag "v1"')
    assert told[-1] == (len(CONTENT), len(CONTENT))
    assert len(told) > 1
    assert [path.name for path in tmp_path.iterdir()] == ["in"]


@pytest.mark.parametrize(
    ("headers", "value"),
    [
        ({"ETag": '"v1"', "Last-Modified": "Fri, 20 Nov 2026 10:00:00 GMT"}, 'etag "v1"'),
        ({"ETag": 'W/"v1"'}, 'etag W/"v1"'),
        (
            {"Last-Modified": "Fri, 20 Nov 2026 10:00:00 GMT"},
            f"modified Fri, 20 Nov 2026 10:00:00 GMT, {len(CONTENT)} bytes",
        ),
        ({}, None),
    ],
)
@pytest.mark.parametrize("head", [True, False])
def test_a_change_is_learnt_from_headers(site: Site, headers: dict[str, str], value: str | None, head: bool) -> None:
    site.headers, site.head = headers, head
    seen = _source(site.url()).fingerprint()
    assert seen.value == value
    assert bool(seen.note) is (value is None)
    assert (seen.modified is not None) is ("Last-Modified" in headers)


def test_it_goes_on_where_it_broke_off(site: Site, tmp_path: Path) -> None:
    site.breaks = [300_000, 400_000]
    told: list[int] = []
    found = _source(site.url()).fetch(tmp_path / "in", lambda done, total: told.append(done))
    assert found.place.read_bytes() == CONTENT
    assert told == sorted(told)  # no byte came twice
    assert [bool(range_) for _, range_ in site.asked] == [False, True, True]


@pytest.mark.parametrize("change", [{"ranges": False}, {"headers": {}}, {"headers": {"ETag": 'W/"weak"'}}])
def test_without_ranges_it_starts_again(site: Site, tmp_path: Path, change: dict[str, object]) -> None:
    site.breaks = [300_000]
    for name, value in change.items():
        setattr(site, name, value)
    assert _source(site.url()).fetch(tmp_path / "in").place.read_bytes() == CONTENT
    assert [bool(range_) for _, range_ in site.asked] == [False, "ranges" in change]


def test_what_changed_in_between_is_not_glued_together(site: Site, tmp_path: Path) -> None:
    def change(now: Site) -> None:
        now.content, now.headers = b"new" * 9, {"ETag": '"v2"'}

    site.breaks, site.on_answer = [300_000], change
    found = _source(site.url()).fetch(tmp_path / "in")
    assert found.place.read_bytes() == b"new" * 9
    assert found.fingerprint.value == 'etag "v2"'
    assert found.size == 27


def test_a_server_that_never_gets_to_the_end(site: Site, tmp_path: Path) -> None:
    site.breaks, site.ranges = [1000] * 9, False
    waits: list[float] = []
    with pytest.raises(SurroundingsError, match=r"1,000 of 1,024,000 bytes came") as caught:
        _source(site.url(), waits).fetch(tmp_path / "in")
    assert "nothing half-fetched was left" in caught.value.help
    assert waits == [0.5, 1.0, 2.0]
    assert list(tmp_path.iterdir()) == []


def test_a_passing_fault_is_waited_for(site: Site, tmp_path: Path) -> None:
    site.statuses = [503, 429]
    assert _source(site.url()).fetch(tmp_path / "in").size == len(CONTENT)


@pytest.mark.parametrize(
    ("status", "kind", "said"),
    [
        (404, UsageError, "does not exist: the server says 404"),
        (403, SurroundingsError, "not open to everybody"),
        (500, SurroundingsError, "the server says 500"),
        (418, SurroundingsError, "the server says 418"),
    ],
)
def test_what_the_server_refuses(
    site: Site, tmp_path: Path, status: int, kind: type[ModelSyncError], said: str
) -> None:
    source = _source(site.url("/x.csv?token=hidden"))
    for act in (lambda: source.fetch(tmp_path / "in"), source.fingerprint):
        site.statuses = [status] * 9
        with pytest.raises(kind, match=said) as caught:
            act()
        assert "hidden" not in str(caught.value)
        assert caught.value.help
    assert list(tmp_path.iterdir()) == []


def test_it_follows_to_http_only(site: Site, tmp_path: Path) -> None:
    site.to = site.url("/other.csv")
    found = _source(site.url("/moved")).fetch(tmp_path / "in")
    assert found.place.name == "moved"
    site.asked.clear()
    assert _source(site.url("/moved")).fingerprint().value == 'etag "v1"'
    assert [method for method, _ in site.asked] == ["HEAD", "HEAD"]
    for bad in (f"file://{tmp_path}/x", "ftp://127.0.0.1/x", "data:,x", "s3://b/x"):
        site.to = bad
        with pytest.raises(SurroundingsError, match="sends on"):
            _source(site.url("/moved")).fetch(tmp_path / "in2")
    site.to = site.url("/moved")
    with pytest.raises(SurroundingsError, match="sends on and on"):
        _source(site.url("/moved")).fetch(tmp_path / "in2")
    assert [path.name for path in tmp_path.iterdir()] == ["in"]


@pytest.mark.parametrize(
    ("path", "kind", "name"),
    [
        ("/", "text/csv; charset=utf-8", "content.csv"),
        ("/export?format=csv", "text/csv", "export.csv"),
        ("/x.parquet", "text/csv", "x.parquet"),
        ("/%2e%2e", "text/plain", "content"),
        ("/a%2f%2e%2e%2fb.csv", "text/plain", "b.csv"),
        ("/a%00b%5cc.csv", "text/plain", "a_b_c.csv"),
    ],
)
def test_the_name_of_the_file(site: Site, tmp_path: Path, path: str, kind: str, name: str) -> None:
    site.headers["Content-Type"] = kind
    assert _source(site.url(path)).fetch(tmp_path / "in").names == (name,)


def test_packed_bytes_are_refused(site: Site, tmp_path: Path) -> None:
    site.headers["Content-Encoding"] = "gzip"
    with pytest.raises(SurroundingsError, match="sent as `gzip`"):
        _source(site.url()).fetch(tmp_path / "in")
    assert list(tmp_path.iterdir()) == []


def test_an_interrupt_leaves_nothing(site: Site, tmp_path: Path) -> None:
    def interrupt(done: int, total: int | None) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        _source(site.url()).fetch(tmp_path / "in", interrupt)
    assert list(tmp_path.iterdir()) == []


def test_nobody_answers(tmp_path: Path) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{closed.getsockname()[1]}/x.csv"
        with pytest.raises(SurroundingsError, match="Connection refused"):
            _source(url).fetch(tmp_path / "in")
        closed.listen()
        with pytest.raises(SurroundingsError, match="no answer in time"):
            WebSource(url, timeout=0.1, wait=lambda seconds: None).fetch(tmp_path / "in")
        with pytest.raises(SurroundingsError, match="no answer in time"):
            WebSource(url, timeout=0.1).fingerprint()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("ftp://h/x", "no http"),
        ("http:///x", "no http"),
        ("https://me:pass@h/x", "holds an account"),
        ("http://h/a b", "signs that no address may have"),
        ("http://h/a\r\nX: y", "signs that no address may have"),
        ("http://h/ü", "signs that no address may have"),
    ],
)
def test_addresses_that_are_none(tmp_path: Path, url: str, said: str) -> None:
    with pytest.raises(UsageError, match=said) as caught:
        _source(url).fetch(tmp_path / "in")
    assert "pass@" not in str(caught.value)
    with pytest.raises(UsageError, match=said):
        _source(url).fingerprint()
