"""Which iris a flower is, told by four lengths. `check` reads this file and never runs it."""

import pandas as pd
from sklearn.metrics import accuracy_score
from sklearn.neighbors import KNeighborsClassifier

LABEL = "species"


def fit(train: pd.DataFrame, *, neighbours: int) -> KNeighborsClassifier:
    """Ask the nearest `neighbours` flowers."""
    return KNeighborsClassifier(neighbours).fit(train.drop(columns=[LABEL, "flower"]), train[LABEL])


def evaluate(model: KNeighborsClassifier, test: pd.DataFrame) -> dict[str, float]:
    """The share of flowers that are named right."""
    return {"accuracy": accuracy_score(test[LABEL], model.predict(test[list(model.feature_names_in_)]))}
