from __future__ import annotations

import logging
import os
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from modelsync.core.artifacts import Artifact, OutputType
from modelsync.core.version import Version
from modelsync.registry import facts, mirror
from modelsync.registry.journal import Journal
from modelsync.registry.lease import lease
from modelsync.registry.mirror import MirrorReport, MirrorSettings, sync
from modelsync.registry.records import ModelVersion, StageRecord
from modelsync.registry.state import State
from modelsync.store.objects import Store

if TYPE_CHECKING:
    from tests.unit.registry.conftest import Mirrored


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def test_without_a_fact_to_show_mlflow_is_not_even_imported(tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from modelsync.registry import mirror; "
        "from modelsync.registry.journal import Journal; from modelsync.store.objects import Store; "
        f"p = Path({str(tmp_path)!r}); s = mirror.MirrorSettings('sqlite:///x.db', p, 'credit'); "
        "r = mirror.sync(Journal(p / 'j.db'), Store(p / 's'), s); "
        "assert (r.applied, r.behind, r.problem) == (0, 0, None); "
        "assert not {'mlflow', 'pandas', 'sklearn', 'numpy', 'skops'} & set(sys.modules), 'heavy'"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
    assert list(tmp_path.iterdir()) == []


def test_where_nothing_listens_the_report_says_so_and_nothing_is_lost(
    tmp_path: Path, journal: Journal, model: ModelVersion
) -> None:
    facts.model_registered(journal, model)
    address = f"http://127.0.0.1:{_free_port()}"
    report = sync(journal, Store(tmp_path / "store"), MirrorSettings(address, tmp_path, "credit"))
    assert (report.applied, report.behind) == (0, 1)
    assert report.problem is not None
    assert report.problem.startswith(f"{address} does not answer: ")
    assert State.load(journal).mirror_cursor == 0


def test_a_server_that_takes_a_call_and_says_nothing_is_given_up(
    tmp_path: Path, journal: Journal, model: ModelVersion
) -> None:
    facts.model_registered(journal, model)
    with socket.socket() as deaf:
        deaf.bind(("127.0.0.1", 0))
        deaf.listen()
        address = f"http://127.0.0.1:{deaf.getsockname()[1]}"
        report = sync(journal, Store(tmp_path / "store"), MirrorSettings(address, tmp_path, "credit", timeout=0.2))
    assert report.behind == 1
    assert "timed out" in str(report.problem)


@pytest.mark.slow
def test_a_server_that_is_no_mlflow_is_told(tmp_path: Path, journal: Journal, model: ModelVersion) -> None:
    class Other(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_error(404)

        def do_POST(self) -> None:
            self.send_error(404)

        def log_message(self, format: str, *_: object) -> None:
            pass

    facts.model_registered(journal, model)
    with HTTPServer(("127.0.0.1", 0), Other) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        address = f"http://127.0.0.1:{server.server_port}"
        report = sync(journal, Store(tmp_path / "store"), MirrorSettings(address, tmp_path, "credit"))
        server.shutdown()
    assert (report.applied, report.behind) == (0, 1)
    assert "404" in str(report.problem)


@pytest.mark.slow
def test_each_fact_is_shown_once(mirrored: Mirrored, stored_model: ModelVersion) -> None:
    facts.model_registered(mirrored.journal, stored_model)
    facts.stage_promoted(mirrored.journal, StageRecord("credit", "development", Version(0, 1, 0), None, "r1"))
    first = mirrored.sync()
    assert (first.applied, first.behind, first.problem) == (2, 0, None)
    count = len(list(mirrored.journal.events()))
    assert mirrored.sync() == MirrorReport(0, 0)
    assert len(list(mirrored.journal.events())) == count
    assert State.load(mirrored.journal).mirror_links == {"credit 0.1.0": "#/models/credit/versions/1"}
    assert len(mirrored.client.search_model_versions("name = 'credit'")) == 1


@pytest.mark.slow
def test_what_fails_half_way_keeps_what_was_done_and_goes_on_there(
    mirrored: Mirrored, stored_model: ModelVersion, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(3):
        facts.model_registered(mirrored.journal, replace(stored_model, version=Version(0, number, 0)))
    client, made = mirrored.client, list[str]()
    create = type(client).create_model_version

    def failing(self: object, name: str, **options: object) -> object:
        made.append(name)
        if len(made) == 2:
            raise ConnectionError("the line is dead\nand more")
        return create(self, name, **options)  # type: ignore[arg-type]

    with monkeypatch.context() as patch:
        patch.setattr(type(client), "create_model_version", failing)
        report = mirrored.sync()
    assert (report.applied, report.behind, report.problem) == (1, 2, "ConnectionError: the line is dead")
    assert mirrored.sync().applied == 2
    found = client.search_model_versions("name = 'credit'")
    assert sorted(page.tags["modelsync.version"] for page in found) == ["0.0.0", "0.1.0", "0.2.0"]


@pytest.mark.slow
def test_the_store_that_mlflow_refuses_is_a_sentence(tmp_path: Path, journal: Journal, model: ModelVersion) -> None:
    facts.model_registered(journal, model)
    report = sync(journal, Store(tmp_path / "store"), MirrorSettings(f"file://{tmp_path}/runs", tmp_path, "credit"))
    assert (report.applied, report.behind) == (0, 1)
    assert str(report.problem).startswith("MlflowException: ")
    assert "\n" not in str(report.problem)


@pytest.mark.slow
def test_two_at_once_do_not_write_twice(mirrored: Mirrored, stored_model: ModelVersion) -> None:
    facts.model_registered(mirrored.journal, stored_model)
    with lease(mirrored.journal, "mirror"):
        report = mirrored.sync()
    assert (report.applied, report.behind) == (0, 1)
    assert "another process is writing to MLflow" in str(report.problem)
    assert mirrored.sync().applied == 1


@pytest.mark.slow
def test_a_fact_that_cannot_be_read_is_passed_over(mirrored: Mirrored, stored_model: ModelVersion) -> None:
    mirrored.journal.append(facts.MODEL_REGISTERED, {"model": "broken"})
    facts.model_registered(mirrored.journal, stored_model)
    report = mirrored.sync()
    assert (report.applied, report.behind, report.problem) == (2, 0, None)


@pytest.mark.slow
def test_it_is_quiet_and_leaves_settings_as_they_were(
    mirrored: Mirrored, stored_model: ModelVersion, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "9")
    monkeypatch.chdir(mirrored.journal.path.parent)
    mirror.import_mlflow()
    levels = [logging.getLogger(name).level for name in ("mlflow", "alembic")]
    before = {name: value for name, value in os.environ.items() if name.startswith("MLFLOW_")}
    Path(mirrored.settings.tracking_uri.removeprefix("sqlite:///")).unlink()  # so that the tables are made, noisily
    facts.model_registered(mirrored.journal, stored_model)
    assert mirrored.sync().problem is None
    assert capfd.readouterr() == ("", "")
    assert [logging.getLogger(name).level for name in ("mlflow", "alembic")] == levels
    after = {name: value for name, value in os.environ.items() if name.startswith("MLFLOW_")}
    assert {**after, "MLFLOW_TRACKING_URI": ""} == {**before, "MLFLOW_TRACKING_URI": ""}
    assert os.environ["MLFLOW_DISABLE_TELEMETRY"] == "true"
    assert not Path("mlruns").exists()


@pytest.mark.slow
def test_a_server_that_was_away_is_caught_up(
    mirrored: Mirrored,
    stored_model: ModelVersion,
    forest_folder: Path,
    tmp_path: Path,
    capfd: pytest.CaptureFixture[str],
) -> None:
    facts.model_registered(mirrored.journal, stored_model)
    facts.stage_promoted(mirrored.journal, StageRecord("credit", "production", Version(0, 1, 0), None, "r1"))
    address = f"http://127.0.0.1:{_free_port()}"
    away = replace(mirrored, settings=replace(mirrored.settings, tracking_uri=address, timeout=10))
    assert away.sync().behind == 2
    command = [sys.executable, "-m", "mlflow", "server", "--host", "127.0.0.1", "--port", address.rpartition(":")[2]]
    command += ["--workers", "1", "--backend-store-uri", mirrored.settings.tracking_uri]
    command += ["--artifacts-destination", str(tmp_path / "served")]
    with (tmp_path / "server.log").open("wb") as log:
        server = subprocess.Popen(command, stdout=log, stderr=log, cwd=tmp_path, start_new_session=True)
    try:
        _wait_for(address)
        report = away.sync()
        assert report.problem is None
        assert (report.applied, report.behind) == (2, 0)
        assert capfd.readouterr() == ("", "")
        assert report.links == {"mlflow": f"{address}/#/models/credit/versions/1"}
        forest = mirrored.store.put_folder(forest_folder)
        artifact = Artifact(OutputType.MODEL, forest.digest, forest.size)
        facts.model_registered(mirrored.journal, replace(stored_model, version=Version(0, 2, 0), artifact=artifact))
        assert away.sync().problem is None
        client = away.client
        page = client.get_model_version_by_alias("credit", "champion")
        assert page.tags["modelsync.version"] == "0.1.0"
        [logged] = client.search_logged_models([client.get_run(str(page.run_id)).info.experiment_id])
        names = {item.path for item in client.list_logged_model_artifacts(logged.model_id)}
        assert {"MLmodel", "model.skops", "input_example.json"} <= names
    finally:
        os.killpg(server.pid, 9)
        server.wait()


def _wait_for(address: str) -> None:
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(f"{address}/health", timeout=2):
                return
        except OSError:
            time.sleep(0.2)
    raise AssertionError("the MLflow server did not start")
