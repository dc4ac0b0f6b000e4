from __future__ import annotations

from modelsync.language.layout.page import Page
from modelsync.language.text.syntax import parse


def test_comments_and_blank_lines_come_before_what_follows_them() -> None:
    text = "# head\n\na: 1 # one\n\n\n# b\nb: 2\n# end"
    page = Page(parse(text))
    page.line(0, text.index("a:"))
    page.add("a: 1")
    page.line(0, text.index("b:"))
    page.add("b: 2")
    assert page.finish() == "# head\n\na: 1  # one\n\n# b\nb: 2\n# end\n"


def test_an_inner_line_has_no_blank_line_above() -> None:
    text = "a:\n\n  b: 1\n"
    page = Page(parse(text))
    page.line(0, 0)
    page.add("a:")
    page.inner_line(2, text.index("b:"))
    page.add("b: 1")
    assert page.finish() == "a:\n  b: 1\n"


def test_what_goes_on_beside_goes_below_a_comment() -> None:
    text = "a: # x\n  1\nb: 2"
    page = Page(parse(text))
    page.line(0, 0)
    page.add("a:")
    page.beside(2, text.index("1"))
    page.add("1")
    page.line(0, text.index("b:"))
    page.add("b:")
    page.beside(2, text.index("2"))
    page.add("2")
    assert page.finish() == "a:  # x\n  1\nb: 2\n"


def test_a_comment_belongs_to_the_collection_that_it_is_as_far_in_as() -> None:
    text = "a:\n    b: 1\n    # b\n  # neither\n# c\nc: 1\n"
    page = Page(parse(text))
    page.line(0, 0)
    page.add("a:")
    page.inner_line(2, text.index("b:"))
    page.add("b: 1")
    page.ended(4, 2)
    page.line(0, text.index("c: 1"))
    page.add("c: 1")
    assert page.finish() == "a:\n  b: 1\n  # b\n# neither\n# c\nc: 1\n"


def test_a_comment_behind_a_closing_bracket_is_lifted_to_its_key_or_above_its_dash() -> None:
    text = "a: [1]  # x\nb: [1]  # y\n"
    page = Page(parse(text))
    page.line(0, 0)
    page.add("a:")
    page.lift(text.index("]") + 1, text.index("1"))
    page.line(2, text.index("b:"))
    page.add("-")
    page.hangs = True
    page.lift(text.rindex("]") + 1, text.rindex("1"))
    assert page.finish() == "a:  # x\n  # y\n  -\n"


def test_raw_lines_keep_their_spaces_and_swallow_no_blank_line() -> None:
    text = "a: |+ # x\n y \n\nb: 1"
    page = Page(parse(text))
    page.line(0, 0)
    page.add("a: |+")
    page.raw(["  y ", ""], text.index("y"), "+")
    page.line(0, text.index("b:"))
    page.add("b: 1")
    assert page.finish() == "a: |+  # x\n  y \n\nb: 1\n"


def test_long_sections_are_separated() -> None:
    text = "a:\n  b: 1\n# c\nc:\n  d: 1\n"
    page = Page(parse(text))
    for section, inner in (("a:", "b: 1"), ("c:", "d: 1")):
        page.line(0, text.index(section))
        page.add(section)
        page.section(is_block=True)
        page.inner_line(2, text.index(inner))
        page.add(inner)
    assert page.finish() == "a:\n  b: 1\n\n# c\nc:\n  d: 1\n"


def test_a_text_may_end_without_a_line_end() -> None:
    page = Page(parse("a: |\n  x"))
    page.line(0, 0)
    page.add("a: |")
    page.raw(["  x"], 5, "")
    page.stays_open = True
    assert page.finish() == "a: |\n  x"
