"""Records that the tests of this room share, full enough that a field that gets lost is noticed."""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass, replace
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from modelsync.core.artifacts import Artifact, OutputType
from modelsync.core.digest import of_bytes
from modelsync.core.verdict import Check, GateSeverity, Outcome, Verdict
from modelsync.core.version import Version
from modelsync.registry import facts
from modelsync.registry.journal import Journal
from modelsync.registry.mirror import MirrorReport, MirrorSettings, import_mlflow, sync
from modelsync.registry.records import (
    DatasetNote,
    DatasetVersion,
    Deployment,
    GatePage,
    GateRecord,
    ModelVersion,
    ProfileRecord,
    Record,
    RunRecord,
    StageRecord,
    StepFailure,
    StepRecord,
)
from modelsync.store.objects import Store

if TYPE_CHECKING:
    from mlflow import MlflowClient

TABLE = Artifact(OutputType.TABLE, of_bytes(b"table"), 10, {"rows": 3, "columns": ["a", "b"]})
MODEL = Artifact(OutputType.MODEL, of_bytes(b"model"), 20, {"framework": "scikit-learn"})
GIT = {"commit": "0123abc", "dirty": True}
VERDICT = Verdict(
    gate="quality",
    kind="quality",
    severity=GateSeverity.WARNING,
    outcome=Outcome.PASS,
    reason="all hold",
    checks=(
        Check("a b", "age", "null share", Outcome.PASS, 0.1, 0.2, "<=", "few", (0.05, 0.15), 0.5, 100, 90, 3),
        Check("none", "age", "psi", Outcome.SKIPPED),
    ),
    params={"x": 1},
    data={"target": {"ref": "datasets.people"}},
    seconds=0.25,
    engine="numpy 2",
)


@pytest.fixture
def profile() -> ProfileRecord:
    return ProfileRecord(table=TABLE.digest, key="profile-1", profile=of_bytes(b"profile"), at="")


@pytest.fixture
def journal(tmp_path: Path) -> Journal:
    return Journal(tmp_path / ".modelsync" / "registry.db")


@pytest.fixture
def run() -> RunRecord:
    return RunRecord("r1", "credit", "specs/credit.yaml", "d1", {"learner": "gbm"}, GIT, "ana@example.org", number=1)


@pytest.fixture
def step() -> StepRecord:
    return StepRecord("train.fit", "key-1", {"model": MODEL, "rest": TABLE}, {"code": "c1"}, "r1", 1.5)


@pytest.fixture
def failure() -> StepFailure:
    return StepFailure("train.fit", "key-1", "timeout", "took longer than 40m", 2400.0, "r1")


@pytest.fixture
def gate() -> GateRecord:
    return GateRecord("quality", "gate-1", "subject", "datasets.people", "0.1.0", VERDICT, of_bytes(b"page"), "r1")


@pytest.fixture
def drawn() -> GatePage:
    return GatePage("quality", "gate-1", "evidently", of_bytes(b"theirs"), "r1")


@pytest.fixture
def dataset() -> DatasetVersion:
    return DatasetVersion(
        dataset="people",
        version=Version(1, 2, 3),
        digest=of_bytes(b"csv"),
        size=100,
        rows=3,
        columns=[{"name": "age", "type": "int"}],
        contract={"key": ["id"]},
        content_key="content-1",
        table=TABLE,
        tags=("training", "eu"),
        rule="content.changed",
        evidence={"content.changed": True},
        git=GIT,
        run="r1",
        source="data/people.csv",
        form="folder",
        filename="people.csv",
        fingerprint="f1",
        author="ana@example.org (ana)",
        described={"images": 3},
    )


@pytest.fixture
def note() -> DatasetNote:
    return DatasetNote("people", Version(1, 2, 3), ("eu",), None, "ana", "r1")


@pytest.fixture
def model() -> ModelVersion:
    return ModelVersion(
        model="credit",
        version=Version(0, 1, 0),
        artifact=MODEL,
        artifacts={"datasets.people": TABLE},
        metrics={"roc_auc": 0.8125},
        content="content-m",
        rule="start",
        bump="minor",
        evidence={"metrics.roc_auc": 0.8125},
        skipped=[{"rule": "signature.breaking", "evidence": {}}],
        params={"learner": "gbm", "deep": {"depth": 3}},
        datasets={"people": "content-1", "unknown": "content-9"},
        code={"train.fit": "c1"},
        signature={"inputs": []},
        contract=None,
        gates={"quality": "pass", "never_recorded": "skipped"},
        git=GIT,
        run="r1",
    )


@pytest.fixture
def stage() -> StageRecord:
    return StageRecord("credit", "staging", Version(0, 2, 0), Version(0, 1, 0), "r1")


@pytest.fixture
def deployment() -> Deployment:
    return Deployment(
        deploy="live",
        model="credit",
        version=Version(0, 1, 0),
        strategy="blue_green",
        url="http://127.0.0.1:8080",
        port=8080,
        status="rolling",
        artifact=MODEL,
        detail={"replicas": 2},
        run="r1",
    )


@pytest.fixture
def records(
    run: RunRecord,
    step: StepRecord,
    failure: StepFailure,
    gate: GateRecord,
    dataset: DatasetVersion,
    note: DatasetNote,
    model: ModelVersion,
    stage: StageRecord,
    deployment: Deployment,
) -> list[Record]:
    """One of each kind."""
    return [run, step, failure, gate, dataset, note, model, stage, deployment]


COLUMNS = ["age", "income"]


def _fitted(forest: bool) -> Any:
    import pandas as pd
    from sklearn.ensemble import RandomForestClassifier
    from sklearn.linear_model import LogisticRegression

    rows = pd.DataFrame({"age": [20, 30, 40, 50], "income": [1.0, 2.5, 3.0, 4.0]})
    estimator = RandomForestClassifier(n_estimators=2, random_state=0) if forest else LogisticRegression()
    return estimator.fit(rows, ["bad", "bad", "good", "good"])


def _write_model(folder: Path, *, forest: bool = False) -> Path:
    """A model folder as steps leave it."""
    import skops.io

    folder.mkdir()
    (folder / "model.skops").write_bytes(skops.io.dumps(_fitted(forest)))
    about = {
        "format": "skops",
        "framework": "scikit-learn",
        "task": "classification",
        "classes": ["bad", "good"],
        "signature": {
            "inputs": [{"name": "age", "type": "int"}, {"name": "income", "type": "float"}],
            "outputs": [{"name": "prediction", "type": "string"}],
        },
        "example": {"age": 20, "income": 1.0},
        "libraries": {"scikit-learn": version("scikit-learn"), "skops": version("skops")},
    }
    (folder / "model.json").write_text(json.dumps(about))
    return folder


@pytest.fixture(scope="session")
def model_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A logistic regression, which skops loads without further trust."""
    return _write_model(tmp_path_factory.mktemp("models") / "logistic")


@pytest.fixture(scope="session")
def forest_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A forest, whose trees skops does not trust by itself."""
    return _write_model(tmp_path_factory.mktemp("models") / "forest", forest=True)


@pytest.fixture(scope="session")
def empty_mlflow(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """MLflow's database with its tables, made once because that takes seconds."""
    path = tmp_path_factory.mktemp("mlflow") / "mlflow.db"
    settings = MirrorSettings(f"sqlite:///{path}", path.parent / "artifacts", "none")
    journal = Journal(path.parent / "registry.db")
    journal.append(facts.STAGE_PROMOTED, {})  # a fact that cannot be read is passed over
    report = sync(journal, Store(path.parent / "store"), settings)
    assert (report.applied, report.problem) == (1, None)
    return path


@dataclass(frozen=True)
class Mirrored:
    """A journal, a store, and an MLflow of their own."""

    journal: Journal
    store: Store
    settings: MirrorSettings

    def sync(self) -> MirrorReport:
        return sync(self.journal, self.store, self.settings)

    @property
    def client(self) -> MlflowClient:
        return import_mlflow()(tracking_uri=self.settings.tracking_uri, registry_uri=self.settings.tracking_uri)


@pytest.fixture
def mirrored(tmp_path: Path, journal: Journal, empty_mlflow: Path) -> Mirrored:
    target = tmp_path / ".modelsync" / "mlflow" / "mlflow.db"
    target.parent.mkdir(parents=True)
    shutil.copyfile(empty_mlflow, target)
    settings = MirrorSettings(f"sqlite:///{target}", target.parent / "artifacts", "credit")
    return Mirrored(journal, Store(tmp_path / ".modelsync" / "store"), settings)


@pytest.fixture
def stored_model(mirrored: Mirrored, model: ModelVersion, model_folder: Path) -> ModelVersion:
    """The model's version with its bytes in the store."""
    stored = mirrored.store.put_folder(model_folder)
    return replace(model, artifact=Artifact(OutputType.MODEL, stored.digest, stored.size))
