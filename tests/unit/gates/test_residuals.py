"""Residual gates: each statistic agrees with the known one, and the worst segment decides."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from modelsync.core.checks import Label, ResidualCheck
from modelsync.core.verdict import Check, Outcome, Verdict
from modelsync.gates.judging import judge
from modelsync.gates.question import Question

PASS, FAIL, ERROR = Outcome.PASS, Outcome.FAIL, Outcome.ERROR
SKIPPED, OPEN = Outcome.SKIPPED, Outcome.INCONCLUSIVE


class _Says:
    """A number that stands in a column."""

    feature_names_in_ = ("said",)

    def predict(self, inputs: pd.DataFrame) -> Any:
        return inputs["said"].to_numpy()


def _judge(table: pd.DataFrame, *checks: ResidualCheck, **more: Any) -> Verdict:
    settings: dict[str, Any] = {"model": _Says(), "label": Label("y"), **more}
    return judge(Question("r", "residuals", table=table, checks=checks, **settings))


def _one(table: pd.DataFrame, check: ResidualCheck) -> Check:
    return _judge(table, check).checks[0]


def _by_id(verdict: Verdict) -> dict[str, Check]:
    return {check.id: check for check in verdict.checks}


GENERATOR = np.random.default_rng(4)
SAID = GENERATOR.normal(100, 20, 400)
PLAIN = pd.DataFrame({"said": SAID, "y": SAID + GENERATOR.normal(size=400) * 5})


def test_bias_by_hand() -> None:
    table = pd.DataFrame({"y": [1.0, 2, 3, 4, 5, 6, 7, 8]}).assign(said=lambda frame: frame["y"] - [1.0, 2] * 4)
    check = _one(table, ResidualCheck("bias", 0.5))
    spread = table["y"].std()
    assert check.value == pytest.approx(1.5 / spread)
    assert check.effect == pytest.approx(1.5)
    known = stats.ttest_1samp([1.0, 2] * 4, 0)
    assert check.p_value == pytest.approx(known.pvalue)
    ends = known.confidence_interval(0.95)
    assert check.interval == pytest.approx((ends.low / spread, ends.high / spread))
    assert check.outcome is FAIL
    assert "predictions are 1.5 too low on average" in check.note
    over = _one(table.assign(said=table["y"] + [1.0, 2] * 4), ResidualCheck("bias", 0.5))
    assert over.value == check.value
    assert over.interval == pytest.approx(check.interval)
    assert "too high" in over.note


def test_a_bias_of_nothing_has_an_interval_from_zero() -> None:
    check = _one(PLAIN, ResidualCheck("bias", 0.05))
    assert check.outcome is PASS
    assert check.interval is not None
    assert check.interval[0] == 0


@pytest.mark.parametrize("shape", ["normal", "exponential", "heavy"])
def test_skew_is_that_of_scipy(shape: str) -> None:
    noise = {
        "normal": GENERATOR.normal(size=300),
        "exponential": GENERATOR.exponential(size=300),
        "heavy": -GENERATOR.lognormal(size=300),
    }[shape]
    check = _one(pd.DataFrame({"said": SAID[:300], "y": SAID[:300] + noise}), ResidualCheck("skew", 0.5))
    assert check.effect == pytest.approx(stats.skew(noise))
    assert check.value == pytest.approx(abs(stats.skew(noise)))
    assert check.outcome is (PASS if shape == "normal" else FAIL)


def _fanned() -> pd.DataFrame:
    return PLAIN.assign(y=SAID + GENERATOR.normal(size=400) * (SAID / 10) ** 1.5 / 5)


@pytest.mark.parametrize("table", [PLAIN, _fanned()], ids=["even", "fanned"])
def test_statsmodels_says_the_same(table: pd.DataFrame) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        diagnostic = pytest.importorskip("statsmodels.stats.diagnostic")
        stattools = pytest.importorskip("statsmodels.stats.stattools")
    residuals = (table["y"] - table["said"]).to_numpy()
    statistic, p_value, *_ = diagnostic.het_breuschpagan(
        residuals, np.column_stack([np.ones(len(table)), table["said"]])
    )
    spread = _one(table, ResidualCheck("heteroscedasticity", 0.05))
    assert spread.value == pytest.approx(statistic / len(table))
    assert spread.p_value == pytest.approx(p_value)
    order = _one(table, ResidualCheck("autocorrelation", min=1.5))
    assert order.value == pytest.approx(stattools.durbin_watson(residuals))


def test_errors_that_grow_with_the_prediction() -> None:
    even, fanned = (_one(table, ResidualCheck("heteroscedasticity", 0.05)) for table in (PLAIN, _fanned()))
    assert (even.outcome, fanned.outcome) == (PASS, FAIL)
    assert "errors grow with the prediction; LM" in fanned.note


def test_a_p_value_of_many_rows_decides_nothing() -> None:
    """The pitfall of p values: with 200,000 rows an R² of 0.0004 has a p value of 1e-19, and no one need care."""
    said = GENERATOR.normal(100, 10, 200_000)
    table = pd.DataFrame({"said": said, "y": said + GENERATOR.normal(size=200_000) * (1 + (said - 100) / 700)})
    check = _one(table, ResidualCheck("heteroscedasticity", 0.01))
    assert check.p_value is not None and check.p_value < 1e-9
    assert check.value is not None and check.value < 0.001
    assert check.outcome is PASS


def test_durbin_watson_by_hand() -> None:
    """Residuals 1, -1, 1, -1 ...: each step is 2, so nearly 4; 1, 1, 1 ...: no step at all."""
    turns = pd.DataFrame({"said": 0.0, "y": [1.0, -1.0] * 10})
    assert _one(turns, ResidualCheck("autocorrelation", max=2.5)).value == pytest.approx(4 * 19 / 20)
    same = _one(turns.assign(y=1.0), ResidualCheck("autocorrelation", min=1.5))
    assert (same.value, same.effect, same.outcome) == (0.0, 1.0, FAIL)


def test_the_order_is_that_of_the_column() -> None:
    walk = np.cumsum(GENERATOR.normal(size=300))
    table = pd.DataFrame({"day": pd.date_range("2024-01-01", periods=300), "said": 0.0, "y": walk - walk.mean()})
    shuffled = table.sample(frac=1, random_state=1)
    asked = ResidualCheck("autocorrelation", min=1.5, max=2.5, order_by="day")
    low, high = _judge(shuffled, asked).checks
    assert (low.outcome, high.outcome) == (FAIL, PASS)
    assert low.value == high.value == pytest.approx(_one(table, ResidualCheck("autocorrelation", min=1)).value)
    assert [low.direction, high.direction] == [">=", "<="]
    unsorted = _one(shuffled, ResidualCheck("autocorrelation", min=1.5))
    assert (unsorted.outcome, unsorted.note) == (PASS, "in the order of the table")
    gone = shuffled.assign(day=shuffled["day"].where(shuffled["y"] > 0))
    assert "rows without it left out" in _one(gone, asked).note
    assert "no column `dya`; did you mean `day`" in _one(table, ResidualCheck("bias", 1, order_by="dya")).note


def test_the_worst_segment_decides_and_each_is_shown() -> None:
    region = np.array(["north", "south", "west", None], dtype=object)[np.arange(400) % 4]
    table = PLAIN.assign(region=region)
    table.loc[table["region"] == "south", "y"] += 8
    table.loc[table.index[:3], "region"] = "tiny"
    verdict = _judge(table, ResidualCheck("bias", 0.2), ResidualCheck("bias", 0.2, by="region", min_rows=50))
    found = _by_id(verdict)
    assert found["bias.max"].outcome is PASS  # the whole hides it
    worst = found["bias[2].max"]
    assert (worst.outcome, worst.subject, worst.n) == (FAIL, "region = south", 99)
    assert "the worst of 4 segments; predictions are" in worst.note
    assert worst.note.endswith("1 segment not judged")
    shown = found["bias[2].region.south"]
    assert (shown.value, shown.decides, shown.outcome) == (worst.value, False, PASS)
    assert found["bias[2].region.tiny"].outcome is SKIPPED
    assert found["bias[2].region.(missing)"].n == 100
    assert verdict.reason.startswith("bias in standard deviations of region = south is")
    low = _by_id(_judge(table, ResidualCheck("autocorrelation", min=0.5, max=3.5, by="region")))
    values = {id_: check.value or 0 for id_, check in low.items() if check.outcome is PASS and not check.decides}
    assert low["autocorrelation.min"].value == min(values.values())
    assert low["autocorrelation.max"].value == max(values.values())


def test_segments_that_are_all_too_small() -> None:
    table = PLAIN.assign(half=["a", "b"] * 200)
    verdict = _judge(table, ResidualCheck("bias", 0.2, by="half", min_rows=201))
    assert verdict.outcome is OPEN
    assert "no segment of half with 201 rows; 2 segments not judged" in verdict.reason


def test_what_is_not_defined() -> None:
    flat = PLAIN.assign(said=100.0)
    check = _one(flat, ResidualCheck("heteroscedasticity", 0.1))
    assert (check.outcome, check.note) == (OPEN, "the model predicts one number for all rows")
    exact = PLAIN.assign(y=SAID)
    verdict = _judge(
        exact,
        ResidualCheck("bias", 0.1),
        ResidualCheck("skew", 0.1),
        ResidualCheck("heteroscedasticity", 0.1),
        ResidualCheck("autocorrelation", min=1.5),
    )
    assert [check.outcome for check in verdict.checks] == [PASS, PASS, PASS, OPEN]
    one = _one(PLAIN.assign(y=1.0), ResidualCheck("bias", 0.1))
    assert (one.outcome, one.note) == (OPEN, "the truth is one number, so a bias has no unit")
    few = _one(PLAIN.head(7), ResidualCheck("skew", 10))
    assert few.outcome is OPEN


def test_what_cannot_be_judged(cancer: Any) -> None:
    verdict = _judge(
        PLAIN,
        ResidualCheck("bais", 0.1),
        ResidualCheck("zzzzzz", 0.1),
        ResidualCheck("bias"),
        ResidualCheck("bias", 0.1, by="regoin"),
        ResidualCheck("bias", 0.1),
    )
    assert [check.outcome for check in verdict.checks] == [ERROR] * 4 + [PASS]
    assert [check.asked for check in verdict.checks] == [0, 1, 2, 3, 4]
    assert "did you mean `bias`" in verdict.checks[0].note
    assert "there are bias, skew" in verdict.checks[1].note
    assert "neither `min` nor `max`" in verdict.checks[2].note
    assert "no column `regoin`" in verdict.checks[3].note
    label = Label("diagnosis", "malignant")
    classes = judge(
        Question(
            "r", "residuals", table=cancer.test, model=cancer.model, label=label, checks=(ResidualCheck("bias", 1),)
        )
    )
    assert classes.outcome is ERROR
    assert "predicts no numbers" in classes.reason


class _Raises(_Says):
    def predict(self, inputs: pd.DataFrame) -> Any:
        raise RuntimeError("no memory")


def test_a_model_that_raises() -> None:
    verdict = _judge(PLAIN, ResidualCheck("bias", 0.1), model=_Raises())
    assert (verdict.outcome, verdict.reason) == (ERROR, "RuntimeError: no memory")


def test_a_real_model(diabetes: Any) -> None:
    verdict = judge(
        Question(
            "r",
            "residuals",
            table=diabetes.test,
            model=diabetes.model,
            label=Label("progression"),
            checks=(
                ResidualCheck("bias", 0.2),
                ResidualCheck("skew", 1.0),
                ResidualCheck("heteroscedasticity", 0.1),
                ResidualCheck("autocorrelation", min=1.5, max=2.5),
                ResidualCheck("bias", 0.5, by="sex"),
            ),
        )
    )
    assert verdict.outcome is PASS
    assert verdict.engine.startswith("numpy ")


def test_an_unbiased_model_fails_in_one_case_of_twenty() -> None:
    """60 rows and `max: 0.1`: as measured, 45 % of unbiased models fail; with six segments nearly all do."""
    fails = {None: 0, "part": 0}
    for seed in range(100):
        table = pd.DataFrame({"said": 0.0, "y": np.random.default_rng(seed).normal(size=60), "part": np.arange(60) % 6})
        for by in fails:
            check = ResidualCheck("bias", 0.1, by=by, min_rows=10)
            fails[by] += _judge(table, check).outcome is FAIL
    assert max(fails.values()) <= 11, fails  # 5 of 100 are expected at most; more than 11 in 1 of 200 runs


def test_the_bound_of_a_bias_gives_way_to_chance_and_says_so() -> None:
    noise = GENERATOR.normal(size=60)
    table = pd.DataFrame({"said": 0.0, "y": (noise - noise.mean()) / noise.std(ddof=1) + 0.2})
    check = _one(table, ResidualCheck("bias", 0.1))
    assert check.value == pytest.approx(0.2)
    assert (check.outcome, check.bound, check.direction) == (PASS, "max", "<=")
    assert check.noise == check.threshold == pytest.approx(stats.t.isf(0.025, 59) / 60**0.5)
    assert check.note.endswith("max 0.1 raised to what an unbiased model shows on so few rows")
    far = _one(table.assign(y=table["y"] + 0.2), ResidualCheck("bias", 0.1))
    assert far.outcome is FAIL
    wide = _one(table, ResidualCheck("bias", 0.5))
    assert (wide.threshold, wide.noise, wide.outcome) == (0.5, check.noise, PASS)
    assert _one(table, ResidualCheck("bias", min=0.3)).outcome is FAIL  # a least gives way to nothing


def test_a_small_segment_that_chance_explains_does_not_hide_a_large_one_that_it_does_not() -> None:
    """The small one is farther off as measured; of the large one it is sure."""
    small, large = np.resize([-1.0, 2.0], 10), np.resize([-1.0, 1.5], 390)
    y = np.concatenate([small, large])
    table = pd.DataFrame({"said": 0.0, "y": y, "part": np.repeat(["small", "large"], [10, 390])})
    check = _one(table, ResidualCheck("bias", 0.05, by="part", min_rows=10))
    assert (check.outcome, check.subject) == (FAIL, "part = large")


def test_chance_so_loud_that_nothing_could_be_found_is_undecided() -> None:
    table = PLAIN.assign(part=["a"] * 392 + ["b"] * 8)
    table.loc[392:, "said"] += np.resize([-150.0, 160.0], 8)
    check = _one(table, ResidualCheck("bias", 0.1, by="part", min_rows=8))
    assert (check.outcome, check.subject) == (PASS, "part = a")
    alone = _one(table, ResidualCheck("bias", 0.001, by="part", min_rows=8))
    assert alone.outcome is not FAIL
    few = pd.DataFrame({"said": 0.0, "y": np.resize([100.0, -90.0], 8)})
    few["said"] = np.resize([-400.0, 390.0], 8)
    loud = _one(few, ResidualCheck("bias", 0.001))
    assert loud.noise is not None and loud.noise > 1
    assert (loud.outcome, loud.bound) == (OPEN, "max")
    assert loud.note.endswith("nothing could be found on them")
