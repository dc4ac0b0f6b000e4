"""A put by two processes stores what one would, and whoever dies leaves nothing but temporary files."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from modelsync.core import forked
from modelsync.core.digest import of_file
from modelsync.store import failpoints
from modelsync.store.durable import left_over
from modelsync.store.objects import Store

FILES = 300
# What the second process goes through; names are given by the first one.
THERE = ("before_pack_write", "after_pack_write", "after_pack_footer", "after_pack_fsync")

# In a process of its own, because the one that runs the tests may have threads.
HEAD = """
import os, signal, sys, time
from pathlib import Path
from modelsync.core.errors import ModelSyncError
from modelsync.store import second as module
from modelsync.store.folders import assemble, listing
from modelsync.store.hashes import FileHashes
from modelsync.store.objects import Store, Stored
from modelsync.store.packs import FILE, FOLDER
module.FEW, module._BATCH = 10, 8
root, source = Path(sys.argv[1]), Path(sys.argv[2])
real = module._serve
def put(tries=1):
    store, files = Store(root), listing(source)
    hashes = FileHashes(root.parent / "hashes.db")
    with module.second(store.places) as helper:
        def write(session):
            for _ in range(tries):
                found, here = module.take(session, helper, str(source), files, {})
            module.remember(helper, hashes, source, files, found, hashes.now_ns())
            print(len(found), len(here), flush=True)
            return Stored(session.add_bytes(assemble(files, found).encode(), FILE | FOLDER), 0)
        return store.put(write).digest
"""


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """Small files, some of them the same, and a larger one."""
    chance = random.Random(3)
    for number in range(FILES):
        path = tmp_path / "source" / str(number % 7) / f"{number}"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"same" * 100 if number % 10 == 0 else chance.randbytes(chance.randint(0, 3000)))
    (tmp_path / "source/large").write_bytes(chance.randbytes(300_000))
    return tmp_path / "source"


def _start(root: Path, source: Path, code: str, failpoint: str = "") -> subprocess.Popen[str]:
    environment = {**os.environ, failpoints.VARIABLE: failpoint} if failpoint else None
    words = [sys.executable, "-c", HEAD + code, str(root), str(source)]
    return subprocess.Popen(
        words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment, start_new_session=True
    )


def _run(root: Path, source: Path, code: str) -> str:
    process = _start(root, source, code)
    said, wrong = process.communicate(timeout=60)
    assert wrong == ""
    return said


def _assert_stored(root: Path, source: Path) -> None:
    store = Store(root)
    assert store.verify() == []
    for path in source.rglob("*"):
        assert path.is_dir() or store.has(of_file(path))
    assert list(store.places.temp.iterdir()) == []


def _assert_ended(group: int) -> None:
    for _ in range(200):
        try:
            os.killpg(group, 0)
        except ProcessLookupError:
            return
        time.sleep(0.02)
    raise AssertionError("a process of the group is left")


def test_two_processes_store_what_one_would(tmp_path: Path, source: Path) -> None:
    root = tmp_path / "store"
    count, here, digest = _run(root, source, "print(put())").split()
    assert int(count) == FILES + 1
    assert int(here) < FILES or not forked.is_possible()
    assert digest == Store(tmp_path / "other").put_folder(source).digest
    _assert_stored(root, source)
    assert _run(root, source, "print(put())").split()[2] == digest  # everything is there already
    assert len(list(root.rglob("*.pack"))) <= 3
    assert _run(tmp_path / "twice", source, "print(put(2))").split()[2] == digest  # it is of use once


def test_all_digests_are_remembered_by_the_second_process(tmp_path: Path, source: Path) -> None:
    known = "FileHashes(root.parent / 'hashes.db').recall(source, listing(source))"
    _run(tmp_path / "store", source, "put()")
    time.sleep(2.1)
    assert _run(tmp_path / "store", source, f"put()\nprint(len({known}))").split()[-1] == str(FILES + 1)


def test_there_is_no_second_process_while_a_database_is_open(tmp_path: Path, source: Path) -> None:
    code = (
        "from modelsync.core import forked\n"
        "def is_there():\n with module.second(store.places) as helper: return helper is not None\n"
        "store, hashes, said = Store(root), FileHashes(root.parent / 'hashes.db'), []\n"
        "store.put_bytes(b'1')\nsaid.append(is_there())\n"
        "store.close()\nsaid.append(is_there() == forked.is_possible())\n"
        "hashes.digest(source / 'large')\nsaid.append(is_there())\n"
        "hashes.close()\nsaid.append(is_there() == forked.is_possible())\nprint(*said)"
    )
    assert _run(tmp_path / "store", source, code).split() == ["False", "True", "False", "True"]


def test_what_a_dead_or_failing_second_process_left_is_done_here(tmp_path: Path, source: Path) -> None:
    acts = [
        *[f"os.environ['{failpoints.VARIABLE}'] = '{name}'" for name in THERE],
        "module.Session.add_listed = lambda *_: os.kill(os.getpid(), 9)",
        "module.Session.sealed = lambda *_: os.kill(os.getpid(), 9)",
        "module.Identity.from_stat = lambda _: None",
        "module._send = lambda descriptor, value: (os.write(descriptor, bytes(7) + b'9part'), os._exit(0))",
        "os._exit(0)",
    ]
    for number, act in enumerate(acts):
        root = tmp_path / f"store{number}"
        code = f"""
sys.stderr = open(os.devnull, "w")
def serve(*given):
    {act}
    real(*given)
module._serve = serve
put()
"""
        count, here = _run(root, source, code).split()
        assert (int(count), int(here)) == (FILES + 1, FILES + 1), act
        _assert_stored(root, source)


@pytest.mark.parametrize("name", ["before_pack_rename", "after_pack_rename", "before_put_commit", "kill", "interrupt"])
def test_whenever_the_first_process_dies_the_store_is_whole(tmp_path: Path, source: Path, name: str) -> None:
    root = tmp_path / "store"
    Store(root).put_bytes(b"before")
    act = "" if "_" in name else "module.Session.adopt = lambda *_: (print('now', flush=True), time.sleep(30))\n"
    process = _start(root, source, f"{act}put()", "" if act else name)
    if act:
        assert process.stdout is not None
        process.stdout.readline() if forked.is_possible() else time.sleep(0.5)
        os.kill(process.pid, signal.SIGKILL) if name == "kill" else os.killpg(process.pid, signal.SIGINT)
    process.communicate(timeout=60)
    assert process.returncode == {"kill": -9, "interrupt": -2}.get(name, 137)
    _assert_ended(process.pid)
    store = Store(root)
    assert store.verify_quickly() == []
    assert not store.has(of_file(source / "1/1"))
    for path in store.places.temp.iterdir():  # of the first process only, swept when it is a minute old
        assert name != "interrupt"
        os.utime(path, (0, 0))
    assert left_over(store.places.temp) == sorted(store.places.temp.iterdir())
    _run(root, source, "put()")
    _assert_stored(root, source)


def test_a_file_that_changes_meanwhile_stops_the_put(tmp_path: Path, source: Path) -> None:
    code = """
def serve(*given):
    time.sleep(0.2)
    real(*given)
module._serve = serve
before = listing
def listing(folder):
    files = before(folder)
    path = next(path for path in reversed(files) if files[path].size < 3000)
    (folder / path).write_bytes(b"longer" * 900)
    return files
try:
    put()
except ModelSyncError as error:
    print(error)
"""
    root = tmp_path / "store"
    assert "changed while it was read" in _run(root, source, code)
    assert list(root.rglob("*.pack")) == []
    assert list((root / "tmp").iterdir()) == []
