"""A process that leaves its group and its parent is found by the mark that it inherited."""

from __future__ import annotations

import os
import subprocess
import sys
import time
import uuid
from pathlib import Path

import pytest

from modelsync.usercode import leftovers

pytestmark = pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="needs /proc")


def _start(token: str, code: str = "import time; time.sleep(60)") -> subprocess.Popen[bytes]:
    environment = {**os.environ, leftovers.MARK: token}
    return subprocess.Popen([sys.executable, "-c", code], env=environment, start_new_session=True)


def test_only_the_marked_are_ended() -> None:
    token, other = uuid.uuid4().hex, uuid.uuid4().hex
    mine, kept = _start(token), _start(other)
    longer = _start(token + "x")
    try:
        time.sleep(0.1)
        assert leftovers.end(token) == 1
        assert mine.wait(10) == -9
        assert kept.poll() is None
        assert longer.poll() is None, "a mark that only begins alike is another one"
    finally:
        for each in (mine, kept, longer):
            each.kill()
            each.wait()
    assert leftovers.end(token) == 0


def test_it_never_ends_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    code = (
        "from modelsync.usercode import leftovers; import os;print(leftovers.end(os.environ[leftovers.MARK]), 'alive')"
    )
    environment = {**os.environ, leftovers.MARK: uuid.uuid4().hex}
    said = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    assert said.stdout.split() == ["0", "alive"]


def test_where_environments_are_no_files_nothing_happens(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(leftovers, "_PROC", tmp_path)
    assert leftovers.end("token") == 0


TREE = """
import os, signal, subprocess, sys, time
from modelsync.usercode import leftovers
assert leftovers.adopt()
code = "import os, time; os.fork() and os._exit(0); os.setsid(); print(os.getpid(), flush=True); time.sleep(60)"
middle = subprocess.Popen([sys.executable, "-c", code], env={}, stdout=subprocess.PIPE)
orphan = int(middle.stdout.readline())
middle.wait()
assert leftovers.tell_below(os.getpid(), 0) == 1, "the orphan, and neither this process nor those beside and above it"
leftovers.end_below(os.getpid())
print(orphan, os.waitpid(orphan, 0)[1])
"""


def test_an_adopted_orphan_is_found_without_a_mark() -> None:
    beside = _start("")
    try:
        said = subprocess.run([sys.executable, "-c", TREE], capture_output=True, text=True, check=True)
        assert said.stdout.split()[1] == "9"
        assert beside.poll() is None
    finally:
        beside.kill()
        beside.wait()


def test_where_processes_are_no_files_nobody_is_below(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(leftovers, "_PROC", tmp_path)
    assert leftovers.tell_below(1, 0) == 0
