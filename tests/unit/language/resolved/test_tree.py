from __future__ import annotations

from pathlib import Path

from modelsync.core.diagnostics import Pos
from modelsync.language.resolved.tree import DEFAULT, Entry, Leaf, Origin, Row, Table

AT = Pos(Path("specs/x.yaml"), 3, 5, 3, 9)


def test_an_origin_is_a_place_and_reasons() -> None:
    assert str(Origin(AT)) == "specs/x.yaml:3"
    assert str(Origin(AT, ("params.a", "over team.yaml:2"))) == "specs/x.yaml:3, params.a, over team.yaml:2"
    assert str(DEFAULT) == "default"


def test_an_origin_is_one_line_whatever_was_given() -> None:
    assert str(Origin(None, ("-p a=x\ny\x1b[31m",))) == "-p a=x\\ny\\x1b[31m"


def test_a_table_finds_its_values() -> None:
    leaf = Leaf(1, Origin(AT))
    table = Table((Entry("a", leaf, Origin(AT)), Entry("b", Row(()), Origin(AT))), Origin(AT))
    assert table.get("a") is leaf
    assert table.get("c") is None
