"""Metrics must exist; groups can be judged by fewer."""

from __future__ import annotations

from collections.abc import Callable

import pytest

Spoil = Callable[..., list[str]]


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        (["{metric: roc_auc, min", "{metric: roc, min"], ["MS505 roc"]),
        (["metric: recall", "metric: roc_auc"], ["MS505 roc_auc"]),
    ],
)
def test_the_good_spec_spoilt(spoil: Spoil, changes: list[str], found: list[str]) -> None:
    assert spoil(*changes) == found


GATES = """\
  one: {{target: models.churn, data: pipelines.train.split.test, {gate}}}
models:
"""
LISTED = "gates: [input_drift, beats_champion, fair"


@pytest.mark.parametrize(
    ("gate", "found"),
    [
        ("kind: champion, no_reference: pass, checks: [{metric: rocauc}]", ["MS505 rocauc"]),
        (
            "kind: champion, no_reference: pass, checks: [{metric: roc_auc}], guardrails: {recal: 0, accuracy: 0}",
            ["MS505 recal"],
        ),
        ("kind: stability, checks: [{metric: recal, folds: 5, max_std: 1}]", ["MS505 recal"]),
        ("kind: stability, checks: [{metric: recall, seeds: [1, 2], max_std: 1}]", []),
    ],
)
def test_gates_that_train_or_compare(spoil: Spoil, gate: str, found: list[str]) -> None:
    assert spoil("models:\n", GATES.format(gate=gate), LISTED, f"{LISTED}, one") == found


def test_what_a_matrix_measures_has_names_of_its_own(alter: Spoil) -> None:
    assert alter("metric: roc_auc, across", "metric: my_own, across") == []
