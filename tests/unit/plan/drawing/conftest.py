"""Graphs to draw: the small spec of the planner's tests, and one with everything a run can't do yet."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from modelsync.api.specs import known
from modelsync.language.load import load
from modelsync.language.model import Spec
from modelsync.plan.drawing.picture import Graph, graph

WIDE = """\
modelsync: 1
project: wide
datasets:
  rows: {source: "s3://bucket/rows.parquet"}
  asked: {source: {sql: "select 1", connection: secrets.db}}
secrets: {db: {env: DB}}
access: {roles: {lead: [a@example.org]}}
pipelines:
  train:
    steps:
      fit:
        run: flow.py:fit
        matrix: {seed: [1, 2, 3]}
        inputs: {table: datasets.rows}
        with: {learner: "${{ matrix.seed }}"}
        outputs: {model: model}
      evaluate:
        run: flow.py:evaluate
        each: fit
        inputs: {model: steps.fit.model, table: datasets.rows}
        outputs: {metrics: metrics}
      best:
        uses: builtin/select
        inputs: {candidates: steps.evaluate.metrics, keep: steps.fit.model}
        with: {metric: roc_auc, mode: max}
        outputs: {model: model, metrics: metrics}
  report:
    steps:
      page:
        command: [report, "a \\"b\\" <c> & \\\\d", --model, "{inputs.model}", -o, "{outputs.page}"]
        inputs: {model: pipelines.train.best.model}
        outputs: {page: file}
      last:
        command: [send, "{outputs.page}"]
        after: page
        outputs: {page: file}
gates:
  quality: {kind: quality, target: datasets.rows, checks: [expect_table_row_count_to_be_between: {min_value: 1}]}
  mild:
    kind: drift
    target: datasets.rows
    reference: datasets.rows@1.2.0
    severity: warning
    checks: [{test: psi, max: 0.2}]
  steady:
    kind: stability
    target: models.m
    checks: [{metric: roc_auc, across: pipelines.train.evaluate, max_std: 0.1}]
models: {m: {artifact: pipelines.train.best.model, metrics: pipelines.train.best.metrics}}
stages:
  production:
    after: development
    gates: [steady]
    when: metrics.roc_auc >= 0.5 and gate(quality) == "pass"
    approval: {roles: lead, expires: 1h}
    deploy: live
  development: {gates: [mild]}
deploy:
  live:
    model: m
    target: {kind: kubernetes, namespace: ml}
    strategy: canary
    steps: [{traffic: 5, for: 1m}, {traffic: 100}]
    watch: [{metric: error_rate, max: 0.1}]
  spare: {model: m, target: {kind: endpoint, url: "https://example.org/m"}, strategy: recreate}
  box: {model: m, target: {kind: docker, port: 9000}, strategy: recreate}
"""

FLOW = """\
def fit(table, learner): return learner
def evaluate(model, table): return {"roc_auc": 1.0}
"""


@pytest.fixture
def wide(tmp_path: Path) -> Spec:
    """A spec of features that no run has yet."""
    (tmp_path / "modelsync.yaml").write_text(WIDE)
    (tmp_path / "flow.py").write_text(FLOW)
    loaded = load(tmp_path / "modelsync.yaml", known())
    assert loaded.spec is not None, [found.message for found in loaded.diagnostics]
    return loaded.spec


@pytest.fixture
def graphs(wide: Spec, load_spec: Callable[..., Spec]) -> dict[str, Graph]:
    """Both, and one of nothing."""
    return {"wide": graph(wide), "small": graph(load_spec()), "none": Graph("none", (), ())}
