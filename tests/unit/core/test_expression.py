"""Expressions on facts: their truth, and the evidence for it."""

from __future__ import annotations

import copy
import math
import pickle
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modelsync.core.expression import ExpressionError, parse

FACTS: dict[str, Any] = {
    "metrics.a": 0.8,
    "metrics.zero": 0.0,
    "metrics.nan": math.nan,
    "features.added": ["income"],
    "features.removed": [],
    "params.learner": "gbm",
    "changed(params.learner)": True,
    "gate(fair)": "pass",
    "rows.added": True,
    "huge": 10**400,
}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("metrics.a >= 0.8", True),
        ("metrics.a > 0.8", False),
        ("0 < metrics.a < 0.5", False),
        ("metrics.a * 2 - 1 == 0.6000000000000001", True),
        ("-metrics.a < 0", True),
        ("features.added", True),
        ("features.removed", False),
        ("'income' in features.added", True),
        ("'income' not in features.added", False),
        ("len(features.added) == 1", True),
        ("params.learner in ['gbm', 'forest']", True),
        ("params.learner != 'gbm'", False),
        ("changed(params.learner) and gate(fair) == 'pass'", True),
        ("not rows.added or false", False),
        ("true", True),
        ("round(metrics.a) == 1 and round(metrics.a, 1) == 0.8 and abs(-1) == 1", True),
        ("max(metrics.a, 1) == 1 and min(metrics.a, 1) == 0.8", True),
        # what is missing: comparisons with it are false, its own truth is false
        ("champion.metrics.a < 1", False),
        ("champion.metrics.a >= 1", False),
        ("champion.metrics.a != metrics.a", False),
        ("metrics.a - champion.metrics.a >= 0 or metrics.a - champion.metrics.a < 0", False),
        ("not champion.metrics.a > 1", True),
        ("missing", False),
        ("max(missing, 1) == 1", False),
        ("'x' not in missing", False),
        # arithmetic without an answer is missing
        ("1 / metrics.zero > 0", False),
        ("metrics.zero / metrics.zero == 0", False),
        ("metrics.nan != 1", False),
        ("huge / 0.5 > 1", False),
        ("1e200 * 1e200 > 1", False),
        ("1 / metrics.zero == 1 or metrics.a > 0", True),
        ("params.learner < 3", False),
    ],
)
def test_truth(text: str, value: bool) -> None:
    assert parse(text).evaluate(FACTS).value is value


def test_evidence_holds_every_name_with_its_value() -> None:
    found = parse("features.added or metrics.a - champion.metrics.a >= 0.01 or changed(params.learner)").evaluate(FACTS)
    assert found.value is True
    assert found.evidence == {
        "features.added": ["income"],
        "metrics.a": 0.8,
        "champion.metrics.a": None,
        "changed(params.learner)": True,
    }


def test_sets_become_sorted_lists_so_that_evidence_can_be_kept() -> None:
    found = parse("features.added").evaluate({"features.added": frozenset({"b", "a"})})
    assert found.evidence == {"features.added": ["a", "b"]}


def test_nan_is_kept_as_nothing() -> None:
    assert parse("metrics.nan > 0").evaluate(FACTS).evidence == {"metrics.nan": None}


def test_rounding_to_absurd_digits_takes_no_time() -> None:
    assert parse("round(metrics.a, 999999999) == 0.8").evaluate(FACTS).value
    assert parse("round(metrics.a, -999999999) == 0").evaluate(FACTS).value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("features.added or metrics.later > 1", True),
        ("features.removed or metrics.later > 1", None),
        ("features.removed and metrics.later > 1", False),
        ("features.added and metrics.later > 1", None),
        ("not metrics.later > 1", None),
        ("not features.removed", True),
        ("champion.metrics.a > 1", False),
        ("metrics.later > champion.metrics.a", False),
    ],
)
def test_what_is_settled_before_the_metrics_are_known(text: str, value: bool | None) -> None:
    assert parse(text).foresee(FACTS, ("metrics.",)) is value


def test_equal_when_written_equally() -> None:
    assert parse("a > 1") == parse("a > 1")
    assert hash(parse("a > 1")) == hash(parse("a > 1"))
    assert parse("a > 1") != parse("a  > 1")
    assert str(parse("a > 1")) == "a > 1"


def test_can_travel_between_processes() -> None:
    there = pickle.loads(pickle.dumps(parse("metrics.a > 0.5")))
    assert there.evaluate(FACTS).value
    assert copy.deepcopy(there) == there


def test_names_once_each() -> None:
    assert parse("a > 1 or a < 0 or gate(b) == 'pass'").names() == ("a", "gate(b)")


@given(st.text(max_size=60) | st.lists(st.sampled_from(list("abc.()'\"<>=!+-*/ 01,[]")), max_size=40).map("".join))
def test_any_text_is_an_expression_or_an_error_with_a_column(text: str) -> None:
    fault = None
    try:
        parse(text).evaluate(FACTS)
    except ExpressionError as error:
        fault = error
    assert fault is None or (fault.message and 0 <= fault.col <= max(len(text), 1))
