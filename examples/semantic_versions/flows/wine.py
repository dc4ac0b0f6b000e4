"""Which cultivar a wine was made from, told by its chemistry."""

import pandas as pd
from sklearn.ensemble import RandomForestClassifier
from sklearn.metrics import accuracy_score

LABEL = "cultivar"


def fit(train: pd.DataFrame, *, trees: int) -> RandomForestClassifier:
    """A forest of `trees` trees."""
    columns = train.drop(columns=[LABEL, "wine"])
    return RandomForestClassifier(n_estimators=trees, random_state=7).fit(columns, train[LABEL])


def evaluate(model: RandomForestClassifier, test: pd.DataFrame) -> dict[str, float]:
    """The share of wines whose cultivar is told right."""
    return {"accuracy": accuracy_score(test[LABEL], model.predict(test[list(model.feature_names_in_)]))}
