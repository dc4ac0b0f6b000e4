"""A call in a process of its own, which is really stopped when its time is up, and which never outlives its parent."""

from __future__ import annotations

import ctypes
import faulthandler
import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
import traceback
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from modelsync.core import quiet
from modelsync.core.errors import DamageError, ModelSyncError, StepError, SurroundingsError
from modelsync.core.units import say_seconds
from modelsync.usercode import blame, leftovers, overseer
from modelsync.usercode.call import Call, execute
from modelsync.usercode.codecs import Produced
from modelsync.usercode.examination import Examination, hear

GRACE = 2.0  # seconds between the request to stop and the end, enough to flush a file and not to be noticed
_PATIENCE = 0.5  # seconds between two looks: at the parent where the kernel does not tell, at the answer of a child
_GLANCE = 0.02  # seconds between two looks at a group that was asked to stop
_PR_SET_PDEATHSIG = 1  # from <sys/prctl.h>
_OWNER = {"call": "step", "examination": "gate"}  # who names the time limit of an order
_ANSWER = {"call": "produced", "examination": "findings"}  # what the answer to an order is called
_ERROR = ("family", "message", "help", "reason", "detail")  # the parts of an error as it travels
_LARGEST = 1 << 30  # bytes of an answer, far more than 10,000 findings need: nobody's memory is filled by nonsense
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

    After `timeout` seconds the whole group is stopped: StepError with the reason `timeout`. `on_start` is told the id
    of the group, so that `stop(pid)` ends it from elsewhere; the call then raises StepError naming the signal. `log`
    receives what the step prints, else it goes where the parent's goes. `environment` is added to the parent's. A
    Ctrl-C in the parent stops the group as well.
    """
    with tempfile.TemporaryDirectory(prefix="modelsync-call-") as folder, _opened(log) as output:
        answer = conduct(
            Path(folder),
            {"call": call.to_json()},
            call.target,
            timeout=timeout,
            on_start=on_start,
            output=output,
            environment=environment,
        )
        return {name: Produced.from_json(each) for name, each in answer["produced"].items()}


def conduct(
    folder: Path,
    order: Mapping[str, Any],
    target: str,
    *,
    timeout: float | None,
    on_start: Callable[[int], None] | None = None,
    output: int | None = None,
    environment: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    """Have an order carried out by a new process and return its answer; raises what went wrong there, as `run` does.

    The order and the answer lie in the empty `folder`. What is printed goes to the open file `output`. The process may
    close, print or fork what it likes: once it has answered, or its time is up, everything it started is ended. On
    Linux that includes what left its group, its parents and its environment, unless it kills its `overseer` first;
    elsewhere it is the group.
    """
    job, file = folder / "job.json", folder / "answer.json"
    job.write_text(json.dumps({**order, "parent": os.getpid(), "answer": str(file)}))
    process = _start(job, output, {**(environment or {}), leftovers.MARK: str(folder)})
    try:
        if on_start is not None:
            on_start(process.pid)
        _wait(process, timeout, file)
    except subprocess.TimeoutExpired:
        said = f"`{target}` was stopped after {say_seconds(timeout or 0)}, its timeout"
        way_out = f"raise `timeout` of the {_OWNER[next(iter(order))]}, or give it less to do"
        raise StepError(said, help=way_out, reason="timeout") from None
    finally:
        _end(process.pid, GRACE, process.poll)  # also what the function started and left behind
        leftovers.end(str(folder))  # and what of it left the group
        process.wait()
    return _answer(file, process.returncode, target, _ANSWER[next(iter(order))])


def stop(pid: int, grace: float = GRACE) -> None:
    """End the process group `pid`: ask it to, and after `grace` seconds make it; nothing happens when it is gone."""
    _end(pid, grace, lambda: None)


def main(job: Path) -> int:
    """The child's side: read the job, have it done by a process below, which the function may treat as it likes."""
    order = json.loads(job.read_text())
    _die_with(int(order["parent"]))
    if leftovers.adopt():  # nothing is imported yet and no thread runs: to fork is safe and costs nothing
        overseer_pid = os.getpid()
        worker = os.fork()
        if worker:
            return overseer.oversee(worker, GRACE)
        _die_with(overseer_pid)
    return _work(order)


def _work(order: Mapping[str, Any]) -> int:
    """Do it and write the answer. What goes wrong is part of the answer."""
    try:
        answer = _done(order)
    except ModelSyncError as error:
        answer = {"error": _describe(error)}
    except Exception as error:  # a fault of ModelSync: the parent raises it with the whole story
        said = f"the step's process failed: {blame.sentence(error)}"
        story = traceback.format_exc()
        answer = {"error": {"family": "fault", "message": said, "help": "", "reason": "", "detail": story}}
    target = Path(order["answer"])
    partial = target.with_suffix(".partial")
    partial.write_text(json.dumps(answer))
    partial.rename(target)
    return 0


def _done(order: Mapping[str, Any]) -> dict[str, Any]:
    if "examination" in order:
        _tell_where_it_ends()
        found = hear(Examination.from_json(order["examination"]))
        return {"findings": [each.to_json() for each in found]}
    asked = Call.from_json(order["call"])
    try:
        return {"produced": {name: each.to_json() for name, each in execute(asked).items()}}
    except Exception:
        raise
    except BaseException as error:  # nobody else interrupts this process: it was raised by the function or its file
        raise blame.raised(asked.target, error, asked.root) from error


def _tell_where_it_ends() -> None:
    """A crash, and a request to stop, print the line that was running: who is told no more can still say where."""
    faulthandler.enable()
    faulthandler.register(signal.SIGTERM, all_threads=False, chain=True)


@contextmanager
def _opened(log: Path | None) -> Iterator[int | None]:
    """The file that takes what is printed; None leaves it where the parent's goes."""
    if log is None:
        yield None
        return
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("ab") as stream:
        yield stream.fileno()


def _start(job: Path, output: int | None, environment: Mapping[str, str]) -> subprocess.Popen[bytes]:
    # -P: the folder that ModelSync was started in must not become a place to import from.
    return subprocess.Popen(
        [sys.executable, "-P", "-m", "modelsync.usercode.child", str(job)],
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=None if output is None else subprocess.STDOUT,
        env={**quiet.SETTINGS, **os.environ, **environment},
        start_new_session=True,
    )


def _wait(process: subprocess.Popen[bytes], timeout: float | None, answer: Path) -> None:
    """Until it ends; one that has answered and goes on, in a thread that nobody waits for, gets only its grace."""
    began = time.monotonic()
    answered: float | None = None
    while True:
        passed = time.monotonic() - began
        if timeout is not None and passed >= timeout and not answer.exists():
            raise subprocess.TimeoutExpired(process.args, timeout)
        try:
            process.wait(_PATIENCE if timeout is None else min(max(timeout - passed, _GLANCE), _PATIENCE))
            return
        except subprocess.TimeoutExpired:
            if answered is None and answer.exists():
                answered = time.monotonic()
            if answered is not None and time.monotonic() - answered >= GRACE:
                return


def _answer(file: Path, code: int, target: str, key: str) -> dict[str, Any]:
    """What the process answered under `key`, or the error that it told. Its function may have written there itself."""
    if not file.exists():
        raise StepError(_death(code, target), help=_death_help(code))
    try:
        answer = _decoded(file)
        if "error" not in answer and key not in answer:
            raise ValueError(f"it has no `{key}`")
    except (OSError, ValueError, RecursionError) as spoiled:
        why = str(spoiled) if type(spoiled) is ValueError else blame.sentence(spoiled)
        way_out = "let it return what it has to say, and leave the files and modules of ModelSync alone"
        raise StepError(f"`{target}` left an answer that can't be read: {why}", help=way_out) from spoiled
    if "error" not in answer:
        return answer
    error = answer["error"]
    if error["family"] == "step":
        raise StepError(error["message"], help=error["help"], reason=error["reason"], detail=error["detail"])
    family = _FAMILIES.get(error["family"], ModelSyncError)
    raised = family(error["message"], help=error["help"])
    if error["detail"]:
        raised.add_note(error["detail"])
    raise raised


def _decoded(file: Path) -> dict[str, Any]:
    """The JSON object in a file; ValueError, OSError or RecursionError when there is none, or half an error."""
    if not file.is_file():  # a pipe would be read for ever
        raise ValueError("it is no file")
    if file.stat().st_size > _LARGEST:
        raise ValueError(f"it has {file.stat().st_size:,} bytes")
    answer = json.loads(file.read_text())
    if not isinstance(answer, dict):
        raise ValueError("it is no JSON object")
    error = answer.get("error", dict.fromkeys(_ERROR, ""))
    if not isinstance(error, dict) or not all(isinstance(error.get(name), str) for name in _ERROR):
        raise ValueError("its `error` is not whole")
    return answer


def _describe(error: ModelSyncError) -> dict[str, str]:
    if isinstance(error, StepError):
        rest = {"reason": error.reason, "detail": error.detail}
        return {"family": "step", "message": error.message, "help": error.help, **rest}
    family = next((name for name, kind in _FAMILIES.items() if isinstance(error, kind)), "fault")
    return {"family": family, "message": error.message, "help": error.help, "reason": "", "detail": ""}


def _death(code: int, target: str) -> str:
    if code >= 0:
        return f"`{target}` ended its process with code {code} before it returned"
    try:
        name = signal.Signals(-code).name
    except ValueError:
        name = f"signal {-code}"
    return f"the process of `{target}` was ended by {name}"


def _death_help(code: int) -> str:
    if code == -signal.SIGKILL:
        return "it was killed, perhaps because memory ran out: give it less data or a machine with more memory"
    if code == -signal.SIGSEGV:
        return "compiled code crashed: look at the libraries that it uses"
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
        leftovers.end_below(pid)  # while the overseer still stands above all of them
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
