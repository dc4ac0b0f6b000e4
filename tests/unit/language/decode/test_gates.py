"""Gates."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from modelsync.core.checks import Slices, WhenAbsent
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
    assert spec.gates["data_quality"].report
    assert not drift.report
