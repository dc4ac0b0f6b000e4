"""LIKE as a regular expression: what matches is what a database would say."""

from __future__ import annotations

import re
import sqlite3

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from modelsync.gates import patterns


@pytest.mark.parametrize(
    ("pattern", "escape", "matching", "other"),
    [
        ("a%", None, ["a", "abc", "a\nb"], ["ba", "A", ""]),
        ("a_c", None, ["abc", "a.c"], ["ac", "abbc"]),
        ("%", None, ["", "x"], []),
        ("1.5", None, ["1.5"], ["1x5"]),
        (r"100\%", "\\", ["100%"], ["100", "1000"]),
        ("a!_b!!", "!", ["a_b!"], ["axb!"]),
    ],
)
def test_like(pattern: str, escape: str | None, matching: list[str], other: list[str]) -> None:
    found = re.compile(patterns.regex(pattern, escape))
    assert [text for text in [*matching, *other] if found.search(text)] == matching


@given(st.text("ab%_.*^$[]\\", max_size=6), st.text("ab%_.*^$[]\\", max_size=6))
@settings(max_examples=50)
def test_it_agrees_with_a_database(pattern: str, text: str) -> None:
    with sqlite3.connect(":memory:") as database:
        database.execute("pragma case_sensitive_like = on")
        ((said,),) = database.execute("select ? like ?", (text, pattern)).fetchall()
    database.close()
    assert (re.search(patterns.regex(pattern), text) is not None) == bool(said)


def test_patterns_that_like_has_not() -> None:
    with pytest.raises(ValueError, match="after the escape character stand %, _ or itself"):
        patterns.regex("a!b", "!")
    with pytest.raises(ValueError, match="expected one character"):
        patterns.regex("a", "!!")


def test_the_other_arguments_stay() -> None:
    name, arguments = patterns.as_regex(
        "expect_column_values_to_match_like_pattern_list",
        {"column": "a", "like_pattern_list": ["a%", "b!%"], "escape": "!", "match_on": "all", "mostly": 0.9},
    )
    assert name == "expect_column_values_to_match_regex_list"
    assert arguments == {"column": "a", "regex_list": ["(?s)^a.*$", "(?s)^b%$"], "match_on": "all", "mostly": 0.9}
