from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from modelsync.serving.upstream import Upstream, UpstreamError, compose
from modelsync.serving.web import Reply
from tests.unit.serving.conftest import read_request, whole

REQUEST = compose("POST", "/predict", b"{}", ((b"x-request-id", b"1"),))


class Replica:
    """A unix socket that answers each request of a connection with the next of its lines, then closes."""

    def __init__(self, path: Path, *lines: bytes) -> None:
        self.path, self.lines, self.connections = str(path), list(lines), 0
        self.answering: list[asyncio.Task[Any]] = []

    async def __aenter__(self) -> Upstream:
        self.server = await asyncio.start_unix_server(self.answer, self.path)
        self.upstream = Upstream(self.path)
        return self.upstream

    async def __aexit__(self, *_: object) -> None:
        self.upstream.close()
        self.server.close()
        await asyncio.gather(*self.answering)
        await asyncio.sleep(0.01)  # the transports close in the turns of the loop that follow

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        task = asyncio.current_task()
        assert task is not None
        self.answering.append(task)
        with suppress(asyncio.IncompleteReadError, ConnectionError):
            while self.lines:
                await read_request(reader)
                line = self.lines.pop(0)
                writer.write(line)
                await writer.drain()
                if line == b"" or b"connection: close" in line:
                    break
        writer.close()


def run(work: Coroutine[Any, Any, None]) -> None:
    asyncio.run(work)


def test_a_request_as_bytes() -> None:
    head, body = REQUEST.split(b"\r\n\r\n")
    assert head.split(b"\r\n") == [
        b"POST /predict HTTP/1.1",
        b"host: modelsync",
        b"content-length: 2",
        b"x-request-id: 1",
    ]
    assert body == b"{}"


def test_a_connection_is_kept_and_used_again(tmp_path: Path) -> None:
    async def work() -> None:
        replica = Replica(tmp_path / "s", whole(b"1", extra=b"x-model-version: 2\r\nserver: x\r\n"), whole(b"2", 422))
        async with replica as upstream:
            assert await upstream.exchange(REQUEST) == Reply(200, b"1", ((b"x-model-version", b"2"),))
            assert (await upstream.exchange(REQUEST)).status == 422
        assert replica.connections == 1

    run(work())


def test_fresh_means_a_new_connection(tmp_path: Path) -> None:
    async def work() -> None:
        replica = Replica(tmp_path / "s", *[whole()] * 3)
        async with replica as upstream:
            await upstream.exchange(REQUEST)
            await upstream.exchange(REQUEST, fresh=True)
        assert replica.connections == 2

    run(work())


def test_a_connection_that_the_replica_closes_is_not_used_again(tmp_path: Path) -> None:
    async def work() -> None:
        replica = Replica(tmp_path / "s", whole(extra=b"connection: close\r\n"), whole(b"2"))
        async with replica as upstream:
            await upstream.exchange(REQUEST)
            assert (await upstream.exchange(REQUEST)).body == b"2"
        assert replica.connections == 2

    run(work())


def test_a_kept_connection_that_died_is_noticed(tmp_path: Path) -> None:
    async def work() -> None:
        replica = Replica(tmp_path / "s", whole(b"1"))  # closes after its only line, without a word
        async with replica as upstream:
            await upstream.exchange(REQUEST)
            await asyncio.sleep(0.05)
            replica.lines.append(whole(b"2"))
            assert (await upstream.exchange(REQUEST)).body == b"2"

    run(work())


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"HTTP/1.1 200 OK\r\n\r\n",
        b"HTTP/1.1 abc\r\ncontent-length: 0\r\n\r\n",
        b"HTTP/1.1 200 OK\r\ncontent-length: x\r\n\r\n",
        b"x" * 70_000 + b"\r\n\r\n",
        b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\nconnection: close\r\n\r\nhalf",
    ],
)
def test_no_whole_answer(tmp_path: Path, line: bytes) -> None:
    async def work() -> None:
        async with Replica(tmp_path / "s", line) as upstream:
            with pytest.raises(UpstreamError):
                await upstream.exchange(REQUEST)

    run(work())


def test_nobody_listens(tmp_path: Path) -> None:
    async def work() -> None:
        with pytest.raises(UpstreamError, match="No such file"):
            await Upstream(str(tmp_path / "none")).exchange(REQUEST)

    run(work())


def test_a_request_that_was_given_up_spoils_no_other(tmp_path: Path) -> None:
    async def work() -> None:
        async def slow(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            with suppress(asyncio.IncompleteReadError, ConnectionError):
                _, body = await read_request(reader)
                await asyncio.sleep(0.0 if body == b"quick" else 0.3)
                writer.write(whole(body))
                await writer.drain()
            writer.close()
            over.release()

        over = asyncio.Semaphore(0)
        server = await asyncio.start_unix_server(slow, str(tmp_path / "s"))
        upstream = Upstream(str(tmp_path / "s"))
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.05):
                await upstream.exchange(compose("POST", "/", b"slow", ()))
        assert (await upstream.exchange(compose("POST", "/", b"quick", ()))).body == b"quick"
        upstream.close()
        server.close()
        await over.acquire()
        await over.acquire()
        await asyncio.sleep(0.01)

    run(work())
