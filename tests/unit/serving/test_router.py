from __future__ import annotations

import asyncio
import json
import os
import signal
import time
from collections.abc import Callable, Coroutine
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from modelsync.core.traffic import Arm, RoutingTable
from modelsync.serving import router as module
from modelsync.serving import serve
from modelsync.serving.router import Router, control, main, watch
from modelsync.serving.web import Doorkeeper
from tests.unit.serving.conftest import Answer, call, read_request, whole

CARD = json.dumps({"columns": [], "classes": None, "example": {"x": 1.0}}).encode()


@dataclass
class Stage:
    """A router with a table, and replicas that answer as a function says."""

    folder: Path
    router: Router
    servers: list[asyncio.Server] = field(default_factory=list)
    tasks: list[asyncio.Task[Any]] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    async def replica(self, name: str, answer: Callable[[bytes, bytes], bytes]) -> str:
        """A replica by name; an answer of no bytes closes the connection."""

        async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            task = asyncio.current_task()
            assert task is not None
            self.tasks.append(task)
            with suppress(asyncio.IncompleteReadError, ConnectionError):
                while True:
                    head, body = await read_request(reader)
                    self.asked.append(name)
                    said = answer(head, body)
                    if not said:
                        break
                    writer.write(said)
                    await writer.drain()
            writer.close()

        path = str(self.folder / name)
        self.servers.append(await asyncio.start_unix_server(serve, path))
        return path

    def route(self, *arms: Arm, generation: int = 1) -> None:
        (self.folder / "routes.json").write_text(json.dumps(RoutingTable(generation, arms).to_json()))
        self.router.reload()

    async def ask(self, method: str, path: str, body: Any = b"", **more: Any) -> Answer:
        answer = await call(self.router, method, path, body, **more)
        assert answer is not None
        return answer

    async def close(self) -> None:
        self.router.traffic.follow(RoutingTable(99))
        for server in self.servers:
            server.close()
        await asyncio.gather(*self.tasks)
        await asyncio.sleep(0.01)


@pytest.fixture
def run(tmp_path: Path) -> Callable[[Callable[[Stage], Coroutine[Any, Any, None]]], None]:
    """Runs a test's own coroutine on a fresh stage, and closes it."""

    def runner(work: Callable[[Stage], Coroutine[Any, Any, None]]) -> None:
        async def whole_of_it() -> None:
            stage = Stage(tmp_path, Router(tmp_path, Doorkeeper("127.0.0.1")))
            await work(stage)
            await stage.close()

        asyncio.run(whole_of_it())

    return runner


Runner = Callable[[Callable[[Stage], Coroutine[Any, Any, None]]], None]


def arm(*sockets: str, name: str = "a", version: str = "1.0.0", weight: int = 100) -> Arm:
    return Arm(name, "churn", version, weight, sockets)


def test_a_prediction_is_passed_on_and_back(run: Runner) -> None:
    async def work(stage: Stage) -> None:
        heads: list[bytes] = []

        def answer(head: bytes, body: bytes) -> bytes:
            heads.append(head)
            return whole(b'{"got": %s}' % body, extra=b"x-model-version: 1.0.0\r\ncontent-type: application/json\r\n")

        stage.route(arm(await stage.replica("r1", answer)))
        for path in ("/predict/churn", "/predict/churn/1.0.0"):
            said = await stage.ask("POST", path, {"x": 1}, headers=[("host", "localhost"), ("x-request-id", "mine")])
            assert (said.status, said.value) == (200, {"got": {"x": 1}})
            assert said.headers["x-model-version"] == "1.0.0"
            assert said.headers["x-request-id"] == "mine"
        assert heads[0].startswith(b"POST /predict HTTP/1.1\r\n")
        assert b"x-request-id: mine\r\n" in heads[0]
        assert stage.router.traffic.counts()["requests"] == {"1.0.0": 2}

    run(work)


def test_a_refusal_of_the_replica_reaches_the_client(run: Runner) -> None:
    async def work(stage: Stage) -> None:
        stage.route(arm(await stage.replica("r1", lambda head, body: whole(b'{"error": "no"}', 422))))
        assert (await stage.ask("POST", "/predict/churn")).status == 422
        assert stage.router.traffic.counts()["errors"] == {}

    run(work)


def test_a_replica_that_says_nothing_is_helped_out_by_the_next(run: Runner) -> None:
    async def work(stage: Stage) -> None:
        dead = await stage.replica("dead", lambda head, body: b"")
        well = await stage.replica("well", lambda head, body: whole(b"{}"))
        stage.route(arm(dead, well))
        assert [(await stage.ask("POST", "/predict/churn")).status for _ in range(4)] == [200] * 4
        assert stage.asked == ["dead", "well", "well"] * 2
        assert stage.router.traffic.counts()["errors"] == {}

    run(work)


def test_without_any_replica_the_client_is_told(run: Runner) -> None:
    async def work(stage: Stage) -> None:
        stage.route(arm(str(stage.folder / "none")))
        said = await stage.ask("POST", "/predict/churn")
        assert (said.status, said.headers["retry-after"]) == (503, "1")
        assert said.value["error"] == "no replica of churn 1.0.0 answers"
        assert stage.router.traffic.counts()["errors"] == {"1.0.0": 1}
        assert stage.router.traffic.counts()["in_flight"] == {"a": 0}

    run(work)


def test_one_that_takes_too_long(run: Runner, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_ANSWER_WITHIN", 0.05)

    async def work(stage: Stage) -> None:
        async def hang(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            task = asyncio.current_task()
            assert task is not None
            stage.tasks.append(task)
            await reader.read()
            writer.close()

        stage.servers.append(await asyncio.start_unix_server(hang, str(stage.folder / "r1")))
        stage.route(arm(str(stage.folder / "r1")))
        assert (await stage.ask("POST", "/predict/churn")).status == 504
        assert stage.router.traffic.counts()["in_flight"] == {"a": 0}

    run(work)


def test_while_a_slow_client_sends_the_table_may_change(run: Runner) -> None:
    async def work(stage: Stage) -> None:
        old = await stage.replica("old", lambda head, body: whole(b'"old"'))
        new = await stage.replica("new", lambda head, body: whole(b'"new"'))
        stage.route(arm(old))
        scope = {"type": "http", "method": "POST", "path": "/predict/churn", "headers": [(b"host", b"localhost")]}
        sent: list[Any] = []

        async def receive() -> Any:
            stage.route(arm(new, name="b", version="2.0.0"), generation=2)
            return {"type": "http.request", "body": b"{}"}

        async def send(message: Any) -> None:
            sent.append(message)

        await stage.router(scope, receive, send)
        assert sent[1]["body"] == b'"new"'

    run(work)


@pytest.mark.parametrize("path", ["/predict/churn/2.0.0", "/predict/other", "/nothing", "/predict", "/live/x"])
def test_what_is_not_there_names_what_is(run: Runner, path: str) -> None:
    async def work(stage: Stage) -> None:
        stage.route(arm("/nowhere"))
        said = await stage.ask("POST", path)
        assert said.status == 404
        assert said.value["served"] == ["/predict/churn/1.0.0"]

    run(work)


def test_the_wrong_method_and_a_long_body(run: Runner) -> None:
    async def work(stage: Stage) -> None:
        stage.route(arm("/nowhere"))
        assert (await stage.ask("GET", "/predict/churn")).status == 405
        assert (await stage.ask("DELETE", "/")).status == 405
        assert (await stage.ask("POST", "/predict/churn", b"x" * ((1 << 20) + 1))).status == 413

    run(work)


def test_strangers_and_leavers(run: Runner) -> None:
    async def work(stage: Stage) -> None:
        stage.route(arm("/nowhere"))
        assert (await stage.ask("GET", "/", headers=[("host", "example.org")])).status == 403
        assert await call(stage.router, "POST", "/predict/churn", leaves=True) is None
        await stage.router({"type": "websocket"}, None, None)  # type: ignore[arg-type]

    run(work)


def test_health(run: Runner) -> None:
    async def work(stage: Stage) -> None:
        assert (await stage.ask("GET", "/live")).status == 200
        said = await stage.ask("GET", "/ready")
        assert (said.status, said.value["status"]) == (503, "nothing is deployed")
        stage.route(arm(str(stage.folder / "none")))
        said = await stage.ask("GET", "/health")
        assert (said.status, said.value["status"]) == (503, "no replica answers")
        stage.route(arm(await stage.replica("r1", lambda head, body: whole(CARD))), generation=2)
        said = await stage.ask("GET", "/health")
        assert (said.status, said.value) == (200, {"status": "ok", "served": ["/predict/churn/1.0.0"]})

    run(work)


def test_the_index_shows_what_is_served_and_how_to_ask(run: Runner) -> None:
    async def work(stage: Stage) -> None:
        well = await stage.replica("r1", lambda head, body: whole(CARD))
        stage.route(arm(well, weight=90), arm(str(stage.folder / "none"), name="b", version="2.0.0", weight=10))
        value = (await stage.ask("GET", "/")).value
        assert value["deployment"] == stage.folder.name
        first, second = value["served"]
        assert (first["model"], first["version"], first["weight"]) == ("churn", "1.0.0", 90)
        assert first["example"] == {"x": 1.0}
        assert first["try"].startswith("curl -s http://localhost:8080/predict/churn/1.0.0 -d ")
        assert second == {"model": "churn", "version": "2.0.0", "weight": 10, "predict": "/predict/churn/2.0.0"}

    run(work)


def test_the_example_can_be_sent_as_it_is(run: Runner) -> None:
    async def work(stage: Stage) -> None:
        assert (await stage.ask("GET", "/example")).status == 503
        stage.route(arm(await stage.replica("r1", lambda head, body: whole(CARD))))
        said = await stage.ask("GET", "/example")
        assert (said.status, said.value) == (200, {"rows": [{"x": 1.0}]})

    run(work)


@pytest.mark.parametrize("answer", [whole(b"[]"), whole(b"{"), whole(b"{}", 500), b""])
def test_a_replica_that_talks_nonsense_is_not_well(run: Runner, answer: bytes) -> None:
    async def work(stage: Stage) -> None:
        stage.route(arm(await stage.replica("r1", lambda head, body: answer)))
        assert (await stage.ask("GET", "/health")).status == 503

    run(work)


def test_a_table_that_can_not_be_read_changes_nothing(run: Runner, caplog: pytest.LogCaptureFixture) -> None:
    async def work(stage: Stage) -> None:
        stage.route(arm("/nowhere"))
        for text in ("{", "[]", '{"generation": 1}'):
            (stage.folder / "routes.json").write_text(text)
            stage.router.reload()
            assert stage.router.traffic.table.generation == 1
        assert "routing table not taken" in caplog.text
        (stage.folder / "routes.json").unlink()
        stage.router.reload()
        assert stage.router.traffic.table == RoutingTable()

    run(work)


def test_the_control_socket_reloads_and_counts(run: Runner) -> None:
    async def work(stage: Stage) -> None:
        stage.servers.append(await control(stage.router, str(stage.folder / "c")))

        async def say(word: bytes) -> Any:
            reader, writer = await asyncio.open_unix_connection(str(stage.folder / "c"))
            writer.write(word + b"\n")
            line = await reader.readline()
            writer.close()
            await writer.wait_closed()
            return json.loads(line)

        (stage.folder / "routes.json").write_text(json.dumps(RoutingTable(5, (arm("/x"),)).to_json()))
        assert (await say(b"status"))["generation"] == 0
        assert (await say(b"reload")) == {"generation": 5, "in_flight": {"a": 0}, "requests": {}, "errors": {}}

    run(work)


def test_it_watches_over_itself(run: Runner, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_TICK", 0.01)

    async def work(stage: Stage) -> None:
        named = stage.folder / "router.json"
        await asyncio.wait_for(watch(stage.router, "me"), 5)  # nobody names it
        named.write_text('{"id": "another"}')
        await asyncio.wait_for(watch(stage.router, "me"), 5)
        named.write_text("{")
        await asyncio.wait_for(watch(stage.router, "me"), 5)
        named.write_text('{"id": "me"}')
        (stage.folder / "routes.json").write_text(json.dumps(RoutingTable(5, (arm("/x"),)).to_json()))
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(watch(stage.router, "me"), 0.1)
        assert stage.router.traffic.table.generation == 5  # a table that nobody told it of is found all the same
        monkeypatch.setattr(module, "_IDLE_FOR", 0.05)
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(watch(stage.router, "me"), 0.2)
        (stage.folder / "routes.json").unlink()
        await asyncio.wait_for(watch(stage.router, "me"), 5)

    run(work)


def test_the_whole_process(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`main` hands the server an application whose company lives as long as it."""
    given: dict[str, Any] = {}
    monkeypatch.setattr(serve, "log_to_stderr", lambda: None)
    monkeypatch.setattr(serve, "on_port", lambda app, host, port: given.update(app=app, host=host, port=port))
    main(["--state", str(tmp_path), "--port", "8080", "--id", "me", "--control", str(tmp_path / "c")])
    assert (given["host"], given["port"]) == ("127.0.0.1", 8080)
    (tmp_path / "router.json").write_text('{"id": "me"}')

    async def lifespan() -> None:
        told: asyncio.Queue[dict[str, str]] = asyncio.Queue()
        said: list[str] = []

        async def send(message: Any) -> None:
            said.append(message["type"])

        running = asyncio.create_task(given["app"]({"type": "lifespan"}, told.get, send))
        await told.put({"type": "lifespan.startup"})
        while not said:
            await asyncio.sleep(0.01)
        assert (tmp_path / "c").exists()
        answer = await call(given["app"], "GET", "/live")
        assert answer is not None and answer.status == 200
        await told.put({"type": "lifespan.shutdown"})
        await running
        assert said == ["lifespan.startup.complete", "lifespan.shutdown.complete"]
        assert not (tmp_path / "c").exists()

    asyncio.run(lifespan())


def test_when_nobody_wants_it_it_asks_itself_to_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_TICK", 0.01)
    signals: list[tuple[int, int]] = []
    monkeypatch.setattr(os, "kill", lambda pid, number: signals.append((pid, number)))

    async def lifespan() -> None:
        told: asyncio.Queue[dict[str, str]] = asyncio.Queue()

        async def send(message: Any) -> None:
            pass

        app = module._with_company(Router(tmp_path, Doorkeeper("127.0.0.1")), str(tmp_path / "c"), "me")
        running = asyncio.ensure_future(app({"type": "lifespan"}, told.get, send))
        await told.put({"type": "lifespan.startup"})
        end = time.monotonic() + 10
        while not signals and time.monotonic() < end:
            await asyncio.sleep(0.01)
        await told.put({"type": "lifespan.shutdown"})
        await running

    asyncio.run(lifespan())
    assert signals == [(os.getpid(), signal.SIGTERM)]
