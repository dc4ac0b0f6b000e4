"""Who compares with the champion says what holds without one."""

from __future__ import annotations

from collections.abc import Callable

import pytest

Spoil = Callable[..., list[str]]


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        (["    reference: champion\n    no_reference: pass\n", "    reference: champion\n"], ["MS506 champion"]),
        (["    no_reference: hold\n", ""], ["MS506 champion"]),
        (["    reference: champion\n    no_reference: pass\n", "    reference: datasets.customers\n"], []),
        (
            [
                "    no_reference: hold\n",
                "",
                "      - {metric: roc_auc, versus: champion, min_delta: -0.002, method: delong, confidence: 0.9}\n",
                "",
            ],
            [],
        ),
        (["    uses: flows", "    reference: champion\n    uses: flows"], ["MS506 champion"]),
    ],
)
def test_the_good_spec_spoilt(spoil: Spoil, changes: list[str], found: list[str]) -> None:
    assert spoil(*changes) == found


GATES = """\
  one: {%s}
models:
"""
LISTED = "gates: [input_drift, beats_champion, fair"
DATA = "data: pipelines.train.split.test"
PSI = "checks: [{test: psi, max: 1}]"


@pytest.mark.parametrize(
    ("gate", "found"),
    [
        (f"kind: champion, target: models.churn, {DATA}, checks: [{{metric: recall}}]", ["MS506 champion"]),
        (
            f"kind: prediction_drift, target: models.churn, {DATA}, reference: champion, {PSI}",
            ["MS506 champion"],
        ),
        (
            "kind: target_drift, target: datasets.customers, reference: champion, checks: [{test: psi, max: 1}]",
            ["MS506 champion"],
        ),
        (
            "kind: outliers, target: datasets.customers, reference: champion, checks: [{max_share: 0}]",
            ["MS506 champion"],
        ),
        ("kind: outliers, target: datasets.customers, reference: datasets.customers, checks: [{max_share: 0}]", []),
        ("kind: outliers, target: datasets.customers, checks: [{max_share: 0}]", []),
    ],
)
def test_every_kind_that_compares_with_the_champion(spoil: Spoil, gate: str, found: list[str]) -> None:
    more = [LISTED, f"{LISTED}, one"] if "models.churn" in gate else []
    assert spoil("models:\n", GATES % gate, *more) == found
    if found:
        assert spoil("models:\n", GATES % f"no_reference: hold, {gate}", *more) == []
