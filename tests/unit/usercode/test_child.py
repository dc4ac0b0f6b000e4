from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from modelsync.core.artifacts import OutputType
from modelsync.core.errors import DamageError, ExitCode, ModelSyncError, StepError, SurroundingsError
from modelsync.usercode import child
from modelsync.usercode.call import Call, Given

Write = Callable[[str, str], Path]
Ask = Callable[..., Call]

TEXT = OutputType.TEXT


@pytest.fixture
def ask(write: Write, project: Path, tmp_path: Path) -> Ask:
    def make(text: str, inputs: dict[str, Given] | None = None, **arguments: object) -> Call:
        write("a.py", text)
        return Call(project, Path("a.py"), "f", "step", inputs or {}, arguments, {"t": TEXT}, tmp_path / "out")

    return make


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    try:  # one that only waits to be reaped is not alive
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


def wait_for(condition: Callable[[], bool]) -> None:
    for _ in range(500):
        if condition():
            return
        time.sleep(0.02)
    raise AssertionError("it did not happen")


def test_the_same_results_in_another_process(ask: Ask) -> None:
    started: list[int] = []
    call = ask("import os\ndef f(word): return f'{word} {os.getpgid(0)}'\n", word="hello")
    made = child.run(call, timeout=60, on_start=started.append)["t"]
    assert made.path.read_text() == f"hello {started[0]}"
    assert made.facts == {"characters": len(made.path.read_text())}
    assert started[0] != os.getpid()


def test_the_same_errors(ask: Ask) -> None:
    with pytest.raises(StepError) as info:
        child.run(ask("def f():\n    raise ValueError('no')\n"), timeout=None)
    assert info.value.message == "`a.py:f` raised ValueError: no (a.py:2)"
    assert 'File "a.py", line 2, in f' in info.value.detail
    assert info.value.reason == "error"


@pytest.mark.parametrize("text", ["def f():\n    raise Odd('no')\n", "def f(): pass\nraise Odd('no')\n"])
def test_an_error_that_is_no_exception_is_told_too(ask: Ask, text: str) -> None:
    with pytest.raises(StepError) as info:
        child.run(ask(f"class Odd(BaseException): pass\n{text}"), timeout=60)
    assert info.value.message == "`a.py:f` raised Odd: no (a.py:3)"
    assert 'File "a.py", line 3' in info.value.detail
    assert info.value.help == ""


def test_damaged_inputs_and_faults_of_our_own_keep_their_family(ask: Ask, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    text = "def f(m): return ''\n"
    with pytest.raises(DamageError, match="holds no model"):
        child.run(ask(text, {"m": Given(OutputType.MODEL, tmp_path / "empty")}), timeout=60)
    call = ask(text)
    call.out.write_text("a file where a folder should be")
    with pytest.raises(SurroundingsError, match="can't be written"):
        child.run(ask("def f(): return ''\n"), timeout=60)


def test_a_fault_of_modelsync_comes_with_its_story(ask: Ask, tmp_path: Path) -> None:
    answer = tmp_path / "answer.json"
    job = tmp_path / "job.json"
    job.write_text(json.dumps({"call": {}, "parent": os.getpid(), "answer": str(answer)}))
    subprocess.run([sys.executable, "-m", "modelsync.usercode.child", str(job)], check=True)
    with pytest.raises(ModelSyncError, match="the step's process failed: KeyError") as info:
        child._answer(answer, 0, "a.py:f", "produced")
    assert info.value.exit_code == ExitCode.INTERNAL
    assert "Traceback" in info.value.__notes__[0]


def test_a_child_whose_parent_is_gone_before_it_starts_does_nothing(tmp_path: Path) -> None:
    job = tmp_path / "job.json"
    job.write_text(json.dumps({"call": {}, "parent": 1 << 22, "answer": str(tmp_path / "answer.json")}))
    done = subprocess.run([sys.executable, "-m", "modelsync.usercode.child", str(job)], check=False)
    assert done.returncode == -signal.SIGKILL
    assert not (tmp_path / "answer.json").exists()


def test_output_goes_to_the_log(ask: Ask, tmp_path: Path) -> None:
    log = tmp_path / "logs" / "step.log"
    call = ask("import os, sys\ndef f():\n    print('out'); print('err', file=sys.stderr); return ''\n")
    child.run(call, timeout=60, log=log)
    child.run(call, timeout=60, log=log)
    assert sorted(log.read_text().split()) == ["err", "err", "out", "out"]


def test_the_environment_is_added_to(ask: Ask) -> None:
    call = ask("import os\ndef f(): return os.environ['EXTRA'] + str('PATH' in os.environ)\n")
    assert child.run(call, timeout=60, environment={"EXTRA": "x"})["t"].path.read_text() == "xTrue"


SLEEPER = """
import subprocess, sys, time, signal
def f(mark):
    {before}
    inner = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(100)"])
    open(mark, "w").write(str(inner.pid))
    time.sleep(100)
"""


@pytest.mark.parametrize("before", ["pass", "signal.signal(signal.SIGTERM, signal.SIG_IGN)"])
def test_a_timeout_ends_the_whole_group(ask: Ask, tmp_path: Path, before: str) -> None:
    mark = tmp_path / "pid"
    call = ask(SLEEPER.format(before=before), mark=str(mark))
    started: list[int] = []
    for timeout in (1.5, 6.0, 24.0):  # a busy machine may need longer to get as far as the mark
        with pytest.raises(StepError) as info:
            child.run(call, timeout=timeout, on_start=started.append)
        assert info.value.reason == "timeout"
        assert info.value.message == f"`a.py:f` was stopped after {timeout} s, its timeout"
        if mark.exists() and mark.read_text():
            break
    assert not any(alive(pid) for pid in started)
    wait_for(lambda: not alive(int(mark.read_text())))


def test_what_a_function_leaves_behind_is_ended(ask: Ask, tmp_path: Path) -> None:
    mark = tmp_path / "pid"
    text = SLEEPER.format(before="pass").replace("    time.sleep(100)\n", "    return ''\n")
    child.run(ask(text, mark=str(mark)), timeout=60)
    wait_for(lambda: not alive(int(mark.read_text())))


@pytest.mark.parametrize(
    ("number", "name", "help"),
    [(signal.SIGKILL, "SIGKILL", "perhaps because memory ran out"), (signal.SIGSEGV, "SIGSEGV", "compiled code")],
)
def test_a_death_names_the_signal(ask: Ask, number: int, name: str, help: str) -> None:
    with pytest.raises(StepError, match=f"the process of `a.py:f` was ended by {name}") as info:
        child.run(ask("import os\ndef f(n): os.kill(os.getpid(), n)\n", n=int(number)), timeout=60)
    assert help in info.value.help


def test_a_real_time_signal_and_an_early_exit(ask: Ask) -> None:
    with pytest.raises(StepError, match=r"ended by signal 4\d"):
        child.run(ask("import os\ndef f(): os.kill(os.getpid(), 40)\n"), timeout=60)
    with pytest.raises(StepError, match="ended its process with code 3 before it returned"):
        child.run(ask("import os\ndef f(): os._exit(3)\n"), timeout=60)


def test_it_can_be_stopped_from_elsewhere(ask: Ask, tmp_path: Path) -> None:
    mark = tmp_path / "pid"
    started: list[int] = []
    call = ask(SLEEPER.format(before="pass"), mark=str(mark))

    def stop() -> None:
        wait_for(lambda: mark.exists() and mark.read_text() != "")
        child.stop(started[0])

    stopper = threading.Thread(target=stop)
    stopper.start()
    with pytest.raises(StepError, match="was ended by SIGTERM"):
        child.run(call, timeout=60, on_start=started.append)
    stopper.join()
    assert not alive(int(mark.read_text()))


def test_stopping_what_is_gone_does_nothing() -> None:
    gone = subprocess.Popen([sys.executable, "-c", ""], start_new_session=True)
    gone.wait()
    child.stop(gone.pid)


def test_an_interrupt_while_waiting_ends_the_child(ask: Ask) -> None:
    started: list[int] = []

    def interrupt(pid: int) -> None:
        started.append(pid)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        child.run(ask("import time\ndef f(): time.sleep(100)\n"), timeout=60, on_start=interrupt)
    assert not alive(started[0])


def test_it_dies_with_its_parent(ask: Ask, tmp_path: Path) -> None:
    mark = tmp_path / "pid"
    text = "import os, time\ndef f(mark):\n    open(mark, 'w').write(str(os.getpid()))\n    time.sleep(100)\n"
    order = tmp_path / "call.json"
    order.write_text(json.dumps(ask(text, mark=str(mark)).to_json()))
    code = (
        "import json, pathlib, sys; from modelsync.usercode import child; from modelsync.usercode.call import Call;"
        "child.run(Call.from_json(json.loads(pathlib.Path(sys.argv[1]).read_text())), timeout=None)"
    )
    parent = subprocess.Popen([sys.executable, "-c", code, str(order)])
    wait_for(lambda: mark.exists() and mark.read_text() != "")
    parent.kill()
    parent.wait()
    wait_for(lambda: not alive(int(mark.read_text())))


def test_the_folder_it_starts_in_is_no_place_to_import_from(
    ask: Ask, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (project / "json.py").write_text("raise SystemExit('the wrong json')\n")
    monkeypatch.chdir(project)
    assert child.run(ask("def f(): return 'fine'\n"), timeout=60)["t"].path.read_text() == "fine"


def test_where_the_kernel_does_not_tell_a_thread_looks(monkeypatch: pytest.MonkeyPatch) -> None:
    """The watcher ends the group once the parent is another one."""
    ended: list[tuple[int, int]] = []
    parents = iter([7, 7, 1])
    monkeypatch.setattr(child, "_PATIENCE", 0)
    monkeypatch.setattr(os, "getppid", lambda: next(parents))
    monkeypatch.setattr(os, "killpg", lambda group, number: ended.append((group, number)))
    child._watch(7)
    assert ended == [(os.getpgid(0), signal.SIGKILL)]
