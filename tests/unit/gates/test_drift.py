"""Drift gates: what is drift, what is chance, and what can't be said."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from modelsync.core.checks import DriftCheck, Label, WhenAbsent
from modelsync.core.verdict import Check, Outcome, Verdict
from modelsync.gates.judging import judge
from modelsync.gates.question import Question

PASS, FAIL, ERROR = Outcome.PASS, Outcome.FAIL, Outcome.ERROR
SKIPPED, OPEN = Outcome.SKIPPED, Outcome.INCONCLUSIVE
RANDOM = np.random.default_rng(7)


def _judge(reference: dict[str, Any], current: dict[str, Any], *checks: DriftCheck, **more: Any) -> Verdict:
    return judge(
        Question("d", "drift", table=pd.DataFrame(current), reference=pd.DataFrame(reference), checks=checks, **more)
    )


def _by_id(verdict: Verdict) -> dict[str, Check]:
    found = {check.id: check for check in verdict.checks}
    assert len(found) == len(verdict.checks), "every check has an id of its own"
    return found


def test_breast_cancer(cancer: Any) -> None:
    """The values of one real column, first half against second."""
    halves = {"mean area": cancer.train["mean area"]}, {"mean area": cancer.test["mean area"]}
    found = _by_id(_judge(*halves, DriftCheck("psi", 0.2), DriftCheck("ks", 0.1), DriftCheck("wasserstein", 0.3)))
    assert found["psi.mean area"].value == pytest.approx(0.1247, abs=5e-5)
    assert found["ks.mean area"].value == pytest.approx(0.1562268, abs=1e-7)
    assert found["ks.mean area"].p_value == pytest.approx(0.0016960, abs=1e-7)
    assert found["wasserstein.mean area"].value == pytest.approx(0.2195755, abs=1e-7)
    assert [check.outcome for check in found.values()] == [PASS, FAIL, PASS]
    assert (found["ks.mean area"].n, found["ks.mean area"].n_reference) == (284, 285)


def test_a_normal_shift_by_theory() -> None:
    one, two = RANDOM.normal(size=20_000), RANDOM.normal(0.2, 1, size=20_000)
    found = _by_id(_judge({"x": one}, {"x": two}, DriftCheck("psi", 0.2)))
    assert found["psi.x"].value == pytest.approx(0.04, abs=0.008)


def test_a_tiny_shift_of_many_rows_is_no_drift() -> None:
    """p is 1e-10 and less, and nobody would call it drift: effects decide, not p values."""
    one, two = RANDOM.normal(size=200_000), RANDOM.normal(0.05, 1, size=200_000)
    verdict = _judge({"x": one}, {"x": two}, DriftCheck("ks", 0.1), DriftCheck("psi", 0.2))
    found = _by_id(verdict)
    assert verdict.outcome is PASS
    assert found["ks.x"].p_value is not None
    assert found["ks.x"].p_value < 1e-10


def test_the_threshold_of_psi_rises_where_rows_are_few() -> None:
    generator = np.random.default_rng(2)
    found = _by_id(_judge({"x": generator.normal(size=60)}, {"x": generator.normal(size=60)}, DriftCheck("psi", 0.2)))[
        "psi.x"
    ]
    assert found.value is not None
    assert found.value > 0.2
    assert found.outcome is PASS
    assert found.noise == found.threshold
    assert found.noise is not None
    assert found.noise > 16.919 * 2 / 60, "the chi-square law forgets the bins that so few rows leave empty"
    assert "max 0.2 raised" in found.note


@pytest.mark.parametrize(
    ("inconclusive", "expected"), [(WhenAbsent.HOLD, OPEN), (WhenAbsent.PASS, PASS), (WhenAbsent.FAIL, FAIL)]
)
def test_too_few_rows_are_undecided(inconclusive: WhenAbsent, expected: Outcome) -> None:
    verdict = _judge(
        {"x": range(49)},
        {"x": range(100, 200)},
        DriftCheck("ks", 0.1),
        DriftCheck("psi", 0.1),
        inconclusive=inconclusive,
    )
    assert verdict.outcome is expected
    assert "fewer than 50 rows" in verdict.reason
    assert {check.outcome for check in verdict.checks} == {OPEN}


def test_missing_values_are_drift_of_their_own() -> None:
    """The values that are left look alike, so that no statistic shows it."""
    values = RANDOM.normal(size=2000)
    half = np.where(np.arange(2000) % 2 == 0, np.nan, values)
    verdict = _judge({"x": values}, {"x": half}, DriftCheck("psi", 0.2), DriftCheck("ks", 0.1))
    found = _by_id(verdict)
    assert found["psi.x"].outcome is PASS
    assert found["missing.x"].outcome is FAIL
    assert found["missing.x"].value == 0.5
    assert verdict.outcome is FAIL
    assert "0.0% in the reference, 50.0% now" in verdict.reason


def test_a_few_more_missing_values_in_few_rows_are_chance() -> None:
    reference = [None] * 5 + [1.0, 2.0, 3.0] * 25
    current = [None] * 11 + [1.0, 2.0, 3.0] * 23
    found = _by_id(_judge({"x": reference}, {"x": current}, DriftCheck("psi", 0.2)))["missing.x"]
    assert found.value is not None
    assert found.value > 0.05
    assert found.outcome is PASS


def test_infinities_are_drift_of_their_own() -> None:
    values = RANDOM.normal(size=1000)
    found = _by_id(
        _judge({"x": values}, {"x": np.where(np.arange(1000) < 200, np.inf, values)}, DriftCheck("wasserstein", 0.5))
    )
    assert found["infinite.x"].outcome is FAIL
    assert found["wasserstein.x"].value is not None
    assert found["wasserstein.x"].value < 1


@pytest.mark.parametrize("side", ["table", "reference"])
def test_a_column_without_a_value_is_an_error(side: str) -> None:
    full, empty = {"x": RANDOM.normal(size=100)}, {"x": np.full(100, np.nan)}
    verdict = _judge(*((full, empty) if side == "table" else (empty, full)), DriftCheck("psi", 0.2))
    assert verdict.outcome is ERROR
    assert f"the {side} has no usable value" in verdict.reason


@pytest.mark.parametrize("test", ["psi", "ks", "wasserstein", "jensen_shannon", "tvd"])
def test_constants(test: str) -> None:
    same = _by_id(_judge({"x": [5.0] * 100}, {"x": [5.0] * 90}, DriftCheck(test, 0.1)))[f"{test}.x"]
    other = _by_id(_judge({"x": [5.0] * 100}, {"x": [7.0] * 90}, DriftCheck(test, 0.1)))[f"{test}.x"]
    assert (same.outcome, same.value) == (PASS, 0.0)
    assert other.outcome is FAIL
    assert "constant" in other.note


def test_a_new_level() -> None:
    reference = ["a"] * 1000 + ["b"] * 1000
    current = ["a"] * 1000 + ["b"] * 900 + ["new"] * 100
    verdict = _judge(
        {"x": reference},
        {"x": current},
        *(DriftCheck(test, 0.2) for test in ("psi", "jensen_shannon", "tvd", "cramers_v", "chi2")),
    )
    found = _by_id(verdict)
    assert found["psi.x"].outcome is FAIL
    assert "1 new level (5.0%): new" in found["psi.x"].note
    assert found["psi.x"].value == pytest.approx(0.05 * np.log(0.05 / 1e-6) + 0.05 * np.log(0.5 / 0.45), abs=1e-4)
    assert found["jensen_shannon.x"].value == pytest.approx(0.134 / np.log(2) ** 0.5, abs=0.002)  # 0.134 is in nats
    assert found["tvd.x"].value == pytest.approx(0.05)
    assert found["chi2.x"].value == found["cramers_v.x"].value
    assert found["chi2.x"].p_value is not None
    assert found["chi2.x"].p_value < 1e-6
    assert found["chi2.x"].outcome is PASS


def test_all_columns_means_every_feature() -> None:
    rows = 100
    frame = {
        "id": range(rows),
        "k": range(rows),
        "y": [0, 1] * 50,
        "z": [0, 1] * 50,
        "n": RANDOM.normal(size=rows),
        "word": ["a", "b"] * 50,
        "text": [f"t{number}" for number in range(rows)],
        "day": pd.date_range("2026-01-01", periods=rows),
    }
    columns = {"id": {"type": "int", "role": "id"}, "z": {"type": "int", "role": "label"}}
    verdict = _judge(
        frame, frame, DriftCheck("psi", 0.2), DriftCheck("ks", 0.2), label=Label("y"), columns=columns, key=("k",)
    )
    outcomes = {check.id: check.outcome for check in verdict.checks}
    assert outcomes == {
        "psi.n": PASS,
        "psi.word": PASS,
        "psi.text": SKIPPED,
        "psi.day": SKIPPED,
        "ks.n": PASS,
        "ks.word": SKIPPED,
        "ks.text": SKIPPED,
        "ks.day": SKIPPED,
    }
    assert verdict.outcome is PASS
    assert "3 of 8 checks hold" in verdict.reason


def test_columns_that_are_named_must_fit() -> None:
    rows = {"n": RANDOM.normal(size=100), "word": ["a", "b"] * 50, "day": pd.date_range("2026-01-01", periods=100)}
    verdict = _judge(
        rows,
        rows,
        DriftCheck("ks", 0.2, ("word",)),
        DriftCheck("chi2", 0.2, ("n", "wrd")),
        DriftCheck("psi", 0.2, ("day",)),
        DriftCheck("pzi", 0.2, ("n",)),
    )
    notes = {check.id: check.note for check in verdict.checks}
    assert {check.outcome for check in verdict.checks} == {ERROR}
    assert "compares numbers" in notes["ks.word"]
    assert "compares categories" in notes["chi2.n"]
    assert "did you mean `word`" in notes["chi2.wrd"]
    assert "a time" in notes["psi.day"]
    assert "did you mean `psi`" in notes["pzi.n"]


def test_free_text_is_compared_when_it_is_named() -> None:
    ids = [f"t{number}" for number in range(100)]
    assert _judge({"x": ids}, {"x": ids}, DriftCheck("tvd", 0.2, ("x",))).outcome is PASS


def test_features_say_which_columns() -> None:
    rows = {"a": RANDOM.normal(size=100), "b": RANDOM.normal(size=100)}
    verdict = _judge(rows, rows, DriftCheck("psi", 0.2), features=("a",))
    assert [check.id for check in verdict.checks] == ["psi.a"]


def test_columns_that_come_and_go() -> None:
    rows = RANDOM.normal(size=100)
    verdict = _judge({"a": rows, "old": rows}, {"a": rows, "new": rows}, DriftCheck("psi", 0.2))
    outcomes = {check.id: check.outcome for check in verdict.checks}
    assert outcomes == {"psi.a": PASS, "psi.old": ERROR, "psi.new": SKIPPED}
    assert verdict.outcome is ERROR


def _four(shifted: int) -> tuple[dict[str, Any], dict[str, Any]]:
    base = {name: RANDOM.normal(size=1000) for name in "abcd"}
    return base, {name: values + (name in "abcd"[:shifted]) * 3 for name, values in base.items()}


@pytest.mark.parametrize(("shifted", "expected"), [(0, PASS), (1, PASS), (2, FAIL)])
def test_a_share_of_columns_may_fail(shifted: int, expected: Outcome) -> None:
    verdict = _judge(*_four(shifted), DriftCheck("psi", 0.2, failing_share=0.25))
    found = _by_id(verdict)
    assert verdict.outcome is expected
    assert found["psi.share"].value == shifted / 4
    assert found["psi.a"].outcome is (FAIL if shifted else PASS)
    if expected is FAIL:
        assert verdict.reason.startswith("share of columns with psi above 0.2 is 0.5, must be <= 0.25")


def test_a_strict_check_beside_a_share_decides_for_itself() -> None:
    verdict = _judge(*_four(1), DriftCheck("psi", 0.2, failing_share=0.5), DriftCheck("psi", 0.2, columns=("a",)))
    found = _by_id(verdict)
    assert found["psi.share"].outcome is PASS
    assert found["psi[2].a"].outcome is FAIL
    assert verdict.outcome is FAIL


def test_a_moved_missing_share_counts_in_the_share_of_columns() -> None:
    base = {name: RANDOM.normal(size=1000) for name in "abcd"}
    holes = {**base, "a": np.where(np.arange(1000) % 2 == 0, np.nan, base["a"])}
    allowed = _judge(base, holes, DriftCheck("psi", 0.2, failing_share=0.25))
    assert allowed.outcome is PASS
    assert _by_id(allowed)["psi.share"].value == 0.25
    assert _judge(base, holes, DriftCheck("psi", 0.2, failing_share=0.2)).outcome is FAIL


def test_an_undecided_share() -> None:
    few = {"a": RANDOM.normal(size=30), "b": RANDOM.normal(size=30)}
    verdict = _judge(few, few, DriftCheck("psi", 0.2, failing_share=0.5))
    assert verdict.outcome is OPEN
    assert "2 undecided" in verdict.reason


def test_a_share_of_nothing() -> None:
    words = {"a": ["x", "y"] * 50}
    assert _judge(words, words, DriftCheck("ks", 0.2, failing_share=0.5)).outcome is OPEN


def test_no_check_applies() -> None:
    words = {"a": ["x", "y"] * 50}
    verdict = _judge(words, words, DriftCheck("ks", 0.2))
    assert verdict.outcome is OPEN
    assert verdict.reason == "no check could be decided"


@pytest.mark.parametrize(
    ("no_reference", "expected"), [(WhenAbsent.HOLD, OPEN), (WhenAbsent.PASS, PASS), (WhenAbsent.FAIL, FAIL)]
)
def test_without_a_reference(no_reference: WhenAbsent, expected: Outcome) -> None:
    verdict = judge(
        Question(
            "d",
            "drift",
            table=pd.DataFrame({"a": [1]}),
            checks=(DriftCheck("psi", 0.2),),
            no_reference=no_reference,
            inconclusive=WhenAbsent.PASS,  # it speaks of undecided statistics, not of this
        )
    )
    assert verdict.outcome is expected
    assert "no reference" in verdict.reason


def test_a_reference_without_rows() -> None:
    verdict = _judge({"a": []}, {"a": [1.0]}, DriftCheck("psi", 0.2))
    assert verdict.outcome is ERROR
    assert "without rows" in verdict.reason


def test_what_was_asked_is_recorded() -> None:
    rows = {"a": RANDOM.normal(size=100)}
    verdict = _judge(rows, rows, DriftCheck("psi", 0.2), DriftCheck("ks", 0.1, ("a",), 0.5))
    assert verdict.params["checks"] == [
        {"test": "psi", "max": 0.2, "columns": "all", "failing_share": 0.0},
        {"test": "ks", "max": 0.1, "columns": ["a"], "failing_share": 0.5, "correction": "bh"},
    ]
    assert (verdict.params["bins"], verdict.params["epsilon"], verdict.params["min_rows"]) == (10, 1e-6, 50)
    assert verdict.engine.startswith("numpy ")
    assert verdict.data == {"data": {"rows": 100}, "reference": {"rows": 100}}
