"""Examples of the catalogue as whole specs, in the project of the good specs of the corpus."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from modelsync.api.specs import known
from modelsync.core.diagnostics import Diagnostic, Severity
from modelsync.language.catalogue.entry import Entry
from modelsync.language.load import Loaded, load_text
from modelsync.plan.ahead import not_yet

PROJECT = Path(__file__).parents[4] / "specs/conformance/ok"
HEAD = "modelsync: 1\nproject: churn\n"
SECTIONS = {
    "datasets": """
  customers:
    source: data/customers.csv
    contract:
      columns:
        tenure_days: int
        plan: {type: category, values: [basic, plus, pro]}
        churned: {type: bool, role: label, positive: true}
""",
    "pipelines": """
  train:
    steps:
      split: {uses: builtin/split, inputs: {data: datasets.customers}, outputs: {train: table, test: table}}
      fit: {run: flows/churn.py:fit, inputs: {train: steps.split.train}, outputs: {model: model}}
      evaluate:
        run: flows/churn.py:evaluate
        inputs: {model: steps.fit.model, test: steps.split.test}
        outputs: {metrics: metrics}
""",
    "models": """
  churn: {artifact: pipelines.train.fit.model, metrics: pipelines.train.evaluate.metrics}
""",
}
"""What an example leaves out: sections that it may refer to."""


def whole(example: str) -> str:
    """The example with what it needs around it; a file that says its language version stands as it is."""
    written = set(re.findall(r"^(\w+):", example, re.M))
    if "modelsync" in written or not written:
        return example
    needed: tuple[str, ...] = () if "datasets" in written else ("datasets",)
    if "pipelines" not in written and written & {"gates", "deploy", "models", "stages", "monitors"}:
        needed = tuple(name for name in SECTIONS if name not in written)
    return HEAD + example + "".join(f"{name}:{SECTIONS[name]}" for name in needed)


def loaded(example: str) -> Loaded:
    """An example as the command line and the environment would have it, by its own comments."""
    given = dict(re.findall(r"-p (\w+)=(\w+)", example))
    environ = dict(re.findall(r"export (\w+)=(\w+)", example))
    return load_text(PROJECT / "example.yaml", whole(example).encode(), known(), given, environ)


@pytest.fixture
def found() -> Callable[[str], tuple[Diagnostic, ...]]:
    """What is said about an example: by `check`, and by `plan` if there was nothing to say before."""

    def finding(example: str) -> tuple[Diagnostic, ...]:
        said = loaded(example)
        return said.diagnostics if said.spec is None else (*said.diagnostics, *not_yet(said.spec))

    return finding


@pytest.fixture
def proves(found: Callable[[str], tuple[Diagnostic, ...]]) -> Callable[[Entry], None]:
    """The bad example has just this code, the good one no fault at all; both say what the entry says."""

    def proving(entry: Entry) -> None:
        bad = [each for each in found(entry.bad) if each.code != "MS110" or entry.code == "MS110"]
        assert {each.code for each in bad} == {entry.code}, bad
        assert {each.severity for each in bad} == {entry.severity}
        good = found(entry.good)
        assert entry.code not in {each.code for each in good}, good
        assert not [each for each in good if each.severity is Severity.ERROR and each.code != "MS110"], good

    return proving
