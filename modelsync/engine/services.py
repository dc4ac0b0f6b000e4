"""Long-living servers of a project: started detached when none answers, found again by later commands, stopped."""

from __future__ import annotations

import contextlib
import fcntl
import json
import socket
import time
import urllib.request
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from modelsync.core.errors import SurroundingsError
from modelsync.targets import processes
from modelsync.targets.processes import Process

HOST = "127.0.0.1"
_POLL = 0.1  # seconds between looks at a service that is starting
_PATIENCE = 120.0  # seconds: a first start writes its database, on a busy machine with cold files
_GRACE = 8.0  # seconds a service gets to stop by itself


@dataclass(frozen=True, slots=True)
class Service:
    """How a service is started: its command, its environment for a port, and the path that answers when it is ready.

    The command is given the port and an open listening socket, which it may take over: then nobody can take the port
    between the choice and the start.
    """

    name: str
    home: Path  # `.modelsync`
    command: Callable[[int, int], Sequence[str]]
    environment: Callable[[int], Mapping[str, str]]
    health: str
    preferred_port: int

    @property
    def record(self) -> Path:
        """Where the running one is remembered."""
        return self.home / f"{self.name}.json"

    @property
    def log(self) -> Path:
        """What it says."""
        return self.home / "logs" / f"{self.name}.log"


@dataclass(frozen=True, slots=True)
class Running:
    """A service that was started: its process and its address."""

    name: str
    process: Process
    port: int

    @property
    def url(self) -> str:
        """Its address."""
        return f"http://{HOST}:{self.port}"


def find(service: Service) -> Running | None:
    """The running one, when its process lives."""
    try:
        kept = json.loads(service.record.read_text())
        running = Running(service.name, Process(kept["pid"], kept["started"]), kept["port"])
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return running if processes.is_alive(running.process) else None


def launch(service: Service) -> Running:
    """The running one, or a new one started in the background; it may not answer yet."""
    service.log.parent.mkdir(parents=True, exist_ok=True)
    with _lock(service.home / f"{service.name}.lock"):
        running = find(service)
        return running if running is not None else _start(service)


def wait(service: Service, running: Running, patience: float = _PATIENCE) -> None:
    """Return when the service answers; SurroundingsError with the end of its log when it stops or takes too long."""
    deadline = time.monotonic() + patience
    while not answers(running.url + service.health):
        if not processes.is_alive(running.process):
            said = processes.last_words(service.log) or "it said nothing"
            raise SurroundingsError(f"{service.name} stopped while starting: {said}", help=f"see {service.log}")
        if time.monotonic() > deadline:
            late = f"{service.name} did not answer on {running.url} within {patience:.0f} s"
            raise SurroundingsError(late, help=f"see {service.log}")
        time.sleep(_POLL)


def stop(service: Service) -> bool:
    """End the running one; False when none was running."""
    running = find(service)
    if running is not None:
        processes.stop([running.process], grace=_GRACE)
    service.record.unlink(missing_ok=True)
    return running is not None


def answers(url: str, timeout: float = 2.0) -> bool:
    """Whether a GET on this address succeeds."""
    try:
        with urllib.request.urlopen(url, timeout=timeout) as answer:  # noqa: S310 - http addresses only, checked by callers
            return bool(answer.status < 400)
    except (OSError, ValueError):
        return False


def _start(service: Service) -> Running:
    with _listening(service.preferred_port) as listener:
        port, number = int(listener.getsockname()[1]), listener.fileno()
        command = service.command(port, number)
        inherited = [number] if str(number) in command else []
        if not inherited:
            listener.close()  # the command binds the port itself
        process = processes.start(
            command,
            folder=service.home,
            log=service.log,
            environment=service.environment(port),
            descriptors=inherited,
        )
    fresh = service.record.with_suffix(".new")
    fresh.write_text(json.dumps({"pid": process.pid, "started": process.started, "port": port}))
    fresh.replace(service.record)
    return Running(service.name, process, port)


def _listening(preferred: int) -> socket.socket:
    for port in (preferred, 0):
        listener = socket.socket()
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((HOST, port))
            listener.listen()
        except OSError:
            listener.close()
            continue
        return listener
    raise SurroundingsError("no free port on 127.0.0.1", help="end something that listens, then try again")


@contextlib.contextmanager
def _lock(path: Path) -> Iterator[None]:
    """One starter at a time; the lock goes with the process that holds it, so nothing has to be deleted by hand."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
