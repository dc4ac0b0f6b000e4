"""Numbers as people read them."""

from __future__ import annotations

import math

import pytest

from modelsync.core.verdict import Outcome
from modelsync.gates.page import wording
from tests.unit.gates.page.conftest import check


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (None, ""),
        (0.0, "0"),
        (-0.02, "−0.02"),
        (1234567.0, "1,234,567"),
        (3157.6, "3,158"),
        (0.123456, "0.1235"),
        (1e-9, "1e−09"),
        (1e300, "1"),
        (math.nan, "not a number"),
        (-math.inf, "−∞"),
    ],
)
def test_numbers(value: float | None, said: str) -> None:
    found = wording.number(value)
    assert found.startswith(said) if value == 1e300 else found == said


@pytest.mark.parametrize(("value", "said"), [(0.0, "0 %"), (0.004, "0.40 %"), (0.125, "12.5 %"), (1.0, "100 %")])
def test_shares(value: float, said: str) -> None:
    assert wording.share(value) == said


def test_a_p_value_that_nobody_can_tell_from_none() -> None:
    assert wording.p_value(1e-30) == "< 0.0001"
    assert wording.p_value(0.0123) == "0.0123"


def test_a_check_in_its_own_unit() -> None:
    assert wording.bound(check()) == "≤ 0.2"
    assert wording.bound(check(threshold=None)) == ""
    assert wording.bound(check(statistic="missing share", value=0.3)) == "≤ 20.0 %"
    assert wording.bound(check(statistic="change of the missing share", value=0.3)) == "≤ 20.0 %"
    old = check(statistic="age in seconds", value=1_371_600.0, threshold=7200.0)
    assert (wording.statistic(old), wording.measured(old, old.value)) == ("age", "15.9 days")
    assert wording.bound(old) == "≤ 2 h 0 min"
    assert wording.statistic(check(statistic="unexpected share by expect_x")) == "expect_x: unexpected share"


def test_a_long_name_keeps_both_ends() -> None:
    said = wording.name("a" * 500 + "z" * 500)
    assert len(said) == wording.LONGEST_NAME
    assert said[0] + said[-1] == "az"
    assert wording.name("short") == "short"


def test_every_outcome_has_its_word_and_sign() -> None:
    assert set(wording.OUTCOMES) == set(wording.SIGNS) == set(Outcome)
