"""The entries of `checks`."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from modelsync.core.checks import DriftCheck, Expectation, FairnessCheck, PerformanceCheck
from modelsync.language.load import Loaded

Spoil = Callable[..., list[str]]


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        (["{test: psi, columns", "{columns"], ["MS102 {"]),
        (["max: 0.2, failing", "failing"], ["MS102 {"]),
        (["max_statistic: 0.1}", "max_statistic: 0.1, max: 0.1}"], ["MS109 max_statistic"]),
        (["failing_share: 0.1", "failing_share: 10"], ["MS104 10"]),
        (["columns: [tenure_days]", "columns: []"], ["MS104 ["]),
        (["columns: [tenure_days]", "columns: tenure_days"], []),
        (["- {test: psi, columns: all, max: 0.2, failing_share: 0.1}", "- psi"], ["MS103 psi"]),
        (['{metric: roc_auc, min: 0.80, max: "${{ params.rate }}"}', "{min: 0.8}"], ["MS102 {"]),
        (['{metric: roc_auc, min: 0.80, max: "${{ params.rate }}"}', "{metric: roc_auc}"], ["MS102 {"]),
        (
            [
                '{metric: roc_auc, min: 0.80, max: "${{ params.rate }}"}',
                "{metric: roc_auc, min: 0, method: point, confidence: 0.9}",
            ],
            ["MS109 method", "MS109 confidence"],
        ),
        (['{metric: roc_auc, min: 0.80, max: "${{ params.rate }}"}', "7"], ["MS103 7"]),
        (
            [
                "{metric: roc_auc, versus: champion, min_delta: -0.002, method: delong, confidence: 0.9}",
                "{metric: accuracy, versus: champion, min_delta: -0.002, method: delong, confidence: 0.9}",
            ],
            ["MS109 delong"],
        ),
        (
            [
                "{metric: roc_auc, versus: champion, min_delta: -0.002, method: delong, confidence: 0.9}",
                "{metric: roc_auc, versus: champion, min_delta: -0.002, method: mcnemar, confidence: 0.9}",
            ],
            ["MS109 mcnemar"],
        ),
        (
            [
                "{metric: roc_auc, versus: champion, min_delta: -0.002, method: delong, confidence: 0.9}",
                "{metric: roc_auc, versus: champion, min_delta: -0.002, method: bootstrap, confidence: 0.9}",
            ],
            ["MS105 bootstrap"],
        ),
        (
            [
                "{metric: roc_auc, versus: champion, min_delta: -0.002, method: delong, confidence: 0.9}",
                "{metric: roc_auc, versus: champion, min_delta: -0.002, method: delong, confidence: 0.4}",
            ],
            ["MS104 0.4"],
        ),
        (
            [
                "{metric: roc_auc, versus: champion, min_delta: -0.002, method: delong, confidence: 0.9}",
                "{metric: roc_auc, versus: stable, min_delta: -0.002, method: delong, confidence: 0.9}",
            ],
            ["MS105 stable"],
        ),
        (["{metric: recall, worst_to_best: 0.8, max_difference: 0.1}", "{metric: recall}"], ["MS102 {"]),
        (["{metric: recall, worst_to_best: 0.8, max_difference: 0.1}", "{worst_to_best: 0.8}"], ["MS102 {"]),
        (["{metric: recall, worst_to_best: 0.8, max_difference: 0.1}", "recall"], ["MS103 recall"]),
        (["worst_to_best: 0.8", "worst_to_best: 1.2"], ["MS104 1.2"]),
    ],
)
def test_the_good_spec_spoilt(spoil: Spoil, changes: list[str], found: list[str]) -> None:
    assert spoil(*changes) == found


def test_checks_as_decoded(spoilt: Callable[..., Loaded]) -> None:
    spec = spoilt().spec
    assert spec is not None
    gates = spec.gates
    arguments = {"column": "tenure_days", "mostly": 0.99}
    assert gates["data_quality"].checks == (Expectation("expect_column_values_to_not_be_null", arguments),)
    assert gates["input_drift"].checks == (DriftCheck("psi", 0.2, None, 0.1), DriftCheck("ks", 0.1, ("tenure_days",)))
    assert gates["beats_champion"].checks == (
        PerformanceCheck("roc_auc", 0.8, 1.0),
        PerformanceCheck("roc_auc", None, None, "champion", -0.002, "delong", 0.9),
    )
    assert gates["fair"].checks == (FairnessCheck("recall", 0.8, 0.1),)
