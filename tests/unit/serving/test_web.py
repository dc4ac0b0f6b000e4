from __future__ import annotations

import asyncio
import socket
from typing import Any

import pytest

from modelsync.serving import web
from modelsync.serving.web import ClientGoneError, Doorkeeper, RefusedError, Reply


def scope(*headers: tuple[str, str], method: str = "POST") -> dict[str, Any]:
    return {"method": method, "path": "/p", "headers": [(k.encode(), v.encode("latin-1")) for k, v in headers]}


@pytest.mark.parametrize(
    ("host", "allowed"),
    [
        ("localhost", True),
        ("localhost:8080", True),
        ("LOCALHOST:1", True),
        ("localhost.", True),
        ("localhost.:8080", True),
        ("127.0.0.1", True),
        ("127.0.0.1:8080", True),
        ("[::1]", True),
        ("[::1]:8080", True),
        ("localhost:", True),
        ("example.org", False),
        ("example.org:8080", False),
        ("localhost.example.org", False),
        ("127.0.0.1.example.org", False),
        ("localhost:8080@example.org", False),
        ("example.org#localhost", False),
        ("[::1", False),
        ("[::1]x", False),
        ("[::2]", False),
        ("::1", False),
        ("localhost:80:80", False),
        ("localhost:x", False),
        ("192.168.1.7", False),
        ("", False),
        (" ", False),
        ("localhost,example.org", False),
    ],
)
def test_only_names_of_this_machine_may_be_asked_for(host: str, allowed: bool) -> None:
    keeper = Doorkeeper("127.0.0.1")
    if allowed:
        keeper.check(scope(("host", host)))
        return
    with pytest.raises(RefusedError) as caught:
        keeper.check(scope(("host", host)))
    assert caught.value.status == 403


def test_no_host_or_two_hosts() -> None:
    keeper = Doorkeeper("127.0.0.1")
    with pytest.raises(RefusedError, match="none"):
        keeper.check(scope())
    with pytest.raises(RefusedError):
        keeper.check(scope(("host", "localhost"), ("host", "example.org")))


@pytest.mark.parametrize(
    ("origin", "method", "allowed"),
    [
        ("http://localhost:3000", "POST", True),
        ("http://example.org", "POST", False),
        ("null", "POST", False),
        ("http://example.org", "GET", True),
        ("http://example.org", "DELETE", False),
    ],
)
def test_pages_from_elsewhere_may_only_read(origin: str, method: str, allowed: bool) -> None:
    asked = scope(("host", "localhost"), ("origin", origin), method=method)
    if allowed:
        Doorkeeper("127.0.0.1").check(asked)
    else:
        with pytest.raises(RefusedError, match="may not ask"):
            Doorkeeper("127.0.0.1").check(asked)


def test_a_server_bound_to_a_name_answers_to_it() -> None:
    Doorkeeper("Models.Example.org").check(scope(("host", "models.example.org:80")))


def test_a_server_bound_to_every_address_answers_to_addresses_and_its_own_name() -> None:
    everywhere = Doorkeeper("0.0.0.0")
    everywhere.check(scope(("host", "192.168.1.7:8080")))
    everywhere.check(scope(("host", socket.gethostname())))
    with pytest.raises(RefusedError):
        everywhere.check(scope(("host", "rebound.example.org")))


@pytest.mark.parametrize("given", ["abc-123", "x" * 128])
def test_a_sane_request_id_is_kept(given: str) -> None:
    assert web.request_id(scope(("x-request-id", given))) == given.encode()


@pytest.mark.parametrize("given", ["", "x" * 129, "a b", "é"])
def test_another_one_is_replaced(given: str) -> None:
    assert web.request_id(scope(("x-request-id", given))) != given.encode()
    assert len(web.request_id(scope(("x-request-id", given)))) == 32


def read(limit: int, *messages: dict[str, Any], length: str = "") -> bytes:
    waiting = list(messages)

    async def receive() -> Any:
        return waiting.pop(0)

    return asyncio.run(web.read_body(scope(("content-length", length)), receive, limit))


def piece(body: bytes, more: bool = True) -> dict[str, Any]:
    return {"type": "http.request", "body": body, "more_body": more}


def test_a_body_in_pieces() -> None:
    assert read(9, piece(b"abc"), piece(b"def"), piece(b"ghi", more=False)) == b"abcdefghi"


def test_a_body_that_is_too_long_is_refused_early() -> None:
    with pytest.raises(RefusedError) as caught:
        read(8, length="9")
    assert caught.value.status == 413
    with pytest.raises(RefusedError):
        read(8, piece(b"abc"), piece(b"defghi"))


def test_a_client_that_left() -> None:
    with pytest.raises(ClientGoneError):
        read(8, piece(b"abc"), {"type": "http.disconnect"})


def test_methods() -> None:
    web.allow(scope(), "POST")
    with pytest.raises(RefusedError) as caught:
        web.allow(scope(method="PUT"), "GET", "HEAD")
    assert (caught.value.status, caught.value.headers) == (405, ((b"allow", b"GET, HEAD"),))


def test_a_refusal_as_json() -> None:
    reply = RefusedError(404, "no", more={"served": []}).reply(b"id")
    assert reply == Reply(
        404, b'{"error": "no", "served": [], "request_id": "id"}', ((b"content-type", b"application/json"),)
    )


def test_half_a_letter_does_not_break_an_answer() -> None:
    assert web.json_reply(200, {"got": "\ud800"}).body == b'{"got": "\\ud800"}'


def test_numbers_that_json_does_not_have() -> None:
    with pytest.raises(ValueError, match="not JSON compliant"):
        web.json_reply(200, float("nan"))
