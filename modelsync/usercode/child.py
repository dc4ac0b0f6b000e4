"""A call in a process of its own, which is really stopped when its time is up, and which never outlives its parent."""

from __future__ import annotations

import ctypes
import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
import traceback
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from modelsync.core.errors import DamageError, ModelSyncError, StepError, SurroundingsError
from modelsync.core.units import say_seconds
from modelsync.usercode.call import Call, execute
from modelsync.usercode.codecs import Produced

GRACE = 2.0  # seconds between the request to stop and the end, enough to flush a file and not to be noticed
_PATIENCE = 0.5  # seconds between two looks at whether the parent is alive, where the kernel does not tell
_GLANCE = 0.02  # seconds between two looks at a group that was asked to stop
_PR_SET_PDEATHSIG = 1  # from <sys/prctl.h>
_FAMILIES: dict[str, type[ModelSyncError]] = {"damage": DamageError, "surroundings": SurroundingsError}


def run(
    call: Call,
    *,
    timeout: float | None,
    on_start: Callable[[int], None] | None = None,
    log: Path | None = None,
    environment: Mapping[str, str] | None = None,
) -> dict[str, Produced]:
    """`call.execute` in a new process with its own process group; the same results and the same errors.

    After `timeout` seconds the whole group is stopped: StepError with the reason `timeout`. `on_start` is told the
    process id, which is also that of the group, so that `stop(pid)` ends it from elsewhere; the call then raises
    StepError naming the signal. `log` receives what the step prints, else it goes where the parent's goes.
    `environment` is added to the parent's. A Ctrl-C in the parent stops the group as well.
    """
    with tempfile.TemporaryDirectory(prefix="modelsync-call-") as folder:
        job, answer = Path(folder, "job.json"), Path(folder, "answer.json")
        job.write_text(json.dumps({"call": call.to_json(), "parent": os.getpid(), "answer": str(answer)}))
        process = _start(job, log, environment)
        try:
            if on_start is not None:
                on_start(process.pid)
            process.wait(timeout)
        except subprocess.TimeoutExpired:
            said = f"`{call.target}` was stopped after {say_seconds(timeout or 0)}, its timeout"
            raise StepError(said, help="raise `timeout` of the step, or give it less to do", reason="timeout") from None
        finally:
            _end(process.pid, GRACE, process.poll)  # also what the function started and left behind
            process.wait()
        return _answer(answer, process.returncode, call)


def stop(pid: int, grace: float = GRACE) -> None:
    """End the process group `pid`: ask it to, and after `grace` seconds make it; nothing happens when it is gone."""
    _end(pid, grace, lambda: None)


def main(job: Path) -> int:
    """The child's side: read the job, run it, write the answer. What goes wrong is part of the answer."""
    order = json.loads(job.read_text())
    _die_with(int(order["parent"]))
    try:
        produced = execute(Call.from_json(order["call"]))
        answer: dict[str, Any] = {"produced": {name: each.to_json() for name, each in produced.items()}}
    except ModelSyncError as error:
        answer = {"error": _describe(error)}
    except Exception as error:  # a fault of ModelSync: the parent raises it with the whole story
        said = f"the step's process failed: {type(error).__name__}: {error}"
        answer = {"error": {"family": "fault", "message": said, "help": "", "detail": traceback.format_exc()}}
    target = Path(order["answer"])
    partial = target.with_suffix(".partial")
    partial.write_text(json.dumps(answer))
    partial.rename(target)
    return 0


def _start(job: Path, log: Path | None, environment: Mapping[str, str] | None) -> subprocess.Popen[bytes]:
    # -P: the folder that ModelSync was started in must not become a place to import from.
    command = [sys.executable, "-P", "-m", "modelsync.usercode.child", str(job)]
    variables = None if environment is None else {**os.environ, **environment}
    if log is None:
        return subprocess.Popen(command, stdin=subprocess.DEVNULL, env=variables, start_new_session=True)
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("ab") as stream:
        return subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=stream,
            stderr=subprocess.STDOUT,
            env=variables,
            start_new_session=True,
        )


def _answer(file: Path, code: int, call: Call) -> dict[str, Produced]:
    if not file.exists():
        raise StepError(_death(code, call), help=_death_help(code))
    answer = json.loads(file.read_text())
    if "produced" in answer:
        return {name: Produced.from_json(each) for name, each in answer["produced"].items()}
    error = answer["error"]
    if error["family"] == "step":
        raise StepError(error["message"], help=error["help"], reason=error["reason"], detail=error["detail"])
    family = _FAMILIES.get(error["family"], ModelSyncError)
    raised = family(error["message"], help=error["help"])
    if error["detail"]:
        raised.add_note(error["detail"])
    raise raised


def _describe(error: ModelSyncError) -> dict[str, str]:
    if isinstance(error, StepError):
        rest = {"reason": error.reason, "detail": error.detail}
        return {"family": "step", "message": error.message, "help": error.help, **rest}
    family = next((name for name, kind in _FAMILIES.items() if isinstance(error, kind)), "fault")
    return {"family": family, "message": error.message, "help": error.help, "detail": ""}


def _death(code: int, call: Call) -> str:
    if code >= 0:
        return f"`{call.target}` ended its process with code {code} before it returned"
    try:
        name = signal.Signals(-code).name
    except ValueError:
        name = f"signal {-code}"
    return f"the process of `{call.target}` was ended by {name}"


def _death_help(code: int) -> str:
    if code == -signal.SIGKILL:
        return "it was killed, perhaps because memory ran out: give it less data or a machine with more memory"
    if code == -signal.SIGSEGV:
        return "compiled code crashed: look at the libraries that the step uses"
    return "" if code < 0 else "let the function return instead of calling os._exit()"


def _signal(pid: int, number: int) -> bool:
    """Send a signal to a whole group; False when there is nobody left."""
    try:
        os.killpg(pid, number)
    except (ProcessLookupError, PermissionError):  # macOS says the latter of a group that only waits to be reaped
        return False
    return True


def _end(pid: int, grace: float, reap: Callable[[], object]) -> None:
    """TERM, then KILL. A leader that has ended counts as alive until its parent has reaped it."""
    deadline = time.monotonic() + grace
    asked = _signal(pid, signal.SIGTERM)
    while asked and time.monotonic() < deadline:
        reap()
        if not _signal(pid, 0):
            return
        time.sleep(_GLANCE)
    if asked:
        _signal(pid, signal.SIGKILL)


def _die_with(parent: int) -> None:
    """End this process when its parent ends: the kernel sees to it where it can, elsewhere a thread looks."""
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    else:
        threading.Thread(target=_watch, args=(parent,), daemon=True).start()
    if os.getppid() != parent:  # it ended before we could ask
        os.kill(os.getpid(), signal.SIGKILL)


def _watch(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(_PATIENCE)
    os.killpg(os.getpgid(0), signal.SIGKILL)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
