"""Calibration gates: the errors by hand, the table for a diagram, and what chance alone shows on few rows."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from sklearn.calibration import calibration_curve
from sklearn.metrics import brier_score_loss

from modelsync.core.checks import CalibrationCheck, Label
from modelsync.core.verdict import Check, Outcome, Verdict
from modelsync.gates.judging import judge
from modelsync.gates.question import Question

PASS, FAIL, ERROR = Outcome.PASS, Outcome.FAIL, Outcome.ERROR


class _Says:
    """A probability that stands in a column."""

    feature_names_in_ = ("p",)
    classes_ = (0, 1)

    def predict_proba(self, inputs: pd.DataFrame) -> Any:
        p = inputs["p"].to_numpy()
        return np.column_stack([1 - p, p])


def _table(*bins: tuple[float, int, int]) -> pd.DataFrame:
    """Rows by bin: the probability, how many rows, how many of them positive."""
    parts = [pd.DataFrame({"p": p, "y": [1] * positive + [0] * (rows - positive)}) for p, rows, positive in bins]
    return pd.concat(parts, ignore_index=True)


def _judge(table: pd.DataFrame, *checks: CalibrationCheck, **more: Any) -> Verdict:
    settings: dict[str, Any] = {"model": _Says(), "label": Label("y", 1), **more}
    return judge(Question("c", "calibration", table=table, checks=checks, **settings))


def _one(table: pd.DataFrame, check: CalibrationCheck, **more: Any) -> Check:
    (found,) = _judge(table, check, **more).checks
    return found


BY_HAND = _table((0.1, 600, 120), (0.5, 300, 150), (0.9, 100, 60))
"""Gaps 0.1, 0 and 0.3: ECE 0.6 * 0.1 + 0.3 * 0 + 0.1 * 0.3 = 0.09, MCE 0.3."""


def test_the_errors_by_hand() -> None:
    verdict = _judge(BY_HAND, *(CalibrationCheck(name, 0.095) for name in ("ece", "mce", "brier")))
    ece, mce, brier = verdict.checks
    assert ece.value == pytest.approx(0.09)
    assert mce.value == pytest.approx(0.3)
    assert brier.value == pytest.approx(brier_score_loss(BY_HAND["y"], BY_HAND["p"]))
    assert [check.outcome for check in verdict.checks] == [PASS, FAIL, FAIL]
    assert [check.asked for check in verdict.checks] == [0, 1, 2]
    assert (ece.bins, ece.n, brier.bins) == (10, 1000, None)
    assert brier.interval is not None
    assert brier.interval[0] < (brier.value or 0) < brier.interval[1]
    assert "3 with rows; farthest off between 0.8 and 0.9: predicted 0.900, happened 0.600 of 100 rows" in mce.note
    assert verdict.reason.startswith("largest calibration error of a bin of the model is 0.3, must be <= 0.095")


def test_the_table_for_a_reliability_diagram(cancer: Any) -> None:
    settings = {"table": cancer.test, "model": cancer.champion, "label": Label("diagnosis", "malignant")}
    verdict = judge(Question("c", "calibration", checks=(CalibrationCheck("ece", 0.5, bins=5),), **settings))
    table = verdict.params["reliability"]
    place = list(cancer.champion.classes_).index("malignant")
    said = cancer.champion.predict_proba(cancer.test[cancer.features[:10]])[:, place]
    share, predicted = calibration_curve(cancer.test["diagnosis"] == "malignant", said, n_bins=5)
    assert [row["share_positive"] for row in table] == pytest.approx(share, abs=0.02)
    assert [row["mean_predicted"] for row in table] == pytest.approx(predicted, abs=0.02)
    assert sum(row["n"] for row in table) == len(said)
    assert [row["low"] for row in table] == pytest.approx([0, 0.2, 0.4, 0.6, 0.8])
    gaps = sum(row["n"] * abs(row["share_positive"] - row["mean_predicted"]) for row in table) / len(said)
    assert verdict.checks[0].value == pytest.approx(gaps)
    assert Verdict.from_json(verdict.to_json()) == verdict


def test_ends_and_edges_belong_to_a_bin() -> None:
    table = _table((0.0, 40, 0), (0.2, 40, 8), (1.0, 40, 40))
    verdict = _judge(table, CalibrationCheck("ece", 0.1, bins=5))
    assert [(row["low"], row["n"]) for row in verdict.params["reliability"]] == [(0.0, 80), (pytest.approx(0.8), 40)]
    assert verdict.checks[0].value == pytest.approx(0.0)


def test_few_rows_do_not_stop_a_calibrated_model() -> None:
    """The pitfall: the errors are never 0 by chance; on 100 rows a perfect model shows an ECE of 0.1."""
    generator, raised, failed = np.random.default_rng(0), 0, 0
    for seed in range(60):
        p = generator.random(100)
        table = pd.DataFrame({"p": p, "y": (generator.random(100) < p).astype(int)})
        check = _one(table, CalibrationCheck("ece", 0.05), seed=seed)
        raised += "raised from 0.05: a perfectly calibrated model shows up to" in check.note
        failed += check.outcome is FAIL
        assert check.noise is not None and check.threshold == max(0.05, check.noise)
    assert raised == 60
    assert failed <= 9  # 3 expected of 60; 10 or more once in 800 runs
    off = _one(_table((0.2, 50, 25), (0.8, 50, 25)), CalibrationCheck("ece", 0.05))
    assert off.outcome is FAIL  # and a badly calibrated one is seen all the same
    many = _one(_table(*((p, 20_000, int(20_000 * p)) for p in (0.15, 0.45, 0.75))), CalibrationCheck("ece", 0.05))
    assert many.threshold == 0.05


def test_which_class_it_is_about(wine: Any) -> None:
    one = _judge(BY_HAND.assign(y=1 - BY_HAND["y"]), CalibrationCheck("ece", 1.0))
    assert one.params["of"] == "class 1"
    settings = {"table": wine.test, "model": wine.champion}
    verdict = judge(
        Question("c", "calibration", label=Label("kind"), checks=(CalibrationCheck("mce", 1.0),), **settings)
    )
    assert verdict.params["of"] == "the class with the highest probability"
    names = list(wine.champion.feature_names_in_)
    said = wine.champion.predict_proba(wine.test[names])
    right = wine.champion.classes_[said.argmax(axis=1)] == wine.test["kind"]
    shares = [row["share_positive"] * row["n"] for row in verdict.params["reliability"]]
    assert sum(shares) == pytest.approx(right.sum())
    against = judge(
        Question("c", "calibration", label=Label("kind", "barolo"), checks=(CalibrationCheck("ece", 1.0),), **settings)
    )
    assert against.params["of"] == "class 'barolo'"


def test_what_cannot_be_judged(diabetes: Any, cancer: Any) -> None:
    number = judge(
        Question(
            "c",
            "calibration",
            table=diabetes.test,
            model=diabetes.model,
            label=Label("progression"),
            checks=(CalibrationCheck("ece", 0.1),),
        )
    )
    assert number.outcome is ERROR
    assert "gives no probabilities (`predict_proba`), which calibration is about" in number.reason
    assert "kind `residuals`" in number.reason
    table = BY_HAND
    verdict = _judge(
        table, CalibrationCheck("eec", 0.1), CalibrationCheck("zzzzzz", 0.1), CalibrationCheck("ece", 0.1, bins=0)
    )
    assert [check.outcome for check in verdict.checks] == [ERROR] * 3
    assert "did you mean `ece`" in verdict.checks[0].note
    assert "there are ece, mce, brier" in verdict.checks[1].note
    assert "at least one bin" in verdict.checks[2].note
    wild = _judge(table.assign(p=[1.5, -0.5] * 500), CalibrationCheck("ece", 0.1))
    assert "gives 1,000 rows a probability that is not between 0 and 1" in wild.reason


class _Raises(_Says):
    def predict_proba(self, inputs: pd.DataFrame) -> Any:
        raise RuntimeError("no memory")


def test_a_model_that_raises() -> None:
    verdict = _judge(BY_HAND, CalibrationCheck("ece", 0.1), model=_Raises())
    assert (verdict.outcome, verdict.reason) == (ERROR, "RuntimeError: no memory")


def test_rows_without_a_label_are_counted() -> None:
    table = BY_HAND.assign(y=BY_HAND["y"].where(BY_HAND.index >= 10))
    assert _one(table, CalibrationCheck("brier", 1.0)).n_missing == 10


@pytest.mark.parametrize(("rows", "p"), [(1, 0.5), (2, 0.6), (3, 0.6), (19, 0.9)])
@pytest.mark.parametrize("metric", ["ece", "mce", "brier"])
def test_a_handful_of_rows_proves_no_calibration(metric: str, rows: int, p: float) -> None:
    """The pitfall: none of two rows called 60 % likely happened, and chance alone shows as much."""
    check = _one(_table((p, rows, 0)), CalibrationCheck(metric, 0.05), label=Label("y"))
    assert (check.outcome, check.bound) == (Outcome.INCONCLUSIVE, "")
    assert "fewer than 20 rows" in check.note


def test_a_floor_so_high_that_nothing_could_be_found_is_undecided() -> None:
    """40 rows in 20 bins of two, each about an even chance: what chance shows is most of what there is."""
    table = _table(*((0.3 + 0.02 * place, 2, place % 3) for place in range(20)))
    loud = _one(table, CalibrationCheck("mce", 0.05, bins=50))
    assert loud.noise is not None and loud.value is not None
    assert loud.noise >= 0.5
    assert loud.value <= loud.noise
    assert (loud.outcome, loud.bound) == (Outcome.INCONCLUSIVE, "max")
    assert "so loud that nothing could be found" in loud.note
    assert _one(table, CalibrationCheck("mce", 0.9, bins=50)).outcome is PASS  # within what was asked for
    assert _one(_table((0.6, 40, 0), (0.1, 1, 1)), CalibrationCheck("ece", 0.05)).outcome is FAIL
