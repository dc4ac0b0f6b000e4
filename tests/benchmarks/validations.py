"""How many gates a minute are judged on the credit table, through the public `judge`, kind by kind.

    python tests/benchmarks/validations.py [seconds]

A validation is one whole gate with several checks, as a spec would write it: tables and models are loaded, nothing else
is. The goal is 100 a minute for the mixture in which every kind comes once. The custom gate is a plain function in this
process; one that a spec names runs in a process of its own, which costs its start besides.
"""

from __future__ import annotations

import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pandas as pd
from sklearn.compose import make_column_selector, make_column_transformer
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.model_selection import train_test_split
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

from modelsync.core.checks import (
    CalibrationCheck,
    ChampionCheck,
    DriftCheck,
    Expectation,
    FairnessCheck,
    FreshnessCheck,
    Label,
    MissingCheck,
    OutlierCheck,
    PerformanceCheck,
    ResidualCheck,
    Slices,
    StabilityCheck,
)
from modelsync.core.verdict import Outcome
from modelsync.gates.judging import KINDS, judge
from modelsync.gates.question import Question

GOAL = 100  # a minute
TABLE = Path(__file__).parents[2] / "specs/credit/data/credit.csv"
NOW = datetime(2026, 1, 1, tzinfo=UTC)


def pipeline(learner: Any) -> Any:
    """Words as indicators, numbers scaled, then the learner."""
    words = make_column_selector(dtype_include=["object", "string"])
    numbers = make_column_selector(dtype_include=["number", "bool"])
    return make_pipeline(
        make_column_transformer((OneHotEncoder(handle_unknown="ignore"), words), (StandardScaler(), numbers)), learner
    )


def recall_floor(model: Any, data: Any, label: str, positive: Any) -> dict[str, Any]:
    """A team's own check."""
    rows = data[data[label] == positive]
    share = float((model.predict(rows[list(model.feature_names_in_)]) == positive).mean())
    return {"value": share, "threshold": 0.2, "direction": ">="}


def questions() -> dict[str, Question]:
    """One gate of each kind, on the 300 rows that are held out of 1,000 (quality, missing, outliers: on all)."""
    table = pd.read_csv(TABLE)
    table["seen"] = NOW
    table["young"] = table["age_years"].le(25)
    train, test = (
        part.reset_index(drop=True)
        for part in train_test_split(table, test_size=0.3, random_state=27, stratify=table["risk"])
    )
    features = [name for name in table.columns if name not in ("applicant", "risk", "seen", "young")]
    model = pipeline(LogisticRegression(C=0.3, max_iter=2000)).fit(train[features], train["risk"])
    champion = pipeline(RandomForestClassifier(100, min_samples_leaf=3, random_state=7)).fit(
        train[features], train["risk"]
    )
    numbers = ("duration_months", "credit_amount", "age_years")
    amount = [name for name in features if name != "credit_amount"]
    line = pipeline(LinearRegression()).fit(train[amount], train["credit_amount"])
    rows: dict[str, Any] = {"table": test, "model": model, "label": Label("risk", "bad")}
    both = {"table": test, "reference": train}
    columns = {name: {"type": "category", "role": "id"} for name in ("applicant", "seen", "young")}
    asked: dict[str, tuple[tuple[Any, ...], dict[str, Any]]] = {
        "quality": (
            (
                Expectation("expect_table_row_count_to_be_between", {"min_value": 800}),
                Expectation("expect_column_values_to_not_be_null", {"column": "credit_amount"}),
                Expectation("expect_column_values_to_be_between", {"column": "age_years", "min_value": 18}),
                Expectation("expect_column_values_to_be_unique", {"column": "applicant"}),
            ),
            {"table": table},
        ),
        "missing": ((MissingCheck(0.05),), {"table": table}),
        "outliers": ((OutlierCheck(0.2, numbers), OutlierCheck(0.2, numbers, "mad")), {"table": table}),
        "freshness": ((FreshnessCheck("seen", 86_400.0),), {"table": table, "now": NOW}),
        "drift": ((DriftCheck("psi", 0.25), DriftCheck("ks", 0.15, numbers)), {**both, "columns": columns}),
        "target_drift": ((DriftCheck("psi", 0.1),), {**both, "label": rows["label"]}),
        "prediction_drift": ((DriftCheck("psi", 0.25),), {**rows, **both}),
        "performance": (
            (PerformanceCheck("roc_auc", min=0.6), PerformanceCheck("brier_score_loss", max=0.3)),
            {**rows, "slices": Slices(("young",), 40)},
        ),
        "champion": (
            (
                ChampionCheck("roc_auc", margin=0.1),
                ChampionCheck("f1", margin=0.2),
                ChampionCheck("recall", "guardrail", 1),
            ),
            {**rows, "champion": champion},
        ),
        "stability": ((StabilityCheck("roc_auc", folds=5, max_std=0.2, min=0.5),), rows),
        "calibration": ((CalibrationCheck("ece", 0.1), CalibrationCheck("brier", 0.3)), rows),
        "residuals": (
            (ResidualCheck("bias", 0.5), ResidualCheck("skew", 5), ResidualCheck("heteroscedasticity", 0.5)),
            {"table": test, "model": line, "label": Label("credit_amount")},
        ),
        "fairness": (
            (FairnessCheck("accuracy", 0.5), FairnessCheck("equalized_odds", max_difference=0.6)),
            {**rows, "slices": Slices(("young",), 40)},
        ),
        "custom": ((), {**rows, "function": recall_floor}),
    }
    return {kind: Question(kind, kind, checks=checks, **more) for kind, (checks, more) in asked.items()}


def main(seconds: float) -> int:
    """Print validations a minute by kind and of the mixture; 1 when the mixture misses the goal or a gate breaks."""
    gates = questions()
    assert gates.keys() == KINDS.keys(), "every kind is measured"
    print(f"{'kind':18} {'outcome':13} {'first ms':>9} {'ms':>8} {'CPU ms':>8} {'a minute':>9}")
    total, broken = 0.0, 0
    for kind, question in gates.items():
        began = time.perf_counter()
        verdict = judge(question)  # with the imports that its kind needs
        first = time.perf_counter() - began
        runs, began, cpu = 0, time.perf_counter(), time.process_time()
        while runs == 0 or time.perf_counter() - began < seconds:
            judge(question)
            runs += 1
        wall, used = (time.perf_counter() - began) / runs, (time.process_time() - cpu) / runs
        total += wall
        shown = f"{1000 * first:9.0f} {1000 * wall:8.1f} {1000 * used:8.1f} {60 / wall:9.0f}"
        print(f"{kind:18} {verdict.outcome!s:13} {shown}", flush=True)
        if verdict.outcome is Outcome.ERROR:
            broken += 1
            print(f"  {verdict.reason}")
    rate = 60 * len(gates) / total
    print(f"\nmixture: {rate:.0f} validations a minute (goal {GOAL})")
    return int(rate < GOAL or broken > 0)


if __name__ == "__main__":
    sys.exit(main(float(sys.argv[1]) if len(sys.argv) > 1 else 3.0))
