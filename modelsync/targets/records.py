"""The files that describe a local deployment: who runs, who is meant to, and where; each replaced as a whole."""

from __future__ import annotations

import fcntl
import json
import os
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from shutil import rmtree
from typing import Any

from modelsync.core.digest import of_bytes, short
from modelsync.core.errors import LockedError, SurroundingsError
from modelsync.core.traffic import RoutingTable
from modelsync.targets.processes import Process

REPLICAS, ROUTER, ROUTES, LOCK = "replicas.json", "router.json", "routes.json", "lock"
_LOCK_PATIENCE = 1.0  # seconds: a command that only ends needs this long to let go
_SOCKET_NAME_ROOM = 20  # what a socket's own name needs
_SOCKET_PATH_LIMIT = 100  # bytes; the systems allow 104 to 108


@dataclass(frozen=True, slots=True)
class ReplicaRecord:
    """A replica that is meant to run; `process` is None between the decision and the start."""

    id: str
    socket: str
    process: Process | None = None


@dataclass(frozen=True, slots=True)
class ArmRecord:
    """A release on this machine and its replicas; none when it was stopped on purpose."""

    id: str
    model: str
    version: str
    digest: str
    folder: str
    wanted: int
    replicas: tuple[ReplicaRecord, ...] = ()


@dataclass(frozen=True, slots=True)
class ReplicasFile:
    """All arms, and the command that changes them now or did so last."""

    controller: Process | None = None
    arms: Mapping[str, ArmRecord] = field(default_factory=dict)

    def names(self, replica: str) -> bool:
        """Whether a replica is meant to run."""
        return any(replica == record.id for arm in self.arms.values() for record in arm.replicas)

    def with_arm(self, arm: ArmRecord) -> ReplicasFile:
        """The same with one arm added or replaced."""
        return replace(self, arms={**self.arms, arm.id: arm})


@dataclass(frozen=True, slots=True)
class RouterRecord:
    """The router that is meant to run."""

    id: str
    host: str
    port: int
    control: str
    process: Process | None = None


def read_replicas(folder: Path) -> ReplicasFile:
    """What is meant to run; nothing when there is no file. SurroundingsError for a file that is something else."""
    value = _read(folder / REPLICAS)
    if value is None:
        return ReplicasFile()
    with _telling(folder / REPLICAS):
        arms = {name: _arm(arm) for name, arm in value["arms"].items()}
        return ReplicasFile(_process(value["controller"]), arms)


def read_router(folder: Path) -> RouterRecord | None:
    """The router that is meant to run."""
    value = _read(folder / ROUTER)
    if value is None:
        return None
    with _telling(folder / ROUTER):
        return RouterRecord(**{**value, "process": _process(value["process"])})


def read_routes(folder: Path) -> RoutingTable:
    """The routing table; empty when there is none."""
    value = _read(folder / ROUTES)
    if value is None:
        return RoutingTable()
    with _telling(folder / ROUTES):
        return RoutingTable.from_json(value)


def write_replicas(folder: Path, state: ReplicasFile) -> None:
    """Replace what is meant to run."""
    _write(folder / REPLICAS, asdict(state))


def write_router(folder: Path, record: RouterRecord) -> None:
    """Replace the router that is meant to run."""
    _write(folder / ROUTER, asdict(record))


def write_routes(folder: Path, table: RoutingTable) -> None:
    """Replace the routing table: the one write that moves traffic."""
    _write(folder / ROUTES, table.to_json())


def forget(folder: Path) -> None:
    """Remove the description of a deployment that is gone; its logs stay."""
    for name in (ROUTES, ROUTER, REPLICAS):
        (folder / name).unlink(missing_ok=True)
    rmtree(sockets_folder(folder), ignore_errors=True)


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Be the only one to change a deployment; the system lets go when the holder dies. LockedError if taken."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / LOCK).open("a+b") as handle:
        end = time.monotonic() + _LOCK_PATIENCE
        while True:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() >= end:
                    raise _taken(folder) from None
                time.sleep(0.05)
        yield


def sockets_folder(folder: Path) -> Path:
    """A private folder for the sockets of a deployment, with a path short enough for the system."""
    inside = folder / "sockets"
    if len(os.fsencode(inside)) + _SOCKET_NAME_ROOM > _SOCKET_PATH_LIMIT:
        name = short(of_bytes(os.fsencode(folder.resolve())))
        inside = Path(tempfile.gettempdir()) / f"modelsync-{os.getuid()}-{name}"
    inside.mkdir(mode=0o700, parents=True, exist_ok=True)
    facts = inside.lstat()
    if facts.st_uid != os.getuid() or facts.st_mode & 0o077 or inside.is_symlink():
        raise SurroundingsError(
            f"{inside} belongs to somebody else or is open to others", help="remove that folder, then deploy again"
        )
    return inside


def _taken(folder: Path) -> LockedError:
    controller = None
    with suppress(SurroundingsError):
        controller = read_replicas(folder).controller
    who = f" (pid {controller.pid})" if controller else ""
    return LockedError(
        f"another command{who} is changing the deployment `{folder.name}`",
        help="wait until it has ended, then try again",
    )


def _arm(value: dict[str, Any]) -> ArmRecord:
    replicas = tuple(ReplicaRecord(r["id"], r["socket"], _process(r["process"])) for r in value["replicas"])
    return ArmRecord(**{**value, "replicas": replicas})


def _process(value: dict[str, Any] | None) -> Process | None:
    return None if value is None else Process(int(value["pid"]), str(value["started"]))


@contextmanager
def _telling(path: Path) -> Iterator[None]:
    try:
        yield
    except (KeyError, TypeError, ValueError, AttributeError):
        raise _damaged(path) from None


def _damaged(path: Path) -> SurroundingsError:
    return SurroundingsError(
        f"{path} does not describe a deployment",
        help="stop the processes of this deployment by hand, remove its folder, then deploy again",
    )


def _read(path: Path) -> dict[str, Any] | None:
    try:
        value = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    except ValueError:
        raise _damaged(path) from None
    if not isinstance(value, dict):
        raise _damaged(path)
    return value


def _write(path: Path, value: Mapping[str, Any]) -> None:
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    with temporary.open("w", encoding="utf-8") as handle:
        json.dump(value, handle, indent=1)
        handle.flush()
        os.fsync(handle.fileno())
    temporary.replace(path)
