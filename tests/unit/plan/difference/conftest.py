"""A spec with every guard there is, and the difference that an edit of its text makes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

from modelsync.api.specs import known
from modelsync.language.edit.changes import Edit, apply
from modelsync.language.load import load_text
from modelsync.language.subject import Subject
from modelsync.language.text.source import Source
from modelsync.plan.difference import compare
from modelsync.plan.difference.changes import Difference

GUARDED = """\
modelsync: 1
project: guarded
params:
  learner: {type: enum, values: [a, b], default: a}
  size: {type: int, default: 3, min: 1, max: 9}
secrets: {hook: {env: HOOK}, keys: {file: keys.txt}}
remotes: {lake: {url: "s3://lake/x", default: true, credentials: {key: secrets.keys}}}
datasets:
  rows:
    source: rows.csv
    tags: [one]
    contract:
      key: [x]
      columns:
        x: {type: int, nullable: false, min: 0}
        y: {type: category, values: [p, n], role: label, positive: p}
    freshness: 36h
    versioning:
      rules: [{bump: major, when: contract.breaking}, {bump: patch, when: content.changed}]
  other:
    source: rows.csv
pipelines:
  train:
    steps:
      clean:
        run: flow.py:clean
        inputs: {data: datasets.rows}
        with: {size: "${{ params.size }}"}
        outputs: {table: table}
        retries: {limit: 2, delay: 1s}
        timeout: 10m
      fit:
        run: flow.py:fit
        matrix: {seed: [1, 2]}
        inputs: {table: steps.clean.table}
        with: {learner: "${{ params.learner }}", seed: "${{ matrix.seed }}"}
        outputs: {model: model}
        env: {MODE: fast}
        resources: {cpu: 1}
      evaluate:
        run: flow.py:evaluate
        each: fit
        inputs: {model: steps.fit.model, table: steps.clean.table}
        outputs: {metrics: metrics}
      best:
        uses: builtin/select
        inputs: {candidates: steps.evaluate.metrics, keep: steps.fit.model}
        with: {metric: roc_auc, mode: max}
        outputs: {model: model, metrics: metrics}
  report:
    steps:
      page:
        command: [report, --learner, "{params.learner}", "{inputs.model}", "{outputs.page}"]
        inputs: {model: pipelines.train.best.model}
        outputs: {page: file}
        env: {LANG: C}
      last:
        command: [send, "{outputs.done}"]
        after: page
        outputs: {done: file}
gates:
  quality:
    kind: quality
    target: datasets.rows
    checks:
      - expect_table_row_count_to_be_between: {min_value: 10, max_value: 1000}
      - expect_column_values_to_not_be_null: {column: x, mostly: 0.99}
      - expect_column_values_to_be_in_set: {column: y, value_set: [p, n]}
  drifted:
    kind: drift
    target: pipelines.train.clean.table
    reference: champion
    no_reference: hold
    inconclusive: fail
    checks:
      - {test: psi, columns: all, max: 0.2, failing_share: 0.1}
      - {test: ks, columns: [x, y], max: 0.1}
  good:
    kind: performance
    target: models.m
    data: pipelines.train.clean.table
    no_reference: fail
    checks:
      - {metric: roc_auc, min: 0.5, max: 0.99}
      - {metric: roc_auc, versus: champion, min_delta: -0.1, method: paired_bootstrap, confidence: 0.95}
  steady:
    kind: stability
    target: models.m
    checks: [{metric: roc_auc, across: pipelines.train.evaluate, max_std: 0.01, max_range: 0.1, min: 0.4}]
  fair:
    kind: fairness
    target: models.m
    data: pipelines.train.clean.table
    slices: {by: [x, y], min_rows: 40}
    checks: [{metric: recall, worst_to_best: 0.8, max_difference: 0.1}]
  own:
    kind: custom
    uses: flow.py:own
    target: models.m
    data: pipelines.train.clean.table
    with: {floor: 0.5}
models:
  m:
    artifact: pipelines.train.best.model
    metrics: pipelines.train.best.metrics
    versioning:
      start: 0.1.0
      rules: [{bump: major, when: signature.breaking}, {bump: patch, when: changed(datasets.rows)}]
stages:
  development: {gates: [quality]}
  staging: {after: development, gates: [drifted, good, steady, fair]}
  production:
    after: staging
    gates: [own]
    when: metrics.roc_auc >= 0.7 and gate(fair) == "pass"
    approval: {roles: [lead, boss], count: 2, not_author: true, expires: 48h}
    deploy: live
deploy:
  live:
    model: m
    target: {kind: local, port: 18123, replicas: 2}
    strategy: canary
    steps:
      - {traffic: 5, for: 15m, min_requests: 500, pause: true}
      - {traffic: 25, for: 30m, min_requests: 2000}
      - {traffic: 100}
    watch:
      - {metric: error_rate, max: 0.01, fail_after: 2}
      - {metric: latency_p95_ms, max: 120, fail_after: 3}
      - {metric: prediction_psi, versus: stable, max: 0.25, observe: true}
    rollback: {within: 30s, freeze: 24h}
schedules:
  nightly: {cron: "15 2 * * *", timezone: Europe/Berlin, run: {until: staging}, missed: latest, overlap: forbid}
monitors:
  live_drift: {gate: drifted, data: live.requests, every: 1d, then: [notify, retrain]}
notify:
  chat: {url: secrets.hook, events: [gate.failed]}
access:
  roles: {lead: [a@example.org], boss: [b@example.org], contributor: ["*@example.org"]}
engine: {concurrency: 4}
"""

FLOW = """\
def clean(data, size): return data
def fit(table, learner, seed): return learner
def refit(table, learner, seed): return learner
def evaluate(model, table): return {"roc_auc": 1.0}
def own(model, data, floor): return True
def other(model, data, floor): return True
"""


@dataclass(frozen=True)
class Desk:
    """Reads texts of a spec that lies in a project, and edits them."""

    path: Path
    text: str

    def subject(self, text: str | None = None) -> Subject:
        """A text as a spec without faults; warnings may be there."""
        return _read(self.path, self.text if text is None else text)

    def edited(self, *edits: Edit) -> str:
        """The text with some edits."""
        return apply(Source(self.path, self.text), edits)

    def diff(self, new: str, old: str | None = None) -> Difference:
        """From the text, or another one, to a new one."""
        return compare(self.subject(old), self.subject(new))

    def said(self, *pairs: str) -> list[str]:
        """The changes when parts of the text are replaced, each as `class: what: sentence`."""
        text = self.text
        for old, new in zip(pairs[::2], pairs[1::2], strict=True):
            assert old in text, f"the spec has no {old!r}"
            text = text.replace(old, new, 1)
        return [f"{change.kind}: {change}" for change in self.diff(text).changes]


@cache
def _read(path: Path, text: str) -> Subject:
    loaded = load_text(path, text.encode(), known())
    assert loaded.spec is not None, [f"{found.at.line}: {found.message}" for found in loaded.diagnostics]
    assert loaded.subject is not None
    return loaded.subject


@pytest.fixture(scope="session")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """The guarded spec in a project of its own, which no test changes."""
    folder = tmp_path_factory.mktemp("guarded")
    (folder / "flow.py").write_text(FLOW)
    (folder / "rows.csv").write_text("x,y\n1,p\n2,n\n")
    return Desk(folder / "modelsync.yaml", GUARDED)


@pytest.fixture
def credit(monkeypatch: pytest.MonkeyPatch) -> Desk:
    """The reference project's spec."""
    root = Path(__file__).parents[4]
    monkeypatch.chdir(root)
    path = Path("specs/credit/modelsync.yaml")
    return Desk(path, path.read_text(encoding="utf-8"))


Said = Callable[..., list[str]]


@pytest.fixture
def said(desk: Desk) -> Said:
    """The changes when parts of the guarded spec are replaced."""
    return desk.said
