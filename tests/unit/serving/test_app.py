from __future__ import annotations

import asyncio
import json
import threading
import time
from typing import Any

import pytest

from modelsync.serving import app as module
from modelsync.serving.app import ModelServer, describe, example_request
from modelsync.serving.model import ServedModel
from modelsync.serving.rows import Column
from modelsync.serving.web import Doorkeeper
from tests.unit.serving.conftest import ask, call


class Doubler:
    """Twice the number; remembers the threads it ran in."""

    n_features_in_ = 1

    def __init__(self, pause: float = 0.0, error: Exception | None = None) -> None:
        self.pause, self.error = pause, error
        self.threads: set[int] = set()

    def predict(self, rows: Any) -> Any:
        self.threads.add(threading.get_ident())
        time.sleep(self.pause)
        if self.error is not None:
            raise self.error
        return rows[:, 0] * 2


def server(model: Doubler | None = None, keeper: Doorkeeper | None = None, example: Any = 1.0) -> ModelServer:
    shown = {} if example is None else {"x": example}
    served = ServedModel("doubler", "1.0.0", model or Doubler(), (Column("x", "float"),), None, shown)
    return ModelServer(served, keeper)


@pytest.mark.parametrize("path", ["/predict", "/predict/doubler", "/predict/doubler/1.0.0", "/predict/doubler/1.0.0/"])
def test_a_prediction(path: str) -> None:
    answer = ask(server(), "POST", path, {"rows": [{"x": 2}, {"x": 3}]})
    assert answer.status == 200
    assert answer.value == {"model": "doubler", "version": "1.0.0", "predictions": [4.0, 6.0]}
    assert answer.headers["x-model-version"] == "1.0.0"
    assert len(answer.headers["x-request-id"]) == 32
    assert answer.headers["content-length"] == str(len(answer.body))


@pytest.mark.parametrize("path", ["/ready", "/live", "/health"])
def test_it_says_that_it_lives(path: str) -> None:
    assert ask(server(), "GET", path).value == {"status": "ok"}
    assert ask(server(), "HEAD", path).status == 200


def test_it_describes_itself() -> None:
    value = ask(server(), "GET", "/").value
    assert value == {
        "status": "ok",
        "model": "doubler",
        "version": "1.0.0",
        "columns": [{"name": "x", "type": "float"}],
        "classes": None,
        "example": {"x": 1.0},
    }
    assert describe(server().served)["example"] == {"x": 1.0}


@pytest.mark.parametrize("path", ["/predict/other", "/predict/doubler/2.0.0"])
def test_what_is_not_served(path: str) -> None:
    answer = ask(server(), "POST", path, {"x": 1})
    assert answer.status == 404
    assert answer.value["help"] == "served: doubler 1.0.0"


@pytest.mark.parametrize("path", ["/nothing", "/ready/now", "/predict/doubler/1.0.0/more", "/predict/a/b/c/d"])
def test_nothing_there(path: str) -> None:
    assert ask(server(), "GET", path).status == 404


def test_the_wrong_method() -> None:
    answer = ask(server(), "GET", "/predict/doubler")
    assert (answer.status, answer.headers["allow"]) == (405, "POST")
    assert ask(server(), "POST", "/ready").status == 405


def test_wrong_rows_are_explained() -> None:
    answer = ask(server(), "POST", "/predict", {"rows": [{"x": "one"}]}, headers=[("x-request-id", "mine")])
    assert answer.status == 422
    assert answer.value["error"] == 'row 0 column `x`: expected float, got "one"'
    assert answer.value["request_id"] == answer.headers["x-request-id"] == "mine"


def test_a_missing_value_that_the_model_can_not_take() -> None:
    model = Doubler(error=ValueError("Input X contains NaN."))
    answer = ask(server(model), "POST", "/predict", {"rows": [{"x": 1}, {"x": None}]})
    assert answer.status == 422
    assert answer.value["error"] == "row 1 column `x`: the model can't take a missing value"


@pytest.mark.parametrize("error", [ValueError("odd"), RuntimeError("odd")])
def test_a_model_that_raises_does_not_end_the_server(error: Exception, caplog: pytest.LogCaptureFixture) -> None:
    running = server(Doubler(error=error))
    answer = ask(running, "POST", "/predict", {"x": 1})
    assert answer.status == 500
    assert answer.value["error"] == f"the model raised {type(error).__name__}: odd"
    assert answer.value["request_id"] in caplog.text
    assert ask(running, "GET", "/ready").status == 200


def test_a_body_too_long() -> None:
    assert ask(server(), "POST", "/predict", b" " * (1 << 20) + b"{}", pieces=7).status == 413


def test_a_client_that_left_gets_nothing() -> None:
    assert asyncio.run(call(server(), "POST", "/predict", {"x": 1}, leaves=True)) is None


def test_only_http_is_answered() -> None:
    async def never(*_: Any) -> Any:
        raise AssertionError

    asyncio.run(server()({"type": "websocket"}, never, never))


def test_a_quick_model_runs_on_the_loop_and_a_slow_one_beside_it() -> None:
    quick, slow = Doubler(), Doubler(pause=0.005)
    for model, on_loop in ((quick, True), (slow, False)):
        running = server(model)
        assert running.warm_up() is not None
        model.threads.clear()
        ask(running, "POST", "/predict", {"x": 1})
        assert (model.threads == {threading.get_ident()}) is on_loop


def test_large_requests_never_run_on_the_loop() -> None:
    model = Doubler()
    running = server(model)
    running.warm_up()
    model.threads.clear()
    assert ask(running, "POST", "/predict", {"features": [[1.0]] * 5000}).status == 200
    assert threading.get_ident() not in model.threads


def test_without_an_example_threads_are_the_safe_choice() -> None:
    model = Doubler()
    running = server(model, example=None)
    assert running.warm_up() is None
    ask(running, "POST", "/predict", {"x": 1})
    assert threading.get_ident() not in model.threads


def test_a_queue_that_is_full_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_WAITING", 1)
    running = server(Doubler(pause=0.1))

    async def two() -> list[int]:
        answers = await asyncio.gather(*(call(running, "POST", "/predict", {"x": 1}) for _ in range(2)))
        return sorted(answer.status for answer in answers if answer is not None)

    assert asyncio.run(two()) == [200, 503]
    assert ask(running, "POST", "/predict", {"x": 1}).status == 200


def test_on_an_open_port_strangers_are_kept_out() -> None:
    guarded = server(keeper=Doorkeeper("127.0.0.1"))
    assert ask(guarded, "GET", "/ready").status == 200
    assert ask(guarded, "GET", "/ready", headers=[("host", "example.org")]).status == 403


def test_the_example_can_be_pasted_into_a_shell() -> None:
    line = example_request("localhost:80", "/predict/m", {"it's": "a 'word'"})
    import shlex

    words = shlex.split(line)
    assert words[:3] == ["curl", "-s", "http://localhost:80/predict/m"]
    assert json.loads(words[4]) == {"rows": [{"it's": "a 'word'"}]}
