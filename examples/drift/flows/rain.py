"""Whether it rains in an hour, told by what the station measures."""

import pandas as pd
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import StandardScaler

FEATURES = ["temp", "humid", "pressure"]


def fit(train: pd.DataFrame) -> Pipeline:
    """A logistic regression; what was not measured counts as the median."""
    made = make_pipeline(SimpleImputer(strategy="median"), StandardScaler(), LogisticRegression())
    return made.fit(train[FEATURES], train["rain"])
