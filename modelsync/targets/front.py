"""The router's process: brought up, told of a new table, asked for its counts, taken down."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from secrets import token_hex
from typing import Any

from modelsync.core.errors import SurroundingsError
from modelsync.targets import processes, records, talk
from modelsync.targets.ports import require_free
from modelsync.targets.records import RouterRecord

LOG = "router.log"
_UP_WITHIN = 20.0  # seconds from start to its first answer; it imports no learning library
_ANSWERS_WITHIN = 5.0  # seconds for a question to a router that runs
_GRACE = 8.0  # seconds to finish what it is answering


@dataclass(frozen=True, slots=True)
class Counts:
    """What the router has counted since it started."""

    generation: int = -1
    in_flight: Mapping[str, int] = field(default_factory=dict)  # by arm
    requests: Mapping[str, int] = field(default_factory=dict)  # by version
    errors: Mapping[str, int] = field(default_factory=dict)  # by version; answers of 500 and above


def is_up(folder: Path, host: str, port: int) -> bool:
    """Whether this deployment's router runs and has this address."""
    record = records.read_router(folder)
    return record is not None and (record.host, record.port) == (host, port) and _runs(record)


def check(folder: Path, host: str, port: int) -> None:
    """SurroundingsError when the address belongs to somebody else."""
    if not is_up(folder, host, port):
        require_free(host, port)


def ensure(folder: Path, host: str, port: int, command: Sequence[str]) -> None:
    """Have the router listen at this address; one that has another address gives way once the new one answers."""
    if is_up(folder, host, port):
        return
    before = records.read_router(folder)
    require_free(host, port)
    name = token_hex(4)
    control = records.sockets_folder(folder) / f"r-{name}.sock"
    record = RouterRecord(name, host, port, str(control))
    records.write_router(folder, record)  # before the start: a router that nobody names ends by itself
    try:
        record = _started(folder, record, command)
    except BaseException:
        if before is not None:
            records.write_router(folder, before)
        raise
    if before is not None and before.process is not None:
        processes.stop([before.process], grace=_GRACE)


def reload(folder: Path, generation: int) -> None:
    """Have the router read the table again; when this returns, new requests follow it."""
    record = records.read_router(folder)
    if record is None:
        raise SurroundingsError(f"`{folder.name}` has no router", help="deploy again")
    answer = talk.command(record.control, "reload", timeout=_ANSWERS_WITHIN)
    if answer.get("generation") != generation:
        raise SurroundingsError(
            f"the router stays at generation {answer.get('generation')} of the routing table, expected {generation}",
            help=f"see {folder / LOG}, then deploy again",
        )


def counts(folder: Path) -> Counts | None:
    """What the router has counted; None when it does not answer."""
    record = records.read_router(folder)
    if record is None or not _runs(record):
        return None
    with contextlib.suppress(SurroundingsError, KeyError, TypeError):
        value: dict[str, Any] = talk.command(record.control, "status", timeout=_ANSWERS_WITHIN)
        return Counts(value["generation"], value["in_flight"], value["requests"], value["errors"])
    return None


def stop(folder: Path) -> None:
    """End the router, if it runs."""
    record = records.read_router(folder)
    if record is not None and record.process is not None:
        processes.stop([record.process], grace=_GRACE)


def _runs(record: RouterRecord) -> bool:
    return record.process is not None and processes.is_alive(record.process)


def _started(folder: Path, record: RouterRecord, command: Sequence[str]) -> RouterRecord:
    words = [*command, "--state", str(folder), "--host", record.host, "--port", str(record.port)]
    process = processes.start([*words, "--id", record.id, "--control", record.control], folder=folder, log=folder / LOG)
    try:
        record = replace(record, process=process)
        records.write_router(folder, record)
        _wait_until_it_answers(folder, record, process)
    except BaseException:
        processes.stop([process], grace=_GRACE)
        raise
    return record


def _wait_until_it_answers(folder: Path, record: RouterRecord, process: processes.Process) -> None:
    end = time.monotonic() + _UP_WITHIN
    while time.monotonic() < end and processes.is_alive(process):
        with contextlib.suppress(SurroundingsError):
            talk.command(record.control, "status", timeout=1.0)
            return
        time.sleep(0.03)
    words = processes.last_words(folder / LOG) or "it said nothing"
    raise SurroundingsError(
        f"the router at {record.host}:{record.port} did not start: {words}", help=f"see {folder / LOG}"
    )
