from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from modelsync.core.errors import LockedError, SurroundingsError
from modelsync.core.traffic import Arm, RoutingTable
from modelsync.targets import processes, records
from modelsync.targets.processes import Process
from modelsync.targets.records import ArmRecord, ReplicaRecord, ReplicasFile, RouterRecord

REPLICAS = (ReplicaRecord("a-1", "/s"), ReplicaRecord("a-2", "/t", Process(3, "4")))
STATE = ReplicasFile(Process(1, "2"), {"a": ArmRecord("a", "churn", "1.0.0", "d", "/models/a", 2, REPLICAS)})


def test_every_file_says_what_was_written(tmp_path: Path) -> None:
    records.write_replicas(tmp_path, STATE)
    assert records.read_replicas(tmp_path) == STATE
    router = RouterRecord("r", "127.0.0.1", 8080, "/c", Process(5, "6"))
    records.write_router(tmp_path, router)
    assert records.read_router(tmp_path) == router
    table = RoutingTable(3, (Arm("a", "churn", "1.0.0", 100, ("/s",)),))
    records.write_routes(tmp_path, table)
    assert records.read_routes(tmp_path) == table
    assert sorted(path.name for path in tmp_path.iterdir()) == ["replicas.json", "router.json", "routes.json"]


def test_no_file_means_nothing(tmp_path: Path) -> None:
    assert records.read_replicas(tmp_path) == ReplicasFile()
    assert records.read_router(tmp_path) is None
    assert records.read_routes(tmp_path) == RoutingTable()


@pytest.mark.parametrize("text", ["", "[]", "{}", "{", '{"controller": 1, "arms": {}}', '{"arms": []}'])
def test_a_damaged_file_is_named(tmp_path: Path, text: str) -> None:
    (tmp_path / records.REPLICAS).write_text(text)
    with pytest.raises(SurroundingsError, match=r"replicas\.json does not describe a deployment") as caught:
        records.read_replicas(tmp_path)
    assert "remove its folder" in caught.value.help


def test_names_of_replicas() -> None:
    assert STATE.names("a-2")
    assert not STATE.names("a-3")


def test_one_at_a_time_and_the_holder_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(records, "_LOCK_PATIENCE", 0.1)
    folder = tmp_path / "live"
    with records.locked(folder):
        with pytest.raises(LockedError, match="another command is changing"), records.locked(folder):
            pass
        records.write_replicas(folder, ReplicasFile(processes.current()))
        with pytest.raises(LockedError, match=rf"\(pid {os.getpid()}\)"), records.locked(folder):
            pass
    with records.locked(folder):
        pass


def test_forgetting_keeps_the_logs(tmp_path: Path) -> None:
    records.write_replicas(tmp_path, STATE)
    (tmp_path / "router.log").write_text("words")
    records.sockets_folder(tmp_path)
    records.forget(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["router.log"]


def test_sockets_lie_in_the_state_folder_when_its_path_is_short(tmp_path: Path) -> None:
    short = Path("/tmp") / f"ms-{os.getpid()}"
    folder = records.sockets_folder(short)
    assert folder == short / "sockets"
    assert folder.stat().st_mode & 0o777 == 0o700
    folder.rmdir()
    short.rmdir()


def test_and_in_a_short_private_folder_when_it_is_long(tmp_path: Path) -> None:
    long = tmp_path / ("x" * 90)
    folder = records.sockets_folder(long)
    assert len(os.fsencode(folder)) < 80
    assert folder.stat().st_mode & 0o777 == 0o700
    assert records.sockets_folder(long) == folder
    assert records.sockets_folder(tmp_path / ("y" * 90)) != folder
    records.forget(long)
    assert not folder.exists()
    records.sockets_folder(tmp_path / ("y" * 90)).rmdir()


def test_a_folder_that_is_open_to_others_is_refused(tmp_path: Path) -> None:
    folder = records.sockets_folder(tmp_path / ("z" * 90))
    folder.chmod(0o777)
    with pytest.raises(SurroundingsError, match="open to others"):
        records.sockets_folder(tmp_path / ("z" * 90))
    folder.rmdir()


def test_a_file_is_replaced_as_a_whole(tmp_path: Path) -> None:
    records.write_replicas(tmp_path, STATE)
    before = (tmp_path / records.REPLICAS).stat().st_ino
    records.write_replicas(tmp_path, STATE)
    assert (tmp_path / records.REPLICAS).stat().st_ino != before
    assert json.loads((tmp_path / records.REPLICAS).read_text())["controller"] == {"pid": 1, "started": "2"}
