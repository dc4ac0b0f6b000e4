"""Real models on the data that scikit-learn brings, fitted once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import pytest
from sklearn.datasets import load_breast_cancer, load_diabetes, load_wine
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import LinearSVC
from sklearn.tree import DecisionTreeRegressor


@dataclass(frozen=True)
class Cancer:
    """Breast cancer, first half to fit on, second half to judge on; `malignant` is the positive class."""

    train: pd.DataFrame
    test: pd.DataFrame
    model: Any  # all 30 features
    champion: Any  # the first ten
    margin: Any  # decision function only

    @property
    def features(self) -> list[str]:
        return [name for name in self.train.columns if name not in ("diagnosis", "site")]


@pytest.fixture(scope="session")
def cancer() -> Cancer:
    frame = load_breast_cancer(as_frame=True).frame
    frame["diagnosis"] = frame.pop("target").map({0: "malignant", 1: "benign"})
    frame["site"] = np.array(["a", "b", None], dtype=object)[np.arange(len(frame)) % 3]
    features = [name for name in frame.columns if name not in ("diagnosis", "site")]
    train, test = frame.iloc[:285], frame.iloc[285:].reset_index(drop=True)
    truth = train["diagnosis"]
    return Cancer(
        train,
        test,
        make_pipeline(StandardScaler(), LogisticRegression(max_iter=500)).fit(train[features], truth),
        RandomForestClassifier(30, random_state=0).fit(train[features[:10]], truth),
        make_pipeline(StandardScaler(), LinearSVC()).fit(train[features], truth),
    )


@dataclass(frozen=True)
class Diabetes:
    """Diabetes progression, a regression."""

    test: pd.DataFrame
    model: Any
    champion: Any


@pytest.fixture(scope="session")
def diabetes() -> Diabetes:
    frame = load_diabetes(as_frame=True).frame.rename(columns={"target": "progression"})
    train, test = frame.iloc[:300], frame.iloc[300:].reset_index(drop=True)
    features, truth = train.drop(columns="progression"), train["progression"]
    tree = DecisionTreeRegressor(max_depth=3, random_state=0).fit(features, truth)
    return Diabetes(test, LinearRegression().fit(features, truth), tree)


@dataclass(frozen=True)
class Wine:
    """Three kinds of wine by name, a task of several classes."""

    test: pd.DataFrame
    model: Any
    champion: Any


@pytest.fixture(scope="session")
def wine() -> Wine:
    frame = load_wine(as_frame=True).frame.sample(frac=1, random_state=1).reset_index(drop=True)
    frame["kind"] = frame.pop("target").map({0: "barolo", 1: "grignolino", 2: "barbera"})
    train, test = frame.iloc[:80], frame.iloc[80:].reset_index(drop=True)
    features, truth = train.drop(columns="kind"), train["kind"]
    model = make_pipeline(StandardScaler(), LogisticRegression()).fit(features, truth)
    return Wine(test, model, RandomForestClassifier(5, max_depth=1, random_state=0).fit(features, truth))
