"""The name that was probably meant."""

from __future__ import annotations

import pytest

from modelsync.core.nearest import nearest


@pytest.mark.parametrize(
    ("written", "known", "meant"),
    [
        ("freshnes", ["freshness", "source"], "freshness"),
        ("FRESHNESS", ["freshness"], "freshness"),
        ("to_be_not_null", ["to_be_null", "to_not_be_null"], "to_not_be_null"),
        ("zzz", ["freshness"], ""),
        ("anything", [], ""),
        ("ab", ["Ab", "ab"], "Ab"),
    ],
)
def test_the_nearest_name_or_none(written: str, known: list[str], meant: str) -> None:
    assert nearest(written, known) == meant


def test_among_very_many_names_those_of_like_length_are_compared() -> None:
    many = [f"{'x' * length}" for length in range(100, 900)]
    assert nearest("column_a", [*many, "column_b"]) == "column_b"
