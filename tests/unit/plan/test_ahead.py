"""What a spec may say and a run can't do yet: each with its place, nothing skipped in silence."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from modelsync.api.specs import known
from modelsync.core.diagnostics import Severity
from modelsync.language.load import load
from modelsync.language.model import Spec
from modelsync.plan.ahead import CODE, not_yet

ROOT = Path(__file__).parents[3]
OK = ROOT / "specs/conformance/ok"
WHOLE = ROOT / "tests/unit/language/whole.yaml"


@pytest.fixture
def spec(tmp_path: Path) -> Callable[..., Spec]:
    """The whole language, with some parts replaced."""
    for folder in ("data", "flows"):
        shutil.copytree(OK / folder, tmp_path / folder)

    def loading(*pairs: str) -> Spec:
        text = WHOLE.read_text()
        for old, new in zip(pairs[::2], pairs[1::2], strict=True):
            assert old in text, f"the spec has no {old!r}"
            text = text.replace(old, new)
        path = tmp_path / "modelsync.yaml"
        path.write_text(text)
        loaded = load(path, known())
        assert loaded.spec is not None, loaded.diagnostics
        return loaded.spec

    return loading


def told(spec: Spec) -> list[str]:
    """Each finding as what it marks and what it says."""
    lines = spec.path.read_text().splitlines()
    shown = []
    for found in not_yet(spec):
        assert (found.code, found.severity, found.fix) == (CODE, Severity.ERROR, None)
        assert found.help
        assert found.notes == ("the spec itself is right",)
        line = lines[found.at.line - 1]
        marked = line[found.at.col - 1 : found.at.end_col - 1 if found.at.line == found.at.end_line else None]
        shown.append(f"{marked}: {found.message.removesuffix(' is not supported yet')}")
    return shown


def test_everything_is_told_in_the_order_written(spec: Callable[..., Spec]) -> None:
    assert told(spec()) == [
        "fit: `matrix` of step `fit`",
        "fit: `env` of step `fit`",
        "fit: `resources` of step `fit`",
        "evaluate: `each` of step `evaluate`",
        "best: `builtin/select` of step `best`",
        "page: `command` of step `page`",
        "steady: `across` of gate `steady`",
        "production: `approval` of stage `production`",
        "live: strategy `canary` of deploy `live`",
        "elsewhere: the target of deploy `elsewhere`",
        "nightly: schedule `nightly`",
        "often: schedule `often`",
        "live_drift: monitor `live_drift`",
        "chat: channel `chat` of `notify`",
        "dask: runner `dask`",
    ]


@pytest.mark.parametrize(
    ("pairs", "expected"),
    [
        (
            ["connection: secrets.base}", "connection: secrets.base}\n    freshness: 1d"],
            "orders: `freshness` of dataset `orders`, whose source is a query",
        ),
        (["base: {file: /run/secrets/base", "base: {aws: base"], "{: a secret that lies in `aws`"),
        (["runner: dask", "runner: ray"], "ray: runner `ray`"),
        (
            ["strategy: recreate", "strategy: recreate\n    rollback: {within: 30s}"],
            "elsewhere: `watch` and `rollback` of deploy `elsewhere`",
        ),
        (
            ["strategy: recreate", "strategy: blue_green\n    watch: [{metric: error_rate, max: 1}]"],
            "elsewhere: `watch` and `rollback` of deploy `elsewhere`",
        ),
        (["{kind: local, port: 8080, replicas: 2}", "{kind: docker, port: 8080}"], "live: the target of deploy `live`"),
        (
            ["{kind: local, port: 8080, replicas: 2}", "{kind: kubernetes, namespace: ml}"],
            "live: the target of deploy `live`",
        ),
        (
            ["inputs: {data: datasets.customers}", "inputs: {data: datasets.customers}\n        env: {MODE: fast}"],
            "split: `env` of step `split`",
        ),
        (
            ["inputs: {data: datasets.customers}", "inputs: {data: datasets.customers}\n        resources: {gpu: 1}"],
            "split: `resources` of step `split`",
        ),
    ],
)
def test_each_on_its_own(spec: Callable[..., Spec], tmp_path: Path, pairs: list[str], expected: str) -> None:
    (tmp_path / "data/customers.xlsx").touch()
    before = set(told(spec()))
    assert set(told(spec(*pairs))) - before == {expected}


@pytest.mark.parametrize(
    "source", ["data/rows.CSV", "data/rows.xlsx", "data", "data/*.csv", '"s3://acme/a.csv"', '"https://acme.org/a.csv"']
)
def test_every_source_can_be_read(spec: Callable[..., Spec], tmp_path: Path, source: str) -> None:
    for name in ("rows.CSV", "rows.xlsx"):
        (tmp_path / "data" / name).touch()
    assert told(spec("source: data/customers.csv", f"source: {source}")) == told(spec())


def test_a_version_of_a_dataset_can_be_named(spec: Callable[..., Spec]) -> None:
    pinned = spec("inputs: {data: datasets.customers}", "inputs: {data: datasets.customers@1.0.0}")
    assert told(pinned) == told(spec())


@pytest.mark.parametrize(
    "path", [OK / "everything.yaml", ROOT / "specs/credit/modelsync.yaml"], ids=["everything", "credit"]
)
def test_what_runs_today_has_none(path: Path) -> None:
    loaded = load(path, known())
    assert loaded.spec is not None, loaded.diagnostics
    assert not_yet(loaded.spec) == ()


def test_all_that_is_right_is_either_told_or_done() -> None:
    """Every good spec of the corpus passes through; what it finds has a place in that spec."""
    for path in sorted(OK.glob("*.yaml")):
        loaded = load(path, known())
        if loaded.spec is not None:
            for found in not_yet(loaded.spec):
                assert found.at.line > 1
                assert found.message.endswith(" is not supported yet")


def test_trainings_of_its_own_run_today(spec: Callable[..., Spec]) -> None:
    folds = spec(
        "across: pipelines.train.evaluate", "folds: 5, min: 0.5", "kind: stability\n", f"kind: stability\n{DATA}"
    )
    assert not [each for each in told(folds) if "steady" in each]


DATA = "    data: pipelines.train.split.test\n"
