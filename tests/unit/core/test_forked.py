"""Work shared with a forked process: every piece is answered, whatever happens to the other process."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

from modelsync.core.forked import answers, is_possible

# In a process of its own, because the one that runs the tests may have threads.
HEAD = """
import os, signal, sys, time
from modelsync.core.forked import answers, is_possible
me = os.getpid()
def here(number):
    time.sleep(0.002)
    return b"h%03d" % number
def there(number):
    assert os.getpid() != me
    os.chdir("/")
    time.sleep(0.002)
    return b"t%03d" % number
"""


def _run(code: str) -> str:
    said = subprocess.run([sys.executable, "-c", HEAD + code], capture_output=True, text=True, check=False, timeout=60)
    assert said.stderr == "", said.stderr
    return said.stdout


def test_two_processes_answer_every_piece_once_and_in_order() -> None:
    code = """
found = answers(100, here, there, 4)
print(is_possible(), [int(each[1:]) for each in found] == list(range(100)), len({each[:1] for each in found}))
print(os.getcwd() == "/", len(os.listdir("/proc/self/fd")) < 6)
try:
    os.waitpid(-1, 0)
except ChildProcessError:
    print("nobody is left")
"""
    said = _run(code)
    if said.startswith("True"):  # with one core, or elsewhere than on Linux, one process does it
        assert said == "True True 2\nFalse True\nnobody is left\n"


def test_what_a_dead_or_failing_process_left_is_done_here() -> None:
    for act in ("os.kill(os.getpid(), 9)", "1 / 0", "os._exit(0)", "sys.exit(3)"):
        code = f"""
sys.stderr = open(os.devnull, "w")
def bad(number):
    if number > 3:
        {act}
    return there(number)
found = answers(40, here, bad, 4)
print([int(each[1:]) for each in found] == list(range(40)), end="")
"""
        assert _run(code) == "True", act


def test_a_failure_here_ends_the_other_process() -> None:
    code = """
def endless(number):
    print(os.getpid(), flush=True)
    time.sleep(60)
    return b"xxxx"
def failing(number):
    time.sleep(0.2)
    raise KeyboardInterrupt
try:
    answers(4, failing, endless, 4)
except KeyboardInterrupt:
    print("interrupted")
"""
    said = _run(code).split()
    assert said[-1] == "interrupted"
    for process in said[:-1]:
        assert not Path(f"/proc/{process}").exists()


def test_an_interrupt_from_the_keyboard_ends_both() -> None:
    code = HEAD + "print(me, flush=True)\nanswers(4000, here, there, 4)\n"
    with subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    ) as process:
        assert process.stdout is not None
        process.stdout.readline()
        time.sleep(0.2)
        os.killpg(process.pid, signal.SIGINT)
        said = process.communicate(timeout=20)[1]
    assert process.returncode == -signal.SIGINT
    assert said.count("Traceback") <= 2
    for _ in range(50):
        if not _lives(process.pid):
            return
        time.sleep(0.02)
    raise AssertionError("a process of the group is left")


def _lives(group: int) -> bool:
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True


def test_beside_another_thread_nothing_is_forked() -> None:
    stop = threading.Event()
    thread = threading.Thread(target=stop.wait)
    thread.start()
    try:
        assert not is_possible()
        me = os.getpid()
        assert answers(5, lambda number: b"%d" % (os.getpid() == me), lambda number: b"x", 1) == [b"1"] * 5
    finally:
        stop.set()
        thread.join()
