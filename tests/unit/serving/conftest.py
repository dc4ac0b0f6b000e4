"""Calls an application as a server would, without one; and upstreams that say what a test wants."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from modelsync.serving.web import App

Handler = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Any]


@dataclass
class Answer:
    """What an application sent."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def value(self) -> Any:
        return json.loads(self.body)


async def call(
    app: App,
    method: str,
    path: str,
    body: Any = b"",
    headers: Sequence[tuple[str, str]] = (("host", "localhost:8080"),),
    pieces: int = 1,
    leaves: bool = False,
) -> Answer | None:
    """One request, its body in so many pieces; None when the application answers nothing."""
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    step = -(-len(data) // pieces) or 1
    parts = [data[start : start + step] for start in range(0, len(data), step)] or [b""]
    scope = {
        "type": "http",
        "method": method,
        "path": path,
        "headers": [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers],
    }
    sent: list[Any] = []

    async def receive() -> Any:
        if leaves:
            return {"type": "http.disconnect"}
        part = parts.pop(0)
        return {"type": "http.request", "body": part, "more_body": bool(parts)}

    async def send(message: Any) -> None:
        sent.append(message)

    await app(scope, receive, send)
    if not sent:
        return None
    fields = {name.decode(): value.decode("latin-1") for name, value in sent[0]["headers"]}
    return Answer(sent[0]["status"], fields, sent[1]["body"])


def ask(app: App, method: str, path: str, body: Any = b"", **more: Any) -> Answer:
    """One request to an application that answers."""
    answer = asyncio.run(call(app, method, path, body, **more))
    assert answer is not None
    return answer


def whole(body: bytes = b"{}", status: int = 200, extra: bytes = b"") -> bytes:
    """An HTTP answer."""
    return b"HTTP/1.1 %d OK\r\ncontent-length: %d\r\n%s\r\n" % (status, len(body), extra) + body


async def read_request(reader: asyncio.StreamReader) -> tuple[bytes, bytes]:
    """The head and the body of the next request on a connection; EOFError when there is none."""
    head = await reader.readuntil(b"\r\n\r\n")
    length = next((int(line[15:]) for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")), 0)
    return head, await reader.readexactly(length)
