"""Quality gates: Great Expectations decides, and what it can't decide is an error with a reason."""

from __future__ import annotations

import threading
from typing import Any

import pandas as pd
import pytest

from modelsync.core.checks import Expectation
from modelsync.core.verdict import Check, Outcome, Verdict
from modelsync.gates import quality
from modelsync.gates.judging import judge
from modelsync.gates.question import Question

PASS, FAIL, ERROR = Outcome.PASS, Outcome.FAIL, Outcome.ERROR

TABLE = pd.DataFrame(
    {
        "age": [20, 30, 40, 150],
        "plan": ["basic", "pro", None, "odd"],
        "n": pd.array([1, 2, 3, 4], dtype="Int64"),
        "empty": pd.Series([None] * 4, dtype="float64"),
    }
)


def _judge(*expectations: tuple[str, dict[str, Any]], table: pd.DataFrame | None = TABLE) -> Verdict:
    asked = tuple(Expectation(name, arguments) for name, arguments in expectations)
    return judge(Question("q", "quality", table=table, checks=asked))


def _one(name: str, table: pd.DataFrame = TABLE, **arguments: Any) -> Check:
    (check,) = _judge((name, arguments), table=table).checks
    return check


def test_results_are_matched_by_id_in_the_order_asked() -> None:
    verdict = _judge(
        ("expect_table_row_count_to_be_between", {"min_value": 10}),
        ("expect_column_values_to_be_between", {"column": "age", "max_value": 120, "mostly": 0.5}),
        ("expect_column_values_to_be_between", {"column": "age", "max_value": 120}),
        ("expect_column_mean_to_be_between", {"column": "plan", "min_value": 0}),
        ("expect_column_values_to_not_be_null", {"column": "plan"}),
        ("expect_column_to_exist", {"column": "nope"}),
    )
    assert [check.id for check in verdict.checks] == [
        "expect_table_row_count_to_be_between",
        "expect_column_values_to_be_between.age",
        "expect_column_values_to_be_between.age[2]",
        "expect_column_mean_to_be_between.plan",
        "expect_column_values_to_not_be_null.plan",
        "expect_column_to_exist.nope",
    ]
    assert [check.outcome for check in verdict.checks] == [FAIL, PASS, FAIL, ERROR, FAIL, FAIL]
    assert verdict.outcome is ERROR
    assert verdict.engine.startswith("great-expectations 1.")
    assert verdict.params["expectations"][0] == {"expect_table_row_count_to_be_between": {"min_value": 10}}


def test_a_share_of_values() -> None:
    check = _one("expect_column_values_to_be_in_set", column="plan", value_set=["basic", "pro"], mostly=0.9)
    assert check.value == pytest.approx(1 / 3)
    assert (check.threshold, check.direction) == (0.1, "<=")
    assert (check.n, check.n_missing) == (4, 1)
    assert "1 of 3 values, e.g. odd" in check.note
    null = _one("expect_column_values_to_not_be_null", column="plan", mostly=0.5)
    assert (null.outcome, null.value) == (PASS, 0.25)


def test_the_share_and_the_threshold_decide_as_the_library_does() -> None:
    for mostly in (0.0, 0.66, 0.67, 0.75, 1.0):
        check = _one("expect_column_values_to_be_between", column="age", max_value=100, mostly=mostly)
        assert check.value is not None
        assert check.threshold is not None
        assert (check.value <= check.threshold) is (check.outcome is PASS)


def test_an_observed_value() -> None:
    low = _one("expect_column_mean_to_be_between", column="age", min_value=100, max_value=200)
    assert (low.outcome, low.value, low.threshold, low.direction) == (FAIL, 60.0, 100.0, ">=")
    assert low.note == "allowed 100 to 200"
    high = _one("expect_column_max_to_be_between", column="age", min_value=0, max_value=150, strict_max=True)
    assert (high.outcome, high.value, high.threshold, high.direction) == (FAIL, 150.0, 150.0, "<")
    strict = _one("expect_column_min_to_be_between", column="age", min_value=20, strict_min=True)
    assert (strict.outcome, strict.threshold, strict.direction) == (FAIL, 20.0, ">")
    exact = _one("expect_table_row_count_to_equal", value=5)
    assert (exact.outcome, exact.value, exact.threshold, exact.direction) == (FAIL, 4.0, 5.0, "=")
    kind = _one("expect_column_values_to_be_of_type", column="n", type_="int64")
    assert (kind.outcome, kind.value) == (PASS, None)
    assert "observed int64" in kind.note


def test_sets_and_whole_tables() -> None:
    distinct = _one("expect_column_distinct_values_to_be_in_set", column="plan", value_set=["basic", "pro"])
    assert distinct.outcome is FAIL
    assert "odd" in distinct.note
    columns = _one("expect_table_columns_to_match_set", column_set=["age", "plan", "n", "empty"])
    assert columns.outcome is PASS
    missing = _one("expect_column_to_exist", column="nope")
    assert missing.note == "it does not hold"
    where = _one("expect_column_to_exist", column="plan", column_index=2)
    assert (where.outcome, where.note) == (FAIL, "it does not hold with column_index 2")
    assert _one("expect_column_to_exist", column="plan", column_index=1).outcome is PASS
    pair = _one("expect_column_pair_values_a_to_be_greater_than_b", column_A="age", column_B="n")
    assert (pair.outcome, pair.subject) == (PASS, "age, n")
    both = _one("expect_compound_columns_to_be_unique", column_list=["age", "plan"])
    assert (both.outcome, both.subject) == (PASS, "age, plan")


def test_conditions_see_every_column() -> None:
    check = _one(
        "expect_column_values_to_be_between",
        column="age",
        max_value=100,
        row_condition="n < 4",
        condition_parser="pandas",
    )
    assert check.outcome is PASS


def test_only_columns_that_are_named_go_in() -> None:
    named = Expectation("expect_column_values_to_not_be_null", {"column": "n"})
    assert list(quality._needed(TABLE, [named]).columns) == ["n"]
    rows = Expectation("expect_table_row_count_to_equal", {"value": 1})
    assert list(quality._needed(TABLE, [rows]).columns) == ["age"]


def test_a_column_without_values() -> None:
    check = _one("expect_column_values_to_be_between", column="empty", min_value=0)
    assert "every value is missing" in check.note


@pytest.mark.parametrize(
    ("name", "arguments", "said"),
    [
        ("expect_column_values_to_be_betwen", {"column": "age"}, "did you mean `expect_column_values_to_be_between`"),
        ("zzz", {}, "`zzz` is no expectation"),
        ("expect_column_values_to_not_be_null", {"column": "ages"}, "no column `ages`; did you mean `age`"),
        ("expect_column_values_to_not_be_null", {"column": "zzz"}, "no column `zzz`"),
        ("expect_column_values_to_be_between", {"column": "age", "min_value": 1, "mostly": 3}, "`mostly`: ensure this"),
        ("expect_column_values_to_be_between", {"column": "age"}, "cannot both be None"),
        ("expect_column_values_to_be_between", {"column": "age", "low": 1}, "`low`: extra fields not permitted"),
        ("expect_column_values_to_be_in_set", {"column": "age"}, "`value_set`: field required"),
        ("expect_column_values_to_not_be_null", {"column": "age", "meta": {}}, "multiple values"),
        ("expect_column_mean_to_be_between", {"column": "plan", "min_value": 1}, "reduction 'mean'"),
    ],
)
def test_what_cannot_be_decided_is_an_error(name: str, arguments: dict[str, Any], said: str) -> None:
    verdict = _judge((name, arguments))
    assert verdict.outcome is ERROR
    assert said in verdict.reason


def test_an_empty_table_keeps_no_promise() -> None:
    empty = TABLE.head(0)
    assert "no rows" in _one("expect_column_values_to_not_be_null", empty, column="age").note
    assert _one("expect_column_values_to_not_be_null", empty, column="age").outcome is ERROR
    assert _one("expect_table_row_count_to_be_between", empty, min_value=1).outcome is FAIL
    assert _one("expect_column_to_exist", empty, column="age").outcome is PASS
    assert "was given no table" in _judge(("expect_column_to_exist", {"column": "a"}), table=None).reason


def test_gates_that_judge_at_the_same_time_do_not_mix() -> None:
    outcomes: dict[int, float | None] = {}

    def run(rows: int) -> None:
        table = pd.DataFrame({"a": range(rows)})
        outcomes[rows] = _one("expect_table_row_count_to_equal", table, value=rows).value

    threads = [threading.Thread(target=run, args=(rows,)) for rows in range(1, 7)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert outcomes == {rows: float(rows) for rows in range(1, 7)}
