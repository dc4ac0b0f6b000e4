"""What the YAML parser says, in plain words."""

from __future__ import annotations

from pathlib import Path

import pytest
from ruamel.yaml.error import MarkedYAMLError

from modelsync.language.read import read
from modelsync.language.source import Source
from modelsync.language.trouble import explain


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a: 'open", "the quote that opens here is never closed"),
        ("a:\n\tb: 1", "a tab can't stand here"),
        ("name:demo\nb: 1", "a `:` can't stand here"),
        ("a: 1\nb\nc: 2", "a `:` is missing after this key"),
        ("a: [1, 2\nb: c", "the bracket that opens here is never closed"),
        ("a: [1 {2}]", "a `,` or the closing bracket is missing"),
        ("a: ]", "a value is missing here"),
        ("a: %x", "a plain value can't start with this character"),
        ('a: "\\q"', "this escape does not exist"),
    ],
)
def test_common_slips_have_their_own_words(text: str, said: str) -> None:
    (found,) = read(Source(Path("modelsync.yaml"), text)).diagnostics
    assert found.message == said
    assert "yaml" not in found.message.lower()


def test_what_has_no_words_of_its_own_says_what_the_parser_said() -> None:
    source = Source(Path("modelsync.yaml"), "a: 1")
    assert explain(MarkedYAMLError(problem="something new\nand more"), source).message.endswith(": something new")
    found = explain(MarkedYAMLError(), source)
    assert found.message.endswith("no reason given")
    assert (found.at.line, found.at.col) == (1, 1)
