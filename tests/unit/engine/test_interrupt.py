from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from modelsync.registry.journal import Journal
from modelsync.registry.state import State

# Ends its own process, so it runs in one of its own; a run is given as far as ending one needs it.
SCRIPT = """
import sys, threading
from pathlib import Path
from types import SimpleNamespace
from modelsync.core.errors import SurroundingsError
from modelsync.engine.interrupt import stoppable
from modelsync.engine.server import Prefect
from modelsync.engine.watching import Silent
from modelsync.registry import facts
from modelsync.registry.journal import Journal
from modelsync.registry.records import RunRecord

journal = Journal(Path(sys.argv[1]))
facts.run_started(journal, RunRecord("r", "p", "s", "d", {}, None, "me"))
run = SimpleNamespace(id="r", workspace=SimpleNamespace(journal=journal), children=set(), links={}, task_runs={},
                      stopping=threading.Event())

def work():
    nobody = Prefect("http://127.0.0.1:9/api", "", None)
    with stoppable(run, nobody, lambda: print("released", flush=True), Silent()) as give_up:
        give_up(SurroundingsError("gone"))

if sys.argv[2] == "main":
    work()
else:
    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
"""


@pytest.mark.parametrize("thread", ["main", "other"])
def test_giving_up_records_the_end_gives_the_lease_back_and_ends_with_the_code(tmp_path: Path, thread: str) -> None:
    journal = tmp_path / "registry.db"
    said = subprocess.run(
        [sys.executable, "-c", SCRIPT, str(journal), thread], capture_output=True, text=True, check=False, timeout=60
    )
    assert (said.returncode, said.stdout) == (9, "released\n"), said.stderr
    run = State.load(Journal(journal)).run("r")
    assert run is not None
    assert (run.outcome, run.exit) == ("failed", 9)
