from __future__ import annotations

from modelsync.gates.page.figure import figure
from modelsync.gates.page.svg import chart
from tests.unit.gates.page.conftest import tree


def test_a_caption_comes_before_its_picture() -> None:
    made = tree(figure("what < it shows", chart("x", 10), "and how", class_="single"))
    assert [child.tag for child in made] == ["figcaption", "svg"]
    assert "".join(made[0].itertext()) == "what < it showsand how"
    assert len(tree(figure("plain", chart("x", 10)))[0]) == 0
