"""A small checked spec, and worlds in which parts of it exist already."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest

from modelsync.api.projects import open_project
from modelsync.core.artifacts import Artifact, OutputType
from modelsync.core.digest import Digest, of_value
from modelsync.core.verdict import GateSeverity, Outcome, Verdict
from modelsync.core.version import Version
from modelsync.language.model import Spec
from modelsync.plan import candidate, choices
from modelsync.plan.build import artifact_content, target_of
from modelsync.plan.world import CodeDigest, Look, World
from modelsync.registry.records import DatasetVersion, Deployment, GateRecord, ModelVersion, StageRecord, StepRecord
from modelsync.registry.state import State

SPEC = """\
modelsync: 1
project: small
params:
  learner: {type: enum, values: [a, b], default: a}
datasets:
  rows:
    source: rows.csv
    contract: {columns: {x: {type: int}, y: {type: category, values: [p, n], role: label, positive: p}}}
pipelines:
  train:
    steps:
      clean:
        run: flow.py:clean
        inputs: {data: datasets.rows}
        outputs: {table: table}
      fit:
        run: flow.py:fit
        inputs: {table: steps.clean.table}
        with: {learner: "${{ params.learner }}"}
        outputs: {model: model}
      evaluate:
        run: flow.py:evaluate
        inputs: {model: steps.fit.model, table: steps.clean.table}
        outputs: {metrics: metrics}
gates:
  quality:
    kind: quality
    target: datasets.rows
    checks: [expect_table_row_count_to_be_between: {min_value: 1}]
  drifted:
    kind: drift
    target: pipelines.train.clean.table
    reference: champion
    no_reference: pass
    checks: [{test: psi, columns: all, max: 0.2}]
  good:
    kind: performance
    target: models.m
    data: pipelines.train.clean.table
    no_reference: pass
    checks:
      - {metric: roc_auc, min: 0.5}
      - {metric: roc_auc, versus: champion, min_delta: -0.1}
models:
  m:
    artifact: pipelines.train.fit.model
    metrics: pipelines.train.evaluate.metrics
    versioning:
      start: 0.1.0
      rules:
        - {bump: major, when: signature.breaking}
        - {bump: minor, when: changed(params.learner)}
        - {bump: patch, when: data.changed or code.changed}
stages:
  development: {gates: [quality]}
  production: {after: development, gates: [drifted, good], when: metrics.roc_auc >= 0.7, deploy: live}
deploy:
  live: {model: m, target: {kind: local, port: 18123}, strategy: recreate}
"""

FLOW = """\
def clean(data): return data
def fit(table, learner): return learner
def evaluate(model, table): return {"roc_auc": 1.0}
"""


@pytest.fixture
def load_spec(tmp_path: Path) -> Callable[..., Spec]:
    """The spec of this folder with other words in it, or other params."""

    def load(*, text: str = SPEC, **params: str) -> Spec:
        (tmp_path / "modelsync.yaml").write_text(text)
        (tmp_path / "flow.py").write_text(FLOW)
        (tmp_path / "rows.csv").write_text("x,y\n1,p\n2,n\n")
        return open_project(tmp_path / "modelsync.yaml", params).spec

    return load


@dataclass
class Past:
    """Builds a world as runs would have left it."""

    spec: Spec
    state: State = field(default_factory=State)
    bytes: str = "v1"
    code: dict[str, str] = field(default_factory=dict)
    gone: set[str] = field(default_factory=set)
    answering: bool = True
    looks: dict[str, Look] = field(default_factory=dict)
    pins: dict[str, DatasetVersion] = field(default_factory=dict)

    @property
    def world(self) -> World:
        """What a planner is given."""
        return World(
            state=self.state,
            sources={name: self.looks.get(name, Look(Digest(self.bytes))) for name in self.spec.datasets},
            code={
                step.id: CodeDigest(
                    Digest(self.code.get(step.id, "c")), {step.code.text: Digest(self.code.get(step.id, "c"))}
                )
                for step in self.spec.steps
            },
            stored=lambda artifact: artifact.digest not in self.gone,
            alive=lambda _: self.answering,
            pins=self.pins,
        )

    def run(
        self, *, auc: float = 0.9, model: str = "M1", outcome: Outcome = Outcome.PASS, to: str = "production"
    ) -> Past:
        """Record everything that a run of the spec as it is now would record."""
        known: dict[str, str] = {name: version.content_key for name, version in self.pins.items()}
        artifacts: dict[str, Artifact] = {}
        rows = choices.dataset(self.spec.datasets["rows"], self.world)
        table = Artifact(OutputType.TABLE, Digest(f"T{self.bytes}"), 1)
        assert rows.content is not None, "what is on this machine is known"
        if rows.record is None:
            self.state.datasets.setdefault("rows", []).append(self._dataset(rows.content, table))
        known["datasets.rows"] = rows.content
        artifacts["datasets.rows"] = table
        for step in self.spec.steps:
            choice = choices.step(step, known, self.world)
            made = {
                "clean": {"table": Artifact(OutputType.TABLE, Digest(f"clean-{self.bytes}"), 1)},
                "fit": {"model": Artifact(OutputType.MODEL, Digest(model), 1, {"signature": SIGNATURE})},
                "evaluate": {"metrics": Artifact(OutputType.METRICS, of_value(auc), 1, {"roc_auc": auc})},
            }[step.name]
            if choice.record is None:
                assert choice.key is not None
                record = StepRecord(step.id, choice.key, made, dict(choice.parts or {}), "r", 1.0, "t")
                self.state.steps[choice.key] = self.state.last_step[step.id] = record
            for name, artifact in made.items():
                known[f"pipelines.{step.id}.{name}"] = artifact.digest
                artifacts[f"pipelines.{step.id}.{name}"] = artifact
        for gate in self.spec.gates.values():
            asked = choices.gate(gate, self.spec, known, self.world)
            if asked.record is None:
                verdict = Verdict(
                    gate.name, gate.kind, GateSeverity.CRITICAL, outcome if gate.name == "good" else Outcome.PASS, "why"
                )
                kept = GateRecord(
                    gate.name, str(asked.key), str(asked.subject), str(gate.target), None, verdict, None, "r", "t"
                )
                self.state.gates[kept.key] = self.state.last_gate[gate.name] = kept
                self.state.gate_history.append(kept)
        self._register(artifacts, auc, to)
        return self

    def _register(self, artifacts: dict[str, Artifact], auc: float, to: str) -> None:
        model = self.spec.models["m"]
        content = artifact_content(artifacts[str(model.artifact)].digest, artifacts[str(model.metrics)].digest)
        described = candidate.describe(self.spec, model, self.world, signature=SIGNATURE, metrics={"roc_auc": auc})
        number = len(self.state.models.get("m", []))
        version = ModelVersion(
            model="m", version=Version(0, number + 1, 0), artifact=artifacts[str(model.artifact)], artifacts=artifacts,
            metrics={"roc_auc": auc}, content=content, rule="r", bump="minor", evidence={}, skipped=[],
            params=dict(described.params), datasets=dict(described.datasets), code=dict(described.code),
            signature=SIGNATURE, contract=candidate.contracts_of(self.spec, model), gates={}, git=None, run="r", at="t",
        )  # fmt: skip
        self.state.models.setdefault("m", []).append(version)
        for stage in ("development", "production"):
            self.state.stages["m", stage] = StageRecord("m", stage, version.version, None, "r", "t")
            if stage == to:
                break
        if to == "production":
            deploy = self.spec.deploys["live"]
            self.state.live["live"] = Deployment(
                deploy="live", model="m", version=version.version, strategy="recreate", url="http://x", port=1,
                status="live", artifact=version.artifact, detail={"target": target_of(deploy)}, run="r", at="t",
            )  # fmt: skip

    def _dataset(self, content: str, table: Artifact) -> DatasetVersion:
        contract = self.spec.datasets["rows"].contract
        return DatasetVersion(
            dataset="rows", version=Version(1, 0, len(self.state.datasets.get("rows", []))), digest=self.bytes, size=1,
            rows=2, columns=[], contract=contract.to_json() if contract else None, content_key=content, table=table,
            tags=(), rule="first", evidence={}, git=None, run="r", at="t",
        )  # fmt: skip

    def of(self, spec: Spec) -> Past:
        """The same past, seen from a spec that was changed since."""
        return replace(self, spec=spec)


SIGNATURE: dict[str, Any] = {
    "inputs": [{"name": "x", "type": "int"}],
    "outputs": [{"name": "prediction", "type": "string"}],
}
