"""The journey that must always work, on the reference project: real Prefect, real MLflow, real HTTP, real processes.

The tests of this module are one story and run in the order written.
"""

from __future__ import annotations

import json
import signal
import time
import warnings
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.conftest import Project

pytestmark = pytest.mark.slow

LABELS = {
    "dataset: applications", "gate: data_quality", "split", "features", "gate: split_alike", "gate: input_drift", "fit",
    "evaluate", "gate: good_enough", "gate: fair", "gate: recall_floor", "version", "register", "promote: development",
    "promote: staging", "deploy: production", "promote: production", "report: good_enough",
}  # fmt: skip


def test_ctrl_c_stops_a_run_and_the_next_one_goes_on(project: Project) -> None:
    process = project.start("run")
    assert process.stdout is not None
    for line in process.stdout:
        if "dataset: applications" in line:
            break
    process.send_signal(signal.SIGINT)
    said, _ = process.communicate(timeout=30)
    assert process.returncode == 130
    assert "interrupted" in said
    assert "interrupted" in project("log")


def test_the_first_run_ends_with_a_model_that_answers(project: Project) -> None:
    said = project("run")
    assert "= dataset: applications" in said  # what the stopped run had finished
    assert "credit 0.1.0  development, staging, production" in said
    assert "version: first version" in said
    assert "17 done" in said or "16 done, 1 reused" in said
    page = project.folder / ".modelsync/reports"
    assert "data_quality" in next(page.glob("run-*/data_quality.html")).read_text()
    assert 'href="good_enough.evidently.html"' in next(page.glob("run-*/good_enough.html")).read_text()
    assert "drawDashboard" in next(page.glob("run-*/good_enough.evidently.html")).read_text()
    answer = project.predict()
    assert (answer["model"], answer["version"]) == ("credit", "0.1.0")
    assert answer["predictions"][0] in ("good", "bad")
    assert project.predict("/predict/credit/0.1.0")["predictions"] == answer["predictions"]
    assert project.get("/health")["status"] == "ok"


def test_prefect_shows_named_tasks_and_gate_artifacts(project: Project) -> None:
    runs = project.prefect("/flow_runs/filter", sort="START_TIME_DESC", limit=5)
    assert [(run["name"], run["state_name"]) for run in runs] == [
        ("credit #2", "Completed"),
        ("credit #1", "Cancelled"),
    ]
    asked: dict[str, Any] = {"flow_runs": {"id": {"any_": [runs[0]["id"]]}}, "limit": 50}
    tasks: list[dict[str, Any]] = []
    for _ in range(150):  # the server records tasks a little later than they end
        tasks = project.prefect("/task_runs/filter", **asked)
        if {task["name"] for task in tasks} == LABELS and all(task["state_type"] == "COMPLETED" for task in tasks):
            break
        time.sleep(0.2)
    assert {task["name"] for task in tasks} == LABELS
    artifacts = project.prefect("/artifacts/filter", limit=50)
    keys = {artifact["key"] for artifact in artifacts if artifact["flow_run_id"] == runs[0]["id"]}
    wanted = {"run", "gate-data-quality", "gate-good-enough", "gate-fair", "gate-recall-floor", "report-good-enough"}
    assert wanted <= keys


def test_mlflow_shows_run_metrics_version_tags_and_aliases(project: Project) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of MLflow's own libraries
        from mlflow import MlflowClient

        client = MlflowClient(f"sqlite:///{project.folder}/.modelsync/mlflow/mlflow.db")
        model = client.get_registered_model("credit")
        version = client.get_model_version_by_alias("credit", "production")
        run = client.get_run(str(version.run_id))
    assert set(model.aliases) >= {"development", "staging", "production", "champion"}
    assert version.tags["modelsync.version"] == "0.1.0"
    assert version.tags["modelsync.rule"] == "first version"
    assert 0.7 < run.data.metrics["roc_auc"] < 0.9
    assert run.data.params["learner"] == "logistic"
    pages = {item.path for item in client.list_artifacts(str(version.run_id), "gates")}
    assert {"gates/data_quality.html", "gates/good_enough.html", "gates/good_enough.evidently.html"} <= pages


def test_a_second_run_changes_nothing_and_starts_no_prefect(project: Project) -> None:
    project("server", "stop")
    before = (project.folder / ".modelsync/registry.db").stat().st_mtime_ns
    said = project("run")
    assert "nothing changed, nothing to do" in said
    assert not (project.folder / ".modelsync/prefect.json").exists()
    assert (project.folder / ".modelsync/registry.db").stat().st_mtime_ns == before
    assert "0.1.0" in project("model", "list")
    assert "0.2.0" not in project("model", "list")


def test_comments_and_layout_re_run_nothing(project: Project) -> None:
    project.edit("flows/credit.py", "def fit(", "# a remark\n\n\ndef fit(")
    project.edit("specs/credit/modelsync.yaml", "pipelines:\n", "# a remark\npipelines:\n\n")
    project.edit("specs/credit/modelsync.yaml", "report: evidently", "report: false")  # a page decides nothing either
    project.edit("validators/recall_floor.py", '    """The share', '    # a remark\n    """The share')
    assert "nothing changed, nothing to do" in project("run")


def test_plan_foretells_and_the_learner_gives_the_version_that_the_rules_demand(project: Project) -> None:
    foretold = project("plan", "--param", "learner=forest")
    assert "learner: logistic -> forest" in foretold
    assert "0.2.0 if minor when features.added or changed(params.learner)" in foretold
    said = project("run", "--param", "learner=forest")
    assert "= split" in said
    assert "✓ fit" in said
    assert "version: minor when features.added or changed(params.learner)" in said
    assert "changed(params.learner) = true" in said
    assert "credit 0.2.0  development, staging, production" in said
    assert project.predict()["version"] == "0.2.0"


def test_a_failed_gate_leaves_the_version_at_its_previous_stage(project: Project) -> None:
    project.edit("specs/credit/modelsync.yaml", "{metric: roc_auc, min: 0.74}", "{metric: roc_auc, min: 0.999}")
    project.edit("specs/credit/modelsync.yaml", "default: 7, min: 0", "default: 8, min: 0")
    said = project("run", "--param", "learner=forest", exit=4)
    assert "must be >= 0.999" in said
    status = project("status")
    lines = {line.split()[1]: line.split()[2] for line in status.splitlines() if line.startswith("credit  ")}
    assert lines == {"development": "0.2.1", "staging": "0.2.0", "production": "0.2.0"}
    assert project.predict()["version"] == "0.2.0"
    again = project("run", "--param", "learner=forest", exit=4)  # the verdict stands: nothing runs
    assert "nothing changed since the last run" in again


def test_a_condition_that_is_false_holds_with_the_numbers(project: Project) -> None:
    project.edit("specs/credit/modelsync.yaml", "{metric: roc_auc, min: 0.999}", "{metric: roc_auc, min: 0.74}")
    project.edit("specs/credit/modelsync.yaml", "when: metrics.roc_auc >= 0.75", "when: metrics.roc_auc >= 0.99")
    said = project("run", "--param", "learner=forest", exit=5)
    assert "`metrics.roc_auc >= 0.99` does not hold: metrics.roc_auc = 0." in said
    project.edit("specs/credit/modelsync.yaml", "when: metrics.roc_auc >= 0.99", "when: metrics.roc_auc >= 0.75")


def test_a_step_that_raises_ends_with_its_own_line_and_nothing_half_done(project: Project) -> None:
    project.edit(
        "flows/credit.py",
        "    bad = (test[LABEL] == BAD)",
        '    raise ValueError("no scores today")\n    bad = (test[LABEL] == BAD)',
    )
    said = project("run", "--param", "learner=forest", exit=1)
    assert "ValueError: no scores today" in said
    assert "flows/credit.py:" in said
    assert "version" in said
    assert "skipped" in said
    project.edit("flows/credit.py", '    raise ValueError("no scores today")\n', "")


def test_broken_data_makes_no_version(project: Project) -> None:
    table = project.folder / "specs/credit/data/credit.csv"
    whole = table.read_text()
    table.write_text(whole.replace(",67,", ",-67,", 1))
    said = project("run", "--param", "learner=forest", exit=4)
    assert "the contract does not hold" in said
    assert "age_years" in said
    table.write_text(whole)
    assert len(project("dataset", "list").splitlines()) == 2  # a head and one version


def test_a_port_in_use_is_told_before_anything_runs(project: Project) -> None:
    import socket

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        project.edit("specs/credit/modelsync.yaml", f"port: {project.port}", f"port: {port}")
        said = project("run", "--param", "learner=forest", exit=9)
        assert str(port) in said
        assert "dataset: applications" not in said  # no node began
        project.edit("specs/credit/modelsync.yaml", f"port: {port}", f"port: {project.port}")


def test_a_prefect_that_does_not_answer_is_named(project: Project) -> None:
    project.environment["PREFECT_API_URL"] = "http://127.0.0.1:9/api"
    said = project("run", "--param", "learner=logistic", exit=9)
    assert "Prefect does not answer on http://127.0.0.1:9/api" in said
    assert "unset PREFECT_API_URL" in said
    del project.environment["PREFECT_API_URL"]


def test_an_mlflow_that_is_away_blocks_nothing_and_is_caught_up(project: Project) -> None:
    project.environment["MLFLOW_TRACKING_URI"] = "http://127.0.0.1:9"
    said = project("run", "--param", "learner=forest")
    assert "MLflow is behind" in said
    del project.environment["MLFLOW_TRACKING_URI"]
    said = project("run", "--param", "learner=forest")
    assert "nothing changed" in said
    assert "MLflow has caught up" in said
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from mlflow import MlflowClient

        client = MlflowClient(f"sqlite:///{project.folder}/.modelsync/mlflow/mlflow.db")
        tags = client.get_model_version_by_alias("credit", "production").tags
    assert tags["modelsync.version"] == "0.2.1"


def test_a_killed_run_is_gone_on_with_and_registers_nothing_twice(project: Project) -> None:
    process = project.start("run", "--param", "learner=logistic")
    assert process.stdout is not None
    for line in process.stdout:
        if "✓ register" in line:
            break
    process.kill()
    process.communicate()
    said = project("run", "--param", "learner=logistic")
    assert "credit 0.3.0  development, staging, production" in said
    assert "no new version" in said
    assert "crashed" in project("log")
    assert [line.split()[1] for line in project("model", "list").splitlines()[1:]] == [
        "0.3.0",
        "0.2.1",
        "0.2.0",
        "0.1.0",
    ]
    assert project.predict()["version"] == "0.3.0"


def test_pages_and_lists_and_the_end(project: Project) -> None:
    assert "credit 0.3.0" in project("model", "show", "credit@production")
    assert "there is no model `credits`" in project("model", "show", "credits", exit=2)
    assert "answers" in project("deploy", "status")
    assert project("ui").startswith("http://127.0.0.1:")
    assert json.loads(project("plan", "--format", "json", "--param", "learner=forest"))["project"] == "credit"
    assert "live is down" in project("deploy", "undeploy", "live")
    assert "nothing is deployed" in project("deploy", "status")
    assert "stopped: prefect" in project("server", "stop")
    assert "is not deployed" in project("deploy", "undeploy", "live", exit=2)


def test_nothing_of_all_this_looked_outside_this_machine(project: Project) -> None:
    log = Path(project.environment["OUTSIDE_LOG"])
    assert not log.exists(), log.read_text()
