"""The inference server of one model version: a bare ASGI application, for the model is the cost, not the framework."""

from __future__ import annotations

import asyncio
import logging
import os
import shlex
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, field
from math import isnan
from typing import Any

from modelsync.serving import rows, web
from modelsync.serving.model import Predictions, ServedModel
from modelsync.serving.rows import Columns
from modelsync.serving.web import RefusedError, Reply

_log = logging.getLogger(__name__)

_LOOP_BELOW = 0.001  # seconds: a prediction shorter than this costs less than handing it to a thread
_SMALL = 16 << 10  # bytes of a request that is read and predicted on the loop
_WAITING = 256  # predictions that may wait for a thread before new ones are refused
_PREDICT = "predict"


@dataclass(slots=True)
class ModelServer:
    """Answers `POST /predict[/<model>[/<version>]]`, `GET /ready|/live|/health` and `GET /`."""

    served: ServedModel
    doorkeeper: web.Doorkeeper | None = None  # None on a private socket
    _on_loop: bool = False
    _waiting: int = 0
    _pool: ThreadPoolExecutor = field(init=False)

    def __post_init__(self) -> None:
        self._pool = ThreadPoolExecutor(min(4, os.cpu_count() or 1), thread_name_prefix=_PREDICT)

    def warm_up(self) -> float | None:
        """Predict the example, choose loop or threads by the seconds it takes, and return them; raises what it raises.

        None when the model has no example: then nothing is known of it, and threads are the safe choice.
        """
        if not self.served.example:
            return None
        example = web.json_reply(200, dict(self.served.example)).body
        seconds = self.served.try_out(rows.decode(example, self.served.columns))
        self._on_loop = seconds < _LOOP_BELOW
        return seconds

    async def __call__(self, scope: web.Scope, receive: web.Receive, send: web.Send) -> None:
        """The ASGI entry."""
        if scope["type"] != "http":
            return
        request_id = web.request_id(scope)
        try:
            reply = await self._answer(scope, receive, request_id)
        except RefusedError as refusal:
            reply = refusal.reply(request_id)
        except web.ClientGoneError:
            return
        await web.send_reply(send, reply, request_id)

    async def _answer(self, scope: web.Scope, receive: web.Receive, request_id: bytes) -> Reply:
        if self.doorkeeper is not None:
            self.doorkeeper.check(scope)
        head, *rest = [part for part in scope["path"].split("/") if part] or [""]
        if head == _PREDICT and len(rest) <= 2:
            web.allow(scope, "POST")
            self._require_served(rest)
            return await self._predict(await web.read_body(scope, receive), request_id)
        if not rest and head in ("", "ready", "live", "health"):
            web.allow(scope, *web.READING)
            return web.json_reply(200, {"status": "ok", **describe(self.served)} if head == "" else {"status": "ok"})
        raise RefusedError(404, f"there is nothing at {scope['path']}", "GET / lists what is served")

    def _require_served(self, named: list[str]) -> None:
        own = [self.served.name, self.served.version]
        if named != own[: len(named)]:
            raise RefusedError(404, f"{' '.join(named)} is not served here", f"served: {' '.join(own)}")

    async def _predict(self, body: bytes, request_id: bytes) -> Reply:
        if self._on_loop and len(body) <= _SMALL:
            return self._work(body, request_id)
        if self._waiting >= _WAITING:
            raise RefusedError(503, "too many predictions are waiting", "try again", headers=((b"retry-after", b"1"),))
        self._waiting += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._pool, self._work, body, request_id)
        finally:
            self._waiting -= 1

    def _work(self, body: bytes, request_id: bytes) -> Reply:
        columns = rows.decode(body, self.served.columns)
        return _said(self.served, self._predicted(columns, request_id))

    def _predicted(self, columns: Columns, request_id: bytes) -> Predictions:
        try:
            return self.served.predict(columns)
        except Exception as error:
            # Whatever a model raises is its own affair: the server lives on and says so.
            missing = _first_missing(columns)
            if isinstance(error, ValueError) and missing is not None:
                row, column = missing
                raise RefusedError(
                    422,
                    f"row {row} column `{column}`: the model can't take a missing value",
                    "send a value for every column",
                    {"faults": [asdict(rows.Fault(row, column, "a value", "null"))]},
                ) from None
            _log.exception("request %s: %s %s raised", request_id.decode(), self.served.name, self.served.version)
            said = f"the model raised {type(error).__name__}: {error}"
            raise RefusedError(500, said, "see the log of the replica") from None


def describe(served: ServedModel) -> dict[str, Any]:
    """What a client needs to know before its first request."""
    return {
        "model": served.name,
        "version": served.version,
        "columns": [asdict(column) for column in served.columns],
        "classes": served.classes,
        "example": dict(served.example),
    }


def example_request(address: str, path: str, example: dict[str, Any]) -> str:
    """A command that a person can paste."""
    body = web.json_reply(200, {"rows": [example]}).body.decode()
    return f"curl -s {shlex.quote(f'http://{address}{path}')} -d {shlex.quote(body)}"


def _said(served: ServedModel, predictions: Predictions) -> Reply:
    value = {"model": served.name, "version": served.version, "predictions": predictions.values}
    if predictions.probabilities is not None:
        value["probabilities"] = predictions.probabilities
    return web.json_reply(200, value, ((b"x-model-version", served.version.encode()),))


def _first_missing(columns: Columns) -> tuple[int, str] | None:
    for name, cells in columns.items():
        for row, cell in enumerate(cells):
            if cell is None or (isinstance(cell, float) and isnan(cell)):
                return row, name
    return None
