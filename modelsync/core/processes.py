"""Is a process still the one that was started? A process id alone is used again by the system."""

from __future__ import annotations

import subprocess
from pathlib import Path

_PROC = Path("/proc")
_STATE, _STARTED = 0, 19  # fields of /proc/<pid>/stat, counted after the name in brackets (proc(5): 3 and 22)


def started_at(pid: int) -> str | None:
    """When a process started, in the system's own unit, only to be compared.

    None when there is no such process, or only its exit code is left.
    """
    if _PROC.joinpath("self", "stat").exists():
        return _started_from_proc(pid)
    return _started_from_ps(pid)


def _started_from_proc(pid: int) -> str | None:
    try:
        text = _PROC.joinpath(str(pid), "stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return None
    fields = text.rpartition(")")[2].split()  # the name in brackets may hold spaces and brackets itself
    return None if fields[_STATE] in "ZX" else fields[_STARTED]


def _started_from_ps(pid: int) -> str | None:
    answer = subprocess.run(
        ["ps", "-o", "stat=,lstart=", "-p", str(pid)], capture_output=True, text=True, check=False, timeout=10
    )
    state, _, began = answer.stdout.strip().partition(" ")
    return None if not began or state.startswith("Z") else began.strip()
