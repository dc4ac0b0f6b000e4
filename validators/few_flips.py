"""A new model that is no worse can still decide otherwise for many people: each of them must be told why."""

from typing import Any

import pandas as pd


def check(model: Any, champion: Any, data: pd.DataFrame, *, most: float) -> dict[str, Any]:
    """At most the share `most` of the rows may be decided otherwise than the champion decides them."""
    if champion is None:
        return {"passed": True, "note": "no champion yet, so nobody was decided about before"}
    before = champion.predict(data[list(champion.feature_names_in_)])
    now = model.predict(data[list(model.feature_names_in_)])
    flipped = float((before != now).mean())
    return {
        "value": flipped,
        "threshold": most,
        "direction": "<=",
        "note": f"{(before != now).sum()} of {len(data)} rows",
    }
