from __future__ import annotations

import importlib.util
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path
from types import ModuleType

import pytest

from modelsync.store import failpoints
from modelsync.store.objects import Store

WORKLOAD = Path(__file__).with_name("workload.py")
KILLS = 12


def _workload() -> ModuleType:
    spec = importlib.util.spec_from_file_location("workload", WORKLOAD)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


workload = _workload()


@pytest.fixture
def places(tmp_path: Path) -> tuple[Path, Path, Path]:
    """The store, the source and the list of what was acknowledged."""
    root, source, acknowledged = tmp_path / "store", tmp_path / "in" / "source", tmp_path / "acknowledged"
    workload.fill(source)
    workload.begin(root, acknowledged)
    return root, source, acknowledged


def _start(places: tuple[Path, Path, Path], failpoint: str = "") -> subprocess.Popen[str]:
    surroundings = {**os.environ, failpoints.VARIABLE: failpoint} if failpoint else dict(os.environ)
    command = [sys.executable, str(WORKLOAD), *map(str, places)]
    return subprocess.Popen(command, env=surroundings, stdout=subprocess.PIPE, text=True)


def _is_whole(places: tuple[Path, Path, Path]) -> None:
    store, acknowledged = Store(places[0]), workload.read(places[2])
    assert store.verify(acknowledged) == []
    for digest in acknowledged:
        assert store.read_bytes(digest)
    store.close()


def test_nothing_happens_unless_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(failpoints.VARIABLE, raising=False)
    for name in failpoints.NAMES:
        failpoints.reached(name)
    monkeypatch.setenv(failpoints.VARIABLE, "another")
    failpoints.reached("after_pack_write")


def test_every_place_that_is_named_is_in_the_list() -> None:
    used = set()
    for path in Path(failpoints.__file__).parent.glob("*.py"):
        if path.name != "failpoints.py":
            used |= {part.split('"')[0] for part in path.read_text().split('reached("')[1:]}
    assert used == set(failpoints.NAMES)


@pytest.mark.parametrize("name", failpoints.NAMES)
def test_a_death_at_any_named_place_loses_nothing(places: tuple[Path, Path, Path], name: str) -> None:
    with _start(places, name) as child:
        child.communicate()
    assert child.returncode == 137, "the workload never came there"
    _is_whole(places)
    workload.work(*places)
    _is_whole(places)


def test_a_kill_at_any_time_loses_nothing(places: tuple[Path, Path, Path]) -> None:
    chance = random.Random(7)
    with _start(places) as child:
        assert child.stdout is not None and child.stdout.readline() == "ready\n"
        began = time.monotonic()
        child.communicate()
        length = time.monotonic() - began
    killed = 0
    for _ in range(KILLS):
        with _start(places) as child:
            assert child.stdout is not None and child.stdout.readline() == "ready\n"
            time.sleep(chance.uniform(0, 0.8 * length))
            child.send_signal(signal.SIGKILL)
            child.communicate()
        killed += child.returncode == -signal.SIGKILL
        _is_whole(places)
    assert killed >= KILLS // 3
    workload.work(*places)
    _is_whole(places)
