"""A level that hardly occurs is learned from a handful of people: every level needs its rows."""

from typing import Any

import pandas as pd


def check(data: pd.DataFrame, *, columns: list[str], least: int) -> list[dict[str, Any]]:
    """Every value of each column must stand in at least `least` rows; one finding for each value."""
    return [
        {
            "statistic": f"rows with {column}",
            "subject": str(level),
            "value": int(rows),
            "threshold": least,
            "direction": ">=",
        }
        for column in columns
        for level, rows in data[column].value_counts().sort_index().items()
    ]
