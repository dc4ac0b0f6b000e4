from __future__ import annotations

import re
from pathlib import Path

import pytest

from modelsync.language.text.read import read
from modelsync.language.text.source import Source
from modelsync.language.text.syntax import Branch, Document, Entry, Leaf, Tree, parse, start_of

SPECS = sorted((Path(__file__).parents[4] / "specs").glob("**/modelsync.yaml"))


def shown(document: Document, tree: Tree) -> object:
    """A tree as nested lists with the texts at its places."""
    properties = [document.of(span) for span in tree.properties]
    if isinstance(tree, Leaf):
        text = document.of(tree.span)
        return [*properties, text] if properties else text
    entries = [entry_of(document, entry) for entry in tree.entries]
    return [*properties, f"{'map' if tree.is_mapping else 'list'} {tree.brackets}", *entries]


def entry_of(document: Document, entry: Entry) -> object:
    signs = "".join(document.of(span) for span in (entry.mark, entry.colon) if span is not None)
    key = [] if entry.key is None else [shown(document, entry.key)]
    return (*key, signs, shown(document, entry.value))


def m(*entries: object) -> object:
    """A mapping in block style."""
    return ["map None", *entries]


def s(*items: object) -> object:
    """A list in block style."""
    return ["list None", *(("-", item) for item in items)]


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("a: 1\nb:\n", m(("a", ":", "1"), ("b", ":", ""))),
        ("a:\n- 1\n-\n- x: y\n", m(("a", ":", s("1", "", m(("x", ":", "y")))))),
        ("a:\n  - 1\nb: 2", m(("a", ":", s("1")), ("b", ":", "2"))),
        ("- - 1\n  - 2\n- 3", s(s("1", "2"), "3")),
        ("? a\n: b\n? c\n: d: e", m(("a", "?:", "b"), ("c", "?:", m(("d", ":", "e"))))),
        ("a: [1, {b: c}, ]", m(("a", ":", ["list []", ("", "1"), ("", ["map {}", ("b", ":", "c")])]))),
        ("[d: e]", ["list []", ("", ["map ", ("d", ":", "e")])]),
        ('{"a":1, ? b : , c: }', ["map {}", ('"a"', ":", "1"), ("b", "?:", ""), ("c", ":", "")]),
        ("a: &x !!str b\nc: *x", m(("a", ":", ["&x", "!!str", "b"]), ("c", ":", "*x"))),
        ("a: &x\n  b: 1", m(("a", ":", ["&x", "map None", ("b", ":", "1")]))),
        ("&y c: &z\n", m((["&y", "c"], ":", ["&z", ""]))),
        ("- &x a: 1\n- &y\n  a: 1", s(m((["&x", "a"], ":", "1")), ["&y", "map None", ("a", ":", "1")])),
        ("- &x\n- 1", s(["&x", ""], "1")),
        ("a: 'x\n  y'\nb: p\n   q", m(("a", ":", "'x\n  y'"), ("b", ":", "p\n   q"))),
        (": a", m(("", ":", "a"))),
    ],
)
def test_each_sign_has_its_place(text: str, tree: object) -> None:
    document, windows = parse(text), parse(text.replace("\n", "\r\n"))
    assert shown(document, document.root) == tree
    assert repr(shown(windows, windows.root)).replace("\\r\\n", "\\n") == repr(tree)


@pytest.mark.parametrize(
    ("text", "scalar", "inset"),
    [
        ("a: |\n  x\n\n  y\n\n\nb: 1\n", "|\n  x\n\n  y", 2),
        ("a: |+\n  x\n\n\nb: 1\n", "|+\n  x\n\n", 2),
        ("a: >-  # c\n    x\n   \n\n", ">-  # c\n    x", 4),
        ("a: |2\n    x\n     \n", "|2\n    x\n     ", 2),
        ("a:\n- |\n   x\n- y", "|\n   x", 3),
        ("a:\n  - b: |1\n       x\n", "|1\n       x", 5),
        ("a: |\n\n   \n\n   x\n", "|\n\n   \n\n   x", 3),
        ("a: |\nb: 1\n", "|", 1),
        ("a: |\n\n\nb: 1\n", "|", 1),
        ("a: |\n  x", "|\n  x", 2),
    ],
)
def test_block_scalars_end_with_what_they_hold(text: str, scalar: str, inset: int) -> None:
    for end in ("\n", "\r\n"):
        document = parse(text.replace("\n", end))
        leaf = next(each for each in leaves(document.root) if each.style in ("|", ">"))
        assert document.of(leaf.span).replace(end, "\n") == scalar
        assert leaf.inset == inset


def leaves(tree: Tree) -> list[Leaf]:
    if isinstance(tree, Leaf):
        return [tree]
    return [leaf for entry in tree.entries for leaf in leaves(entry.value)]


@pytest.mark.parametrize(
    ("text", "comments"),
    [
        ("# x\na: 1 # y  \n  #z\n", [("# x", False), ("# y", True), ("#z", False)]),
        ("a: 'x # y' # z\nb: p#q\n", [("# z", True)]),
        ("a: |  # h\n  # text\n# c\n", [("# h", True), ("# c", False)]),
        ("a: [1, # x\n  # y\n  2] # z", [("# x", True), ("# y", False), ("# z", True)]),
        ("--- # x\na: 1\n... # y\n# z", [("# x", True), ("# y", True), ("# z", False)]),
        ("a: 1\r\n# x\r\n", [("# x", False)]),
        ("a:\r# x\r  - 1 # y\r", [("# x", False), ("# y", True)]),
    ],
)
def test_comments(text: str, comments: list[tuple[str, bool]]) -> None:
    document = parse(text)
    assert [(each.text, each.trailing) for each in document.comments] == comments
    assert all(document.text[each.start : each.end] == each.text for each in document.comments)
    second = [each for each in document.comments if each.start > document.comments[0].start]
    assert list(document.comments_from(document.comments[0].start + 1)) == second


def test_places_in_the_text() -> None:
    document = parse("a: 1\r\n  # x\nb: 2")
    assert document.starts == (0, 6, 12)
    assert [document.line(at) for at in (0, 5, 6, 12, 15)] == [0, 0, 1, 2, 2]
    assert document.column(8) == 2
    assert [document.line_text(number) for number in (-1, 0, 1, 2, 3)] == ["", "a: 1", "  # x", "b: 2", ""]
    assert document.is_first(12)
    assert not document.is_first(15)


def test_a_comment_goes_on_in_its_column_on_the_next_line() -> None:
    one, two, three, four = parse("a: 1  # 1\n      # 2\n     # 3\n\n     # 4\n").comments
    document = parse("a: 1  # 1\n      # 2\n     # 3\n\n     # 4\n")
    assert document.continues(one, two)
    assert not document.continues(two, three)
    assert not document.continues(three, four)


def test_marks_around_the_document() -> None:
    document = parse("---\na: 1\n...\n...\n")
    assert document.opening is not None and document.of(document.opening) == "---"
    assert [document.of(span) for span in document.closing] == ["...", "..."]
    assert parse("a: 1").opening is None


def test_starts_and_ends() -> None:
    document = parse("a: &x 1\n? b\n")
    assert isinstance(document.root, Branch)
    first, second = document.root.entries
    assert document.text[start_of(first.value) : first.end] == "&x 1"
    assert document.text[first.start : first.end] == "a: &x 1"
    assert document.text[second.start : second.end] == "? b"


@pytest.mark.parametrize("path", SPECS, ids=lambda path: path.parts[-2])
def test_nothing_of_a_spec_is_left_out(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert read(Source(path, text)).diagnostics == ()
    document = parse(text)
    kept = sorted((*spans(document.root), *((each.start, each.end) for each in document.comments)))
    rest, at = "", 0
    for start, end in kept:
        assert start >= at
        rest, at = rest + text[at:start], end
    assert re.fullmatch(r"[\s,\[\]{}]*", rest + text[at:])


def spans(tree: Tree) -> list[tuple[int, int]]:
    found = [(span.start, span.end) for span in tree.properties]
    if isinstance(tree, Leaf):
        return [*found, (tree.span.start, tree.span.end)]
    for entry in tree.entries:
        found += [(span.start, span.end) for span in (entry.mark, entry.colon) if span is not None]
        found += spans(entry.key) if entry.key is not None else []
        found += spans(entry.value)
    return found


@pytest.mark.parametrize("text", ["a: [1", "a: b: c", "- a\nb", "a: 1\n---\nb: 2\n"])
def test_a_text_that_can_not_be_read_has_no_syntax(text: str) -> None:
    with pytest.raises(Exception):  # noqa: B017, PT011 - whatever the library raises; `read` comes first
        parse(text)
