from __future__ import annotations

import functools
import http.server
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from modelsync.api.sharing import cloning
from modelsync.api.sharing.cloning import clone
from modelsync.api.sharing.remotes import Remote
from modelsync.core.errors import ModelSyncError, UsageError
from tests.unit.api.sharing.conftest import Clone, cloned


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        pass


@contextmanager
def shown(folder: Path) -> Iterator[str]:
    """A folder behind Python's own web server."""
    handler = functools.partial(_Quiet, directory=str(folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}"
        finally:
            server.shutdown()
            thread.join()


def test_a_folder_of_another_host(ada: Clone, shared: Path, tmp_path: Path) -> None:
    with shown(shared) as url:
        bob = cloned(url, tmp_path / "bob")
        assert bob.files() == ada.files() and bob.tip == ada.tip
        ada.save("second", more__txt="more\n")
        ada.push()
        bob.pull()
        assert bob.files() == ada.files()
        bob.save("own", own__txt="own\n")
        with pytest.raises(UsageError, match="can only be read"):
            bob.push()
    bob.assert_whole()


def test_nothing_is_overwritten(ada: Clone, shared: Path, tmp_path: Path) -> None:
    (tmp_path / "taken").mkdir()
    (tmp_path / "taken" / "thesis.txt").write_text("mine")
    with pytest.raises(UsageError, match="holds something already"):
        cloned(str(shared), tmp_path / "taken")
    assert [path.name for path in (tmp_path / "taken").iterdir()] == ["thesis.txt"]


@pytest.mark.parametrize("was_there", [False, True])
def test_a_failed_one_leaves_nothing(ada: Clone, shared: Path, tmp_path: Path, was_there: bool) -> None:
    target = tmp_path / "bob"
    if was_there:
        target.mkdir()
    for path in shared.glob("packs/*/*.pack"):
        path.write_bytes(b"\0" * path.stat().st_size)
    with pytest.raises(ModelSyncError, match="damaged"):
        cloned(str(shared), target)
    assert target.exists() == was_there and (not was_there or list(target.iterdir()) == [])


def test_there_is_nothing_at_the_address(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="there is no data of ModelSync"):
        cloned(str(tmp_path / "nowhere"), tmp_path / "bob")
    assert not (tmp_path / "bob").exists()


def test_a_failed_checkout_leaves_nothing(ada: Clone, shared: Path, tmp_path: Path, monkeypatch: Any) -> None:
    def fail(*_: Any) -> None:
        (tmp_path / "bob" / "modelsync.data").write_text("half")
        raise KeyboardInterrupt

    monkeypatch.setattr(cloning, "checkout", fail)
    (tmp_path / "bob").mkdir()
    with pytest.raises(KeyboardInterrupt):
        cloned(str(shared), tmp_path / "bob")
    assert list((tmp_path / "bob").iterdir()) == []
    with pytest.raises(UsageError, match="can't name a remote"):
        clone(Remote("a/b", str(shared)), tmp_path / "bob")


def test_branches(ada: Clone, shared: Path, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no branch `tune`") as caught:
        clone(Remote("origin", str(shared)), tmp_path / "bob", "tune")
    assert "main" in caught.value.help
    ada.run("branch", "tune")
    ada.push("tune")
    done = clone(Remote("origin", str(shared)), tmp_path / "bob", "tune")
    assert done.switched is not None and done.switched.branch == "tune"


def test_a_killed_one_goes_on(ada: Clone, shared: Path, s3: str, tmp_path: Path) -> None:
    ada.run("remote", "remove", "origin")
    ada.add_remote(s3)
    ada.push()
    at = Clone(tmp_path)
    at.run("clone", s3, "bob", exit=137, failpoint="before_remote_request:9")
    assert (tmp_path / "bob").exists()
    assert "holds something" in at.run("clone", str(shared), "bob", exit=2)
    at.run("clone", s3, "bob")
    bob = Clone(tmp_path / "bob")
    assert bob.files() == ada.files()
    bob.assert_whole()
    assert json.loads((bob.root / ".modelsync/remotes.json").read_text())["remotes"]["origin"]["url"] == s3


def test_an_interrupted_one_leaves_nothing(ada: Clone, s3: str, line: Any, tmp_path: Path) -> None:
    ada.add_remote(s3)
    ada.push()
    line.use()
    line.fault = lambda number, method, path: "stall" if number == 8 else None
    process = subprocess.Popen(
        [sys.executable, "-m", "modelsync", "clone", s3, "bob"],
        cwd=tmp_path,
        env=dict(os.environ),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    until = time.monotonic() + 20
    while len(line.asked) < 8 and time.monotonic() < until:
        time.sleep(0.01)
    process.send_signal(signal.SIGINT)
    began = time.monotonic()
    said, _ = process.communicate(timeout=20)
    assert process.returncode == 130 and said.strip() == "interrupted"
    assert time.monotonic() - began < 2
    assert not (tmp_path / "bob").exists()
