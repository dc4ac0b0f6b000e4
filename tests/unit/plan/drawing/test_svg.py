from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest

from modelsync.plan.drawing.picture import Graph
from modelsync.plan.drawing.svg import draw

_SPACE = "{http://www.w3.org/2000/svg}"


@pytest.mark.parametrize("name", ["wide", "small", "none"])
def test_it_is_well_formed_and_needs_nothing_from_outside(graphs: dict[str, Graph], name: str) -> None:
    drawn = draw(graphs[name])
    root = ElementTree.fromstring(drawn)
    assert root.tag == f"{_SPACE}svg"
    kinds = {element.tag.removeprefix(_SPACE) for element in root.iter()}
    assert kinds <= {"svg", "style", "defs", "marker", "path", "rect", "text", "g", "title"}
    assert not re.search(r"(href|src|@import|@font-face|url\((?!#))", drawn)
    assert "prefers-color-scheme:dark" in drawn


def test_every_node_and_edge_is_there_with_its_words(graphs: dict[str, Graph]) -> None:
    root = ElementTree.fromstring(draw(graphs["wide"]))
    texts = [element.text for element in root.iter(f"{_SPACE}text")]
    assert {node.label for node in graphs["wide"].nodes} <= set(texts)
    assert "pipeline train" in texts
    titles = [element.text for element in root.iter(f"{_SPACE}title")]
    assert 'step report.page: report a "b" <c> & \\d --model {inputs.model} -o {outputs.page}' in titles
    assert "train.best → m: model, metrics" in titles
    assert len(titles) == len(graphs["wide"].nodes) + len(graphs["wide"].edges)
    assert {"content goes on", "is judged first", "comes before"} <= set(texts)


def test_words_that_are_too_long_are_cut_in_sight(graphs: dict[str, Graph]) -> None:
    from dataclasses import replace

    first = graphs["small"].nodes[0]
    long = replace(first, detail="many words " * 20)
    drawn = draw(replace(graphs["small"], nodes=(long, *graphs["small"].nodes[1:])))
    assert "…</text>" in drawn
    assert f"many words {'many words ' * 18}many words" in drawn  # a pointer shows all of them
