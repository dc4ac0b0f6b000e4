"""Processes that a call left behind: found by a mark in their environment, and by their place below its overseer."""

from __future__ import annotations

import ctypes
import os
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path

MARK = "MODELSYNC_CALL"
"""The variable that every process of a call inherits; its value is the call's own."""

_PROC = Path("/proc")
_ROUNDS = 5  # looks, because a process may start another while it is being looked at
_PAUSE = 0.02  # seconds between two looks
_LONGEST = 2.0  # seconds of killing what starts itself anew all the time
_PR_SET_CHILD_SUBREAPER = 36  # from <sys/prctl.h>


def end(token: str) -> int:
    """Kill what still runs with this value of the mark and return how many there were.

    Only where the system shows environments as files (Linux): elsewhere the process group has to be enough. A process
    that was given another environment has no mark; `adopt` and `end_below` find it.
    """
    count = 0
    for _ in range(_ROUNDS):
        found = list(_marked(f"{MARK}={token}".encode()))
        for pid in found:
            try:
                os.kill(pid, signal.SIGKILL)
                count += 1
            except (ProcessLookupError, PermissionError):
                continue
        if not found:
            break
        time.sleep(_PAUSE)
    return count


def adopt() -> bool:
    """Be given, as children, those that descend from this process and whose parents end; False where not Linux."""
    if sys.platform != "linux":
        return False
    return bool(ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) == 0)


def tell_below(pid: int, number: int) -> int:
    """Send a signal to every process that descends from `pid` and return how many there were. Linux only."""
    count = 0
    for each in _below(pid):
        try:
            os.kill(each, number)
            count += 1
        except (ProcessLookupError, PermissionError):
            continue
    return count


def end_below(pid: int) -> None:
    """Kill what descends from `pid`, also what is being started meanwhile. Complete only where `pid` did `adopt`."""
    deadline = time.monotonic() + _LONGEST
    while tell_below(pid, signal.SIGKILL) and time.monotonic() < deadline:
        time.sleep(_PAUSE)


def _below(pid: int) -> list[int]:
    """The processes that descend from `pid` and still run."""
    children: dict[int, list[int]] = {}
    for each, parent in _parents():
        children.setdefault(parent, []).append(each)
    found, waiting = [], [pid]
    while waiting:
        below = children.get(waiting.pop(), [])
        found += below
        waiting += below
    return found


def _parents() -> Iterator[tuple[int, int]]:
    """Every process that is not yet dead, with its parent."""
    if not _PROC.joinpath("self", "stat").exists():
        return
    for folder in _PROC.iterdir():
        if folder.name.isdigit():
            try:
                state, parent = folder.joinpath("stat").read_bytes().rpartition(b")")[2].split()[:2]
            except (OSError, ValueError):  # it ended meanwhile
                continue
            if state not in (b"Z", b"X"):
                yield int(folder.name), int(parent)


def _marked(wanted: bytes) -> Iterator[int]:
    if not _PROC.joinpath("self", "environ").exists():
        return
    for folder in _PROC.iterdir():
        if folder.name.isdigit() and int(folder.name) != os.getpid():
            try:
                variables = folder.joinpath("environ").read_bytes()
            except OSError:  # it ended meanwhile, or belongs to somebody else
                continue
            if wanted in variables.split(b"\0"):
                yield int(folder.name)
