"""The formulas for many resamples give scikit-learn's own values, with weights and without."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from sklearn import metrics as sk

from modelsync.gates import weighted

GENERATOR = np.random.default_rng(5)
ROWS = 240
TRUTH = GENERATOR.random(ROWS) < 0.35
SCORES = np.clip(TRUTH * 0.3 + GENERATOR.random(ROWS) * 0.7, 0.01, 0.99).round(2)  # rounded, so that there are ties
NUMBERS = GENERATOR.normal(50, 10, ROWS)
SAID = NUMBERS + GENERATOR.normal(1, 5, ROWS)
WEIGHTS = np.vstack([np.ones(ROWS), GENERATOR.integers(0, 4, (3, ROWS))]).astype(float)
KINDS = GENERATOR.integers(0, 3, ROWS)
KINDS_SAID = np.where(GENERATOR.random(ROWS) < 0.7, KINDS, GENERATOR.integers(0, 3, ROWS))
THREE = np.column_stack([1 - SCORES, SCORES / 3, 2 * SCORES / 3])


@pytest.mark.parametrize(
    ("of", "truth", "said", "value"),
    [
        (weighted.roc_auc, TRUTH, SCORES, sk.roc_auc_score),
        (weighted.average_precision, TRUTH, SCORES, sk.average_precision_score),
        (weighted.rmse, NUMBERS, SAID, sk.root_mean_squared_error),
        (weighted.r2, NUMBERS, SAID, sk.r2_score),
        (weighted.explained_variance, NUMBERS, SAID, sk.explained_variance_score),
        (weighted.mean_of(weighted.relative_errors), NUMBERS, SAID, sk.mean_absolute_percentage_error),
        (weighted.mean_of(weighted.log_losses), KINDS, THREE, sk.log_loss),
    ],
)
def test_metrics_of_rows(of: weighted.OfRows, truth: Any, said: Any, value: Callable[..., float]) -> None:
    expected = [value(truth, said, sample_weight=row) for row in WEIGHTS]
    assert of(truth, said)(WEIGHTS) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("of", "value"),
    [(weighted.max_error, sk.max_error), (weighted.median_absolute_error, sk.median_absolute_error)],
)
def test_metrics_of_repeated_rows(of: weighted.OfRows, value: Callable[..., float]) -> None:
    repeated = [np.repeat(np.arange(ROWS), row.astype(int)) for row in WEIGHTS]
    expected = [value(NUMBERS[rows], SAID[rows]) for rows in repeated]
    assert of(NUMBERS, SAID)(WEIGHTS) == pytest.approx(expected)


def _averaged(value: Callable[..., float], average: str) -> Callable[..., float]:
    return lambda *given, **more: value(*given, average=average, zero_division=0, **more)


@pytest.mark.parametrize(
    ("of", "value"),
    [
        (weighted.accuracy, sk.accuracy_score),
        (weighted.balanced_accuracy, sk.balanced_accuracy_score),
        (weighted.matthews_corrcoef, sk.matthews_corrcoef),
        *(
            (weighted.averaged(of, average), _averaged(value, average))
            for average in ("macro", "micro", "weighted")
            for of, value in (
                (weighted.precision, sk.precision_score),
                (weighted.recall, sk.recall_score),
                (weighted.f1, sk.f1_score),
            )
        ),
    ],
)
def test_metrics_of_a_confusion(of: weighted.OfConfusion, value: Callable[..., float]) -> None:
    confusion = np.stack([sk.confusion_matrix(KINDS, KINDS_SAID, sample_weight=row) for row in WEIGHTS])
    expected = [value(KINDS, KINDS_SAID, sample_weight=row) for row in WEIGHTS]
    assert of(confusion.astype(float)) == pytest.approx(expected)


def test_nothing_to_divide_by_is_zero() -> None:
    empty = np.array([[[5.0, 0.0], [3.0, 0.0]]])
    assert weighted.precision(empty)[0].tolist() == [5 / 8, 0]
    assert weighted.matthews_corrcoef(empty).tolist() == [0]


def test_codes_are_common() -> None:
    one, two = weighted.encode(np.array(["b", "a"], dtype=object), np.array(["a", "c"], dtype=object))
    assert one.tolist() == [0, 1]
    assert two.tolist() == [1, 2]


def _spread(resampled: weighted.Resampled, truth: Any, said: Any, strata: Any, seed: int = 0) -> Any:
    return resampled(truth, [said], strata, 2000, np.random.default_rng(seed))[0]


def test_cells_and_rows_are_the_same_bootstrap() -> None:
    """Drawing the counts of alike rows or the rows themselves gives one distribution."""
    said = SCORES > 0.5
    by_cells = _spread(weighted.by_cells(weighted.accuracy), TRUTH, said, TRUTH.astype(int))
    by_rows = _spread(
        weighted.by_rows(weighted.mean_of(lambda true, prediction: (true == prediction).astype(float))),
        TRUTH,
        said,
        TRUTH.astype(int),
    )
    assert by_cells.mean() == pytest.approx(by_rows.mean(), abs=0.003)
    assert by_cells.std() == pytest.approx(by_rows.std(), rel=0.08)


def test_without_strata_the_classes_vary() -> None:
    share = weighted.by_rows(weighted.mean_of(lambda true, _: true.astype(float)))
    assert _spread(share, TRUTH, SCORES, TRUTH.astype(int)).std() == 0
    assert _spread(share, TRUTH, SCORES, None).std() > 0.01
    cells = weighted.by_cells(lambda confusion: confusion[..., 1, :].sum(axis=-1))
    assert _spread(cells, TRUTH, SCORES > 0.5, TRUTH.astype(int)).std() == 0
    assert _spread(cells, TRUTH, SCORES > 0.5, None).std() > 1


def test_one_seed_is_one_answer_and_pieces_change_nothing_but_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    resampled = weighted.by_rows(weighted.roc_auc)
    assert (_spread(resampled, TRUTH, SCORES, None) == _spread(resampled, TRUTH, SCORES, None)).all()
    assert (_spread(resampled, TRUTH, SCORES, None, 1) != _spread(resampled, TRUTH, SCORES, None, 2)).any()
    monkeypatch.setattr(weighted, "_ENTRIES", ROWS * 7)
    assert _spread(resampled, TRUTH, SCORES, None).shape == (2000,)
