from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from modelsync.core.artifacts import Artifact, OutputType
from modelsync.core.version import Version
from modelsync.registry import facts
from modelsync.registry.mirror_pages import Pages, describe
from modelsync.registry.records import DatasetVersion, GatePage, GateRecord, ModelVersion, RunRecord, StageRecord
from modelsync.registry.state import State

if TYPE_CHECKING:
    from mlflow import MlflowClient
    from mlflow.entities.model_registry import ModelVersion as Page

    from tests.unit.registry.conftest import Mirrored

pytestmark = pytest.mark.slow


def _page(mirrored: Mirrored, version: str = "1") -> Page:
    return mirrored.client.get_model_version("credit", version)


def _artifacts(client: MlflowClient, run: str, path: str) -> set[str]:
    return {item.path for item in client.list_artifacts(run, path)}


def test_a_version_has_all_that_led_to_it(
    mirrored: Mirrored, stored_model: ModelVersion, run: RunRecord, dataset: DatasetVersion, gate: GateRecord
) -> None:
    report = mirrored.store.put_bytes(b"<html>report</html>")
    begun = facts.run_started(mirrored.journal, run)
    facts.dataset_versioned(mirrored.journal, dataset)
    facts.gate_judged(mirrored.journal, replace(gate, report=report.digest))
    registered = facts.model_registered(mirrored.journal, replace(stored_model, metrics={"roc_auc": 0.8125, "n": 3}))
    done = mirrored.sync()
    assert (done.applied, done.behind, done.problem, done.links) == (1, 0, None, {})
    assert done.pages == {"credit 0.1.0": "#/models/credit/versions/1"}
    client, page = mirrored.client, _page(mirrored)
    shown = client.get_run(str(page.run_id))
    assert client.get_experiment(shown.info.experiment_id).name == "credit"
    assert (shown.info.run_name, shown.info.status, shown.info.user_id) == ("credit 0.1.0", "FINISHED", run.actor)
    assert shown.info.start_time <= shown.info.end_time
    assert begun.at <= registered.at
    assert shown.data.params == {"learner": "gbm", "deep.depth": "3"}
    assert shown.data.metrics == {"roc_auc": 0.8125, "n": 3.0, "gate.quality.a b": 0.1}
    common = {
        "modelsync.version": "0.1.0",
        "modelsync.rule": "start",
        "modelsync.bump": "minor",
        "modelsync.evidence": '{"metrics.roc_auc":0.8125}',
        "modelsync.run": "r1",
        "git.commit": "0123abc",
        "modelsync.dataset.people": "1.2.3",
        "modelsync.dataset.unknown": "content-9",
    }
    assert common.items() <= page.tags.items()
    assert not any(name.startswith("gate.") for name in page.tags)
    outcomes = {"gate.quality": "pass", "gate.never_recorded": "skipped"}
    assert {**common, **outcomes}.items() <= shown.data.tags.items()
    assert shown.data.tags["mlflow.source.git.commit"] == "0123abc"
    assert shown.data.tags["mlflow.source.name"] == "specs/credit.yaml"
    assert _artifacts(client, shown.info.run_id, "gates") == {"gates/quality.json", "gates/quality.html"}
    local = client.download_artifacts(shown.info.run_id, "gates/quality.json", str(mirrored.journal.path.parent))
    assert json.loads(Path(local).read_text())["reason"] == "all hold"
    logged = client.get_logged_model(str(page.source).removeprefix("models:/"))
    assert str(logged.status) == "READY"
    assert {metric.key: metric.value for metric in logged.metrics or []} == shown.data.metrics
    assert logged.params == shown.data.params


def test_the_description_is_a_sentence_of_a_changelog(model: ModelVersion) -> None:
    assert describe(model, State()) == (
        "credit 0.1.0: start. Data: people content-1, unknown content-9. Metrics: roc_auc 0.8125. "
        "Gates: never_recorded skipped, quality pass."
    )
    bare = replace(model, datasets={}, metrics={}, gates={})
    assert describe(bare, State()) == "credit 0.1.0: start."


def test_aliases_follow_the_stages(mirrored: Mirrored, stored_model: ModelVersion) -> None:
    old, new = Version(0, 1, 0), Version(0, 2, 0)
    journal = mirrored.journal

    def promote(stage: str, version: Version, previous: Version | None) -> None:
        facts.stage_promoted(journal, StageRecord("credit", stage, version, previous, None))

    def aliases() -> dict[str, str]:
        assert mirrored.sync().problem is None
        found = mirrored.client.get_registered_model("credit").aliases
        return {name: str(version) for name, version in found.items()}

    facts.model_registered(journal, stored_model)
    promote("development", old, None)
    promote("production", old, None)
    assert aliases() == {"development": "1", "production": "1", "champion": "1"}
    facts.model_registered(journal, replace(stored_model, version=new))
    promote("development", new, old)
    promote("production", new, old)
    assert aliases() == {"development": "2", "production": "2", "champion": "2", "previous": "1"}
    promote("production", old, new)
    promote("latest", new, None)
    promote("v5", new, None)
    promote("eu.west", new, None)
    promote("nowhere", Version(9, 9, 9), None)
    assert aliases() == {
        "development": "2",
        "production": "1",
        "champion": "1",
        "previous": "2",
        "stage-latest": "2",
        "stage-v5": "2",
        "eu-west": "2",
    }


def test_a_model_that_mlflow_must_not_load_is_kept_as_files_and_said(
    mirrored: Mirrored, model: ModelVersion, forest_folder: Path
) -> None:
    stored = mirrored.store.put_folder(forest_folder)
    artifact = Artifact(OutputType.MODEL, stored.digest, stored.size)
    facts.model_registered(mirrored.journal, replace(model, artifact=artifact, git=None, gates={}))
    assert mirrored.sync().problem is None
    client, page = mirrored.client, _page(mirrored)
    tags = client.get_run(str(page.run_id)).data.tags
    assert "does not trust: sklearn." in tags["modelsync.not_loadable"]
    assert "git.commit" not in tags
    assert _artifacts(client, str(page.run_id), "model") == {"model/model.json", "model/model.skops"}
    assert client.search_logged_models([client.get_run(str(page.run_id)).info.experiment_id]) == []


def test_a_model_whose_bytes_are_missing_is_registered_and_said(mirrored: Mirrored, model: ModelVersion) -> None:
    facts.model_registered(mirrored.journal, model)
    assert mirrored.sync().problem is None
    page = _page(mirrored)
    assert "is missing" in mirrored.client.get_run(str(page.run_id)).data.tags["modelsync.not_loadable"]
    assert page.tags["modelsync.version"] == "0.1.0"


def test_a_single_file_and_a_damaged_report_are_no_obstacle(
    mirrored: Mirrored, model: ModelVersion, gate: GateRecord
) -> None:
    file, report = mirrored.store.put_bytes(b"weights"), mirrored.store.put_bytes(b"<html>")
    key = bytes.fromhex(report.digest)
    damaged = mirrored.store.places.pack(mirrored.store.index.find([key])[key].pack)
    damaged.chmod(0o644)
    damaged.write_bytes(b"x")
    facts.gate_judged(mirrored.journal, replace(gate, report=report.digest))
    artifact = Artifact(OutputType.FILE, file.digest, file.size)
    facts.model_registered(mirrored.journal, replace(model, artifact=artifact))
    assert mirrored.sync().problem is None
    client, run = mirrored.client, str(_page(mirrored).run_id)
    assert _artifacts(client, run, "gates") == {"gates/quality.json"}
    assert _artifacts(client, run, "model") == {"model/credit"}


def test_a_page_of_another_library_lies_beside_ours_whenever_it_comes(
    mirrored: Mirrored, stored_model: ModelVersion, gate: GateRecord, drawn: GatePage
) -> None:
    early, late = (mirrored.store.put_bytes(text) for text in (b"<html>early</html>", b"<html>late</html>"))
    facts.gate_judged(mirrored.journal, replace(gate, report=None))
    facts.gate_drawn(mirrored.journal, replace(drawn, drawn_by="data_docs", page=early.digest))
    facts.model_registered(mirrored.journal, stored_model)
    assert mirrored.sync().problem is None
    run = str(_page(mirrored).run_id)
    assert _artifacts(mirrored.client, run, "gates") == {"gates/quality.json", "gates/quality.data_docs.html"}
    facts.gate_drawn(mirrored.journal, replace(drawn, page=late.digest))
    facts.gate_drawn(mirrored.journal, replace(drawn, key="never judged"))
    done = mirrored.sync()
    assert (done.applied, done.behind, done.problem) == (2, 0, None)
    assert "gates/quality.evidently.html" in _artifacts(mirrored.client, run, "gates")
    local = mirrored.client.download_artifacts(run, "gates/quality.evidently.html", str(mirrored.journal.path.parent))
    assert Path(local).read_bytes() == b"<html>late</html>"


def test_pages_alone_start_no_mlflow(mirrored: Mirrored, gate: GateRecord, drawn: GatePage) -> None:
    facts.gate_judged(mirrored.journal, gate)
    facts.gate_drawn(mirrored.journal, drawn)
    assert mirrored.sync().applied == 0


def test_many_long_and_strange_values_are_made_to_fit(mirrored: Mirrored, stored_model: ModelVersion) -> None:
    params = {f"p{number}": number for number in range(250)} | {"long": "x" * 100_000, "what?": [1, 2]}
    metrics = {f"m{number}": float(number) for number in range(250)} | {"f1@5": 0.5, "odd": float("nan")}
    evidence = {"text": "y" * 100_000}
    strange = replace(stored_model, params=params, metrics=metrics, evidence=evidence)
    facts.model_registered(mirrored.journal, strange)
    assert mirrored.sync().problem is None
    data = mirrored.client.get_run(str(_page(mirrored).run_id)).data
    assert len(data.params) == 252
    assert len(data.params["long"]) == 5000
    assert data.params["what_"] == "[1, 2]"
    assert len(data.metrics) == 252
    assert data.metrics["f1_5"] == 0.5


def test_a_run_left_half_done_is_made_again_and_a_whole_one_is_not(
    mirrored: Mirrored, stored_model: ModelVersion, monkeypatch: pytest.MonkeyPatch
) -> None:
    facts.model_registered(mirrored.journal, stored_model)
    client = mirrored.client

    def die(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:  # after the model was logged, before the run was closed
        patch.setattr(type(client), "set_terminated", die)
        with pytest.raises(KeyboardInterrupt):
            mirrored.sync()
    with monkeypatch.context() as patch:  # after the run was closed, before the version was made
        patch.setattr(type(client), "create_model_version", die)
        with pytest.raises(KeyboardInterrupt):
            mirrored.sync()
    with monkeypatch.context() as patch:  # after everything, before it was written down
        patch.setattr(facts, "mirror_synced", die)
        with pytest.raises(KeyboardInterrupt):
            mirrored.sync()
    assert mirrored.sync().applied == 1
    experiment = client.get_experiment_by_name("credit")
    assert experiment is not None
    [run] = client.search_runs([experiment.experiment_id])
    [page] = client.search_model_versions("name = 'credit'")
    [logged] = client.search_logged_models([experiment.experiment_id])
    assert (page.run_id, logged.source_run_id) == (run.info.run_id, run.info.run_id)


def test_what_somebody_removed_in_mlflow_is_made_again_when_it_is_needed(
    mirrored: Mirrored, stored_model: ModelVersion
) -> None:
    facts.model_registered(mirrored.journal, stored_model)
    mirrored.sync()
    client = mirrored.client
    client.delete_registered_model("credit")
    experiment = client.get_experiment_by_name("credit")
    assert experiment is not None
    client.delete_experiment(experiment.experiment_id)
    facts.stage_promoted(mirrored.journal, StageRecord("credit", "development", Version(0, 1, 0), None, None))
    assert mirrored.sync().problem is None
    assert str(client.get_model_version_by_alias("credit", "development").tags["modelsync.version"]) == "0.1.0"
    restored = client.get_experiment_by_name("credit")
    assert restored is not None
    assert restored.lifecycle_stage == "active"


def test_the_users_own_tracking_address_comes_back(mirrored: Mirrored, stored_model: ModelVersion) -> None:
    import mlflow

    facts.model_registered(mirrored.journal, stored_model)
    mlflow.set_tracking_uri("sqlite:///mine.db")
    try:
        assert mirrored.sync().problem is None
        assert mlflow.get_tracking_uri() == "sqlite:///mine.db"
    finally:
        mlflow.set_tracking_uri(None)  # type: ignore[arg-type]
    facts.model_registered(mirrored.journal, replace(stored_model, version=Version(0, 2, 0)))
    assert mirrored.sync().problem is None
    assert not mlflow.is_tracking_uri_set()  # type: ignore[no-untyped-call]


def test_the_same_version_of_two_projects_is_two_versions(mirrored: Mirrored, stored_model: ModelVersion) -> None:
    client, model = mirrored.client, replace(stored_model, at="2026-03-01T12:00:00.000Z")
    for experiment in ("one", "one", "two", "two"):
        Pages(client, mirrored.store, experiment, mirrored.settings.artifact_root, ()).register(model, State())
    assert len(client.search_model_versions("name = 'credit'")) == 2
