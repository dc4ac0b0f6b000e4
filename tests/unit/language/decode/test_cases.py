"""The keys of a decision test, decoded."""

from __future__ import annotations

from pathlib import Path

from modelsync.core.cases import Numbers, Past
from modelsync.core.verdict import Outcome
from modelsync.core.version import Bump, Version
from modelsync.language.cases import load_cases

TEXT = """\
cases:
  better:
    model: churn
    base: {version: 1.3.0, metrics: {roc_auc: 0.8}}
    metrics: {roc_auc: 0.82}
    params: {learner: forest}
    facts: {features.added: [age], changed(data): true}
    gates:
      drifted: {psi.age: 0.3, ks.age: {value: 0.2, noise: 0.05}}
      fair: fail
      better: {roc_auc: {value: 0.01, interval: [-0.01, 0.03]}}
    expect:
      gates: {drifted: fail}
      bump: minor
      version: 1.4.0
      stages: {staging: held}
  odd:
    gates: {better: {roc_auc: {value: 0.01, interval: [0.3, 0.1]}}}
    expect: {version: 1.4}
"""


def test_decoded(tmp_path: Path) -> None:
    path = tmp_path / "decisions.yaml"
    path.write_text(TEXT, encoding="utf-8")
    found = load_cases(path)
    [case, _] = found.cases
    assert (case.name, case.model, case.base) == ("better", "churn", Past(Version(1, 3, 0), {"roc_auc": 0.8}))
    assert case.facts == {"features.added": ["age"], "changed(data)": True}
    assert case.gates == {
        "drifted": {"psi.age": Numbers(0.3), "ks.age": Numbers(0.2, noise=0.05)},
        "fair": Outcome.FAIL,
        "better": {"roc_auc": Numbers(0.01, (-0.01, 0.03))},
    }
    expected = case.expected
    assert (expected.gates, expected.bump, expected.version) == (
        {"drifted": Outcome.FAIL},
        Bump.MINOR,
        Version(1, 4, 0),
    )
    assert expected.stages == {"staging": "held"}
    assert [(each.code, each.at.line) for each in found.faults] == [("MS104", 18), ("MS105", 19)]
