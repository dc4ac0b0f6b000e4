from __future__ import annotations

import os
import signal
import time
from pathlib import Path

import pytest

from modelsync.core import processes
from modelsync.core.processes import started_at

NOBODY = 2**22 + 1  # above the largest process id of Linux


def test_the_same_process_has_the_same_start_and_nobody_has_none() -> None:
    assert started_at(os.getpid()) == started_at(os.getpid()) is not None
    assert started_at(NOBODY) is None


def test_one_that_died_is_not_alive_even_before_it_is_collected() -> None:
    child = os.fork()
    if child == 0:
        os.kill(os.getpid(), signal.SIGKILL)
    end = time.monotonic() + 10
    while started_at(child) is not None and time.monotonic() < end:
        time.sleep(0.01)
    assert started_at(child) is None
    assert os.waitpid(child, 0)[0] == child


def test_without_proc_the_system_is_asked_by_ps(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(processes, "_PROC", tmp_path)
    assert started_at(os.getpid())
    assert started_at(os.getpid()) == started_at(os.getpid())
    assert started_at(NOBODY) is None
