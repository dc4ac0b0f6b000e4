from __future__ import annotations

import math
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modelsync.language.edit.meaning import holds
from modelsync.language.text.read import read
from modelsync.language.text.source import FORBIDDEN, Source
from modelsync.language.text.writing import (
    Data,
    Opened,
    Style,
    Verbatim,
    alone,
    block,
    inline,
    is_small,
    item,
    key_text,
    pair,
)

STYLE = Style()
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=30).filter(lambda text: not FORBIDDEN.search(text))
TRICKY = st.sampled_from(
    [
        "", " a", "a ", "null", "~", "true", "False", "1", "-1", "+1.5e3", "0o7", "0x1f", ".inf", ".nan", "1.10", "yes",
        "- a", "-", "-a", "? a", "?", ": a", ":", ":a", "a: b", "a:", "a:b", "a #b", "a#b", "#a", "&a", "*a", "!a", "|",
        ">", "'", '"', "'a'", '"a"', "%a", "@a", "`a", "{a}", "[a]", "a,b", "a, b", "a]b", "<<", "=", "---", "...",
        "--- a", "a\nb", "\n", "a\tb", "\\", "a\\", "it's", 'say "x"', "it's \"x\"", "${{ params.x }}", "é", "😀",
        "s3://a/b", "C:\\x", "12:30", "2026-01-01", "a\u00a0b", "\u00a0", "a\u2003",
    ]
)  # fmt: skip
NUMBERS = st.one_of(st.integers(-(2**63), 2**63 - 1), st.floats(allow_nan=False, allow_infinity=False))
SCALARS = st.one_of(st.none(), st.booleans(), NUMBERS, TEXTS, TRICKY)
KEYS = st.one_of(TEXTS, TRICKY).filter(lambda key: len(key) < 100)
DATA = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4), max_leaves=12
)


def says(text: str, value: Data) -> bool:
    found = read(Source(Path("modelsync.yaml"), text))
    return found.root is not None and not found.diagnostics and holds(found.root, value)


@given(DATA)
def test_what_is_written_in_brackets_is_read_as_it_was(value: Data) -> None:
    assert says(f"a: [{inline(value)}]\n", {"a": [value]})
    assert says(f"a: {{b: {inline(value)}, c: 1}}\n", {"a": {"b": value, "c": 1}})


@given(KEYS, DATA, st.sampled_from([Style(), Style(4, 4), Style(2, 0), Style(1, 1), Style(3, 2)]))
def test_what_is_written_on_lines_is_read_as_it_was(key: str, value: Data, style: Style) -> None:
    if is_unusual(key, value):
        return
    assert says("\n".join(pair(key, value, style, 0)) + "\n", {key: value})
    lines = [f"  {line}" for line in item(value, style, 2)]
    assert says("\n".join(["a:", *lines, *lines]) + "\n", {"a": [value, value]})


def is_unusual(key: str, value: Data) -> bool:
    """Keys that are the same name for the reader."""
    import unicodedata

    if isinstance(value, dict):
        names = [unicodedata.normalize("NFC", name) for name in value]
        return len(set(names)) < len(names) or any(is_unusual(name, each) for name, each in value.items())
    return isinstance(value, list) and any(is_unusual(key, each) for each in value)


@pytest.mark.parametrize(
    ("value", "in_brackets", "by_itself"),
    [
        ("a b", "a b", "a b"),
        ("datasets.x", "datasets.x", "datasets.x"),
        ("flows/churn.py:fit", "flows/churn.py:fit", "flows/churn.py:fit"),
        ("yes", "yes", "yes"),
        ("true", '"true"', '"true"'),
        ("1.10", '"1.10"', '"1.10"'),
        ("15 2 * * *", "15 2 * * *", "15 2 * * *"),
        ("* * * * *", '"* * * * *"', '"* * * * *"'),
        ("s3://acme/churn", "s3://acme/churn", "s3://acme/churn"),
        ("x in [1, 2]", '"x in [1, 2]"', "x in [1, 2]"),
        ("${{ params.x }}", '"${{ params.x }}"', '"${{ params.x }}"'),
        ('x == "a"', 'x == "a"', 'x == "a"'),
        ('"a" in x', "'\"a\" in x'", "'\"a\" in x'"),
        ("it's: x", '"it\'s: x"', '"it\'s: x"'),
        ("a\nb", '"a\\nb"', '"a\\nb"'),
        ("", '""', '""'),
        (None, "null", "null"),
        (True, "true", "true"),
        (1, "1", "1"),
        (0.5, "0.5", "0.5"),
        (1e20, "1e+20", "1e+20"),
        ([], "[]", "[]"),
        ({}, "{}", "{}"),
        ([1, [2], {"a": 3}], "[1, [2], {a: 3}]", "[1, [2], {a: 3}]"),
        ({"a": 1, "b c": "x"}, "{a: 1, b c: x}", "{a: 1, b c: x}"),
        (Verbatim("0x10"), "0x10", "0x10"),
        (Opened("a", 1), "{a: 1}", "{a: 1}"),
    ],
)
def test_quotes_only_where_they_are_needed(value: Data, in_brackets: str, by_itself: str) -> None:
    assert inline(value) == in_brackets
    assert alone(value) == by_itself


@pytest.mark.parametrize(
    ("key", "text"),
    [("a", "a"), ("a b", "a b"), ("<<", '"<<"'), ("1", '"1"'), ("a, b", '"a, b"'), ("on", "on"), ("a: b", '"a: b"')],
)
def test_keys(key: str, text: str) -> None:
    assert key_text(key) == text


@pytest.mark.parametrize("value", [math.inf, -math.inf, math.nan, 2**63, -(2**63) - 1])
def test_numbers_that_a_spec_can_not_hold(value: float) -> None:
    with pytest.raises(ValueError, match="number in a spec"):
        inline([value])


@pytest.mark.parametrize(
    ("value", "small"),
    [
        ("x" * 200, True),
        ([1, 2], True),
        ({"a": 1, "b": [1, 2]}, True),
        ({"a": {"b": 1}}, False),
        ([{"a": 1}], False),
        ([[1]], False),
        (["x" * 78], True),
        (["x" * 79], False),
        (Opened("a", 1), False),
    ],
)
def test_small_values_stand_in_brackets(value: Data, small: bool) -> None:
    assert is_small(value) is small


def test_the_reference_style() -> None:
    gate: Data = {
        "kind": "quality",
        "checks": [{"expect_x": {"column": "a"}}, {"metric": "roc_auc", "min": 0.8}, [["x"]]],
        "slices": {"by": ["plan"], "min_rows": 200},
        "with": {},
        "values": ["v" * 40, "w" * 40],
    }
    assert pair("g", gate, STYLE, 0) == [
        "g:",
        "  kind: quality",
        "  checks:",
        "    - expect_x: {column: a}",
        "    - {metric: roc_auc, min: 0.8}",
        "    - - [x]",
        "  slices: {by: [plan], min_rows: 200}",
        "  with: {}",
        "  values:",
        f"    - {'v' * 40}",
        f"    - {'w' * 40}",
    ]


def test_the_style_of_the_file() -> None:
    value: Data = {"b": [{"c": {"d": {"e": {}}}}]}
    assert pair("a", value, Style(4, 0), 0) == ["a:", "    b:", "    - c:", "          d:", "              e: {}"]
    assert block([{"x": 1}], Style(2, 2), 0) == ["  - {x: 1}"]


def test_a_small_value_that_would_end_too_far_right_stands_below() -> None:
    assert pair("a", ["x" * 70], STYLE, 40) == [f"a: [{'x' * 70}]"]
    assert pair("a", ["x" * 70], STYLE, 50) == ["a:", f"  - {'x' * 70}"]
    assert pair("a", "x" * 200, STYLE, 50) == [f"a: {'x' * 200}"]
