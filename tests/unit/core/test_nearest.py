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
        ("maxStd", ["max_std", "maxstd"], "max_std"),
        ("ExpectColumnToExist", ["expect_column_to_exist"], "expect_column_to_exist"),
        ("no-reference", ["no_reference", "reference"], "no_reference"),
        ("Row Count", ["row_count"], "row_count"),
        ("mail_hook", ["chat_hook"], ""),
        ("run.finished", ["run.failed"], ""),
        ("prod.requests", ["live.requests"], ""),
        ("expect_column_values_to_be_positive", ["expect_column_values_to_be_of_type"], ""),
        ("steps.splt.test", ["steps.split.test", "steps.split.train"], "steps.split.test"),
        ("latency_p95", ["latency_p95_ms", "error_rate"], "latency_p95_ms"),
    ],
)
def test_the_nearest_name_or_none(written: str, known: list[str], meant: str) -> None:
    assert nearest(written, known) == meant


def test_among_very_many_names_those_of_like_length_are_compared() -> None:
    many = [f"{'x' * length}" for length in range(100, 900)]
    assert nearest("column_a", [*many, "column_b"]) == "column_b"
