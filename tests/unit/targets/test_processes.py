from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from modelsync.core.processes import started_at
from modelsync.targets import processes
from modelsync.targets.processes import Process

STUBBORN = (
    "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('deaf', flush=True); time.sleep(60)"
)
PARENT = (
    "import subprocess, sys, time; child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)']);"
    "print(child.pid, flush=True); time.sleep(60)"
)


@pytest.fixture
def started(tmp_path: Path) -> Iterator[list[Process]]:
    all_of_them: list[Process] = []
    yield all_of_them
    processes.stop(all_of_them, grace=0.0)


def run(tmp_path: Path, started: list[Process], code: str) -> Process:
    process = processes.start([sys.executable, "-c", code], folder=tmp_path, log=tmp_path / "log")
    started.append(process)
    return process


def words(path: Path) -> str:
    end = time.monotonic() + 20
    while not path.read_text().strip() and time.monotonic() < end:
        time.sleep(0.01)
    return path.read_text().strip()


def test_it_stands_on_its_own_and_writes_to_its_log(tmp_path: Path, started: list[Process]) -> None:
    process = run(tmp_path, started, "import os, sys; print(os.getsid(0), os.getcwd(), sys.stdin.read(), flush=True)")
    assert words(tmp_path / "log") == f"{process.pid} {tmp_path}"


def test_it_is_asked_to_end_and_then_gone(tmp_path: Path, started: list[Process]) -> None:
    process = run(tmp_path, started, "import time; time.sleep(60)")
    assert processes.is_alive(process)
    processes.stop([process], grace=10.0)
    assert not processes.is_alive(process)
    processes.stop([process], grace=10.0)


def test_one_that_does_not_listen_is_killed(tmp_path: Path, started: list[Process]) -> None:
    process = run(tmp_path, started, STUBBORN)
    assert words(tmp_path / "log") == "deaf"
    processes.stop([process], grace=0.2)
    assert not processes.is_alive(process)


def test_its_children_go_with_it(tmp_path: Path, started: list[Process]) -> None:
    process = run(tmp_path, started, PARENT)
    child = int(words(tmp_path / "log"))
    assert started_at(child) is not None
    processes.stop([process], grace=10.0)
    end = time.monotonic() + 10
    while started_at(child) is not None and time.monotonic() < end:
        time.sleep(0.01)
    assert started_at(child) is None


def test_a_number_used_again_is_a_stranger(tmp_path: Path, started: list[Process]) -> None:
    process = run(tmp_path, started, "import time; time.sleep(60)")
    stranger = Process(process.pid, "12345")
    assert not processes.is_alive(stranger)
    processes.stop([stranger], grace=0.1)
    assert processes.is_alive(process)


def test_one_that_was_never_seen_alive_is_not_alive() -> None:
    assert not processes.is_alive(Process(os.getpid(), ""))


def test_the_asking_process_is_alive() -> None:
    assert processes.is_alive(processes.current())


def test_a_command_that_does_not_exist(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="nothing-like-it"):
        processes.start([str(tmp_path / "nothing-like-it")], folder=tmp_path, log=tmp_path / "log")


def test_last_words(tmp_path: Path) -> None:
    log = tmp_path / "log"
    assert processes.last_words(log) == ""
    log.write_text("one\ntwo\nthree\n\n")
    assert processes.last_words(log) == "three"
    assert processes.last_words(log, lines=2) == "two\nthree"
