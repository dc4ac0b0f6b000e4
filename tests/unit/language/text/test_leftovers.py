"""Marks of a merge, templates without quotes, and tags of other tools are told by their names."""

from __future__ import annotations

from pathlib import Path

import pytest

from modelsync.language.text.leftovers import instead_of_tag, leftover
from modelsync.language.text.read import read
from modelsync.language.text.source import Source

CONFLICT = """\
engine:
<<<<<<< HEAD
  concurrency: 4
=======
  concurrency: 8
>>>>>>> more
"""


def test_the_first_mark_of_a_merge_is_told_wherever_the_parser_stopped() -> None:
    (found,) = read(Source(Path("modelsync.yaml"), CONFLICT)).diagnostics
    assert (found.at.line, found.at.col, found.at.end_col) == (2, 1, 8)
    assert found.message == "this is a mark of a merge conflict"
    assert found.fix is None


@pytest.mark.parametrize("line", ["a: <<<<<<< b", "<<<<<<<: b", " =======", "======== x"])
def test_what_only_looks_like_a_mark_is_none(line: str) -> None:
    assert leftover(Source(Path("modelsync.yaml"), f"{line}\n"), 0, 0) is None


def test_a_hole_without_quotes_is_quoted() -> None:
    source = Source(Path("modelsync.yaml"), "with: {seed: ${{ params.seed }}}\n")
    (found,) = read(source).diagnostics
    assert (found.at.col, found.at.end_col) == (14, 32)
    assert found.fix is not None
    assert found.fix.replacement == '"${{ params.seed }}"'
    mended = source.text[:13] + found.fix.replacement + source.text[31:]
    assert read(Source(source.path, mended)).diagnostics == ()


@pytest.mark.parametrize("value", ["a-${{ params.a }}", "${{ params.a }}-a", "“${{ params.a }}”", "‘${{ params.a }}’"])
def test_a_hole_inside_other_text_is_not_quoted_alone(value: str) -> None:
    text = f"with: {{strength: {value}}}\n"
    (found,) = read(Source(Path("modelsync.yaml"), text)).diagnostics
    assert found.fix is None


def test_a_hole_elsewhere_or_in_quotes_is_not_the_reason() -> None:
    source = Source(Path("modelsync.yaml"), 'with: {a: "${{ params.a }}", b: ]}\n')
    assert leftover(source, 0, 32) is None
    assert leftover(source, 0, 12) is None
    assert leftover(source, 7, 0) is None


@pytest.mark.parametrize(
    ("text", "said", "mended"),
    [
        ("a: 'the bank's model'", "an apostrophe inside single quotes is written twice", "a: 'the bank''s model'"),
        ('a: "churn" of ours', "nothing may follow the closing quote", ""),
        ("- a: 'churn' of ours", "nothing may follow the closing quote", ""),
    ],
)
def test_what_people_write_in_sentences(text: str, said: str, mended: str) -> None:
    (found,) = read(Source(Path("modelsync.yaml"), f"{text}\n")).diagnostics
    assert found.message == said
    if found.fix is None:
        assert not mended
    else:
        at = found.fix.at
        assert text[: at.col - 1] + found.fix.replacement + text[at.end_col - 1 :] == mended


@pytest.mark.parametrize(
    ("tag", "said"),
    [("!include", "`include:`"), ("!ENV", "env.NAME"), ("!Secret", "secrets"), ("!x", "remove the tag")],
)
def test_a_tag_of_another_tool_is_answered_with_our_words(tag: str, said: str) -> None:
    assert said in instead_of_tag(tag)
