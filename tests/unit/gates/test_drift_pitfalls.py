"""Every way in which a drift gate is known to go wrong elsewhere, and that this one does not."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from modelsync.core.checks import DriftCheck
from modelsync.core.verdict import Check, Outcome, Verdict
from modelsync.gates import chance
from modelsync.gates.judging import judge
from modelsync.gates.measuring import Measured
from modelsync.gates.profile import Profile
from modelsync.gates.question import Question
from tests.benchmarks import honesty_drift as honesty

PASS, FAIL, ERROR, OPEN = Outcome.PASS, Outcome.FAIL, Outcome.ERROR, Outcome.INCONCLUSIVE
NUMERIC = ("psi", "ks", "wasserstein", "jensen_shannon", "tvd")
OF_LEVELS = ("psi", "jensen_shannon", "tvd", "cramers_v", "chi2")


def _judge(reference: dict[str, Any], current: dict[str, Any], *checks: DriftCheck, **more: Any) -> Verdict:
    return judge(
        Question("d", "drift", table=pd.DataFrame(current), reference=pd.DataFrame(reference), checks=checks, **more)
    )


def _by_id(verdict: Verdict) -> dict[str, Check]:
    return {check.id: check for check in verdict.checks}


def _normal(seed: int, rows: int, mean: float = 0.0) -> Any:
    return np.random.default_rng(seed).normal(mean, 1, size=rows)


# --- p values ---------------------------------------------------------------------------------------------------------


def test_of_many_rows_p_screams_and_the_effect_decides() -> None:
    one, two = _normal(1, 1_000_000), _normal(2, 1_000_000, 0.05)
    verdict = _judge({"x": one}, {"x": two}, *(DriftCheck(test, 0.1, alpha=0.05) for test in ("psi", "ks")))
    found = _by_id(verdict)
    assert verdict.outcome is PASS
    assert found["ks.x"].p_value is not None
    assert found["ks.x"].p_value < 1e-100
    assert found["ks.x"].value == pytest.approx(0.021, abs=0.002)
    assert found["psi.x"].value == pytest.approx(0.0026, abs=0.0005)
    assert found["psi.x"].p_value == found["ks.x"].p_value
    assert found["psi.x"].effect == found["ks.x"].value


def test_above_max_and_not_significant_is_no_drift() -> None:
    """40 of 55 rows differ by chance that much; without `alpha` the floor says so, with it p does."""
    one, two = _normal(3, 55), _normal(4, 55, 0.35)
    check = _by_id(_judge({"x": one}, {"x": two}, DriftCheck("ks", 0.05, alpha=1e-4)))["ks.x"]
    assert check.outcome is PASS
    strict = _by_id(_judge({"x": one}, {"x": two + 3}, DriftCheck("ks", 0.05, alpha=1e-4)))["ks.x"]
    assert strict.outcome is FAIL
    assert strict.p_adjusted is not None
    assert strict.p_adjusted < 1e-4


def test_alpha_is_a_second_condition() -> None:
    """The value is above its threshold; a p that is not below alpha holds it all the same, and the note says why."""
    one, two = _normal(5, 400), _normal(6, 400, 0.4)
    without = _by_id(_judge({"x": one}, {"x": two}, DriftCheck("ks", 0.1)))["ks.x"]
    with_alpha = _by_id(_judge({"x": one}, {"x": two}, DriftCheck("ks", 0.1, alpha=1e-12)))["ks.x"]
    assert (without.outcome, with_alpha.outcome) == (FAIL, PASS)
    assert "not below 1e-12" in with_alpha.note


@pytest.mark.parametrize(("correction", "factor"), [("none", 1), ("bonferroni", 3)])
def test_p_is_corrected_over_the_columns_of_the_gate(correction: str, factor: int) -> None:
    rows = {name: _normal(seed, 500) for seed, name in enumerate("abc", 7)}
    now = {name: _normal(seed, 500, 0.1) for seed, name in enumerate("abc", 17)}
    verdict = _judge(rows, now, DriftCheck("ks", 0.1, correction=correction), DriftCheck("psi", 0.2))
    for check in verdict.checks:
        if check.statistic == "ks":
            assert check.p_value is not None
            assert check.p_adjusted == pytest.approx(min(check.p_value * factor, 1))
        else:
            assert (check.p_value, check.p_adjusted) == (None, None)


def test_two_samples_are_compared_as_two_samples() -> None:
    """Against the reference as if it were the truth, every second harmless table is called drift."""
    random = np.random.default_rng(8)
    below = 0
    for _ in range(60):
        one, two = (random.integers(0, 10, 2000).astype(str) for _ in range(2))
        found = _by_id(_judge({"x": one}, {"x": two}, DriftCheck("chi2", 0.1)))["chi2.x"]
        assert found.p_value is not None
        below += found.p_value < 0.05
    assert below <= 8


# --- chance -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("n", "m"), [(200, 200), (300, 3000), (100, 5000)])
def test_gates_on_unchanged_data_hold(n: int, m: int) -> None:
    """The short form of tests/benchmarks/honesty_drift.py."""
    count = honesty.unchanged(n, m, 20, seed=1)
    assert count.share <= honesty.ALLOWED + honesty.tolerance(honesty.ALLOWED, 20), count.by


def test_a_shift_of_half_a_deviation_is_found() -> None:
    assert honesty.shifted(1000, 12, seed=1).share == 1.0


@pytest.mark.parametrize(("name", "n", "m"), honesty.ALONE)
def test_a_small_reference_of_mostly_zeros_is_no_drift(name: str, n: int, m: int) -> None:
    """Gaps between the reference's few values are empty because it is small, and unchanged data fill them."""
    count = honesty.alone(name, n, m, 40, seed=1)
    assert count.share <= honesty.ALLOWED + honesty.tolerance(honesty.ALLOWED, 40)


def test_zeros_that_become_something_are_drift_still() -> None:
    random = np.random.default_rng(3)
    rare, often = ((random.random(5000) < share) * random.exponential(size=5000) for share in (0.03, 0.3))
    small, negative = rare[:100], np.where(random.random(5000) < 0.2, -1.0, rare)
    for current in (often, negative):
        found = _by_id(_judge({"x": small}, {"x": current}, DriftCheck("psi", 0.2)))["psi.x"]
        assert found.outcome is FAIL, found.note


# --- a column that breaks, and nothing measured -----------------------------------------------------------------------


def test_a_new_level_hides_no_other_column() -> None:
    """The spread of what chance shows as new is 1e-150 there, and its cube nothing at all."""
    random = np.random.default_rng(0)
    for rows in (6000, 8000, 10_000):
        before = {"plan": random.choice(list("abc"), rows), "x": random.normal(size=rows)}
        now = {"plan": random.choice(list("abcz"), rows, p=[0.3, 0.3, 0.3, 0.1]), "x": random.normal(9, 1, rows)}
        verdict = _judge(before, now, DriftCheck("psi", 0.2))
        found = _by_id(verdict)
        assert verdict.outcome is FAIL, verdict.reason
        assert [found[name].outcome for name in ("psi.x", "psi.plan", "new_levels.plan")] == [FAIL] * 3


@pytest.mark.parametrize("broken", ["psi.a", "missing.a"])
def test_one_column_that_breaks_is_one_error(broken: str, monkeypatch: pytest.MonkeyPatch) -> None:
    values = np.where(np.arange(300) % 10, _normal(1, 300), np.nan)
    before, now = {"a": values, "b": values}, {"a": values, "b": values + 9}
    honest = Measured.noise, chance.of_share

    def noise(self: Measured, test: str, level: float) -> float | None:
        return 1 / 0 if self.name == "a" else honest[0](self, test, level)

    def of_share(*numbers: Any) -> float:
        return 1 / 0

    if broken == "psi.a":
        monkeypatch.setattr(Measured, "noise", noise)
    else:
        monkeypatch.setattr(chance, "of_share", of_share)
    verdict = _judge(before, now, DriftCheck("psi", 0.2))
    found = _by_id(verdict)
    assert verdict.outcome is ERROR
    assert found[broken].outcome is ERROR
    assert "it can't be judged: ZeroDivisionError" in found[broken].note
    assert found["psi.b"].outcome is FAIL


@pytest.mark.parametrize(
    ("test", "before", "now"),
    [
        ("chi2", _normal(1, 300), np.append(_normal(2, 299, 10), np.nan)),
        ("chi2", np.full(300, np.nan), np.full(300, np.nan)),
        ("chi2", np.full(300, np.inf), np.full(300, np.inf)),
        ("ks", ["a", "b", None] * 100, ["a", "b", None] * 100),
    ],
)
def test_a_gate_that_measured_nothing_is_undecided(test: str, before: Any, now: Any) -> None:
    """That no value went missing is no word about drift."""
    verdict = _judge({"x": before}, {"x": now}, DriftCheck(test, 0.1))
    assert verdict.outcome is OPEN
    assert [check.outcome for check in verdict.checks] == [Outcome.SKIPPED, PASS]


def test_values_that_went_missing_are_drift_where_nothing_else_was_measured() -> None:
    verdict = _judge({"x": ["a", "b"] * 100}, {"x": [None] * 200}, DriftCheck("ks", 0.1))
    assert verdict.outcome is FAIL
    assert "missing" in verdict.reason


def test_a_share_counts_columns_that_its_statistic_skips_and_that_went_missing() -> None:
    before = {"x": _normal(1, 300), "s": ["a", "b"] * 150, "t": ["a", "b"] * 150, "u": ["a", "b"] * 150}
    now = {**before, "x": _normal(2, 300), "s": [None] * 300, "t": [None] * 300}
    verdict = _judge(before, now, DriftCheck("ks", 0.1, failing_share=0.5))
    share = _by_id(verdict)["ks.share"]
    assert (verdict.outcome, share.value, share.n) == (FAIL, 2 / 3, 3)
    assert share.note == "2 of 3: s, t"


# --- names and numbers ------------------------------------------------------------------------------------------------


def test_columns_named_by_numbers() -> None:
    frame = pd.DataFrame({0: _normal(1, 300), "a": _normal(2, 300)})
    question = Question("d", "drift", table=frame, reference=frame, checks=(DriftCheck("psi", 0.2),))
    assert judge(question).outcome is PASS
    stored = Question("d", "drift", table=frame, reference_profile=Profile.of_table(frame), checks=question.checks)
    assert [check.id for check in judge(stored).checks] == ["psi.0", "psi.a"]


def test_two_columns_of_one_name() -> None:
    frame = pd.DataFrame(np.ones((300, 2)), columns=["a", "a"])
    fine = pd.DataFrame({"a": np.ones(300)})
    check = (DriftCheck("psi", 0.2),)
    for table, reference, whose in ((frame, fine, "table"), (fine, frame, "reference")):
        verdict = judge(Question("d", "drift", table=table, reference=reference, checks=check))
        assert verdict.outcome is ERROR
        assert verdict.reason == f"the {whose} has two columns `a`: rename or drop one of them"
    stored = judge(Question("d", "drift", table=fine, reference_profile=Profile.of_table(frame), checks=check))
    assert "the reference has two columns `a`" in stored.reason


def test_integers_that_no_float_tells_apart() -> None:
    before, now = {"id": np.full(300, 2**53)}, {"id": np.full(300, 2**53 + 1)}
    as_numbers = _judge(before, now, DriftCheck("psi", 0.1))
    assert as_numbers.outcome is ERROR
    assert "it holds integers beyond 2^53" in as_numbers.reason
    assert _judge(before, now, DriftCheck("psi", 0.1), columns={"id": {"type": "category"}}).outcome is FAIL
    even = _judge({"id": 2**53 + 2 * np.arange(300)}, {"id": 2**53 + 2 * np.arange(300)}, DriftCheck("psi", 0.1))
    assert even.outcome is PASS


@pytest.mark.parametrize("test", NUMERIC)
def test_every_statistic_has_a_floor(test: str) -> None:
    one, two = _normal(9, 100), _normal(10, 100)
    alone = _by_id(_judge({"x": one}, {"x": two}, DriftCheck(test, 1e-9)))[f"{test}.x"]
    assert alone.noise is not None
    assert alone.threshold == alone.noise > 0
    assert alone.outcome is PASS
    assert "max 1e-09 raised" in alone.note
    many = {name: one for name in "abcdefgh"}
    among = _by_id(_judge(many, many, DriftCheck(test, 1e-9)))[f"{test}.a"]
    assert among.noise is not None
    assert among.noise > alone.noise, "the more is looked at, the more chance shows"


@pytest.mark.parametrize("test", OF_LEVELS)
def test_every_statistic_of_levels_has_a_floor(test: str) -> None:
    random = np.random.default_rng(11)
    one, two = (random.integers(0, 5, 120).astype(str) for _ in range(2))
    found = _by_id(_judge({"x": one}, {"x": two}, DriftCheck(test, 1e-9)))[f"{test}.x"]
    assert found.outcome is PASS
    assert found.noise is not None
    assert found.noise > 1e-3


def test_where_nothing_could_be_found_nothing_is_said() -> None:
    """Twenty columns of 50 rows: PSI of unchanged data reaches any size."""
    one = {f"c{place}": _normal(place, 50) for place in range(20)}
    two = {f"c{place}": _normal(place + 50, 50) for place in range(20)}
    verdict = _judge(one, two, DriftCheck("psi", 0.2))
    assert verdict.outcome is OPEN
    assert "nothing could be found" in verdict.reason


def test_too_few_rows_are_never_passed_silently() -> None:
    """The eight rows of iris that elsewhere are drift."""
    verdict = _judge({"x": range(100)}, {"x": range(8)}, DriftCheck("ks", 0.1))
    assert verdict.outcome is OPEN
    assert "fewer than 50 rows" in verdict.reason


# --- values that no statistic can use ---------------------------------------------------------------------------------


@pytest.mark.parametrize("test", NUMERIC)
def test_half_of_the_values_gone(test: str) -> None:
    values = _normal(12, 2000)
    verdict = _judge({"x": values}, {"x": np.where(np.arange(2000) % 2 == 0, np.nan, values)}, DriftCheck(test, 0.3))
    found = _by_id(verdict)
    assert verdict.outcome is FAIL
    assert found[f"{test}.x"].outcome is PASS
    assert found["missing.x"].outcome is FAIL
    assert found["missing.x"].n_missing == 1000


@pytest.mark.parametrize("test", NUMERIC)
def test_infinity_is_counted_and_spoils_nothing(test: str) -> None:
    values = _normal(13, 2000)
    one = values.copy()
    one[0] = np.inf
    found = _by_id(_judge({"x": values}, {"x": one}, DriftCheck(test, 0.1)))
    assert found["infinite.x"].outcome is PASS
    value = found[f"{test}.x"].value
    assert value is not None
    assert value < 0.05
    many = np.where(np.arange(2000) % 10 == 0, -np.inf, values)
    assert _by_id(_judge({"x": values}, {"x": many}, DriftCheck(test, 0.1)))["infinite.x"].outcome is FAIL


@pytest.mark.parametrize("test", NUMERIC)
def test_no_value_at_all_is_an_error_and_the_others_are_judged(test: str) -> None:
    rows = {"x": _normal(14, 100), "y": _normal(15, 100)}
    verdict = _judge(rows, {**rows, "x": np.full(100, np.nan)}, DriftCheck(test, 0.1))
    found = _by_id(verdict)
    assert verdict.outcome is ERROR
    assert found[f"{test}.x"].outcome is ERROR
    assert found[f"{test}.y"].outcome is PASS


def test_empty_tables_are_errors() -> None:
    full: dict[str, Any] = {"x": [1.0]}
    empty: dict[str, Any] = {"x": []}
    assert _judge(full, empty, DriftCheck("ks", 0.1)).outcome is ERROR
    assert _judge(empty, full, DriftCheck("ks", 0.1)).outcome is ERROR


@pytest.mark.parametrize(("here", "there", "expected"), [("x", "y", ERROR), ("y", "x", ERROR)])
def test_a_column_on_one_side_only(here: str, there: str, expected: Outcome) -> None:
    rows = _normal(16, 100)
    verdict = _judge({there: rows}, {here: rows}, DriftCheck("ks", 0.1, ("x",)))
    assert verdict.outcome is expected
    assert "no such column" in verdict.reason


@pytest.mark.parametrize("test", NUMERIC)
def test_a_column_that_breaks_everything_breaks_itself_only(test: str) -> None:
    rows = {"x": [1e200, -1e200] * 50, "y": _normal(20, 100)}
    verdict = _judge(rows, rows, DriftCheck(test, 0.1))
    found = _by_id(verdict)
    assert verdict.outcome is ERROR
    assert "it can't be compared" in found[f"{test}.x"].note
    assert found[f"{test}.y"].outcome is PASS


def test_a_deviation_that_no_number_holds_is_an_error() -> None:
    tiny = _normal(21, 100) * 1e-300
    assert _judge({"x": tiny}, {"x": tiny * 2}, DriftCheck("wasserstein", 0.1)).outcome is ERROR


# --- constants --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("test", NUMERIC)
@pytest.mark.parametrize(("now", "expected"), [(5.0, PASS), (5.001, FAIL), (1e9, FAIL)])
def test_a_constant_is_decided_by_equality(test: str, now: float, expected: Outcome) -> None:
    verdict = _judge({"x": [5.0] * 2000}, {"x": [now] * 2000}, DriftCheck(test, 0.1))
    found = _by_id(verdict)
    assert verdict.outcome is expected
    assert found["constant.x"].outcome is expected
    assert found["constant.x"].value == float(expected is FAIL)
    assert "constant 5.0 in the reference" in found["constant.x"].note
    value = found[f"{test}.x"].value
    assert value is None or value < 30, "nothing is divided by zero"


def test_a_constant_of_a_small_sample_may_have_been_chance() -> None:
    """The reference showed no 1 in 100 rows, and 12 of 2,000 have one: that is what chance gives."""
    verdict = _judge({"x": [0] * 100}, {"x": [0] * 1988 + [1] * 12}, DriftCheck("ks", 0.1))
    assert verdict.outcome is PASS
    assert _judge({"x": [0] * 100}, {"x": [0] * 1600 + [1] * 400}, DriftCheck("tvd", 0.5)).outcome is FAIL


def test_a_constant_level() -> None:
    found = _by_id(_judge({"x": ["a"] * 500}, {"x": ["a"] * 400 + ["b"] * 100}, DriftCheck("tvd", 0.5)))
    assert found["constant.x"].outcome is FAIL
    assert "new_levels.x" not in found, "one finding for one thing"


# --- levels -----------------------------------------------------------------------------------------------------------


def test_new_levels_are_a_check_of_their_own() -> None:
    reference = ["a"] * 1000 + ["b"] * 1000
    few = _by_id(_judge({"x": reference}, {"x": reference[20:] + ["new"] * 20}, DriftCheck("tvd", 0.2)))
    many = _by_id(
        _judge({"x": reference}, {"x": reference[300:] + ["new"] * 200 + ["other"] * 100}, DriftCheck("tvd", 0.2))
    )
    assert few["new_levels.x"].outcome is PASS
    assert few["new_levels.x"].value == pytest.approx(0.01)
    assert many["new_levels.x"].outcome is FAIL
    assert many["new_levels.x"].note == "2 new levels (15.0%): new, other"
    assert many["new_levels.x"].threshold == 0.05
    assert many["tvd.x"].outcome is PASS


def test_of_many_rare_levels_new_ones_are_no_drift() -> None:
    """A third of the rows has a word that 300 other rows of the same source do not show."""
    random = np.random.default_rng(17)
    shares = 1 / np.arange(1, 1001)
    one, two = (random.choice(1000, 300, p=shares / shares.sum()).astype(str) for _ in range(2))
    columns = {"x": {"type": "category"}}
    verdict = _judge({"x": one}, {"x": two}, *(DriftCheck(test, 0.1) for test in OF_LEVELS), columns=columns)
    found = _by_id(verdict)
    assert verdict.outcome is PASS
    assert found["new_levels.x"].value is not None
    assert found["new_levels.x"].value > 0.2


def test_vanished_levels_are_shown() -> None:
    found = _by_id(_judge({"x": ["a", "b"] * 500 + ["c"] * 9}, {"x": ["a", "b"] * 500}, DriftCheck("tvd", 0.2)))
    assert "1 level vanished: c" in found["tvd.x"].note
    assert found["tvd.x"].outcome is PASS


def test_levels_that_are_empty_on_both_sides() -> None:
    """Categories without a row make chi-square divide by zero elsewhere."""
    values = pd.Categorical(["a", "b"] * 100, categories=["a", "b", "never", "ever"])
    verdict = _judge({"x": values}, {"x": values}, *(DriftCheck(test, 0.1) for test in OF_LEVELS))
    assert verdict.outcome is PASS
    assert {check.bins for check in verdict.checks} == {2}


def test_the_share_of_an_empty_bin_is_fixed_and_told() -> None:
    """It decides how large PSI is: 13.8, 18.4 or 27.6 for 1e-3, 1e-4, 1e-6."""
    verdict = _judge({"x": ["a"] * 500 + ["b"]}, {"x": ["c"] * 500 + ["b"]}, DriftCheck("psi", 0.1))
    assert verdict.params["epsilon"] == 1e-6
    value = _by_id(verdict)["psi.x"].value
    assert value is not None
    assert value == pytest.approx(27.6 * 500 / 501, abs=0.1)


# --- kinds ------------------------------------------------------------------------------------------------------------


def test_times_are_left_out_with_a_reason() -> None:
    days = pd.date_range("2026-01-01", periods=100)
    found = _by_id(_judge({"x": days, "y": range(100)}, {"x": days, "y": range(100)}, DriftCheck("ks", 0.1)))
    assert found["ks.x"].outcome is Outcome.SKIPPED
    assert "a time always moves on" in found["ks.x"].note


def test_codes_are_numbers_unless_the_contract_says_otherwise() -> None:
    codes = {"x": [1, 2, 3, 4] * 50}
    assert _by_id(_judge(codes, codes, DriftCheck("ks", 0.1)))["ks.x"].outcome is PASS
    declared = _judge(codes, codes, DriftCheck("chi2", 0.1), columns={"x": {"type": "category"}})
    assert declared.outcome is PASS


def test_skewed_values_are_looked_at_in_quantiles() -> None:
    """Bins of one width put nearly all rows of a lognormal column into one of them."""
    random = np.random.default_rng(0)
    one, two = random.lognormal(size=20_000), random.lognormal(0.1, 1, size=20_000)
    value = _by_id(_judge({"x": one}, {"x": two}, DriftCheck("psi", 0.2)))["psi.x"].value
    assert value == pytest.approx(0.0103, abs=0.0003)


def test_nothing_is_hidden() -> None:
    """Every check has its value, what it was compared with, its counts and which entry asked for it."""
    random = np.random.default_rng(18)
    rows = {"x": random.normal(size=300), "y": random.integers(0, 3, 300).astype(str)}
    verdict = _judge(rows, rows, DriftCheck("psi", 0.2), DriftCheck("ks", 0.1), DriftCheck("chi2", 0.1))
    for check in verdict.checks:
        if check.outcome is Outcome.SKIPPED:
            continue
        assert None not in (check.value, check.threshold, check.n, check.n_reference, check.noise, check.asked)
        assert (check.bins is None) == (check.statistic == "ks")
        assert (check.p_value is None) == (check.statistic == "psi")
        assert check.bound == "max"
    assert [check.asked for check in verdict.checks] == [0, 0, 1, 1, 2, 2]


def test_threads_change_no_digit(monkeypatch: pytest.MonkeyPatch) -> None:
    from modelsync.gates import measuring

    random = np.random.default_rng(19)
    rows = {f"n{place}": random.normal(size=3000) for place in range(6)}
    now = {name: values + 0.1 for name, values in rows.items()}
    checks = [DriftCheck(test, 0.1) for test in NUMERIC]
    alone = _judge(rows, now, *checks)
    monkeypatch.setattr(measuring, "_MANY", 0)
    for _ in range(3):
        assert _judge(rows, now, *checks).checks == alone.checks
