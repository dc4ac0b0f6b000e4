"""What is YAML and nobody means: told with its place and, where it is safe, a mend."""

from __future__ import annotations

from pathlib import Path

import pytest

from modelsync.core.diagnostics import Diagnostic, Pos
from modelsync.language.text.nodes import Scalar
from modelsync.language.text.read import read
from modelsync.language.text.source import Source
from modelsync.language.text.suspects import colon_slip, is_one_value, odd_key, odd_root, odd_text


def only(text: str) -> Diagnostic:
    (found,) = read(Source(Path("m"), text)).diagnostics
    return found


@pytest.mark.parametrize(
    ("text", "line", "col", "said", "right"),
    [
        ("name:demo", 1, 1, "a spec is a mapping, and this is one text", "name: demo"),
        ("a: {b:1, c: 2}", 1, 5, "`b:1` is a key without a value", "b: 1"),
        ("a: {b 1, c: 2}", 1, 5, "`b 1` is a key without a value", "b: 1"),
        ("a: {b, c: 2}", 1, 5, "`b` is a key without a value", ""),
        ("a: {b some words}", 1, 5, "`b some words` is a key without a value", ""),
        ("a: {'b', c: 2}", 1, 5, "`b` is a key without a value", ""),
        ("a:: 1", 1, 1, "a colon too many after `a`", "a"),
        ("a: {b:[1], c: 2}", 1, 5, "there is no space after this colon", "b: "),
        ("a {b: 1}\nc: 2", 1, 1, "a `:` is missing after `a`", "a:"),
        ("a:\n  -b: 1\n", 2, 3, "there is no space after this dash", "- "),
        ("a: b]", 1, 5, "this `]` closes nothing that is open", "[b]"),
        ("a: b, c]", 1, 8, "this `]` closes nothing that is open", "[b, c]"),
        ("a: b}", 1, 5, "this `}` closes nothing that is open", ""),
        ('a: b c"', 1, 7, 'this `"` closes nothing that is open', '"b c"'),
        ("a: b'", 1, 5, "this `'` closes nothing that is open", "'b'"),
        ('a: {b: c, d"}', 1, 12, 'this `"` closes nothing that is open', '"d"'),
        ("a:\n  - b\n    - c\n", 3, 5, "`-` stands in column 5, the lines around it in column 3", ""),
        ("a:\n  - b\n   - c\n", 3, 4, "`-` stands in column 4, the lines around it in column 3", "  -"),
    ],
)
def test_slips_that_are_yaml(text: str, line: int, col: int, said: str, right: str) -> None:
    found = read(Source(Path("m"), text)).diagnostics[0]
    assert (found.code, found.at.line, found.at.col, found.message) == ("MS001", line, col, said)
    assert (found.fix.replacement if found.fix else "") == right


@pytest.mark.parametrize(
    "text",
    [
        'when: params.learner in ["a", "b"]',
        "when: params.learner == 'a'",
        "note: the workers' own",
        "note: don't",
        "run: flows/churn.py:fit",
        "note: a text that\n  goes on, and on",
        "note: 5 - 3",
        "note: [a, -b]",
        "cron: 12:30",
        "a: {b: , c: 2}",  # the colon is there: nothing is meant
        "a: {? b : c}",
        "{a: {b: c}}",
        "note: l\u2019\u00e9t\u00e9 \u2014 5\u00a0%",
        "\u4e2d\u6587: \u65e5\u672c",
    ],
)
def test_what_may_be_meant_is_left_alone(text: str) -> None:
    assert read(Source(Path("m"), text)).diagnostics == ()


@pytest.mark.parametrize(
    ("text", "hidden"),
    [
        ("a:\n\u00a0\u00a0b: 1", "U+00A0 (no-break space)"),
        ("a\u200bb: 1", "U+200B (zero width space)"),
        ("a: b\u200b", "U+200B (zero width space)"),
        ("a: \u3000b", "U+3000 (ideographic space)"),
        ("a: {\u00a0b: 1}", "U+00A0 (no-break space)"),
    ],
)
def test_spaces_that_are_none_to_yaml(text: str, hidden: str) -> None:
    found = only(text)
    assert found.code == "MS003"
    assert found.message.startswith(hidden)


@pytest.mark.parametrize(
    ("text", "right"),
    [("a:b", "a: b"), ("a b", "a: b"), ("a", None), ("a b c", None), ("s3://x", None), ("a 'b c'", "a: 'b c'")],
)
def test_a_text_that_was_to_be_a_key(text: str, right: str | None) -> None:
    mend = colon_slip(_plain(text))
    assert (None if mend is None else mend[1].replacement) == right


def test_a_quoted_text_is_meant() -> None:
    assert colon_slip(Scalar("a:b", "a:b", '"', Pos(Path("m"), 1, 1, 1, 6))) is None


@pytest.mark.parametrize(
    ("text", "is_one"),
    [("b", True), ("b c", False), ("'b c'", True), ("[b, c]", True), ("b:c", False), ("b.py:c", True)],
)
def test_is_one_value(text: str, is_one: bool) -> None:
    assert is_one_value(text) is is_one


def test_good_words_are_not_odd() -> None:
    for text in ("a", "a.b", "a[0]", "f(x)", "1.10"):
        assert (odd_key(_plain(text), ":"), odd_root(_plain(text)), odd_text(_plain(text))) == (None, None, None)


def _plain(text: str) -> Scalar:
    return Scalar(text, text, "", Pos(Path("m"), 1, 1, 1, 1 + len(text)))
