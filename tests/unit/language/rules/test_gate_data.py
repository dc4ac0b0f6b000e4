"""A gate on a model needs rows and a label."""

from __future__ import annotations

from collections.abc import Callable

import pytest

Spoil = Callable[..., list[str]]


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        (["    data: pipelines.train.features.test\n    slices", "    slices"], ["MS507 fair"]),
        (
            [", role: label, positive: true}", "}"],
            ["MS507 pipelines.train.features.test", "MS507 pipelines.train.features.test"],
        ),
        (["type: bool, role: label", "type: bol, role: label"], ["MS105 bol"]),
        (["role: label", 'role: "${{ params.no }}"'], ["MS206 params.no"]),
        (
            ["    data: pipelines.train.features.test\n    no_ref", "    data: steps.x.y\n    no_ref"],
            ["MS203 steps.x.y"],
        ),
    ],
)
def test_the_good_spec_spoilt(spoil: Spoil, changes: list[str], found: list[str]) -> None:
    assert spoil(*changes) == found


GATES = """\
  one: {%s}
models:
"""
LISTED = "gates: [input_drift, beats_champion, fair"
ON_ROWS = "reference: datasets.customers, checks: [{test: psi, max: 1}]"


@pytest.mark.parametrize(
    ("gate", "found"),
    [
        ("kind: stability, target: models.churn, checks: [{metric: recall, folds: 5, max_std: 1}]", ["MS507 one"]),
        ("kind: stability, target: models.churn, checks: [{metric: recall, seeds: [1, 2], max_std: 1}]", ["MS507 one"]),
        ("kind: calibration, target: models.churn, checks: [{metric: ece, max: 0.1}]", ["MS507 one"]),
        ("kind: residuals, target: models.churn, checks: [{test: bias, max: 0.1}]", ["MS507 one"]),
        ("kind: champion, target: models.churn, no_reference: pass, checks: [{metric: recall}]", ["MS507 one"]),
        (f"kind: prediction_drift, target: models.churn, {ON_ROWS}", ["MS507 one"]),
        (f"kind: prediction_drift, target: models.churn, data: datasets.unlabelled, {ON_ROWS}", []),
        (f"kind: target_drift, target: datasets.customers, {ON_ROWS}", []),
        (f"kind: target_drift, target: datasets.unlabelled, {ON_ROWS}", ["MS507 datasets.unlabelled"]),
        (f"kind: target_drift, target: datasets.unlabelled, label: plan, {ON_ROWS}", []),
        ("kind: missing, target: datasets.unlabelled, checks: [{max_share: 0}]", []),
    ],
)
def test_what_each_kind_of_gate_needs(spoil: Spoil, gate: str, found: list[str]) -> None:
    more = [LISTED, f"{LISTED}, one"] if "models.churn" in gate else []
    if "unlabelled" in gate:
        more += ["datasets:\n", "datasets:\n  unlabelled: {source: data/customers.csv}\n"]
    assert spoil("models:\n", GATES % gate, *more) == found


def test_across_a_matrix_the_numbers_are_there_already(alter: Spoil) -> None:
    assert alter() == []
    assert alter("across: pipelines.train.evaluate", "folds: 5") == ["MS507 steady"]
