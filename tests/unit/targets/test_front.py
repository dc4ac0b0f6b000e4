from __future__ import annotations

import time
from pathlib import Path

import pytest

from modelsync.core.errors import SurroundingsError
from modelsync.core.traffic import RoutingTable
from modelsync.targets import front, processes, records
from tests.unit.conftest import ROUTER, Ground, free_port


@pytest.fixture
def folder(ground: Ground) -> Path:
    path = ground.state / "live"
    path.mkdir(parents=True)
    records.write_replicas(path, records.ReplicasFile())  # so that the cleaning up finds it
    return path


def router(folder: Path) -> records.RouterRecord:
    record = records.read_router(folder)
    assert record is not None
    return record


def test_it_comes_up_follows_and_goes(ground: Ground, folder: Path) -> None:
    front.ensure(folder, "127.0.0.1", ground.port, ROUTER)
    first = router(folder)
    assert front.is_up(folder, "127.0.0.1", ground.port)
    front.ensure(folder, "127.0.0.1", ground.port, ROUTER)
    assert router(folder) == first
    front.check(folder, "127.0.0.1", ground.port)
    records.write_routes(folder, RoutingTable(4))
    front.reload(folder, 4)
    counted = front.counts(folder)
    assert counted is not None and counted.generation == 4
    with pytest.raises(SurroundingsError, match="stays at generation 4 of the routing table, expected 5"):
        front.reload(folder, 5)
    front.stop(folder)
    assert not front.is_up(folder, "127.0.0.1", ground.port)
    assert front.counts(folder) is None
    front.stop(folder)


def test_another_port_means_another_router_and_the_first_one_leaves(ground: Ground, folder: Path) -> None:
    front.ensure(folder, "127.0.0.1", ground.port, ROUTER)
    first = router(folder)
    front.ensure(folder, "127.0.0.1", free_port(), ROUTER)
    assert first.process is not None and not processes.is_alive(first.process)
    assert router(folder).process != first.process


def test_one_that_does_not_start_leaves_the_one_before(ground: Ground, folder: Path) -> None:
    front.ensure(folder, "127.0.0.1", ground.port, ROUTER)
    first = router(folder)
    with pytest.raises(SurroundingsError, match="did not start: no such luck"):
        front.ensure(folder, "127.0.0.1", free_port(), ("sh", "-c", "echo no such luck; exit 3"))
    assert router(folder) == first
    assert front.is_up(folder, "127.0.0.1", ground.port)


def test_one_that_never_answers_is_stopped_again(ground: Ground, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(front, "_UP_WITHIN", 0.2)
    with pytest.raises(SurroundingsError, match="it said nothing"):
        front.ensure(folder, "127.0.0.1", ground.port, ("sh", "-c", "exec sleep 60"))
    left = router(folder).process
    assert left is not None and not processes.is_alive(left)


def test_without_a_router_there_is_nothing_to_tell(folder: Path) -> None:
    with pytest.raises(SurroundingsError, match="has no router"):
        front.reload(folder, 1)
    assert front.counts(folder) is None
    front.stop(folder)


def test_a_router_that_nobody_names_any_more_ends_by_itself(ground: Ground, folder: Path) -> None:
    front.ensure(folder, "127.0.0.1", ground.port, ROUTER)
    process = router(folder).process
    assert process is not None
    (folder / records.ROUTER).unlink()
    end = time.monotonic() + 20
    while processes.is_alive(process) and time.monotonic() < end:
        time.sleep(0.05)
    assert not processes.is_alive(process)
