"""Every core expectation of Great Expectations, by its own name, held and broken once on a small table."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from modelsync.core.checks import Expectation
from modelsync.core.verdict import Outcome, Verdict
from modelsync.gates.catalogue import expectation_shapes
from modelsync.gates.judging import judge
from modelsync.gates.question import Question

TABLE = pd.DataFrame(
    {
        "n": [1.0, 2, 3, 4, 5, 6, 7, 8, 9, 10],
        "m": [0.0, 1, 2, 3, 4, 5, 6, 7, 8, 9],
        "k": list(range(10)),
        "same": list(range(10)),
        "t": ["a", "b", "a", "b", "a", "b", "a", "b", "a", "c"],
        "gap": ["x", None] * 5,
        "none": pd.Series([None] * 10, dtype="object"),
        "day": [f"2026-01-{day:02}" for day in range(1, 11)],
        "js": ['{"a": 1}'] * 10,
        "x": [10] * 10,
        "down": list(range(10, 0, -1)),
        "spike": [1.0] * 5 + [2.0] * 4 + [99.0],
    }
)
WEIGHTS = {"values": ["a", "b", "c"], "weights": [0.5, 0.4, 0.1]}
SCHEMA = {"type": "object", "required": ["a"]}

# name -> arguments that hold, arguments that do not
CASES: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "expect_column_distinct_values_to_be_in_set": (
        dict(column="t", value_set=["a", "b", "c", "d"]),
        dict(column="t", value_set=["a"]),
    ),
    "expect_column_distinct_values_to_contain_set": (
        dict(column="t", value_set=["a"]),
        dict(column="t", value_set=["z"]),
    ),
    "expect_column_distinct_values_to_equal_set": (
        dict(column="t", value_set=["a", "b", "c"]),
        dict(column="t", value_set=["a"]),
    ),
    "expect_column_kl_divergence_to_be_less_than": (
        dict(column="t", partition_object=WEIGHTS, threshold=0.1),
        dict(column="t", partition_object={"values": ["a", "b", "c"], "weights": [0.1, 0.1, 0.8]}, threshold=0.1),
    ),
    "expect_column_max_to_be_between": (dict(column="n", max_value=10), dict(column="n", max_value=9)),
    "expect_column_mean_to_be_between": (dict(column="n", min_value=5, max_value=6), dict(column="n", min_value=6)),
    "expect_column_median_to_be_between": (dict(column="n", min_value=5, max_value=6), dict(column="n", min_value=6)),
    "expect_column_min_to_be_between": (dict(column="n", min_value=1), dict(column="n", min_value=2)),
    "expect_column_most_common_value_to_be_in_set": (
        dict(column="t", value_set=["a"]),
        dict(column="t", value_set=["c"]),
    ),
    "expect_column_pair_values_a_to_be_greater_than_b": (
        dict(column_A="n", column_B="m"),
        dict(column_A="m", column_B="n"),
    ),
    "expect_column_pair_values_to_be_equal": (dict(column_A="k", column_B="same"), dict(column_A="n", column_B="m")),
    "expect_column_pair_values_to_be_in_set": (
        dict(column_A="k", column_B="same", value_pairs_set=[[i, i] for i in range(10)]),
        dict(column_A="k", column_B="same", value_pairs_set=[[0, 0]]),
    ),
    "expect_column_proportion_of_non_null_values_to_be_between": (
        dict(column="gap", min_value=0.4),
        dict(column="gap", min_value=0.6),
    ),
    "expect_column_proportion_of_unique_values_to_be_between": (
        dict(column="t", max_value=0.4),
        dict(column="t", max_value=0.2),
    ),
    "expect_column_quantile_values_to_be_between": (
        dict(column="n", quantile_ranges={"quantiles": [0.5], "value_ranges": [[4, 6]]}),
        dict(column="n", quantile_ranges={"quantiles": [0.5], "value_ranges": [[8, 9]]}),
    ),
    "expect_column_stdev_to_be_between": (dict(column="n", min_value=3, max_value=3.1), dict(column="n", max_value=1)),
    "expect_column_sum_to_be_between": (dict(column="n", min_value=55, max_value=55), dict(column="n", min_value=56)),
    "expect_column_to_exist": (dict(column="n"), dict(column="zz")),
    "expect_column_type_to_be": (dict(column="n", type_="float64"), dict(column="n", type_="int64")),
    "expect_column_unique_value_count_to_be_between": (
        dict(column="t", min_value=3, max_value=3),
        dict(column="t", max_value=2),
    ),
    "expect_column_value_lengths_to_be_between": (
        dict(column="t", min_value=1, max_value=1),
        dict(column="t", min_value=2),
    ),
    "expect_column_value_lengths_to_equal": (dict(column="t", value=1), dict(column="t", value=2)),
    "expect_column_value_z_scores_to_be_less_than": (
        dict(column="n", threshold=3, double_sided=True),
        dict(column="spike", threshold=2, double_sided=True),
    ),
    "expect_column_values_to_be_between": (dict(column="n", min_value=0, max_value=10), dict(column="n", max_value=5)),
    "expect_column_values_to_be_dateutil_parseable": (dict(column="day"), dict(column="t")),
    "expect_column_values_to_be_decreasing": (dict(column="down"), dict(column="n")),
    "expect_column_values_to_be_in_set": (
        dict(column="t", value_set=["a", "b", "c"]),
        dict(column="t", value_set=["a"]),
    ),
    "expect_column_values_to_be_in_type_list": (
        dict(column="n", type_list=["float64"]),
        dict(column="n", type_list=["int64"]),
    ),
    "expect_column_values_to_be_increasing": (dict(column="n"), dict(column="down")),
    "expect_column_values_to_be_json_parseable": (dict(column="js"), dict(column="t")),
    "expect_column_values_to_be_null": (dict(column="none"), dict(column="gap")),
    "expect_column_values_to_be_of_type": (dict(column="k", type_="int64"), dict(column="k", type_="float64")),
    "expect_column_values_to_be_unique": (dict(column="n"), dict(column="t")),
    "expect_column_values_to_match_json_schema": (
        dict(column="js", json_schema=SCHEMA),
        dict(column="js", json_schema={"required": ["b"]}),
    ),
    "expect_column_values_to_match_like_pattern": (
        dict(column="t", like_pattern="%"),
        dict(column="t", like_pattern="z%"),
    ),
    "expect_column_values_to_match_like_pattern_list": (
        dict(column="t", like_pattern_list=["%"]),
        dict(column="t", like_pattern_list=["z%"]),
    ),
    "expect_column_values_to_match_regex": (dict(column="t", regex="^[abc]$"), dict(column="t", regex="^z")),
    "expect_column_values_to_match_regex_list": (
        dict(column="t", regex_list=["^[abc]$"]),
        dict(column="t", regex_list=["^z"]),
    ),
    "expect_column_values_to_match_strftime_format": (
        dict(column="day", strftime_format="%Y-%m-%d"),
        dict(column="day", strftime_format="%d.%m.%Y"),
    ),
    "expect_column_values_to_not_be_in_set": (dict(column="t", value_set=["z"]), dict(column="t", value_set=["a"])),
    "expect_column_values_to_not_be_null": (dict(column="n"), dict(column="gap")),
    "expect_column_values_to_not_be_outliers": (
        dict(column="n", method="iqr", multiplier=1.5),
        dict(column="spike", method="iqr", multiplier=1.5),
    ),
    "expect_column_values_to_not_match_like_pattern": (
        dict(column="t", like_pattern="z%"),
        dict(column="t", like_pattern="a%"),
    ),
    "expect_column_values_to_not_match_like_pattern_list": (
        dict(column="t", like_pattern_list=["z%"]),
        dict(column="t", like_pattern_list=["a%"]),
    ),
    "expect_column_values_to_not_match_regex": (dict(column="t", regex="z"), dict(column="t", regex="a")),
    "expect_column_values_to_not_match_regex_list": (
        dict(column="t", regex_list=["z"]),
        dict(column="t", regex_list=["a"]),
    ),
    "expect_compound_columns_to_be_unique": (dict(column_list=["t", "n"]), dict(column_list=["t", "x"])),
    "expect_multicolumn_sum_to_equal": (
        dict(column_list=["n", "down"], sum_total=11),
        dict(column_list=["n", "m"], sum_total=11),
    ),
    "expect_multicolumn_values_to_be_equal": (dict(column_list=["k", "same"]), dict(column_list=["n", "m"])),
    "expect_query_results_to_match_comparison": (
        dict(base_query="select 1", comparison_data_source_name="d", comparison_query="select 1"),
        dict(base_query="select 1", comparison_data_source_name="d", comparison_query="select 2"),
    ),
    "expect_select_column_values_to_be_unique_within_record": (
        dict(column_list=["n", "t"]),
        dict(column_list=["k", "same"]),
    ),
    "expect_table_column_count_to_be_between": (dict(min_value=12, max_value=12), dict(max_value=3)),
    "expect_table_column_count_to_equal": (dict(value=12), dict(value=3)),
    "expect_table_columns_to_match_ordered_list": (dict(column_list=list(TABLE.columns)), dict(column_list=["n"])),
    "expect_table_columns_to_match_set": (dict(column_set=list(TABLE.columns)), dict(column_set=["n"])),
    "expect_table_row_count_to_be_between": (dict(min_value=10), dict(min_value=11)),
    "expect_table_row_count_to_equal": (dict(value=10), dict(value=11)),
    "expect_table_row_count_to_equal_other_table": (dict(other_table_name="o"), dict(other_table_name="o")),
    "unexpected_rows_expectation": (
        dict(unexpected_rows_query="select * from {batch} where n > 99"),
        dict(unexpected_rows_query="select * from {batch} where n > 3"),
    ),
}
SQL_ONLY = {
    "expect_query_results_to_match_comparison",
    "expect_table_row_count_to_equal_other_table",
    "unexpected_rows_expectation",
}


def _judge(place: int) -> Verdict:
    asked = tuple(Expectation(name, arguments[place]) for name, arguments in CASES.items())
    return judge(Question("q", "quality", table=TABLE, checks=asked))


@pytest.fixture(scope="module")
def held() -> Verdict:
    return _judge(0)


@pytest.fixture(scope="module")
def broken() -> Verdict:
    return _judge(1)


def test_none_is_left_out() -> None:
    assert set(CASES) == set(expectation_shapes())
    for name, both in CASES.items():
        arguments, required = expectation_shapes()[name]
        assert all(set(required) <= set(each) <= set(arguments) for each in both), name


@pytest.mark.parametrize(("place", "name"), list(enumerate(CASES)), ids=list(CASES))
def test_it_holds_and_it_breaks(held: Verdict, broken: Verdict, place: int, name: str) -> None:
    good, bad = held.checks[place], broken.checks[place]
    assert good.asked == bad.asked == place
    if name in SQL_ONLY:
        assert (good.outcome, bad.outcome) == (Outcome.ERROR, Outcome.ERROR)
        assert "only inside a SQL database, and this table is none; " in good.note
        assert "custom gate" in good.note, "a way out"
        return
    assert good.outcome is Outcome.PASS, good.sentence()
    assert bad.outcome is Outcome.FAIL, bad.sentence()
    assert name in bad.sentence()
    assert bad.value is not None or bad.note, "why, with numbers"
    assert good.n == 10
    if "column" in CASES[name][1] and name != "expect_column_to_exist":
        assert bad.n_missing == TABLE[CASES[name][1]["column"]].isna().sum()
