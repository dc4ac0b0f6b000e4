"""One spec with everything that resolving has to do, and the trees it becomes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from modelsync.language.known import Known
from modelsync.language.load import Loaded, load
from modelsync.language.subject import Subject

SHORT = """\
modelsync: 1
project: short
include: team.yaml
params:
  size: {type: int, default: 3}
  rate: {type: float, default: 0.5}
  word: {type: string, default: 1.10}
  password: {type: string, default: none}
secrets: {hook: {env: HOOK}}
datasets:
  rows:
    source: rows.csv
    contract:
      columns:
        x: int
        y: {type: category, values: [a, 1], role: label, positive: a}
        z: {type: string, values: [1.10, b]}
pipelines:
  train:
    steps:
      make:
        run: flow.py:make
        inputs: {data: datasets.rows}
        with:
          size: "${{ params.size }}"
          name: "${{ params.word }}-${{ params.size }}"
          deep: {rate: ["${{ params.rate }}"]}
        outputs: {table: table, model: model}
        retries: 2
        timeout: 1h
      fit:
        run: flow.py:fit
        matrix: {seed: [1, "${{ params.size }}"]}
        inputs: {data: steps.make.table}
        with: {seed: "${{ matrix.seed }}", tag: "${{ params.size }}/${{ matrix.seed }}"}
        env: {HOME_OF: "${{ env.PLACE }}", TOKEN: secrets.hook}
        outputs: {model: model}
        after: steps.make
gates:
  quality:
    kind: quality
    target: datasets.rows
    checks:
      - expect_table_row_count_to_be_between
      - expect_column_values_to_not_be_null: {column: x}
  drifted:
    kind: drift
    target: pipelines.train.make.table
    reference: datasets.rows
    checks: [{test: psi, max_statistic: 0.2}]
  good:
    kind: performance
    target: models.m
    data: pipelines.train.make.table
    no_reference: pass
    checks:
      - {metric: roc_auc, min: "${{ params.rate }}"}
      - {metric: roc_auc, versus: champion}
models:
  m: {artifact: pipelines.train.make.model}
stages:
  staging: {gates: gates.good}
  last: {after: staging}
schedules:
  hourly: {every: 1h, missed: skip}
  nightly: {cron: "15 2 * * *", missed: latest}
"""

TEAM = """\
datasets:
  rows:
    source: other.csv
    tags: team
engine: {concurrency: 2}
"""

FLOW = """\
def make(data, size, name, deep): return data
def fit(data, seed, tag): return data
"""

Read = Callable[..., Subject]


@pytest.fixture
def read_short(tmp_path: Path, known: Known, monkeypatch: pytest.MonkeyPatch) -> Read:
    """The subject of the short spec, with other words, other values of params and other variables."""
    for name, text in (("team.yaml", TEAM), ("flow.py", FLOW), ("rows.csv", "x,y\n1,a\n")):
        (tmp_path / name).write_text(text)
    monkeypatch.chdir(tmp_path)

    def reading(text: str = SHORT, environ: Mapping[str, str] = {"PLACE": "/home/ana"}, **params: str) -> Subject:
        Path("spec.yaml").write_text(text)
        loaded: Loaded = load(Path("spec.yaml"), known, params, environ)
        assert loaded.spec is not None, [f"{found.at}: {found.message}" for found in loaded.diagnostics]
        assert loaded.subject is not None
        return loaded.subject

    return reading
