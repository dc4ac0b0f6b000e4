"""Short questions to replicas and to the router over their private unix sockets."""

from __future__ import annotations

import json
import socket
from dataclasses import dataclass
from typing import Any

from modelsync.core.errors import SurroundingsError

_ANSWER_LIMIT = 4 << 20  # bytes of one answer; far above the status of a thousand arms


@dataclass(frozen=True, slots=True)
class Answer:
    """What a replica said: the HTTP status and the JSON body."""

    status: int
    value: Any


def ask(path: str, method: str, route: str, body: Any = None, *, timeout: float) -> Answer:
    """One HTTP request over a unix socket; OSError when nobody answers within `timeout` seconds."""
    from http.client import HTTPException  # with all of e-mail behind it, which who only looks does not need

    from modelsync.targets.unix_http import UnixConnection

    connection = UnixConnection(path, timeout)
    try:
        payload = None if body is None else json.dumps(body).encode()
        connection.request(method, route, payload, {"content-type": "application/json"})
        response = connection.getresponse()
        return Answer(response.status, json.loads(response.read(_ANSWER_LIMIT)))
    except (HTTPException, ValueError) as error:
        raise ConnectionError(f"{path} gave no proper answer: {error}") from None
    finally:
        connection.close()


def command(path: str, word: str, *, timeout: float) -> dict[str, Any]:
    """One word to the router's control socket and its answer; SurroundingsError when it does not answer."""
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as line:
            line.settimeout(timeout)
            line.connect(path)
            line.sendall(f"{word}\n".encode())
            with line.makefile("rb") as reader:
                value = json.loads(reader.readline(_ANSWER_LIMIT))
    except (OSError, ValueError) as error:
        raise SurroundingsError(
            f"the router does not answer ({error})", help="deploy again; what is broken is then replaced"
        ) from None
    if not isinstance(value, dict):
        raise SurroundingsError("the router gave no proper answer", help="undeploy, then deploy again")
    return value
