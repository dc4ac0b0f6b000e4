"""Outliers: three kinds of limits, of the table or of its reference, and columns that have none."""

from __future__ import annotations

from statistics import NormalDist
from typing import Any

import numpy as np
import pandas as pd
import pytest

from modelsync.core.checks import OutlierCheck, WhenAbsent
from modelsync.core.verdict import Check, Outcome, Verdict
from modelsync.gates.judging import judge
from modelsync.gates.question import Question

PASS, FAIL, ERROR, SKIPPED, OPEN = (
    Outcome.PASS,
    Outcome.FAIL,
    Outcome.ERROR,
    Outcome.SKIPPED,
    Outcome.INCONCLUSIVE,
)
TEN = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0, 100.0]


def _judge(values: Any, *checks: OutlierCheck, reference: Any = None, **more: Any) -> Verdict:
    table = values if isinstance(values, pd.DataFrame) else pd.DataFrame({"a": values})
    before = None if reference is None else pd.DataFrame({"a": reference})
    return judge(Question("o", "outliers", table=table, reference=before, checks=checks, **more))


def _one(values: Any, method: str = "iqr", max_share: float = 0.0, reference: Any = None, **more: Any) -> Check:
    (check,) = _judge(values, OutlierCheck(max_share, ("a",), method, **more), reference=reference).checks
    return check


def test_tukeys_fences_by_hand() -> None:
    check = _one(TEN)  # quartiles 3.25 and 7.75, so the fences are -3.5 and 14.5
    assert (check.outcome, check.value, check.n, check.n_missing, check.asked) == (FAIL, 0.1, 10, 0, 0)
    assert check.note == "1 of 10 values; -3.5 to 14.5 by the table itself; furthest 100"
    assert check.id == "iqr.a"
    assert check.statistic == "share outside by iqr"
    assert _one(TEN, max_share=0.1).outcome is PASS
    assert _one(TEN, factor=21).outcome is PASS  # 7.75 + 21 * 4.5 = 102.25
    assert _one(TEN, factor=20).outcome is FAIL  # 97.75


def test_the_modified_z_score_by_hand() -> None:
    # The median is 5.5, the deviations .5 .5 1.5 1.5 2.5 2.5 3.5 3.5 4.5 94.5, their median 2.5; 0.6745 / 2.5 = .2698.
    assert "-7.473 to 18.47" in _one(TEN, "mad").note
    assert _one(TEN, "mad").value == 0.1
    assert _one(TEN, "mad", factor=25.4).outcome is FAIL  # 0.6745 * 94.5 / 2.5 = 25.496
    assert _one(TEN, "mad", factor=25.6).outcome is PASS


def test_standard_deviations_by_hand() -> None:
    values = [0.0] * 50 + [1.0] * 50 + [10.0]
    middle, spread = float(np.mean(values)), float(np.std(values, ddof=1))
    check = _one(values, "zscore")
    assert check.outcome is FAIL
    assert check.value == pytest.approx(1 / 101)
    assert f"{middle - 3 * spread:.4g} to {middle + 3 * spread:.4g}" in check.note


def test_few_values_hide_their_own_outlier_from_a_z_score() -> None:
    check = _one(TEN, "zscore")  # (10 - 1) / sqrt(10) = 2.85 standard deviations is as far as one can lie
    assert (check.outcome, check.value) == (OPEN, None)
    assert "no value of 10 can lie 3 standard deviations from their own mean" in check.note
    assert _one(TEN, "zscore", factor=2.8).outcome is FAIL
    assert _one(TEN, "zscore", reference=TEN[:9]).outcome is FAIL  # a reference does not hide what is judged


def test_limits_of_the_reference_do_not_move_with_the_table() -> None:
    reference = np.arange(100.0)
    table = reference + 200
    assert _one(table).outcome is PASS
    check = _one(table, reference=reference)
    assert (check.outcome, check.value, check.n_reference) == (FAIL, 1.0, 100)
    assert "-49.5 to 148.5 by the reference; furthest 299" in check.note


def test_missing_and_infinite_values() -> None:
    check = _one([*TEN[:9], np.nan, np.nan, np.inf])
    assert (check.value, check.n, check.n_missing) == (0.1, 10, 2)
    assert check.note.endswith("furthest inf")
    for method in ("iqr", "zscore", "mad"):  # an infinity is outside and moves no limit
        assert _one([*range(20), np.inf, -np.inf], method).value == 2 / 22
    lost = _one([np.nan, np.nan])
    assert (lost.outcome, lost.note) == (ERROR, "every value is missing")
    assert _one([1.0], reference=[np.nan]).note == "every value of the reference is missing"
    whole = pd.DataFrame({"a": pd.array([*range(9), 100, None], dtype="Int64")})
    (check,) = _judge(whole, OutlierCheck(0.0)).checks
    assert (check.value, check.n_missing) == (0.1, 1)


def test_constants() -> None:
    same = _one([7.0] * 20)
    assert (same.outcome, same.value) == (PASS, 0.0)
    assert "constant 7 in the table itself" in same.note
    moved = _one([7.0] * 19 + [8.0], reference=[7.0] * 20)
    assert (moved.outcome, moved.value) == (FAIL, 0.05)
    assert "constant 7 in the reference, every other value is outside" in moved.note


@pytest.mark.parametrize(("method", "what"), [("iqr", "interquartile range"), ("mad", "median absolute deviation")])
def test_no_range_between_the_quartiles(method: str, what: str) -> None:
    values = [0.0] * 80 + list(range(1, 21))
    check = _one(values, method)
    assert (check.outcome, check.value) == (OPEN, None)
    assert check.note == f"the {what} is 0, because most values are 0: use `method: zscore` for this column"
    table = pd.DataFrame({"a": values, "b": range(100)})
    assert [each.outcome for each in _judge(table, OutlierCheck(0.1, None, method)).checks] == [SKIPPED, PASS]
    assert _one(values, "zscore", max_share=0.1).outcome is PASS


def test_too_few_values() -> None:
    assert _one([1.0, 2.0, 3.0, 400.0]).outcome is OPEN
    assert "4 finite values set no limits" in _one([1.0, 2.0, 3.0, 400.0]).note
    assert _one([1.0, 2.0, 3.0, 400.0], reference=TEN).outcome is FAIL


def test_what_is_no_number() -> None:
    table = pd.DataFrame({"a": ["x"] * 9, "b": [True] * 9, "t": pd.Timestamp("2026-01-01"), "n": range(9)})
    every = _judge(table, OutlierCheck(0.0))
    assert [check.outcome for check in every.checks] == [SKIPPED, SKIPPED, SKIPPED, PASS]
    assert every.outcome is PASS
    for name, said in (("a", "it holds no numbers"), ("b", "it holds no numbers"), ("t", "it holds times")):
        verdict = _judge(table, OutlierCheck(0.0, (name,)))
        assert verdict.outcome is ERROR
        assert said in verdict.reason
    codes = _judge(table, OutlierCheck(0.0, ("n",)), columns={"n": {"type": "category"}})
    assert "the contract says category" in codes.reason
    text = _judge(table, OutlierCheck(0.0, ("a",)), columns={"a": {"type": "float"}})
    assert "the contract says float, the table holds text" in text.reason


def test_all_means_features() -> None:
    table = pd.DataFrame({"id": range(9), "x": range(9), "y": range(9)})
    columns = {"id": {"role": "id"}, "y": {"role": "label"}}
    assert [check.subject for check in _judge(table, OutlierCheck(0.0), columns=columns).checks] == ["x"]


@pytest.mark.parametrize(
    ("check", "said"),
    [
        (OutlierCheck(0.0, ("aa",)), "no column `aa`; did you mean `a`?"),
        (OutlierCheck(0.0, ("a",), "igr"), "`igr` is no method; known: iqr, zscore, mad; did you mean `iqr`?"),
    ],
)
def test_what_cannot_be_asked(check: OutlierCheck, said: str) -> None:
    verdict = _judge(TEN, check)
    assert verdict.outcome is ERROR
    assert said in verdict.reason


def test_references_that_do_not_fit() -> None:
    def asked(reference: pd.DataFrame) -> Verdict:
        table = pd.DataFrame({"a": TEN})
        return judge(Question("o", "outliers", table=table, reference=reference, checks=(OutlierCheck(0.0),)))

    assert "the reference has no column `a`" in asked(pd.DataFrame({"b": TEN})).reason
    assert "the reference can't be measured: it holds no numbers" in asked(pd.DataFrame({"a": ["x"]})).reason
    assert "a reference without rows" in asked(pd.DataFrame({"a": []})).reason


def test_a_reference_that_is_asked_for_and_not_there() -> None:
    verdict = _judge(TEN, OutlierCheck(0.0), asks_reference=True, no_reference=WhenAbsent.PASS)
    assert verdict.outcome is PASS
    assert "`no_reference: pass` decides" in verdict.reason
    assert _judge(TEN, OutlierCheck(0.0), asks_reference=True).outcome is FAIL


def test_a_share_that_normal_values_show_as_well_is_told() -> None:
    normal = NormalDist()
    values = [normal.inv_cdf((place + 0.5) / 50_000) for place in range(50_000)]
    check = _one(values, max_share=0.001)
    assert check.outcome is FAIL
    assert check.value == pytest.approx(0.00698, rel=0.01)
    usual = "normally distributed values show 0.70% as well"
    assert usual in check.note
    assert usual not in _one([*values, *[99.0] * 500], max_share=0.001).note
    assert _one(values, max_share=0.01).outcome is PASS
    params = _judge(values, OutlierCheck(0.01)).params
    assert params["checks"] == [{"columns": "all", "method": "iqr", "factor": 1.5, "max_share": 0.01}]
    assert params["limits"] == "table"


def test_names_of_columns() -> None:
    numbers = pd.DataFrame({0: [1.0, 2, 3, 4, 5], "a": [1.0, 2, 3, 4, 5]})
    verdict = judge(Question("g", "outliers", table=numbers, checks=(OutlierCheck(0.5),)))
    assert verdict.outcome is Outcome.PASS
    assert [check.subject for check in verdict.checks] == ["0", "a"]
    twice = judge(Question("g", "outliers", table=numbers.set_axis(["a", "a"], axis=1), checks=(OutlierCheck(0.5),)))
    assert twice.outcome is Outcome.ERROR
    assert twice.reason == "the table has two columns `a`: rename or drop one of them"
