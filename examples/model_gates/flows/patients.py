"""How diabetes progresses in a year, told by ten measurements at its beginning."""

import pandas as pd
from sklearn.ensemble import ExtraTreesClassifier
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.metrics import accuracy_score, roc_auc_score
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import StandardScaler

FEATURES = ["age", "sex", "bmi", "bp", "s1", "s2", "s3", "s4", "s5", "s6"]


def risk(train: pd.DataFrame, *, learner: str) -> Pipeline:
    """Will it get worse fast? A logistic regression, or 100 trees."""
    trees = ExtraTreesClassifier(100, min_samples_leaf=4, random_state=1)
    made = make_pipeline(StandardScaler(), trees if learner == "trees" else LogisticRegression())
    return made.fit(train[FEATURES], train["fast"])


def evaluate(model: Pipeline, test: pd.DataFrame) -> dict[str, float]:
    """The share of right answers, and how well it ranks."""
    rows = test[list(model.feature_names_in_)]
    ranked = roc_auc_score(test["fast"] == "yes", model.predict_proba(rows)[:, list(model.classes_).index("yes")])
    return {"accuracy": accuracy_score(test["fast"], model.predict(rows)), "roc_auc": ranked}


def amount(train: pd.DataFrame) -> Pipeline:
    """By how much does it get worse? The same columns, a number."""
    return make_pipeline(StandardScaler(), Ridge()).fit(train[FEATURES], train["progression"])
