"""Freshness: the newest time that has come decides; what has not come yet is a fault of its own."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import numpy as np
import pandas as pd
import pytest

from modelsync.core.checks import FreshnessCheck
from modelsync.core.verdict import Outcome, Verdict
from modelsync.gates.judging import judge
from modelsync.gates.question import Question

PASS, FAIL, ERROR = Outcome.PASS, Outcome.FAIL, Outcome.ERROR
NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
DAY = 86_400.0


def _judge(values: Any, max_age: float = DAY, now: datetime | None = NOW, column: str = "at") -> Verdict:
    table = pd.DataFrame({"at": values})
    return judge(Question("f", "freshness", table=table, checks=(FreshnessCheck(column, max_age),), now=now))


@pytest.mark.parametrize(
    ("values", "age"),
    [
        (pd.to_datetime(["2026-03-01 12:00", "2026-03-02 11:00"]), 3600),
        (pd.to_datetime(["2026-03-02 11:00"]).tz_localize("UTC"), 3600),
        (pd.to_datetime(["2026-03-02 12:00"]).tz_localize("Europe/Berlin"), 3600),
        (pd.to_datetime(["2026-03-02 11:00"]).astype("datetime64[s]"), 3600),
        (pd.to_datetime(["2026-03-02 11:00"]).astype("datetime64[ns]"), 3600),
        (["2026-03-01", "2026-03-02"], 12 * 3600),
        (["2026-03-02T11:00:00Z", None], 3600),
        (["2026-03-02T12:00:00+01:00", "2026-03-02T08:00:00.5"], 3600),
        ([date(2026, 3, 2), None], 12 * 3600),
        ([pd.NaT, pd.Timestamp("2026-03-02 11:00")], 3600),
    ],
)
def test_every_form_of_a_time(values: Any, age: float) -> None:
    verdict = _judge(values)
    assert verdict.outcome is PASS, verdict.reason
    check = verdict.checks[0]
    assert (check.value, check.threshold, check.direction) == (age, DAY, "<=")
    assert _judge(values, max_age=age).outcome is PASS
    assert _judge(values, max_age=age - 1).outcome is FAIL


def test_every_field_of_the_checks() -> None:
    verdict = _judge(pd.Series([pd.Timestamp("2026-02-27 12:00"), pd.NaT]), max_age=2 * DAY)
    age, future = verdict.checks
    assert (age.id, age.subject, age.outcome, age.n, age.n_missing, age.asked) == ("age.at", "at", FAIL, 1, 1, 0)
    assert age.note == (
        "newest 2026-02-27T12:00:00.000Z, 72 h 0 min old, at most 48 h 0 min; times without a zone are read as UTC"
    )
    assert (future.id, future.outcome, future.value, future.threshold) == ("future.at", PASS, 0, 0)
    assert verdict.params["now"] == "2026-03-02T12:00:00.000Z"


def test_times_in_the_future_do_not_make_old_data_fresh() -> None:
    verdict = _judge(pd.to_datetime(["2026-02-01", "2062-03-01", "2026-03-02 12:05"], format="ISO8601"))
    age, future = verdict.checks
    assert (age.outcome, future.outcome) == (FAIL, FAIL)
    assert age.value == 29.5 * DAY
    assert (future.value, future.note) == (2, "latest 2062-03-01T00:00:00.000Z; times without a zone are read as UTC")
    alone = _judge(pd.to_datetime(["2062-03-01"]))
    assert [check.outcome for check in alone.checks] == [ERROR, FAIL]
    assert "every time lies in the future" in alone.reason


def test_clocks_may_differ_a_little() -> None:
    verdict = _judge([NOW + timedelta(seconds=59)])
    assert verdict.outcome is PASS
    assert verdict.checks[0].value == 0
    assert _judge([NOW + timedelta(seconds=61)]).checks[1].outcome is FAIL


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ([None, None], "every time is missing"),
        ([pd.NaT, pd.NaT], "every time is missing"),
        ([1_700_000_000, 1_700_000_001], "it holds numbers; make it a datetime column"),
        (["2026-03-02", "03/02/2026"], "1 of 2 values are no ISO times, such as '03/02/2026'"),
        (["2026-03-02", "yesterday"], "such as 'yesterday'"),
        ([True, False], "it holds numbers"),
    ],
)
def test_what_is_no_time(values: Any, said: str) -> None:
    verdict = _judge(values)
    assert verdict.outcome is ERROR
    assert said in verdict.reason
    assert verdict.checks[0].asked == 0


def test_no_column_no_rows_no_clock() -> None:
    assert "no column `ats`; did you mean `at`?" in _judge([NOW], column="ats").reason
    assert _judge([]).outcome is ERROR
    assert _judge([datetime.now(UTC)], now=None).outcome is PASS
    naive = NOW.replace(tzinfo=None)
    assert _judge([NOW - timedelta(hours=1)], now=naive).checks[0].value == 3600


def test_a_million_texts_are_read_at_once() -> None:
    texts = np.datetime_as_string(np.datetime64("2026-01-01T00:00:00") + np.arange(200_000))
    verdict = _judge(texts, max_age=60 * DAY)
    assert verdict.checks[0].outcome is PASS
    assert verdict.seconds < 5


def test_two_columns_of_one_name() -> None:
    table = pd.DataFrame([[NOW, NOW]], columns=["at", "at"])
    verdict = judge(Question("g", "freshness", table=table, checks=(FreshnessCheck("at", DAY),), now=NOW))
    assert verdict.outcome is Outcome.ERROR
    assert verdict.reason == "the table has two columns `at`: rename or drop one of them"
