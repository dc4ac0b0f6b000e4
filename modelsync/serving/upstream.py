"""Kept-alive HTTP/1.1 connections from the router to one replica's unix socket."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

from modelsync.serving.web import Headers, Reply

_KEPT = 64  # idle connections per replica
_PASSED_ON = frozenset({b"content-type", b"x-request-id", b"x-model-version", b"retry-after", b"allow"})


class UpstreamError(Exception):
    """No whole answer came; the request may be asked again, for predicting changes nothing."""


@dataclass(slots=True)
class Upstream:
    """One replica."""

    path: str
    _idle: list[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = field(default_factory=list)

    async def exchange(self, request: bytes, *, fresh: bool = False) -> Reply:
        """Send a whole request and read its answer, `fresh` on a new connection; UpstreamError without an answer."""
        writer = None
        try:
            reader, writer = await self._connection(fresh)
            writer.write(request)
            reply, keep = await _read(reader)
        except (OSError, EOFError, ValueError, asyncio.LimitOverrunError) as error:
            if writer is not None:
                writer.close()
            raise UpstreamError(str(error) or type(error).__name__) from error
        except BaseException:
            if writer is not None:
                writer.close()  # cancelled half-way: what comes next on it would be another request's answer
            raise
        if keep and len(self._idle) < _KEPT:
            self._idle.append((reader, writer))
        else:
            writer.close()
        return reply

    def close(self) -> None:
        """Let go of the idle connections."""
        while self._idle:
            self._idle.pop()[1].close()

    async def _connection(self, fresh: bool) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        while self._idle and not fresh:
            reader, writer = self._idle.pop()
            if not reader.at_eof() and not writer.is_closing():
                return reader, writer
            writer.close()
        return await asyncio.open_unix_connection(self.path)


def compose(method: str, path: str, body: bytes, headers: Headers) -> bytes:
    """A whole HTTP/1.1 request."""
    lines = [f"{method} {path} HTTP/1.1\r\nhost: modelsync\r\ncontent-length: {len(body)}\r\n".encode()]
    lines += [name + b": " + value + b"\r\n" for name, value in headers]
    return b"".join([*lines, b"\r\n", body])


async def _read(reader: asyncio.StreamReader) -> tuple[Reply, bool]:
    head = await reader.readuntil(b"\r\n\r\n")
    first, *lines = head[:-4].split(b"\r\n")
    fields = [(name.lower(), value.strip()) for name, _, value in (line.partition(b":") for line in lines)]
    found = dict(fields)
    if b"content-length" not in found:
        raise ValueError("an answer without a length")
    body = await reader.readexactly(int(found[b"content-length"]))
    keep = found.get(b"connection", b"").lower() != b"close"
    return Reply(int(first.split(b" ", 2)[1]), body, tuple(pair for pair in fields if pair[0] in _PASSED_ON)), keep
