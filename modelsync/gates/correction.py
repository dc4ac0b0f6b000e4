"""P values of many columns together: what is left of each when all of them were looked at."""

from __future__ import annotations

from collections.abc import Callable, Mapping


def adjusted(p_values: Mapping[str, float], correction: str) -> dict[str, float]:
    """The p values by the same names, corrected: `bh` (Benjamini and Hochberg 1995), `bonferroni` or `none`."""
    return _WAYS[correction](p_values)


def _bh(p_values: Mapping[str, float]) -> dict[str, float]:
    found, least, size = {}, 1.0, len(p_values)
    for rank, name in sorted(enumerate(sorted(p_values, key=lambda name: p_values[name]), 1), reverse=True):
        least = min(least, p_values[name] * size / rank)
        found[name] = least
    return {name: found[name] for name in p_values}


def _bonferroni(p_values: Mapping[str, float]) -> dict[str, float]:
    return {name: min(p * len(p_values), 1.0) for name, p in p_values.items()}


def _none(p_values: Mapping[str, float]) -> dict[str, float]:
    return dict(p_values)


_WAYS: dict[str, Callable[[Mapping[str, float]], dict[str, float]]] = {
    "bh": _bh,
    "bonferroni": _bonferroni,
    "none": _none,
}

CORRECTIONS = tuple(_WAYS)
