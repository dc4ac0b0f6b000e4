"""Gates."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from modelsync.core.checks import ChampionCheck, Report, Slices, WhenAbsent
from modelsync.core.verdict import GateSeverity
from modelsync.language.load import Loaded

Spoil = Callable[..., list[str]]


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        (["gates:\n", "gates: 3\nold:\n"], ["MS103 3", "MS101 old"]),
        (["kind: quality", "kind: qualty"], ["MS105 qualty"]),
        (
            ["kind: quality", "kind: stability"],
            ["MS202 datasets.customers", "MS101 expect_column_values_to_not_be_null"],
        ),
        (["    kind: quality\n", ""], ["MS102 t"]),
        (["gates:\n  data_quality:", "gates:\n  odd: 3\n  data_quality:"], ["MS103 3"]),
        (["    target: datasets.customers\n", ""], ["MS102 k"]),
        (["    reference: champion\n    no_reference: pass\n", ""], ["MS102 k"]),
        (["no_reference: pass", "no_reference: ok"], ["MS105 ok"]),
        (["inconclusive: pass", "inconclusive: skip"], ["MS105 skip"]),
        (["severity: info", "severity: low"], ["MS105 low"]),
        (["    slices: {by: [plan], min_rows: 20}\n", ""], ["MS102 k"]),
        (["{by: [plan], min_rows: 20}", "{min_rows: 20}"], ["MS102 {"]),
        (["    uses: flows/churn.py:floor\n", ""], ["MS102 k"]),
        (["    severity: info", "    checks: []\n    severity: info"], ["MS101 checks"]),
        (["    severity: info", "    label: churned\n    severity: info"], []),
        (["    severity: info", "    label: churned\n    positive: yes\n    severity: info"], []),
        (["    severity: info", "    positive: true\n    severity: info"], ["MS109 positive"]),
        (["    kind: quality\n", "    kind:\n"], ["MS103 kind"]),
        (["    kind: quality\n", "    kind: [quality]\n"], ["MS103 ["]),
        (["    kind: quality\n", "    kin: quality\n"], ["MS101 kin"]),
        (["checks:\n      - {metric: recall, worst_to_best: 0.8, max_difference: 0.1}", "checks: []"], ["MS104 ["]),
    ],
)
def test_the_good_spec_spoilt(spoil: Spoil, changes: list[str], found: list[str]) -> None:
    assert spoil(*changes) == found


def test_a_gate_as_decoded(spoilt: Callable[..., Loaded]) -> None:
    spec = spoilt().spec
    assert spec is not None
    drift, fair, floor = spec.gates["input_drift"], spec.gates["fair"], spec.gates["floor"]
    assert (drift.kind, drift.reference, drift.no_reference, drift.champion_of) == (
        "drift",
        "champion",
        "pass",
        "churn",
    )
    assert drift.inconclusive is WhenAbsent.PASS
    assert fair.slices == Slices(("plan",), 20)
    assert (fair.severity, fair.inconclusive) == (GateSeverity.CRITICAL, WhenAbsent.HOLD)
    assert floor.uses is not None
    assert (floor.uses.name, floor.arguments, floor.severity) == ("floor", {"floor": 0.55}, GateSeverity.INFO)
    assert (spec.gates["data_quality"].report, drift.report) == (Report.PAGE, Report.NONE)
    assert (spec.gates["data_quality"].draws, drift.draws) == (True, False)
    assert (floor.timeout, drift.timeout) == (None, None)


def test_a_time_limit_and_whose_pages_are_drawn(spoilt: Callable[..., Loaded], spoil: Spoil) -> None:
    spec = spoilt(
        "    severity: info", "    timeout: 90s\n    severity: info", "report: true", "report: data_docs"
    ).spec
    assert spec is not None
    assert (spec.gates["floor"].timeout, spec.gates["data_quality"].report) == (90.0, Report.DATA_DOCS)
    assert spoil("    severity: info", "    report: data_docs\n    severity: info") == ["MS105 data_docs"]
    assert spoil("    severity: info", "    report: evidentl\n    severity: info") == ["MS105 evidentl"]
    assert spoil("    severity: info", "    timeout: 0s\n    severity: info") == ["MS104 0s"]
    assert spoil("    reference: champion", "    timeout: 9s\n    reference: champion") == ["MS101 timeout"]


GUARDED = """\
  better:
    kind: champion
    target: models.churn
    data: pipelines.train.split.test
    no_reference: pass
    checks: [{metric: roc_auc}]
    guardrails: {recall: 0.02, accuracy: 0}
models:
"""


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        ("recall", "recall", []),
        ("accuracy: 0", "recall_score: 0", ["MS109 recall_score", "MS505 recall_score"]),
        ("accuracy: 0", "roc_auc: 0", ["MS109 roc_auc"]),
        ("recall: 0.02", "recall: -0.02", ["MS104 -0.02"]),
        ("recall: 0.02", "recall: 2", ["MS104 2"]),
        ("recall: 0.02", "recal: 0.02", ["MS505 recal"]),
        ("guardrails: {recall: 0.02, accuracy: 0}", "guardrails: [recall]", ["MS103 ["]),
        ("guardrails: {recall: 0.02, accuracy: 0}", "guardrails:", []),
        ("    checks: [{metric: roc_auc}]\n", "", ["MS102 k"]),
    ],
)
def test_guardrails(spoil: Spoil, old: str, new: str, found: list[str]) -> None:
    listed = "gates: [input_drift, beats_champion, fair"
    assert spoil("models:\n", GUARDED.replace(old, new), listed, f"{listed}, better") == found


def test_a_guardrail_is_a_check_of_its_own(spoilt: Callable[..., Loaded]) -> None:
    spec = spoilt("models:\n", GUARDED).spec
    assert spec is not None
    better = spec.gates["better"]
    assert better.checks == (
        ChampionCheck("roc_auc"),
        ChampionCheck("recall", "guardrail", 0.02),
        ChampionCheck("accuracy", "guardrail", 0.0),
    )
    assert better.champion_of == "churn"
