"""Checks that the specs of the corpus name; never run."""

from typing import Any


def check(model: Any, data: Any, reference: Any, champion: Any, label: str, positive: Any, *, limit: int) -> bool:
    """Everything a gate can give."""
    return all(each is not None for each in (model, data, reference, champion, label, positive)) and limit > 0


def rows(data: Any) -> bool:
    """Whether there are rows."""
    return len(data) > 0
