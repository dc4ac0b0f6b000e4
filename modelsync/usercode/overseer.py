"""The process above a call: it adopts whatever the call leaves behind, ends that, and then ends as the call did."""

from __future__ import annotations

import contextlib
import os
import resource
import signal
import time

from modelsync.usercode import leftovers

_DEAF_TO = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGQUIT, signal.SIGUSR1, signal.SIGUSR2)
_GLANCE = 0.02  # seconds between two looks at processes that were asked to stop


def oversee(worker: int, grace: float) -> int:
    """Wait until the child `worker` ends, then end everything below this process: asked first, made after `grace` s.

    Returns the code that `worker` ended with; where that was a signal, this process ends by the same one. Signals to
    the whole group do not reach it, except SIGKILL: it has to be the last.
    """
    for number in _DEAF_TO:
        signal.signal(number, signal.SIG_IGN)
    status = _ended(worker)
    deadline = time.monotonic() + grace
    leftovers.tell_below(os.getpid(), signal.SIGTERM)
    while _some_are_left() and time.monotonic() < deadline:
        time.sleep(_GLANCE)
    leftovers.end_below(os.getpid())
    if os.WIFSIGNALED(status):
        _end_by(os.WTERMSIG(status))
    return os.waitstatus_to_exitcode(status)


def _ended(worker: int) -> int:
    """How it ended; what it had left to us and ended before is reaped on the way."""
    while True:
        pid, status = os.waitpid(-1, 0)
        if pid == worker:
            return status


def _some_are_left() -> bool:
    try:
        while os.waitpid(-1, os.WNOHANG)[0]:
            continue
    except ChildProcessError:
        return False
    return True


def _end_by(number: int) -> None:
    resource.setrlimit(resource.RLIMIT_CORE, (0, resource.getrlimit(resource.RLIMIT_CORE)[1]))  # one dump is enough
    with contextlib.suppress(OSError):  # SIGKILL can't be set, and needs no setting
        signal.signal(number, signal.SIG_DFL)
    os.kill(os.getpid(), number)
