from __future__ import annotations

import multiprocessing
import os
import signal
import socket
import sqlite3
import time
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from modelsync.core.errors import ExitCode, LockedError, SurroundingsError
from modelsync.registry import lease as module
from modelsync.registry.journal import Journal
from modelsync.registry.lease import Lease, lease

SPAWN = multiprocessing.get_context("spawn")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "registry.db"


def _take(path: Path, name: str) -> Lease:
    with lease(path, name) as held:
        return held


def _change(path: Path, column: str, value: object) -> None:
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(f"update lease set {column} = ?", (value,))


def _hold(path: str, name: str, held: Any) -> None:
    with lease(Path(path), name):
        held.set()
        time.sleep(600)


def test_one_holds_a_name_and_the_others_are_told_by_whom(path: Path) -> None:
    with lease(Journal(path), "credit") as held:
        assert (held.name, held.number) == ("credit", 1)
        held.check()
        with pytest.raises(LockedError) as caught:
            _take(path, "credit")
        assert f"process {os.getpid()} since 20" in caught.value.message
        assert f"kill {os.getpid()}" in caught.value.help
        assert caught.value.exit_code == ExitCode.LOCKED
        assert _take(path, "other").number == 1


def test_a_name_is_given_back_with_a_rising_number_also_after_an_error(path: Path) -> None:
    assert _take(path, "credit").number == 1

    def fail() -> None:
        with lease(path, "credit"):
            raise KeyError("x")

    with pytest.raises(KeyError):
        fail()
    assert _take(path, "credit").number == 3


def test_a_holder_that_was_killed_is_taken_over_at_once(path: Path) -> None:
    held = SPAWN.Event()
    child = SPAWN.Process(target=_hold, args=(str(path), "credit", held))
    child.start()
    assert held.wait(60)
    with pytest.raises(LockedError, match=f"process {child.pid}"):
        _take(path, "credit")
    assert child.pid is not None
    os.kill(child.pid, signal.SIGKILL)
    # Until its parent has collected it, the dead child is still in the process table: it must not count as alive.
    os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)
    with lease(path, "credit") as taken:
        assert taken.number == 2
        child.join()
        _change(path, "pid", child.pid)  # as if the dead one had held it, now without a trace in the table
        assert _take(path, "credit").number == 3


def test_a_process_id_that_another_process_has_now_is_not_the_holder(path: Path) -> None:
    with lease(path, "credit"):
        _change(path, "started", "12345")
        assert _take(path, "credit").number == 2


def test_a_holder_elsewhere_is_judged_by_its_heartbeat(path: Path) -> None:
    with lease(path, "credit"):
        _change(path, "place", "another container")
        with pytest.raises(LockedError, match=socket.gethostname()) as caught:
            _take(path, "credit")
        assert f"on {socket.gethostname()}" in caught.value.help
        _change(path, "beat", time.time() - 2 * module._SILENCE)
        assert _take(path, "credit").number == 2


def test_the_heart_beats_while_the_lease_is_held(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_BEAT", 0.01)
    with lease(path, "credit"):
        _change(path, "beat", 0.0)
        deadline = time.monotonic() + 30
        beat = 0.0
        while beat == 0.0 and time.monotonic() < deadline:
            with closing(sqlite3.connect(path)) as connection:
                [beat] = connection.execute("select beat from lease").fetchone()
            time.sleep(0.01)
    assert beat > 0.0


def test_a_late_holder_is_told_and_does_not_give_back_what_is_not_its_own(path: Path) -> None:
    with lease(path, "credit") as late:
        _change(path, "started", "12345")
        with lease(path, "credit") as present:
            with pytest.raises(LockedError, match="was lost"):
                late.check()
            module._release(late)
            present.check()


def test_giving_back_to_a_registry_that_vanished_is_quiet(path: Path) -> None:
    with lease(path, "credit"):
        for file in path.parent.iterdir():
            file.unlink()
        path.mkdir()
    with pytest.raises(SurroundingsError):
        _take(path, "credit")


def _try(path: str, start: Any, results: Any, over: Any) -> None:
    start.wait(60)
    try:
        with lease(Path(path), "credit"):
            results.put("held")
            over.wait(60)
    except LockedError:
        results.put("refused")


def test_of_many_at_once_one_holds_it(path: Path) -> None:
    start, over, results = SPAWN.Barrier(6), SPAWN.Event(), SPAWN.Queue()
    children = [SPAWN.Process(target=_try, args=(str(path), start, results, over)) for _ in range(6)]
    for child in children:
        child.start()
    answers = [results.get(timeout=60) for _ in children]
    over.set()
    for child in children:
        child.join(60)
    assert sorted(answers) == ["held"] + ["refused"] * 5


def test_without_proc_the_host_is_the_place(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_: Path, **__: str) -> str:
        raise FileNotFoundError

    monkeypatch.setattr(Path, "read_text", refuse)
    assert module._place() == socket.gethostname()
