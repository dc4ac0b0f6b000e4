"""Ctrl-C and SIGTERM: within two seconds all that was started is ended and the run is recorded as interrupted."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from types import FrameType
from typing import Any, NoReturn

from modelsync.core.errors import ExitCode, InterruptedRunError, ModelSyncError
from modelsync.engine.context import Run
from modelsync.engine.server import Prefect
from modelsync.engine.watching import Observer
from modelsync.registry import facts

_TELLING = 0.8  # seconds given to telling Prefect; the journal is told first
_CHILDREN = 0.3  # seconds between asking children to stop and ending them


GiveUp = Callable[[ModelSyncError], NoReturn]
"""Ends the process at once with the exit code and the words of an error."""


@contextlib.contextmanager
def stoppable(run: Run, prefect: Prefect, release: Callable[[], None], observer: Observer) -> Iterator[GiveUp]:
    """While inside, SIGINT and SIGTERM end the process with exit code 130; what it gives ends it for another reason.

    Every effect is durable before it is recorded, so nothing has to be unwound: children are ended, the journal and
    Prefect are told, `release` gives the lease back, the observer says the last words.
    """

    def give_up(error: ModelSyncError) -> NoReturn:
        run.stopping.set()
        if _in_main():
            signal.signal(signal.SIGINT, signal.SIG_IGN)
            signal.signal(signal.SIGTERM, signal.SIG_IGN)
        _end_children(run)
        word = "interrupted" if error.exit_code is ExitCode.INTERRUPTED else "failed"
        with contextlib.suppress(Exception):
            facts.run_finished(run.workspace.journal, run.id, outcome=word, exit=int(error.exit_code))
        with contextlib.suppress(Exception):
            release()
        _tell(prefect, run)
        with contextlib.suppress(Exception):
            observer.stopped(error)
        os._exit(int(error.exit_code))  # threads inside the user's code can't be ended in any other way

    def stop(_: int, __: FrameType | None) -> None:
        give_up(
            InterruptedRunError("interrupted", help="what was finished is kept, and the next run goes on from there")
        )

    before = {sign: signal.signal(sign, stop) for sign in (signal.SIGINT, signal.SIGTERM)} if _in_main() else {}
    try:
        yield give_up
    finally:
        for sign, handler in before.items():
            signal.signal(sign, handler)


def _in_main() -> bool:
    """Only the main thread may set handlers; a run on another one is stopped by whoever started it."""
    return threading.current_thread() is threading.main_thread()


def close_dead(prefect: Prefect, names: Sequence[str]) -> None:
    """Mark flow runs of these names, whose process was killed, as crashed: Prefect itself never would."""
    if not names or prefect.running is None:  # on somebody else's server a name alone is not enough
        return
    wanted = {"name": {"any_": list(names)}, "state": {"type": {"any_": ["RUNNING", "PENDING"]}}}
    with contextlib.suppress(OSError, ValueError, KeyError):
        for found in _post(prefect, "flow_runs/filter", {"flow_runs": wanted}, timeout=5.0):
            set_state(prefect, "flow_runs", found["id"], "CRASHED", "its process was killed", timeout=5.0)


def _end_children(run: Run) -> None:
    groups = set(run.children)
    for sign in (signal.SIGTERM, signal.SIGKILL):
        for group in groups:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(group, sign)
        if groups and sign is signal.SIGTERM:
            time.sleep(_CHILDREN)


def _tell(prefect: Prefect, run: Run) -> None:
    """The page must not show for ever as running what was stopped."""
    deadline = time.monotonic() + _TELLING
    ids = [("flow_runs", run.links.get("prefect", "").rpartition("/")[2])]
    ids += [("task_runs", str(id)) for id in run.task_runs.values()]
    for kind, id in ids:
        left = deadline - time.monotonic()
        if id and left > 0:
            with contextlib.suppress(Exception):
                set_state(prefect, kind, id, "CANCELLED", "interrupted", timeout=left)


def set_state(prefect: Prefect, kind: str, id: str, state: str, message: str, timeout: float) -> None:
    """Set the state of a flow run or task run over HTTP, whatever Prefect's own rules say."""
    body = {"state": {"type": state, "message": message}, "force": True}
    _post(prefect, f"{kind}/{id}/set_state", body, timeout)


def _post(prefect: Prefect, path: str, body: dict[str, Any], timeout: float) -> Any:
    request = urllib.request.Request(  # noqa: S310 - the address of the Prefect server in use
        f"{prefect.api.rstrip('/')}/{path}",
        data=json.dumps(body).encode(),
        headers={"content-type": "application/json"},
        method="POST",
    )
    with urllib.request.urlopen(request, timeout=timeout) as answer:  # noqa: S310
        return json.loads(answer.read())
