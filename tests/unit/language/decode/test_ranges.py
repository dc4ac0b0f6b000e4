"""The ranges of metrics."""

from __future__ import annotations

import math
from collections.abc import Callable

import pytest

from modelsync.gates import catalogue
from modelsync.language.decode.ranges import RANGES, short
from modelsync.language.load import Loaded


def test_every_metric_has_a_range() -> None:
    assert set(RANGES) == {*catalogue.CLASSIFICATION_METRICS, *catalogue.REGRESSION_METRICS}
    assert all(low < high for low, high in RANGES.values())


def test_both_names_of_a_metric_are_one() -> None:
    assert {name: short(name) for name in catalogue.OTHER_NAMES} == catalogue.OTHER_NAMES
    assert all(short(name) == name for name in RANGES)


@pytest.mark.parametrize(
    ("bound", "help"),
    [
        ("min: 95", "write the share, `0.95`"),
        ("min: 1.5", ""),  # which of the digits is wrong can't be seen
        ("max: -0.1", ""),
        ("min: 950", ""),
        ("min: 0, max: 1", None),
    ],
)
def test_a_share_is_suggested_where_percent_are_meant(
    spoilt: Callable[..., Loaded], bound: str, help: str | None
) -> None:
    found = spoilt('min: 0.80, max: "${{ params.rate }}"', bound).diagnostics
    assert [each.help for each in found if each.code == "MS104"] == ([] if help is None else [help])


def test_what_lies_within_no_bounds_is_never_out_of_reach() -> None:
    assert RANGES["r2"] == (-math.inf, 1.0)
    assert RANGES["log_loss"] == (0.0, math.inf)
