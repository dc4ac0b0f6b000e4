from __future__ import annotations

import pytest

from modelsync.language.layout.margin import GAP, Line, finished
from modelsync.language.text.syntax import parse


def moved(text: str, *new: str) -> list[str]:
    """The lines of a text with their comments, after what stands before the comments was replaced."""
    document = parse(text)
    comments = {document.line(each.start): each for each in document.comments}
    lines = []
    for number, line in enumerate(new):
        comment = comments.get(number)
        role = "text" if comment is None or comment.trailing else "continued"
        lines.append(Line(line, role, comment))
    return finished(lines, document)


@pytest.mark.parametrize(
    ("text", "new", "after"),
    [
        ("a: 1 # x\n", ["a: 1"], ["a: 1  # x"]),
        ("a: 1 # x\nb: 2 # y\n", ["a: 1", "b: 2"], ["a: 1  # x", "b: 2  # y"]),
        ("a: 1    # x\nbb: 2   # y\n", ["a:  1", "bb: 2"], ["a:  1   # x", "bb: 2   # y"]),
        ("a: 1    # x\nbb: 2   # y\n", ["a: 12345", "bb: 2"], ["a: 12345  # x", "bb: 2  # y"]),
        ("a: 1     # x\n         # y\nb: 2\n", ["a: 1", "", "b: 2"], ["a: 1  # x", "      # y", "b: 2"]),
    ],
)
def test_columns(text: str, new: list[str], after: list[str]) -> None:
    assert moved(text, *new) == after


def test_a_comment_on_its_own_line_is_already_in_the_text() -> None:
    document = parse("# x\na: 1\n")
    assert finished([Line("# x", "comment", document.comments[0]), Line("a: 1")], document) == ["# x", "a: 1"]


def test_the_gap_is_what_linters_ask_for() -> None:
    assert GAP == 2
