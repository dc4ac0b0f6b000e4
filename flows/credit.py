"""Credit risk on the Statlog German credit table: plain typed functions, one for each step of the spec."""

import pandas as pd
from sklearn.base import ClassifierMixin
from sklearn.compose import ColumnTransformer, make_column_selector
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import average_precision_score, balanced_accuracy_score, brier_score_loss, roc_auc_score
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

LABEL = "risk"
BAD = "bad"
NOT_FOR_LEARNING = ["applicant", "age_group", "sex"]  # a key, and the groups that the fairness gate compares
YOUNG = 25  # the age up to which an applicant counts as young, as the fairness literature on these data has it


def features(train: pd.DataFrame, test: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Add what an underwriter would look at; the same rule for both tables, so nothing is learned here."""
    return {"train": _with_ratios(train), "test": _with_ratios(test)}


def fit(train: pd.DataFrame, *, learner: str, seed: int) -> Pipeline:
    """A scikit-learn pipeline from the feature table to the risk, so that serving needs no other code."""
    columns = train.drop(columns=[LABEL, *NOT_FOR_LEARNING])
    encode = ColumnTransformer(
        [
            ("words", OneHotEncoder(handle_unknown="ignore"), make_column_selector(dtype_include=["object", "string"])),
            ("numbers", StandardScaler(), make_column_selector(dtype_include=["number", "bool"])),
        ]
    )
    return make_pipeline(encode, _learner(learner, seed)).fit(columns, train[LABEL])


def evaluate(model: Pipeline, test: pd.DataFrame) -> dict[str, float]:
    """How well the model tells bad risks from good ones on rows it has not seen."""
    columns = test[list(model.feature_names_in_)]
    bad = (test[LABEL] == BAD).to_numpy()
    score = model.predict_proba(columns)[:, list(model.classes_).index(BAD)]
    return {
        "roc_auc": roc_auc_score(bad, score),
        "average_precision": average_precision_score(bad, score),
        "balanced_accuracy": balanced_accuracy_score(bad, score >= 0.5),
        "brier": brier_score_loss(bad, score),
    }


def _with_ratios(table: pd.DataFrame) -> pd.DataFrame:
    return table.assign(
        monthly_amount=table["credit_amount"] / table["duration_months"],
        age_group=table["age_years"].le(YOUNG).map({True: "young", False: "older"}),
        sex=table["personal_status"].str.startswith("female").map({True: "female", False: "male"}),
    )


def _learner(name: str, seed: int) -> ClassifierMixin:
    if name == "forest":
        return RandomForestClassifier(n_estimators=300, min_samples_leaf=3, random_state=seed)
    return LogisticRegression(C=0.3, max_iter=2000)
