"""Differences with honest intervals: they hold the truth as often as they say, and agree with known formulas."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from sklearn.metrics import roc_auc_score

from modelsync.core.checks import Label
from modelsync.gates.comparison import Difference, compare, corrected_resampled_t, in_words
from modelsync.gates.metrics import metric
from modelsync.gates.question import GateError, Question
from modelsync.gates.scoring import Seen, see, truth


def _both(table: pd.DataFrame, label: Label, candidate: Any, champion: Any) -> tuple[Seen, Seen]:
    question = Question("g", "performance", table=table, label=label)
    rows = truth(question)
    return see(question, rows, candidate, "model"), see(question, rows, champion, "champion")


@pytest.fixture
def pair(cancer: Any) -> tuple[Seen, Seen]:
    return _both(cancer.test, Label("diagnosis", "malignant"), cancer.model, cancer.champion)


def _compare(name: str, pair: tuple[Seen, Seen], method: str, confidence: float = 0.95, seed: int = 0) -> Difference:
    return compare(metric(name), *pair, method, confidence, seed)


def test_point_is_positive_for_better(pair: tuple[Seen, Seen]) -> None:
    better = _compare("roc_auc", pair, "point")
    assert better.value == pytest.approx(metric("roc_auc").measure(pair[0]) - metric("roc_auc").measure(pair[1]))
    assert better.interval is None
    less = _compare("log_loss", pair, "point")
    assert less.value == pytest.approx(metric("log_loss").measure(pair[1]) - metric("log_loss").measure(pair[0]))
    assert less.value > 0


def test_delong_is_the_formula_written_out(pair: tuple[Seen, Seen]) -> None:
    """DeLong 1988 with every pair of a positive and a negative row compared, n * m of them."""
    found = _compare("roc_auc", pair, "delong")
    positive = pair[0].truth.is_positive
    placed = []
    for seen in pair:
        won = (seen.scores[positive][:, None] > seen.scores[~positive]) + 0.5 * (
            seen.scores[positive][:, None] == seen.scores[~positive]
        )
        placed.append((won.mean(axis=1), won.mean(axis=0)))
        assert won.mean() == pytest.approx(roc_auc_score(positive, seen.scores))
    of_positive, of_negative = (placed[0][side] - placed[1][side] for side in (0, 1))
    variance = of_positive.var(ddof=1) / positive.sum() + of_negative.var(ddof=1) / (~positive).sum()
    assert found.interval is not None
    assert (found.interval[1] - found.interval[0]) / 2 == pytest.approx(1.959964 * variance**0.5, rel=1e-5)
    assert found.p_value == pytest.approx(2 * stats.norm.sf(abs(found.value) / variance**0.5))


def test_bootstrap_and_delong_agree(pair: tuple[Seen, Seen]) -> None:
    drawn, exact = _compare("roc_auc", pair, "paired_bootstrap"), _compare("roc_auc", pair, "delong")
    assert drawn.value == pytest.approx(exact.value)
    assert drawn.interval is not None
    assert exact.interval is not None
    assert drawn.interval[1] - drawn.interval[0] == pytest.approx(exact.interval[1] - exact.interval[0], rel=0.2)
    assert "1000 stratified resamples, seed 0" in drawn.note


def test_bootstrap_and_mcnemar_agree(pair: tuple[Seen, Seen]) -> None:
    drawn, exact = _compare("accuracy", pair, "paired_bootstrap"), _compare("accuracy", pair, "mcnemar")
    assert drawn.value == pytest.approx(exact.value)
    assert drawn.interval is not None
    assert exact.interval is not None
    assert drawn.interval == pytest.approx(exact.interval, abs=0.012)
    ours, theirs = (seen.labels == seen.truth.label for seen in pair)
    won, lost = (ours & ~theirs).sum(), (theirs & ~ours).sum()
    assert exact.p_value == pytest.approx(stats.binomtest(int(won), int(won + lost)).pvalue)
    assert f"on {won} rows, only the champion on {lost}" in exact.note


def test_mcnemar_by_hand() -> None:
    """20 rows, 3 that only the candidate has right, 1 that only the champion has: shares 4/22 and 2/22."""
    table = pd.DataFrame({"y": [1] * 20, "a": [1.0] * 19 + [-1.0], "b": [-1.0] * 3 + [1.0] * 17})
    found = _compare("accuracy", _both(table, Label("y", 1), _Fixed("a"), _Fixed("b")), "mcnemar")
    assert found.value == pytest.approx(0.1)
    assert found.interval == pytest.approx((-0.1240, 0.3058), abs=1e-4)
    assert found.p_value == pytest.approx(0.625)


@pytest.mark.parametrize("method", ["paired_bootstrap", "delong"])
def test_a_model_against_itself(cancer: Any, method: str) -> None:
    both = _both(cancer.test, Label("diagnosis", "malignant"), cancer.model, cancer.model)
    found = _compare("roc_auc", both, method)
    assert (found.value, found.interval) == (0.0, (0.0, 0.0))
    if method == "delong":
        assert found.p_value == 1.0


def test_mcnemar_of_a_model_against_itself_keeps_some_doubt(cancer: Any) -> None:
    both = _both(cancer.test, Label("diagnosis", "malignant"), cancer.model, cancer.model)
    found = _compare("accuracy", both, "mcnemar")
    assert (found.value, found.p_value) == (0.0, 1.0)
    assert found.interval is not None
    assert found.interval[0] < 0 < found.interval[1]


def test_the_seed_decides(pair: tuple[Seen, Seen]) -> None:
    assert _compare("f1", pair, "paired_bootstrap") == _compare("f1", pair, "paired_bootstrap")
    assert (
        _compare("roc_auc", pair, "paired_bootstrap", seed=1).interval
        != _compare("roc_auc", pair, "paired_bootstrap", seed=2).interval
    )


def test_more_confidence_is_a_wider_interval(pair: tuple[Seen, Seen]) -> None:
    for method in ("paired_bootstrap", "delong"):
        narrow, wide = (_compare("roc_auc", pair, method, confidence).interval for confidence in (0.8, 0.99))
        assert narrow is not None
        assert wide is not None
        assert wide[0] < narrow[0] < narrow[1] < wide[1]


def test_regression(diabetes: Any) -> None:
    both = _both(diabetes.test, Label("progression"), diabetes.model, diabetes.champion)
    found = _compare("rmse", both, "paired_bootstrap")
    assert found.value > 0  # the line is better than the tree
    assert found.interval is not None
    assert found.interval[0] < found.value < found.interval[1]
    assert found.note == "1000 resamples, seed 0"


class _Fixed:
    """Scores that are simply a column of the table."""

    classes_ = (0, 1)

    def __init__(self, column: str, classes: tuple[int, int] = (0, 1)) -> None:
        self.feature_names_in_ = [column]
        self.classes_ = classes

    def predict_proba(self, inputs: pd.DataFrame) -> Any:
        positive = 1 / (1 + np.exp(-inputs.to_numpy()[:, 0]))
        parts = {1: positive, 0: 1 - positive}
        return np.column_stack([parts[value] for value in self.classes_])

    def predict(self, inputs: pd.DataFrame) -> Any:
        return (inputs.to_numpy()[:, 0] > 0).astype(int)


def _simulated(generator: np.random.Generator, rows: int = 300) -> pd.DataFrame:
    y = (np.arange(rows) % 3 == 0).astype(int)
    common = generator.normal(size=rows)
    return pd.DataFrame(
        {
            "y": y,
            "a": y * 1.2 + common + generator.normal(size=rows) * 0.7,
            "b": y * 1.2 + common + generator.normal(size=rows) * 0.7,
        }
    )


@pytest.mark.parametrize(
    ("name", "method", "trials", "least"),
    [
        ("roc_auc", "delong", 60, 0.86),
        ("accuracy", "mcnemar", 60, 0.86),
        ("brier_score_loss", "paired_bootstrap", 60, 0.86),
        ("roc_auc", "paired_bootstrap", 25, 0.83),
    ],
)
def test_intervals_hold_the_truth_as_often_as_they_say(name: str, method: str, trials: int, least: float) -> None:
    """Two equally good models: of 95 % intervals about 95 % hold 0; `least` is 3 standard errors below."""
    generator = np.random.default_rng(42)
    held = 0
    for trial in range(trials):
        both = _both(_simulated(generator), Label("y", 1), _Fixed("a"), _Fixed("b"))
        low, high = _compare(name, both, method, seed=trial).interval or (1, 0)
        held += low <= 0 <= high
    assert held / trials >= least


def test_models_that_number_their_classes_differently() -> None:
    """log_loss looks a class up by its place, which is each model's own."""
    table = _simulated(np.random.default_rng(0))
    turned = _both(table, Label("y", 1), _Fixed("a", (1, 0)), _Fixed("a"))
    assert _compare("log_loss", turned, "paired_bootstrap").interval == pytest.approx((0, 0))
    plain = _both(table, Label("y", 1), _Fixed("a"), _Fixed("b"))
    other = _both(table, Label("y", 1), _Fixed("a", (1, 0)), _Fixed("b"))
    assert _compare("log_loss", other, "paired_bootstrap").interval == pytest.approx(
        _compare("log_loss", plain, "paired_bootstrap").interval
    )


def test_a_difference_says_what_it_lies_between(pair: tuple[Seen, Seen]) -> None:
    found = _compare("roc_auc", pair, "delong")
    assert found.of == (metric("roc_auc").measure(pair[0]), metric("roc_auc").measure(pair[1]))
    assert in_words(found) == f"model {found.of[0]:.4f}, champion {found.of[1]:.4f}"
    assert in_words(Difference(0.0)) == ""


def test_the_corrected_t_test_is_wider_than_the_naive_one() -> None:
    """Trainings on overlapping rows are no independent draws: the naive interval is too narrow by far."""
    differences = np.random.default_rng(0).normal(0.01, 0.02, 20)
    naive = stats.ttest_1samp(differences, 0)
    alone = corrected_resampled_t(differences, 0.0, 0.95)
    assert alone.p_value == pytest.approx(naive.pvalue)
    assert alone.interval == pytest.approx(tuple(naive.confidence_interval(0.95)))
    corrected = corrected_resampled_t(differences, 0.25, 0.95)
    assert corrected.p_value is not None and corrected.p_value > naive.pvalue
    same = corrected_resampled_t(np.full(5, 0.1), 0.25, 0.95)
    assert same.p_value == 0.0
    assert same.interval == pytest.approx((0.1, 0.1))


def test_methods_that_do_not_apply(pair: tuple[Seen, Seen]) -> None:
    for name, method in (("f1", "delong"), ("roc_auc", "mcnemar")):
        with pytest.raises(GateError, match="use paired_bootstrap"):
            _compare(name, pair, method)
    with pytest.raises(GateError, match="`t_test` is no method"):
        _compare("f1", pair, "t_test")


def test_delong_needs_two_rows_of_each_class(cancer: Any) -> None:
    positive = cancer.test["diagnosis"] == "malignant"
    table = pd.concat([cancer.test[positive].head(1), cancer.test[~positive].head(20)])
    both = _both(table, Label("diagnosis", "malignant"), cancer.model, cancer.champion)
    with pytest.raises(GateError, match="at least two rows"):
        _compare("roc_auc", both, "delong")


@pytest.mark.parametrize("method", ["mcnemar", "mcnemar_exact"])
@pytest.mark.parametrize("rows", [4, 30])
def test_a_difference_of_shares_is_never_beyond_one(method: str, rows: int) -> None:
    """One model right in every row, the other in none: Bonett and Price's formula alone goes beyond 1."""
    table = pd.DataFrame({"y": [0, 1] * (rows // 2), "wrong": [1, 0] * (rows // 2)})
    right, wrong = _Column("y"), _Column("wrong")
    for first, second in ((right, wrong), (wrong, right)):
        interval = _compare("accuracy", _both(table, Label("y", 1), first, second), method).interval
        assert interval is not None
        assert -1 <= interval[0] < interval[1] <= 1


class _Column:
    """A model that says what stands in a column."""

    classes_ = (0, 1)

    def __init__(self, name: str) -> None:
        self.feature_names_in_ = (name,)

    def predict(self, inputs: pd.DataFrame) -> Any:
        return inputs.iloc[:, 0].to_numpy()
