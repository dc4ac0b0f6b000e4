"""What both servers need of HTTP: bodies with a limit, answers in JSON, refusals, and who may ask."""

from __future__ import annotations

import ipaddress
import json
import re
import socket
from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Headers = tuple[tuple[bytes, bytes], ...]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

BODY_LIMIT = 1 << 20  # bytes of a request; 10,000 rows of a dozen numbers fit
READING = ("GET", "HEAD")
REQUEST_ID = b"x-request-id"
_SANE_ID = re.compile(rb"[\x21-\x7e]{1,128}")
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
_ANYWHERE = frozenset({"0.0.0.0", "::"})  # noqa: S104 - compared with, not bound


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer as it goes out."""

    status: int
    body: bytes
    headers: Headers = ()


@dataclass(slots=True)
class RefusedError(Exception):
    """A request that is not served: what is wrong, and a way out."""

    status: int
    message: str
    help: str = ""
    more: dict[str, Any] = field(default_factory=dict)
    headers: Headers = ()

    def reply(self, request_id: bytes) -> Reply:
        """The refusal as JSON: `{"error", "help", "request_id", ...}`."""
        value = {"error": self.message, "help": self.help, **self.more, "request_id": request_id.decode()}
        return json_reply(self.status, {k: v for k, v in value.items() if v != ""}, self.headers)


class ClientGoneError(Exception):
    """The client went away before its request was complete."""


def json_reply(status: int, value: Any, headers: Headers = ()) -> Reply:
    """A value as a JSON answer; ValueError for numbers that JSON does not have."""
    body = json.dumps(value, allow_nan=False).encode()
    return Reply(status, body, ((b"content-type", b"application/json"), *headers))


def header(scope: Scope, name: bytes) -> bytes:
    """The first header of that lower-case name; empty when there is none."""
    return next((value for key, value in scope["headers"] if key == name), b"")


def request_id(scope: Scope) -> bytes:
    """The client's own request id when it is short and printable, else a new one."""
    given = header(scope, REQUEST_ID)
    return given if _SANE_ID.fullmatch(given) else uuid4().hex.encode()


def allow(scope: Scope, *methods: str) -> None:
    """405 unless the method is one of these."""
    if scope["method"] not in methods:
        listed = ", ".join(methods)
        raise RefusedError(
            405,
            f"{scope['method']} is not possible on {scope['path']}",
            f"use {listed}",
            headers=((b"allow", listed.encode()),),
        )


async def read_body(scope: Scope, receive: Receive, limit: int = BODY_LIMIT) -> bytes:
    """The whole body; 413 as soon as it is known to be longer than `limit` bytes."""
    said = header(scope, b"content-length")
    if said.isdigit() and int(said) > limit:
        raise _too_long(limit)
    pieces, size = [], 0
    while True:
        message = await receive()
        if message["type"] != "http.request":
            raise ClientGoneError
        piece = message.get("body", b"")
        pieces.append(piece)
        size += len(piece)
        if size > limit:
            raise _too_long(limit)
        if not message.get("more_body", False):
            return b"".join(pieces)


async def send_reply(send: Send, reply: Reply, request_id: bytes) -> None:
    """One whole answer."""
    headers = [(b"content-length", str(len(reply.body)).encode()), *reply.headers]
    if all(name != REQUEST_ID for name, _ in headers):
        headers.append((REQUEST_ID, request_id))
    await send({"type": "http.response.start", "status": reply.status, "headers": headers})
    await send({"type": "http.response.body", "body": reply.body})


@dataclass(frozen=True, slots=True)
class Doorkeeper:
    """Keeps web pages from elsewhere out: the Host (and the Origin of what is not mere reading) must be this machine.

    A page can make a browser send requests to 127.0.0.1, also under a name of its own that it points there; it can't
    forge these two headers.
    """

    host: str  # what the server is bound to

    def check(self, scope: Scope) -> None:
        """403 unless every Host header, and the Origin if there is one, names this machine; the port is free."""
        hosts = [value for key, value in scope["headers"] if key == b"host"]
        if not hosts or not all(self._is_here(_name(host)) for host in hosts):
            named = hosts[-1].decode("latin-1") if hosts else "(none)"
            raise RefusedError(
                403, f"the Host header {named} does not name this server", f"ask for {self.host} by name"
            )
        origin = header(scope, b"origin")
        if origin and scope["method"] not in READING and not self._is_here(_name(origin.rpartition(b"://")[2])):
            raise RefusedError(403, f"pages from {origin.decode('latin-1')} may not ask", "ask from this machine")

    def _is_here(self, name: str) -> bool:
        if name in _LOOPBACK or name == self.host.lower():
            return True
        return self.host in _ANYWHERE and (name == socket.gethostname().lower() or _is_address(name))


def _name(host: bytes) -> str:
    text = host.decode("latin-1").strip().lower()
    if text.startswith("["):
        name, closed, rest = text[1:].partition("]")
        return name if closed and (rest == "" or _is_port(rest)) else ""
    name, colon, port = text.partition(":")
    return (name[:-1] if name.endswith(".") else name) if not colon or _is_port(f":{port}") else ""


def _is_port(text: str) -> bool:
    return re.fullmatch(r":\d{0,5}", text, re.ASCII) is not None


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def _too_long(limit: int) -> RefusedError:
    return RefusedError(
        413,
        f"the request is longer than {limit} bytes",
        "send fewer rows at once",
        headers=((b"connection", b"close"),),
    )
