"""Expectations must exist."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from modelsync.language.load import Loaded

Spoil = Callable[..., list[str]]


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        (
            ["expect_column_values_to_not_be_null", "expect_column_values_to_be_not_null"],
            ["MS501 expect_column_values_to_be_not_null"],
        ),
        (
            ["expect_column_values_to_not_be_null: {column: tenure_days, mostly: 0.99}", "expect_zzz"],
            ["MS501 expect_zzz"],
        ),
    ],
)
def test_the_good_spec_spoilt(spoil: Spoil, changes: list[str], found: list[str]) -> None:
    assert spoil(*changes) == found


def test_the_same_words_in_another_order_are_meant_and_never_put_in_silently(spoilt: Callable[..., Loaded]) -> None:
    (found,) = spoilt("expect_column_values_to_not_be_null", "expect_column_values_to_be_not_null").diagnostics
    assert found.help == "did you mean `expect_column_values_to_not_be_null`?"
    assert found.fix is None
