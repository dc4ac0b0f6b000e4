"""A missed malignant tumour is the error that must not happen often."""

from typing import Any

import pandas as pd


def check(model: Any, data: pd.DataFrame, *, label: str, positive: str, most: float) -> dict[str, Any]:
    """At most the share `most` of the positive rows may be missed."""
    ill = data[data[label] == positive]
    missed = float((model.predict(ill[list(model.feature_names_in_)]) != positive).mean())
    return {"passed": missed <= most, "value": missed, "threshold": most, "direction": "<=", "note": f"{len(ill)} rows"}
