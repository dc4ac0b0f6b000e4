from __future__ import annotations

import signal
import time
from collections.abc import Callable
from typing import Any

import pytest

from modelsync.core.errors import SurroundingsError, UsageError
from modelsync.store.remotes import asking
from modelsync.store.remotes.asking import Asker, begin
from modelsync.store.remotes.base import Place

At = Callable[[int], Place]


@pytest.mark.parametrize("wrong", [500, 502, 503, 504, 429, 408, "cut"])
def test_what_passes_is_tried_again(line: Any, s3_at: At, wrong: str | int) -> None:
    line.fault = lambda number, method, path: wrong if number < 3 else None
    assert s3_at(line.port).create("x", b"1")
    assert len(line.asked) == 3


def test_an_answer_that_got_lost_is_no_second_write(line: Any, s3_at: At) -> None:
    line.fault = lambda number, method, path: "deaf" if number == 1 else None
    place = s3_at(line.port)
    assert not place.create("x", b"1")  # it is there already: written by the first try
    got = place.read("x")
    assert got is not None and got.data == b"1"


@pytest.mark.parametrize(
    ("status", "said"), [(403, "not open to these credentials"), (401, "not open"), (400, "400 Bad Request")]
)
def test_what_stays_is_told_at_once(line: Any, s3_at: At, status: int, said: str) -> None:
    line.fault = lambda number, method, path: status
    with pytest.raises(SurroundingsError, match=said) as caught:
        s3_at(line.port).read("x")
    assert len(line.asked) == 1
    assert "\n" not in str(caught.value) and "secret" not in str(caught.value)


def test_a_server_that_stays_busy_is_given_up(line: Any, s3_at: At) -> None:
    line.fault = lambda number, method, path: 503
    with pytest.raises(SurroundingsError, match="503"):
        s3_at(line.port).read("x")
    assert len(line.asked) == 4


def test_nobody_answers(s3_at: At) -> None:
    with pytest.raises(SurroundingsError, match="error sending request"):
        s3_at(1).read("x")


def test_there_is_no_bucket(line: Any, s3_port: int, s3_at: At) -> None:
    place: Any = s3_at(line.port)
    line.fault = None
    for ask in (lambda p: p.read("x"), lambda p: p.create("x", b""), lambda p: list(p.list(""))):
        with pytest.raises(UsageError, match="no bucket"):
            ask(_elsewhere(s3_port))
    assert place.label.startswith("s3://")


def _elsewhere(port: int) -> Any:
    from pathlib import Path

    from modelsync.store.remotes.address import parse
    from modelsync.store.remotes.base import Access
    from modelsync.store.remotes.s3 import open_s3

    keys = {"access_key_id": "key", "secret_access_key": "secret"}
    return open_s3(parse("s3://never-made/x", Path()), Access(f"http://127.0.0.1:{port}", "us-east-1", keys))


def test_an_interrupt_does_not_wait(line: Any, s3_at: At) -> None:
    line.fault = lambda number, method, path: "stall"

    def interrupt(*_: Any) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGALRM, interrupt)
    began = time.monotonic()
    signal.setitimer(signal.ITIMER_REAL, 0.3)
    try:
        with pytest.raises(KeyboardInterrupt):
            s3_at(line.port).create("x", b"1")
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
    assert time.monotonic() - began < 2


def test_faults_of_our_own_are_not_blamed_on_the_server() -> None:
    def fail() -> None:
        raise TypeError("ours")

    with pytest.raises(TypeError, match="ours"):
        Asker("s3://x")(fail)


def test_a_thread_that_nobody_waits_for() -> None:
    assert begin(lambda: 41 + 1).result() == 42
    assert asking.FAILPOINTS == ("before_remote_request", "after_remote_request")
