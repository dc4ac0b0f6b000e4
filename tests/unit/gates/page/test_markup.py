"""Whatever comes from data is text on the page, and the page stays well-formed."""

from __future__ import annotations

import pytest

from modelsync.gates.page.markup import Markup, breakable, join, tag
from tests.unit.gates.page.conftest import tree

HOSTILE = [
    "</script><script>alert(1)</script>",
    'x" onload="alert(1)',
    "it's <b>&amp;</b> <!-- ]]>",
    "nul\x00bell\x07escape\x1b[31m",
    "\u202eevil\u2066",
    "line\nbreak\ttab\r",
    "half \ud800 of a pair \ufffe",
    "x" * 3000,
    "",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_text_and_attributes_are_never_markup(text: str) -> None:
    element = tree(tag("p", text, tag("b", breakable(text)), title=text))
    assert [child.tag for child in element] == ["b"]
    assert set(element.keys()) == {"title"}
    assert {inner.tag for inner in element.iter()} <= {"p", "b", "wbr"}
    assert all(sign.isprintable() or sign == "\n" for sign in "".join(element.itertext()))


def test_names_of_attributes() -> None:
    assert tag("th", "a", scope="col", class_="num", aria_label="x", data_head=None) == (
        '<th scope="col" class="num" aria-label="x">a</th>'
    )


def test_numbers_are_short_and_empty_elements_closed() -> None:
    assert tag("rect", x=1.0, y=2.345678, width=0.5) == '<rect x="1" y="2.35" width="0.5"/>'
    assert tag("td") == "<td></td>"


def test_children_of_any_depth() -> None:
    assert join("a<", None, [tag("b", "c"), [Markup("<i/>")]]) == "a&lt;<b>c</b><i/>"


def test_a_name_breaks_after_what_joins_its_words_and_loses_nothing() -> None:
    name = "expect_column_values_to_be_between" + "z" * 100
    broken = breakable(name)
    assert "_<wbr/>" in broken
    assert max(len(piece) for piece in broken.split("<wbr/>")) <= 25
    assert broken.replace("<wbr/>", "") == name
    assert breakable("") == ""
