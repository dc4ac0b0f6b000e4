"""A bank loses far more on a bad loan than it earns on a good one: most bad risks must be found."""

from typing import Any

import pandas as pd


def check(model: Any, data: pd.DataFrame, *, label: str, positive: str, floor: float, cutoff: float) -> dict[str, Any]:
    """The share of bad risks whose score reaches `cutoff` must be at least `floor`."""
    bad = data[data[label] == positive]
    score = model.predict_proba(bad[list(model.feature_names_in_)])[:, list(model.classes_).index(positive)]
    recall = float((score >= cutoff).mean())
    return {
        "passed": recall >= floor,
        "value": recall,
        "threshold": floor,
        "direction": ">=",
        "note": f"{len(bad)} bad risks, score cut at {cutoff}",
    }
