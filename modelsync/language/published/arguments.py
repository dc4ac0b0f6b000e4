"""What the arguments of Great Expectations' expectations are, for editors; `check` itself only knows their names."""

from __future__ import annotations

from typing import Any

from modelsync.language.published import patterns

Schema = dict[str, Any]

_HOLE: Schema = {"pattern": patterns.VALUE_OF_PARAM}
_TEXT: Schema = {"type": "string"}
_NUMBER: Schema = {"type": ["number", "string"], **_HOLE}
_SHARE: Schema = {**_NUMBER, "minimum": 0, "maximum": 1}
_BOUND: Schema = {"type": ["number", "string"]}  # dates are texts
_FLAG: Schema = {"type": ["boolean", "string"], **_HOLE}
_LIST: Schema = {"type": "array"}
_MAPPING: Schema = {"type": "object"}

_ARGUMENTS: dict[str, tuple[Schema, str]] = {
    "allow_relative_error": (_FLAG, "Whether an estimate of the quantile is good enough."),
    "base_query": (_TEXT, "The SQL query to compare."),
    "bucketize_data": (_FLAG, "Whether continuous values are counted in buckets first."),
    "column": (_TEXT, "The column."),
    "column_A": (_TEXT, "The first column."),
    "column_B": (_TEXT, "The second column."),
    "column_index": (_NUMBER, "The place of the column, from 0."),
    "column_list": (_LIST, "The columns."),
    "column_set": (_LIST, "The columns, in any order."),
    "comparison_data_source_name": (_TEXT, "The data source of the other query."),
    "comparison_query": (_TEXT, "The SQL query to compare with."),
    "condition_parser": ({"enum": ["pandas", "great_expectations", "spark"]}, "Who reads `row_condition`."),
    "double_sided": (_FLAG, "Whether values far below count as values far above do."),
    "escape": (_TEXT, "The character before a `%` or `_` that stands for itself."),
    "exact_match": (_FLAG, "Whether there may be no other columns."),
    "ignore_row_if": (_TEXT, "Rows to leave out because of missing values."),
    "internal_weight_holdout": (_SHARE, "The weight given to values that the partition rules out."),
    "json_schema": (_MAPPING, "The JSON Schema that each value fits."),
    "library_metadata": ({}, "Bookkeeping of the library."),
    "like_pattern": (_TEXT, "A SQL `LIKE` pattern."),
    "like_pattern_list": (_LIST, "SQL `LIKE` patterns."),
    "match_on": ({"enum": ["any", "all"]}, "Whether one pattern must match, or all of them."),
    "max_value": (_BOUND, "The most that passes."),
    "method": ({"enum": ["iqr", "std"]}, "How far is measured: by quartiles, or by the standard deviation."),
    "min_value": (_BOUND, "The least that passes."),
    "mostly": (_SHARE, "The share of values that must pass."),
    "multiplier": (_NUMBER, "How many times the usual distance is too far."),
    "or_equal": (_FLAG, "Whether equal values pass too."),
    "other_table_name": (_TEXT, "The other table, in the same database."),
    "partition_object": (_MAPPING, "The distribution to compare with."),
    "quantile_ranges": (_MAPPING, "`quantiles`, and `value_ranges` with the least and the most for each."),
    "regex": (_TEXT, "A regular expression."),
    "regex_list": (_LIST, "Regular expressions."),
    "row_condition": (_TEXT, "Only rows for which this holds are looked at."),
    "strftime_format": (_TEXT, "The form of the date, such as `%Y-%m-%d`."),
    "strict_max": (_FLAG, "Whether `max_value` itself fails."),
    "strict_min": (_FLAG, "Whether `min_value` itself fails."),
    "strictly": (_FLAG, "Whether equal neighbours fail."),
    "sum_total": (_NUMBER, "The sum of each row."),
    "tail_weight_holdout": (_SHARE, "The weight given to values outside the partition."),
    "threshold": (_NUMBER, "The limit."),
    "ties_okay": (_FLAG, "Whether another value may be as common."),
    "type_": (_TEXT, "The type of the column, as its backend calls it."),
    "type_list": (_LIST, "The types that pass, as the backend calls them."),
    "unexpected_rows_query": (_TEXT, "A SQL query that finds the rows that must not be there."),
    "value": (_NUMBER, "The number that is expected."),
    "value_pairs_set": (_LIST, "The pairs of values that pass."),
    "value_set": (_LIST, "The values."),
}
_UNNAMED = ("library_metadata",)  # never suggested, though it may be given


def argument(name: str) -> Schema:
    """An argument that several expectations may share; of one that is not known only that it is one."""
    schema, doc = _ARGUMENTS.get(name, ({}, ""))
    described = {**schema, "description": doc} if doc else {**schema}
    return {**described, "doNotSuggest": True} if name in _UNNAMED else described


def sentence(expectation: str) -> str:
    """What an expectation says, which its name spells out."""
    words = expectation.replace("_", " ")
    return f"{words[:1].upper()}{words[1:]}."
