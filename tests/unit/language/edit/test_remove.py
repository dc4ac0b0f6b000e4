"""How entries are taken out: each case is the text before, what goes, and the text after."""

from __future__ import annotations

from pathlib import Path

import pytest

from modelsync.language.edit.changes import Remove, apply
from modelsync.language.edit.meaning import Keys
from modelsync.language.text.source import Source


def without(text: str, path: Keys) -> str:
    return apply(Source(Path("modelsync.yaml"), text), [Remove(path)])


@pytest.mark.parametrize(
    ("before", "path", "result"),
    [
        ("a: 1\nb: 2\nc: 3\n", ("b",), "a: 1\nc: 3\n"),
        ("a: 1\nb: 2", ("b",), "a: 1\n"),
        ("a: 1\r\nb: 2\r\n", ("a",), "b: 2\r\n"),
        ("a:\n  b: 1\n  c:\n    d: 1\n  e: 1\n", ("a", "c"), "a:\n  b: 1\n  e: 1\n"),
        ("a:\n- 1\n- 2\n- 3\n", ("a", 1), "a:\n- 1\n- 3\n"),
        ("a: |\n  x\n\nb: 1\n", ("a",), "b: 1\n"),
        ("a: |+\n  x\n\nb: 1\n\nc: 2\n", ("b",), "a: |+\n  x\n\nc: 2\n"),
        ("a: &x 1\nb: 2\n", ("a",), "b: 2\n"),
        ("a: &x 1\nb: *x\n", ("b",), "a: &x 1\n"),
        ("? a\n: 1\nb: 2\n", ("a",), "b: 2\n"),
        # its own comments go with it, others stay
        ("# head\na: 1  # x\n# y\nb: 2\n", ("a",), "# head\n# y\nb: 2\n"),
        ("a: 1\n# x\n# y\nb: 2  # z\n       # zz\n# c\nc: 3\n", ("b",), "a: 1\n# c\nc: 3\n"),
        ("a: 1\n# x\n\n# y\nb: 2\nc: 3\n", ("b",), "a: 1\n# x\n\nc: 3\n"),
        ("a:\n  # x\n  b: 1\n    # in b\n  # y\n\n  c: 2\n", ("a", "b"), "a:\n  # y\n\n  c: 2\n"),
        ("a: 1\n  # further in\nb: 2\n", ("b",), "a: 1\n  # further in\n"),
        # one blank line is left
        ("a: 1\n\nb: 2\n\nc: 3\n", ("b",), "a: 1\n\nc: 3\n"),
        ("a: 1\n\nb: 2\nc: 3\n", ("b",), "a: 1\n\nc: 3\n"),
        ("a: 1\n\nb: 2\n", ("b",), "a: 1\n"),
        ("a: 1\n\nb: 2\n", ("a",), "b: 2\n"),
        ("x:\n  a: 1\n\n  b: 2\ny: 3\n", ("x", "a"), "x:\n  b: 2\ny: 3\n"),
        ("x:\n  a: 1\n\ny: 3\n", ("x", "a"), "x: {}\n\ny: 3\n"),
        # the last one leaves its collection empty
        ("a:  # x\n  # y\n  b: 1\n", ("a", "b"), "a: {}  # x\n"),
        ("a:\n- 1\nb: 2\n", ("a", 0), "a: []\nb: 2\n"),
        ("a:\n- b: 1  # x\n- 2\n", ("a", 0, "b"), "a:\n- {}\n- 2\n"),
        ("a: &x\n  b: 1\n", ("a", "b"), "a: &x {}\n"),
        ("a: 1\n", ("a",), "{}\n"),
        ("- 1\n", (0,), "[]\n"),
        # the first behind a dash
        ("a:\n- b: 1\n  c: 2\n", ("a", 0, "b"), "a:\n- c: 2\n"),
        ("a:\n- b: 1  # x\n  # y\n  c: 2\n", ("a", 0, "b"), "a:\n-\n  # y\n  c: 2\n"),
        ("a:\n- - 1\n  - 2\n", ("a", 0, 0), "a:\n- - 2\n"),
        ("a:\n- b: 1\n  c: 2\n", ("a", 0, "c"), "a:\n- b: 1\n"),
    ],
)
def test_out_of_a_block(before: str, path: Keys, result: str) -> None:
    assert without(before, path) == result


@pytest.mark.parametrize(
    ("before", "path", "result"),
    [
        ("a: {b: 1, c: 2, d: 3}\n", ("a", "b"), "a: {c: 2, d: 3}\n"),
        ("a: {b: 1, c: 2, d: 3}\n", ("a", "c"), "a: {b: 1, d: 3}\n"),
        ("a: {b: 1, c: 2, d: 3}\n", ("a", "d"), "a: {b: 1, c: 2}\n"),
        ("a: {b: 1, c: 2, }\n", ("a", "c"), "a: {b: 1 }\n"),
        ("a: {b: 1}  # x\n", ("a", "b"), "a: {}  # x\n"),
        ("a: [1, [2]]\n", ("a", 1, 0), "a: [1, []]\n"),
        ("a: [b: 1, 2]\n", ("a", 0, "b"), "a: [{}, 2]\n"),
        ("a: [1, 2]     # x\nb: 1          # y\n", ("a", 1), "a: [1]        # x\nb: 1          # y\n"),
        ("a: [\n  1,  # x\n  # y\n  2,  # z\n  3\n]\n", ("a", 1), "a: [\n  1,  # x\n  3\n]\n"),
        ("a: [\n  1,  # x\n  2\n]\n", ("a", 1), "a: [\n  1,  # x\n]\n"),
        ("a: [\n  1,\n  2]\n", ("a", 1), "a: [\n  1]\n"),
        ("a: [1,  # x\n  2]\n", ("a", 1), "a: [1,  # x\n  ]\n"),
        ("a: [1,  # x\n  2]\n", ("a", 0), None),
        ("a: [  # x\n  1]\n", ("a", 0), "a: [  # x\n  ]\n"),
        ("{a: 1, b: 2}\n", ("a",), "{b: 2}\n"),
    ],
)
def test_out_of_brackets(before: str, path: Keys, result: str | None) -> None:
    found = without(before, path)
    assert result is None or found == result
