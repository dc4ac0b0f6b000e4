"""Processes that outlive the command which started them, told from strangers that inherited their number."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from modelsync.core.processes import started_at

_POLL = 0.02  # seconds between looks while a process ends


@dataclass(frozen=True, slots=True)
class Process:
    """A process by number and time of start: a number alone is used again by the system."""

    pid: int
    started: str


def start(
    command: Sequence[str],
    *,
    folder: Path,
    log: Path,
    environment: Mapping[str, str] | None = None,
    descriptors: Sequence[int] = (),
) -> Process:
    """Start a command in a session of its own, its words appended to `log`; OSError when it can't be started.

    `environment` is added to that of the caller; `descriptors` are open files that the command inherits.
    """
    with log.open("ab") as sink:
        child = subprocess.Popen(
            list(command),
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=sink,
            stderr=sink,
            start_new_session=True,
            env={**os.environ, **(environment or {})},
            pass_fds=tuple(descriptors),
        )
    began = started_at(child.pid) or ""
    # Someone must collect the exit code, or the dead child stays in the process table for as long as the caller lives.
    threading.Thread(target=child.wait, name=f"reap-{child.pid}", daemon=True).start()
    return Process(child.pid, began)


def current() -> Process:
    """The process that asks."""
    return Process(os.getpid(), started_at(os.getpid()) or "")


def is_alive(process: Process) -> bool:
    """Whether that very process still runs."""
    return process.started != "" and started_at(process.pid) == process.started


def stop(processes: Sequence[Process], *, grace: float) -> None:
    """Ask process groups to end, wait at most `grace` seconds, then kill them; returns when all are gone."""
    for process in processes:
        _signal_group(process, signal.SIGTERM)
    if not _gone(processes, grace):
        for process in processes:
            _signal_group(process, signal.SIGKILL)
        _gone(processes, grace)


def last_words(log: Path, *, lines: int = 1) -> str:
    """The last lines that a process wrote, for a message."""
    with contextlib.suppress(OSError):
        written = log.read_text(encoding="utf-8", errors="replace").strip().splitlines()
        return "\n".join(written[-lines:])
    return ""


def _gone(processes: Sequence[Process], within: float) -> bool:
    end = time.monotonic() + within
    while any(is_alive(process) for process in processes):
        if time.monotonic() >= end:
            return False
        time.sleep(_POLL)
    return True


def _signal_group(process: Process, number: signal.Signals) -> None:
    if is_alive(process):
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, number)  # it leads its own group, because it was started in its own session
