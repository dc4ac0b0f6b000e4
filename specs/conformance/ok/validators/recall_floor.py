"""The check of the whole example; never run."""

from typing import Any


def check(model: Any, data: Any, *, floor: float) -> bool:
    """Whether there is enough of everything."""
    return len(model) * floor > len(data)
