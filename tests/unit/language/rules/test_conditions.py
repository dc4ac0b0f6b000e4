"""Names and types inside `when`."""

from __future__ import annotations

from collections.abc import Callable

import pytest

Spoil = Callable[..., list[str]]


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        (["metrics.roc_auc >= 0.82", "metrics.roc_auc"], ["MS302 metrics.roc_auc"]),
        (["gate(fair) ==", "gate(fiar) =="], ["MS302 gate(fiar)"]),
        (['gate(fair) == "pass"', 'gate(fair) == "passed"'], ['MS302 "passed"']),
        (['params.learner in ["gbm"]', 'params.learner in ["gmb"]'], ['MS302 "gmb"']),
        (["when: content.changed", "when: signature.breaking"], ["MS302 signature.breaking"]),
        (["metrics.roc_auc >= 0.82", "signature.breaking"], ["MS302 signature.breaking"]),
        (["metrics.roc_auc >= 0.82", "features.added"], ["MS302 features.added"]),
        (["when: content.changed", "when: rows.added > 2"], ["MS302 rows.added"]),
        (["not params.deep", "not params.dep"], ["MS302 params.dep"]),
    ],
)
def test_the_good_spec_spoilt(spoil: Spoil, changes: list[str], found: list[str]) -> None:
    assert spoil(*changes) == found


def test_a_broken_param_is_told_once(spoil: Spoil) -> None:
    assert spoil("deep: {type: bool, default: false}", "deep: {type: bool, default: 7}") == ["MS103 7"]
