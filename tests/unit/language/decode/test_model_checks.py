"""The entries of `checks` about models."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from modelsync.core.checks import (
    CalibrationCheck,
    ChampionCheck,
    PerformanceCheck,
    ResidualCheck,
    StabilityCheck,
)
from modelsync.gates import catalogue, folds
from modelsync.language.decode import model_checks
from modelsync.language.load import Loaded

Spoil = Callable[..., list[str]]


@pytest.mark.parametrize(
    ("changes", "found"),
    [
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


GATE = """\
  looked:
    kind: {kind}
    target: models.churn
    data: pipelines.train.split.test
{more}    checks: [{check}]
models:
"""
LISTED = "gates: [input_drift, beats_champion, fair"


def written(kind: str, check: str) -> tuple[str, ...]:
    more = "    no_reference: pass\n" if kind in ("champion", "performance") else ""
    return "models:\n", GATE.format(kind=kind, check=check, more=more), LISTED, f"{LISTED}, looked"


@pytest.mark.parametrize(
    ("kind", "check", "found"),
    [
        (
            "performance",
            "{metric: recall, min: 0.5, decide_on: interval, confidence: 0.9}",
            PerformanceCheck("recall", 0.5, None, None, 0.0, "point", 0.9, "interval"),
        ),
        ("champion", "{metric: roc_auc}", ChampionCheck("roc_auc")),
        (
            "champion",
            "{metric: roc_auc, rule: superior, margin: 0.002, method: auto, confidence: 0.9, folds: 5, repeats: 2}",
            ChampionCheck("roc_auc", "superior", 0.002, "auto", 0.9, 5, 2),
        ),
        ("champion", "{metric: accuracy, method: mcnemar}", ChampionCheck("accuracy", method="mcnemar")),
        (
            "champion",
            "{metric: recall, method: corrected_resampled_t, folds: 2}",
            ChampionCheck("recall", method="corrected_resampled_t", folds=2),
        ),
        ("stability", "{metric: recall, folds: 5, max_std: 0.1}", StabilityCheck("recall", folds=5, max_std=0.1)),
        (
            "stability",
            "{metric: recall, folds: 5, repeats: 3, splitter: kfold, max_gap: 0.1, max_cv: 1, max_range: 0.2, max: 1}",
            StabilityCheck("recall", "", 5, 3, "kfold", max_gap=0.1, max_cv=1, max_range=0.2, max=1),
        ),
        (
            "stability",
            "{metric: recall, folds: 5, group: plan, max_std: 0.1}",
            StabilityCheck("recall", folds=5, splitter="group", group="plan", max_std=0.1),
        ),
        (
            "stability",
            "{metric: recall, folds: 5, splitter: time_series, group: tenure_days, max_std: 0.1}",
            StabilityCheck("recall", folds=5, splitter="time_series", group="tenure_days", max_std=0.1),
        ),
        ("stability", "{metric: recall, seeds: [1, 2], min: 0.1}", StabilityCheck("recall", seeds=(1, 2), min=0.1)),
        ("calibration", "{metric: ece, max: 0.05}", CalibrationCheck("ece", 0.05, 10)),
        ("calibration", "{metric: mce, max: 0.05, bins: 20}", CalibrationCheck("mce", 0.05, 20)),
        ("residuals", "{test: bias, max: 0.05}", ResidualCheck("bias", 0.05)),
        (
            "residuals",
            "{test: skew, max: 1, by: plan, min_rows: 7}",
            ResidualCheck("skew", 1, None, "plan", None, 7),
        ),
        (
            "residuals",
            "{test: autocorrelation, min: 1.5, max: 2.5, order_by: tenure_days}",
            ResidualCheck("autocorrelation", 2.5, 1.5, None, "tenure_days"),
        ),
    ],
)
def test_a_check_as_decoded(spoilt: Callable[..., Loaded], kind: str, check: str, found: object) -> None:
    loaded = spoilt(*written(kind, check))
    assert loaded.diagnostics == ()
    assert loaded.spec is not None
    assert loaded.spec.gates["looked"].checks == (found,)


@pytest.mark.parametrize(
    ("kind", "check", "found"),
    [
        ("performance", "{metric: recall, min: 0.5, confidence: 0.9}", ["MS109 confidence"]),
        ("performance", "{metric: recall, min: 0.5, decide_on: point, confidence: 0.9}", ["MS109 confidence"]),
        ("performance", "{metric: recall, versus: champion, decide_on: point}", ["MS109 decide_on"]),
        ("performance", "{metric: recall, decide_on: interval}", ["MS102 {"]),
        ("performance", "{metric: recall, min: 0.9, max: 0.5}", ["MS104 max"]),
        ("performance", "{metric: recall, min: 95}", ["MS104 95"]),
        ("performance", "{metric: roc_auc, versus: champion, min_delta: -2}", ["MS104 -2"]),
        ("champion", "{rule: superior}", ["MS102 {"]),
        ("champion", "{metric: recall, rule: guardrail}", ["MS105 guardrail"]),
        ("champion", "{metric: recall, margin: -0.1}", ["MS104 -0.1"]),
        ("champion", "{metric: recall, margin: 2}", ["MS104 2"]),
        ("champion", "{metric: recall, method: delong}", ["MS109 delong"]),
        ("champion", "{metric: roc_auc, method: mcnemar}", ["MS109 mcnemar"]),
        ("champion", "{metric: roc_auc, method: point}", ["MS105 point"]),
        ("champion", "{metric: roc_auc, method: corrected_resampled_t}", ["MS102 corrected_resampled_t"]),
        ("champion", "{metric: roc_auc, method: delong, folds: 5}", ["MS109 delong"]),
        ("champion", "{metric: roc_auc, repeats: 2}", ["MS109 repeats"]),
        ("champion", "{metric: roc_auc, folds: 1}", ["MS104 1"]),
        ("stability", "{metric: recall, folds: 5}", ["MS102 {"]),
        ("stability", "{metric: recall, max_std: 1}", ["MS102 {"]),
        ("stability", "{metric: recall, folds: 5, seeds: [1, 2], max_std: 1}", ["MS109 seeds"]),
        ("stability", "{metric: recall, folds: 1, max_std: 1}", ["MS104 1"]),
        ("stability", "{metric: recall, seeds: [1], max_std: 1}", ["MS104 ["]),
        ("stability", "{metric: recall, seeds: [], max_std: 1}", ["MS104 ["]),
        ("stability", "{metric: recall, seeds: [1, 1], max_std: 1}", ["MS109 ["]),
        ("stability", "{metric: recall, seeds: [1, 2], group: plan, max_std: 1}", ["MS109 group"]),
        ("stability", "{metric: recall, folds: 5, splitter: group, max_std: 1}", ["MS102 group"]),
        ("stability", "{metric: recall, folds: 5, splitter: kfold, group: plan, max_std: 1}", ["MS109 group"]),
        (
            "stability",
            "{metric: recall, folds: 5, repeats: 2, splitter: time_series, group: plan, max_std: 1}",
            ["MS109 repeats"],
        ),
        ("stability", "{metric: recall, folds: 5, min: 0.9, max: 0.1}", ["MS104 max"]),
        ("stability", "{metric: recall, folds: 5, min: 90}", ["MS104 90"]),
        ("calibration", "{metric: ece}", ["MS102 {"]),
        ("calibration", "{metric: brier_score, max: 0.1}", ["MS105 brier_score"]),
        ("calibration", "{metric: brier, max: 0.1, bins: 5}", ["MS109 bins"]),
        ("calibration", "{metric: ece, max: 5}", ["MS104 5"]),
        ("calibration", "{metric: ece, max: 0.5, bins: 1}", ["MS104 1"]),
        ("residuals", "{test: bias}", ["MS102 {"]),
        ("residuals", "{test: autocorrelation}", ["MS102 {"]),
        ("residuals", "{test: bias, max: 1, min: 0.5}", ["MS109 min"]),
        ("residuals", "{test: bias, max: 1, order_by: plan}", ["MS109 order_by"]),
        ("residuals", "{test: bias, max: 1, min_rows: 5}", ["MS109 min_rows"]),
        ("residuals", "{test: heteroscedasticity, max: 1.5}", ["MS104 1.5"]),
        ("residuals", "{test: autocorrelation, max: 4.5}", ["MS104 4.5"]),
        ("residuals", "{test: autocorrelation, min: 2.5, max: 1.5}", ["MS104 max"]),
        ("residuals", "{test: skewed, max: 1}", ["MS105 skewed"]),
    ],
)
def test_what_is_wrong_with_a_check(spoil: Spoil, kind: str, check: str, found: list[str]) -> None:
    assert spoil(*written(kind, check)) == found


def test_of_a_matrix_there_are_no_rows_of_training(altered: Callable[..., Loaded], alter: Spoil) -> None:
    old = "across: pipelines.train.evaluate,"
    assert alter(old, f"{old} max_gap: 0.1,") == ["MS109 max_gap"]
    assert alter(old, f"{old} folds: 5,") == ["MS109 folds"]
    assert alter(old, f"{old} repeats: 5,") == ["MS109 repeats"]
    spec = altered().spec
    assert spec is not None
    (check, *_) = spec.gates["steady"].checks
    assert isinstance(check, StabilityCheck)
    assert (check.across, check.folds, check.seeds) == ("train.evaluate", 0, ())


def test_the_gates_know_the_words_of_the_language() -> None:
    assert model_checks.METHODS == catalogue.METHODS
    assert model_checks.SPLITTERS == folds.SPLITTERS
