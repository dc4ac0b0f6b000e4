"""Functions that take whatever they are given; never run."""

from typing import Any


def anything(**given: Any) -> dict[str, Any]:
    """What was given."""
    return given


def blend(models: list[Any]) -> Any:
    """One model of many."""
    return models
