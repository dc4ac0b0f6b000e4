"""Checks of the corpus on rows alone; never run."""

from typing import Any

import pandas as pd


def count(data: Any) -> int:
    """How many rows there are, which says nothing of whether that is enough."""
    return len(data)


def perhaps(data: Any) -> bool | None:
    """Says nothing of an empty table."""
    return None if data.empty else True


async def lines(data: Any) -> list[pd.DataFrame]:
    """The rows themselves."""
    return [data]


def few(data: Any, *, most: int, columns: list[str] | None = None) -> dict[str, float | str]:
    """Whether there are few rows."""
    return {"value": len(data), "threshold": most, "direction": "<="}
