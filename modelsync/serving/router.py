"""The traffic router: owns the public port and the clients' connections, and is never restarted by a switch."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import logging
import os
import signal
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from modelsync.core.traffic import RoutingTable
from modelsync.serving import serve, web
from modelsync.serving.app import example_request
from modelsync.serving.traffic import LiveArm, Traffic
from modelsync.serving.upstream import Upstream, UpstreamError, compose
from modelsync.serving.web import Doorkeeper, RefusedError, Reply

_log = logging.getLogger(__name__)

ROUTES, ROUTER = "routes.json", "router.json"
_ANSWER_WITHIN = 60.0  # seconds for a prediction
_LOOK_WITHIN = 2.0  # seconds for a question to a replica that is not a prediction
_TICK = 1.0  # seconds between looks at the state folder; a switch does not wait for it, it is told
_IDLE_FOR = 30.0  # seconds with nothing to route before the router ends by itself
_PREDICT = "predict"


@dataclass(slots=True)
class Router:
    """The ASGI application; follows `routes.json` in `folder`."""

    folder: Path
    doorkeeper: Doorkeeper
    traffic: Traffic = field(default_factory=Traffic)

    def reload(self) -> None:
        """Take the routing table as it is on disk; a file that can't be read changes nothing."""
        try:
            table = RoutingTable.from_json(json.loads((self.folder / ROUTES).read_text(encoding="utf-8")))
        except FileNotFoundError:
            table = RoutingTable()
        except (OSError, ValueError, KeyError, TypeError) as error:
            _log.error("routing table not taken, the one before stays: %r", error)
            return
        if table != self.traffic.table:
            self.traffic.follow(table)
            said = ", ".join(f"{a.model} {a.version} {a.weight} %" for a in table.arms) or "nothing"
            _log.info("generation %s: %s", table.generation, said)

    async def __call__(self, scope: web.Scope, receive: web.Receive, send: web.Send) -> None:
        """The ASGI entry."""
        if scope["type"] != "http":
            return
        request_id = web.request_id(scope)
        try:
            self.doorkeeper.check(scope)
            reply = await self._answer(scope, receive, request_id)
        except RefusedError as refusal:
            reply = refusal.reply(request_id)
        except web.ClientGoneError:
            return
        await web.send_reply(send, reply, request_id)

    async def _answer(self, scope: web.Scope, receive: web.Receive, request_id: bytes) -> Reply:
        head, *rest = [part for part in scope["path"].split("/") if part] or [""]
        if head == _PREDICT and 1 <= len(rest) <= 2:
            web.allow(scope, "POST")
            self._choose(rest)  # refuse what is unknown before the body is read
            body = await web.read_body(scope, receive)
            # Chosen only now: while a slow client sends, the arm chosen before may have left the table.
            return await self._forward(self._choose(rest), body, request_id)
        if rest or head not in ("", "example", "live", "ready", "health"):
            raise RefusedError(
                404, f"there is nothing at {scope['path']}", "GET / lists what is served", self._served()
            )
        web.allow(scope, *web.READING)
        if head == "":
            return await self._index(web.header(scope, b"host").decode("latin-1"))
        if head == "example":
            return await self._example()
        return web.json_reply(200, {"status": "ok"}) if head == "live" else await self._health()

    def _choose(self, named: Sequence[str]) -> LiveArm:
        live = self.traffic.choose(named[0], named[1] if len(named) > 1 else None)
        if live is None:
            raise RefusedError(404, f"{' '.join(named)} is not served here", "ask for one that is", self._served())
        return live

    async def _forward(self, live: LiveArm, body: bytes, request_id: bytes) -> Reply:
        headers = ((b"content-type", b"application/json"), (web.REQUEST_ID, request_id))
        request = compose("POST", f"/{_PREDICT}", body, headers)
        status = 500
        self.traffic.begin(live)
        try:
            async with asyncio.timeout(_ANSWER_WITHIN):
                reply = await _ask_twice(live, request)
            status = reply.status
            return reply
        except TimeoutError:
            raise RefusedError(
                504, f"{_name(live)} did not answer within {_ANSWER_WITHIN:.0f} s", "send fewer rows at once"
            ) from None
        except UpstreamError as error:
            _log.warning("request %s: %s does not answer: %s", request_id.decode(), _name(live), error)
            again = ((b"retry-after", b"1"),)
            raise RefusedError(503, f"no replica of {_name(live)} answers", "try again", headers=again) from None
        finally:
            self.traffic.end(live, status)

    async def _index(self, address: str) -> Reply:
        served = []
        for live in self.traffic.arms:
            card = await _card(live)
            path = f"/{_PREDICT}/{live.arm.model}/{live.arm.version}"
            entry = {"model": live.arm.model, "version": live.arm.version, "weight": live.arm.weight, "predict": path}
            if card:
                entry |= {name: card[name] for name in ("columns", "classes", "example")}
                entry["try"] = example_request(address, path, card["example"])
            served.append(entry)
        return web.json_reply(200, {"deployment": self.folder.name, "served": served})

    async def _example(self) -> Reply:
        """A body that can be sent to `/predict` as it is."""
        cards = [card for live in self.traffic.arms if (card := await _card(live))]
        if not cards:
            raise RefusedError(503, "no replica answers", "try again")
        return web.json_reply(200, {"rows": [cards[0]["example"]]})

    async def _health(self) -> Reply:
        cards = [await _card(live) for live in self.traffic.arms]
        well = bool(cards) and all(cards)
        value = {"status": "ok" if well else "no replica answers" if cards else "nothing is deployed", **self._served()}
        return web.json_reply(200 if well else 503, value)

    def _served(self) -> dict[str, Any]:
        return {"served": [f"/{_PREDICT}/{a.arm.model}/{a.arm.version}" for a in self.traffic.arms]}


async def control(router: Router, path: str) -> asyncio.Server:
    """Listen on a private socket for one word a line: `reload` and `status`, both answered with the counts in JSON."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError):
            if (await reader.readline()).strip() == b"reload":
                router.reload()
            writer.write(json.dumps(router.traffic.counts()).encode() + b"\n")
            await writer.drain()
        writer.close()

    return await asyncio.start_unix_server(answer, path)


async def watch(router: Router, name: str) -> None:
    """Return when the state folder names another router or none, or when there was nothing to route for long."""
    empty_since = time.monotonic()
    while True:
        await asyncio.sleep(_TICK)
        router.reload()
        if router.traffic.table.arms:
            empty_since = time.monotonic()
        if not _is_named(router.folder, name) or time.monotonic() - empty_since > _IDLE_FOR:
            return


def main(arguments: Sequence[str] | None = None) -> None:
    """`python -m modelsync.serving.router --state DIR --host H --port P --id NAME --control PATH`."""
    parser = argparse.ArgumentParser(prog="modelsync.serving.router", description=__doc__)
    parser.add_argument("--state", type=Path, required=True, help="the folder that holds routes.json")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--id", required=True, help="the name in router.json; the router ends without it")
    parser.add_argument("--control", required=True, help="the path of the private control socket")
    given = parser.parse_args(arguments)
    serve.log_to_stderr()
    router = Router(given.state, Doorkeeper(given.host))
    router.reload()
    serve.on_port(_with_company(router, given.control, given.id), given.host, given.port)


def _with_company(router: Router, path: str, name: str) -> web.App:
    """The router with its control socket and its watch, which live as long as the server."""

    async def lifespan(receive: web.Receive, send: web.Send) -> None:
        await receive()
        listener = await control(router, path)
        watching = asyncio.create_task(watch(router, name))
        watching.add_done_callback(lambda task: None if task.cancelled() else os.kill(os.getpid(), signal.SIGTERM))
        await send({"type": "lifespan.startup.complete"})
        await receive()
        watching.cancel()
        listener.close()
        Path(path).unlink(missing_ok=True)
        await send({"type": "lifespan.shutdown.complete"})

    async def app(scope: web.Scope, receive: web.Receive, send: web.Send) -> None:
        await (lifespan(receive, send) if scope["type"] == "lifespan" else router(scope, receive, send))

    return app


async def _ask_twice(live: LiveArm, request: bytes) -> Reply:
    first, second = live.turn()
    try:
        return await first.exchange(request)
    except UpstreamError:
        # A kept connection that died, or a replica that did: predicting changes nothing, so it may be asked again.
        return await second.exchange(request, fresh=True)


async def _card(live: LiveArm) -> dict[str, Any] | None:
    for upstream in live.upstreams:
        card = await _card_of(upstream)
        if card is not None:
            return card
    return None


async def _card_of(upstream: Upstream) -> dict[str, Any] | None:
    with contextlib.suppress(UpstreamError, TimeoutError, ValueError):
        async with asyncio.timeout(_LOOK_WITHIN):
            reply = await upstream.exchange(compose("GET", "/", b"", ()), fresh=True)
            card = json.loads(reply.body)
            return card if reply.status == 200 and isinstance(card, dict) else None
    return None


def _is_named(folder: Path, name: str) -> bool:
    with contextlib.suppress(OSError, ValueError, KeyError, TypeError):
        return bool(json.loads((folder / ROUTER).read_text(encoding="utf-8"))["id"] == name)
    return False


def _name(live: LiveArm) -> str:
    return f"{live.arm.model} {live.arm.version}"


if __name__ == "__main__":
    main()
