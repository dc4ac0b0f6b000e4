"""The process above a call ends after everything below it, and as the call did."""

from __future__ import annotations

import subprocess
import sys
import time

import pytest

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only Linux gives orphans to the process above them")

CODE = """
import os, signal, subprocess, sys, time
from modelsync.usercode import leftovers, overseer
leftovers.adopt()
worker = os.fork()
if worker:
    sys.exit(overseer.oversee(worker, float(sys.argv[1])))
os.kill(os.getppid(), 0)
{body}
"""
STUBBORN = """
subprocess.Popen([sys.executable, "-c", "import os, signal, time; signal.signal(15, signal.SIG_IGN);"
                  "print(os.getpid(), flush=True); time.sleep(60)"], env={}, start_new_session=True)
time.sleep(0.5)
"""


def oversee(body: str, grace: float = 5) -> tuple[int, float, str]:
    """The code that it ended with, after how many seconds, and what was printed."""
    began = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-c", CODE.format(body=body), str(grace)],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        start_new_session=True,
    )
    assert done.stderr == ""
    return done.returncode, time.monotonic() - began, done.stdout


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ("pass", 0),
        ("os._exit(3)", 3),
        ("os.kill(os.getpid(), 9)", -9),
        ("os.kill(os.getpid(), 15)", -15),
        ("os.abort()", -6),
        ("os.kill(os.getpid(), 40)", -40),
        ("os.killpg(0, signal.SIGTERM); time.sleep(60)", -15),
    ],
)
def test_it_ends_as_the_call_did(body: str, code: int) -> None:
    assert oversee(body)[0] == code


def test_what_is_left_is_asked_first() -> None:
    left = "import signal, sys, time\\nsignal.signal(15, lambda *_: (print('flushed', flush=True), sys.exit()))\\n"
    left += "print('there', flush=True)\\ntime.sleep(60)"
    body = f'subprocess.Popen([sys.executable, "-c", "{left}"], start_new_session=True); time.sleep(0.5); os._exit(0)'
    code, seconds, said = oversee(body)
    assert (code, said.split()) == (0, ["there", "flushed"])
    assert seconds < 5


def test_what_does_not_listen_is_made_to_end() -> None:
    code, seconds, said = oversee(STUBBORN, grace=0.3)
    assert code == 0
    assert seconds < 10, "its output would be open for a minute"
    assert said.strip().isdigit()
