from __future__ import annotations

import json
import os
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sklearn.cluster import DBSCAN
from sklearn.linear_model import LinearRegression

from modelsync.core.errors import StepError
from modelsync.core.traffic import Arm, RoutingTable
from modelsync.server import replica
from modelsync.server.replica import Guard, main
from modelsync.serving import serve
from modelsync.serving.app import ModelServer
from modelsync.targets import processes, records, talk
from modelsync.targets.processes import Process
from modelsync.targets.records import ArmRecord, ReplicaRecord, ReplicasFile
from modelsync.usercode.models import save_model

GONE = Process(2**22 + 1, "1")


def describe(folder: Path, controller: Process | None) -> ArmRecord:
    arm = ArmRecord("a", "cancer", "1.0.0", "d", "/m", 1, (ReplicaRecord("a-1", str(folder / "s")),))
    records.write_replicas(folder, ReplicasFile(controller, {"a": arm}))
    return arm


def test_a_replica_is_wanted_while_its_controller_lives(tmp_path: Path) -> None:
    describe(tmp_path, processes.current())
    guard = Guard(tmp_path, "a-1")
    assert guard.is_wanted(0.0)
    assert guard.is_wanted(1000.0)


def test_after_its_controller_died_it_is_wanted_for_a_while_only(tmp_path: Path) -> None:
    for controller in (GONE, None):
        describe(tmp_path, controller)
        guard = Guard(tmp_path, "a-1")
        assert guard.is_wanted(100.0)
        assert guard.is_wanted(130.0)
        assert not guard.is_wanted(130.1)


def test_with_traffic_it_is_wanted_for_good(tmp_path: Path) -> None:
    describe(tmp_path, GONE)
    guard = Guard(tmp_path, "a-1")
    assert guard.is_wanted(0.0)
    records.write_routes(tmp_path, RoutingTable(1, (Arm("a", "cancer", "1.0.0", 100, ("/s",)),)))
    assert guard.is_wanted(1000.0)
    records.write_routes(tmp_path, RoutingTable(2))
    assert guard.is_wanted(1001.0)  # the time alone begins anew
    assert not guard.is_wanted(1040.0)


def test_one_that_nobody_names_is_not_wanted(tmp_path: Path) -> None:
    assert not Guard(tmp_path, "a-1").is_wanted(0.0)
    describe(tmp_path, processes.current())
    assert not Guard(tmp_path, "a-2").is_wanted(0.0)


def test_the_watch_ends_what_is_not_wanted_and_spares_what_it_can_not_judge(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(replica, "_TICK", 0.0)
    signals: list[int] = []
    monkeypatch.setattr(os, "kill", lambda pid, number: signals.append(pid))
    (tmp_path / records.REPLICAS).write_text("{")
    looks = iter(range(5))

    def sleep(seconds: float) -> None:
        if next(looks) == 4:
            (tmp_path / records.REPLICAS).unlink()
        assert signals == []

    monkeypatch.setattr(time, "sleep", sleep)
    replica._watch(Guard(tmp_path, "a-1"))
    assert signals == [os.getpid()]


def run_main(folder: Path, state: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """`main` up to the moment at which it would serve for good."""
    describe(state, processes.current())
    given: dict[str, Any] = {}
    monkeypatch.setattr(serve, "log_to_stderr", lambda: None)
    monkeypatch.setattr(serve, "on_socket", lambda app, path: given.update(app=app, path=path))
    what = ["--folder", str(folder), "--model", "cancer", "--version", "1.0.0"]
    main([*what, "--uds", str(state / "s"), "--state", str(state), "--id", "a-1"])
    return given


def test_it_serves_a_model_that_has_predicted_its_example(
    cancer: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = run_main(cancer, tmp_path, monkeypatch)
    assert given["path"] == str(tmp_path / "s")
    server = given["app"]
    assert isinstance(server, ModelServer)
    assert (server.served.name, server.served.version, len(server.served.columns)) == ("cancer", "1.0.0", 30)
    assert list(server.served.classes or ()) == [0, 1]


def test_a_model_fitted_on_bare_numbers_is_tried_with_zeros(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    save_model(LinearRegression().fit(np.array([[1.0, 2.0], [3.0, 5.0]]), [1.0, 2.0]), tmp_path / "m")
    server = run_main(tmp_path / "m", tmp_path, monkeypatch)["app"]
    assert server.served.example == {"x0": 0.0, "x1": 0.0}


def test_a_folder_without_a_model_is_a_short_word(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "m").mkdir()
    with pytest.raises(SystemExit, match="holds no model that ModelSync wrote") as caught:
        run_main(tmp_path / "m", tmp_path, monkeypatch)
    assert "\n" not in str(caught.value.code)


def test_a_model_that_can_not_predict_its_example(
    cancer: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "m"
    folder.mkdir()
    (folder / "model.skops").write_bytes((cancer / "model.skops").read_bytes())
    card = json.loads((cancer / "model.json").read_text())
    card["example"]["mean radius"] = "wide"
    (folder / "model.json").write_text(json.dumps(card))
    with pytest.raises(SystemExit, match=r"can't predict its own example: row 0 column `mean radius`: expected float"):
        run_main(folder, tmp_path, monkeypatch)
    card["signature"]["inputs"].pop()
    card["example"] = {field["name"]: 1.0 for field in card["signature"]["inputs"]}
    (folder / "model.json").write_text(json.dumps(card))
    with pytest.raises(SystemExit, match="can't predict its own example: ValueError"):
        run_main(folder, tmp_path, monkeypatch)


def test_a_model_that_can_not_predict_at_all(tmp_path: Path) -> None:
    save_model(DBSCAN().fit(np.array([[1.0], [2.0]])), tmp_path / "m")
    with pytest.raises(StepError, match="can't be served"):
        replica._ready(tmp_path / "m", "cancer", "1.0.0")


@pytest.mark.slow
def test_the_process_from_start_to_end(cancer: Path, tmp_path: Path) -> None:
    arm = describe(tmp_path, processes.current())
    command = [sys.executable, "-P", "-m", "modelsync.server.replica", "--folder", str(cancer), "--model", "cancer"]
    command += ["--version", "1.0.0", "--uds", arm.replicas[0].socket, "--state", str(tmp_path), "--id", "a-1"]
    process = processes.start(command, folder=tmp_path, log=tmp_path / "log")
    try:
        end = time.monotonic() + 60
        while not Path(arm.replicas[0].socket).exists():
            assert processes.is_alive(process), (tmp_path / "log").read_text()
            assert time.monotonic() < end
            time.sleep(0.05)
        card = talk.ask(arm.replicas[0].socket, "GET", "/", timeout=10).value
        answer = talk.ask(arm.replicas[0].socket, "POST", "/predict/cancer/1.0.0", card["example"], timeout=10)
        assert (answer.status, answer.value["predictions"]) == (200, [0])
        assert "cancer 1.0.0 ready after" in (tmp_path / "log").read_text()
        # Nobody names it any more: it ends by itself.
        records.write_replicas(tmp_path, ReplicasFile(processes.current(), {"a": replace(arm, replicas=())}))
        end = time.monotonic() + 20
        while processes.is_alive(process) and time.monotonic() < end:
            time.sleep(0.05)
        assert not processes.is_alive(process)
        assert "nobody wants this replica any more" in (tmp_path / "log").read_text()
    finally:
        processes.stop([process], grace=2.0)
