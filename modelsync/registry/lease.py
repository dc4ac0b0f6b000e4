"""One run at a time: a row that says who holds a name, taken over as soon as its holder is dead."""

from __future__ import annotations

import os
import secrets
import socket
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from modelsync.core.clock import now, stamp
from modelsync.core.errors import LockedError, ModelSyncError
from modelsync.core.processes import started_at
from modelsync.registry.journal import Journal
from modelsync.registry.schema import open_for_writing, said

# The life of a process can be seen only from its own system (and its own container). A holder elsewhere is judged by
# its heartbeat: dead when it has been silent for six beats.
_BEAT = 5.0
_SILENCE = 30.0


@dataclass(frozen=True, slots=True)
class Lease:
    """A name that is held. `number` rises with every holder, so that a late writer can be told from the present one."""

    name: str
    number: int
    owner: str
    path: Path

    def check(self) -> None:
        """LockedError when somebody else has taken over, because this process was silent for too long."""
        with _database(self.path) as connection:
            row = connection.execute("select owner from lease where name = ?", (self.name,)).fetchone()
        if row is None or row[0] != self.owner:
            raise LockedError(
                f"the lease of `{self.name}` was lost to another run",
                help="this process stood still for too long; run again",
            )


@dataclass(frozen=True, slots=True)
class _Holder:
    """Who holds a lease: the process by id and start time, where ids are valid (`place`), and the name of the host."""

    pid: int
    started: str
    place: str
    host: str
    acquired: str
    beat: float

    @property
    def lives(self) -> bool:
        if self.place == _place():
            return started_at(self.pid) == self.started
        return time.time() - self.beat < _SILENCE


@contextmanager
def lease(where: Journal | Path, name: str) -> Iterator[Lease]:
    """Hold `name` while the block runs; LockedError, naming the holder, when a living process holds it.

    A holder that died is taken over at once, and there is no file to delete.
    """
    path = where.path if isinstance(where, Journal) else where
    held = _acquire(path, name)
    stop = threading.Event()
    beating = threading.Thread(target=_beat, args=(held, stop), name=f"lease {name}", daemon=True)
    beating.start()
    try:
        yield held
    finally:
        stop.set()
        beating.join(timeout=1)  # a beat that waits for the disk must not hold up the end
        with suppress(ModelSyncError):  # a dead holder's row is taken over, too
            _release(held)


def _acquire(path: Path, name: str) -> Lease:
    owner = secrets.token_hex(8)
    with _database(path) as connection:
        connection.execute("begin immediate")  # closing the connection rolls back
        row = connection.execute(
            "select number, owner, pid, started, place, host, acquired, beat from lease where name = ?", (name,)
        ).fetchone()
        number = 1 if row is None else row[0] + 1
        if row is not None and row[1] is not None:
            _refuse_living(name, _Holder(*row[2:]))
        pid = os.getpid()
        values = (
            name,
            number,
            owner,
            pid,
            started_at(pid) or "",
            _place(),
            socket.gethostname(),
            stamp(now()),
            time.time(),
        )
        connection.execute("insert or replace into lease values (?, ?, ?, ?, ?, ?, ?, ?, ?)", values)
        connection.execute("commit")
    return Lease(name, number, owner, path)


def _refuse_living(name: str, holder: _Holder) -> None:
    if not holder.lives:
        return
    where = "" if holder.place == _place() else f" on {holder.host}"
    raise LockedError(
        f"`{name}` is being run by process {holder.pid}{where} since {holder.acquired}",
        help=f"wait until it has finished, or end it with `kill {holder.pid}`{where}, then run again",
    )


def _release(held: Lease) -> None:
    with _database(held.path) as connection:
        connection.execute("update lease set owner = null where name = ? and owner = ?", (held.name, held.owner))


def _beat(held: Lease, stop: threading.Event) -> None:
    while not stop.wait(_BEAT):
        with suppress(ModelSyncError), _database(held.path) as connection:  # a beat that fails is made up by the next
            values = (time.time(), held.name, held.owner)
            connection.execute("update lease set beat = ? where name = ? and owner = ?", values)


@contextmanager
def _database(path: Path) -> Iterator[sqlite3.Connection]:
    with said(path):
        connection = open_for_writing(path)
        try:
            yield connection
        finally:
            connection.close()


def _place() -> str:
    """Where process ids mean the same: this start of this system, and within it this container."""
    try:
        boot = Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
        return f"{boot} {os.readlink('/proc/self/ns/pid')}"  # noqa: PTH115 - the link's text, not a path
    except OSError:  # no Linux: the host is the place
        return socket.gethostname()
