"""Malignant or benign, told by ten measurements of the cells."""

import pandas as pd
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import brier_score_loss, roc_auc_score
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import StandardScaler

LABEL = "diagnosis"
POSITIVE = "malignant"


def fit(train: pd.DataFrame, *, strength: float) -> Pipeline:
    """A scaled logistic regression; a larger `strength` trusts the data more."""
    columns = train.drop(columns=[LABEL, "tumour"])
    return make_pipeline(StandardScaler(), LogisticRegression(C=strength, max_iter=1000)).fit(columns, train[LABEL])


def evaluate(model: Pipeline, test: pd.DataFrame) -> dict[str, float]:
    """How well it ranks, and how far its probabilities lie from what came true."""
    score = model.predict_proba(test[list(model.feature_names_in_)])[:, list(model.classes_).index(POSITIVE)]
    malignant = (test[LABEL] == POSITIVE).to_numpy()
    return {"roc_auc": roc_auc_score(malignant, score), "brier": brier_score_loss(malignant, score)}
