from __future__ import annotations

import pytest

from modelsync.language.edit.extent import (
    Splice,
    comments_above,
    comments_behind,
    end_of,
    ends_kept,
    gaps,
    is_long,
    line_end_of,
    replaced,
    spliced,
    stop_of_line,
    style_of,
)
from modelsync.language.text.syntax import Branch, Document, parse
from modelsync.language.text.writing import Style


def root(document: Document) -> Branch:
    assert isinstance(document.root, Branch)
    return document.root


def test_parts_are_replaced_from_the_end() -> None:
    assert spliced("abcdef", [Splice(1, 2, "XX"), Splice(4, 6, ""), Splice(3, 3, "-")]) == "aXXc-d"


@pytest.mark.parametrize(("text", "end"), [("a", "\n"), ("a\nb\r\n", "\n"), ("a\r\nb\n", "\r\n"), ("a\rb", "\r")])
def test_line_ends(text: str, end: str) -> None:
    assert line_end_of(text) == end


@pytest.mark.parametrize(
    ("text", "style"),
    [
        ("a: 1", Style(2, 2)),
        ("a:\n    b:\n        c: 1\n", Style(4, 4)),
        ("a:\n    b: 1\nc:\n- 1\n", Style(4, 0)),
        ("a:\n  - 1\nc:\n- 1\nd:\n- 2\n", Style(2, 0)),
        ("a:\n  - b:\n       c: 1\n", Style(3, 2)),
        ("- a:\n      b: {c: 1}\n", Style(4, 4)),
    ],
)
def test_the_style_of_a_file(text: str, style: Style) -> None:
    assert style_of(parse(text)) == style


def test_the_end_of_a_line() -> None:
    document = parse("a: 1\r\nb: 2")
    assert stop_of_line(document, 0) == 4
    assert stop_of_line(document, 6) == 10


@pytest.mark.parametrize(
    ("text", "behind", "above"),
    [
        ("a: 1 # x\n", ["# x"], []),
        ("a: 1 # x\n     # y\n# z\nb: 1\n", ["# x", "# y"], ["# z"]),
        ("a:\n  b: 1\n  # x\n\n  # y\n# z\nb: 1\n", ["# x", "# y"], ["# z"]),
        ("a: 1\n# x\n\n# y\n# z\nb: 1\n", [], ["# y", "# z"]),
        ("a: 1\n# x\n  # y\nb: 1\n", [], []),
        ("a: 1\n  # y\n# x\nb: 1 # no\n", ["# y"], ["# x"]),
        ("a: |\n  # text\n# x\n", [], []),
    ],
)
def test_the_comments_of_an_entry(text: str, behind: list[str], above: list[str]) -> None:
    document = parse(text)
    branch = root(document)
    assert [each.text for each in comments_behind(document, branch.entries[0])] == behind
    assert [each.text for each in comments_above(document, branch, branch.entries[-1])] == above


def test_comments_at_the_head_of_the_file_belong_to_no_entry() -> None:
    document = parse("# head\na: 1\nb:\n  # c\n  c: 1\n")
    branch = root(document)
    assert comments_above(document, branch, branch.entries[0]) == []
    inner = branch.entries[1].value
    assert isinstance(inner, Branch)
    assert [each.text for each in comments_above(document, inner, inner.entries[0])] == ["# c"]


def test_where_an_entry_ends() -> None:
    document = parse("a:\n  b: 1 # x\n  # y\n\nc: 1\n")
    first, second = root(document).entries
    assert document.text[: end_of(document, first)].endswith("# y")
    assert document.text[: end_of(document, second)].endswith("c: 1")
    assert is_long(document, first)
    assert not is_long(document, second)


def test_blank_lines_between_entries() -> None:
    document = parse("a: 1\n\nb: 2\nc: 3\n# x\n\n# y\nd: 4\n")
    assert gaps(document, root(document)) == [True, False, True]


def test_values_that_keep_the_blank_lines_behind_them() -> None:
    document = parse("a: |+\n  x\nb:\n  - c: >+\n      x\nd: |\n  +\ne: '+'\n")
    assert [ends_kept(document, entry.value) for entry in root(document).entries] == [True, True, False, False]


@pytest.mark.parametrize(
    ("text", "new", "after"),
    [
        ("a: 1  # x\n", "12345", "a: 12345  # x\n"),
        ("a: 1  # x\nb: 2  # y\n", "12345", "a: 12345  # x\nb: 2  # y\n"),
        ("a: 1        # x\nb: 2        # y\n", "12345", "a: 12345    # x\nb: 2        # y\n"),
        ("a: 12345    # x\nb: 2        # y\n", "1", "a: 1        # x\nb: 2        # y\n"),
        ("a: 12345    # x\nb: 2\n", "1", "a: 1    # x\nb: 2\n"),
        ("a: 12 # x\nb: 12 # y\n", "1", "a: 1  # x\nb: 12 # y\n"),
        ("a: 1\n# x\n", "12", "a: 12\n# x\n"),
    ],
)
def test_a_comment_keeps_the_column_that_it_shares(text: str, new: str, after: str) -> None:
    document = parse(text)
    span = root(document).entries[0].value.span
    assert spliced(text, replaced(document, span.start, span.end, new)) == after
