"""Processes that a call left behind, found by a mark in their environment, also when they left its process group."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

MARK = "MODELSYNC_CALL"
"""The variable that every process of a call inherits; its value is the call's own."""

_PROC = Path("/proc")
_ROUNDS = 5  # looks, because a process may start another while it is being looked at
_PAUSE = 0.02  # seconds between two looks


def end(token: str) -> int:
    """Kill what still runs with this value of the mark and return how many there were.

    Only where the system shows environments as files (Linux): elsewhere the process group has to be enough.
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
