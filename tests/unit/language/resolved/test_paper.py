from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from modelsync.core.diagnostics import Pos
from modelsync.language.resolved.fill import resolve
from modelsync.language.resolved.paper import origins, plain, yaml, yaml_with_origins
from modelsync.language.resolved.tree import DEFAULT, Entry, Leaf, Origin, Row, Table, Tree
from modelsync.language.resolved.unfilled import written
from modelsync.language.text.read import read
from modelsync.language.text.source import Source
from tests.unit.language.resolved.conftest import Read


def on(line: int, *said: str) -> Origin:
    return Origin(Pos(Path("x.yaml"), line, 1, line, 2), said)


def table(line: int, **values: Tree) -> Table:
    return Table(tuple(Entry(key, value, on(line)) for key, value in values.items()), on(line))


TREE = table(
    1,
    modelsync=Leaf(1, on(1)),
    project=Leaf("x: y", on(2)),
    gates=table(
        3,
        one=table(4, words=Row((Leaf("a", on(4)), Leaf(1.5, on(4))), on(4)), none=Table((), on(4))),
        two=table(
            5,
            checks=Row(
                (table(6, test=Leaf("psi", on(6)), max=Leaf(0.2, DEFAULT)), Leaf(None, on(7, "params.x"))), on(5)
            ),
            spread=Row((Leaf("a", on(8)), Leaf("b", on(9))), on(8)),
        ),
    ),
)


def test_sections_are_laid_out_as_people_write_them() -> None:
    assert (
        yaml(TREE)
        == """\
modelsync: 1
project: "x: y"

gates:
  one:
    words: [a, 1.5]
    none: {}
  two:
    checks:
      - {test: psi, max: 0.2}
      - null
    spread: [a, b]
"""
    )


def test_every_line_says_where_it_comes_from() -> None:
    two = replace(TREE, entries=(*TREE.entries, Entry("z", Leaf(2, Origin(Pos(Path("y.yaml"), 5, 1, 5, 2))), on(1))))
    *lines, last = [tuple(part.strip() for part in line.split("  # ")) for line in yaml_with_origins(two).splitlines()]
    assert last == ("z: 2", "y.yaml:5")
    assert lines == [
        ("modelsync: 1", "x.yaml:1"),
        ('project: "x: y"', "x.yaml:2"),
        ("",),
        ("gates:", "x.yaml:1"),
        ("one:", "x.yaml:3"),
        ("words: [a, 1.5]", "x.yaml:4"),
        ("none: {}", "x.yaml:4"),
        ("two:", "x.yaml:3"),
        ("checks:", "x.yaml:5"),
        ("- test: psi", "x.yaml:6"),
        ("max: 0.2", "default"),
        ("- null", "x.yaml:7, params.x"),
        ("spread:", "x.yaml:5"),
        ("- a", "x.yaml:8"),
        ("- b", "x.yaml:9"),
    ]


def test_where_all_stands_in_one_file_its_name_is_not_repeated() -> None:
    lines = [tuple(part.strip() for part in line.split("  # ")) for line in yaml_with_origins(TREE).splitlines()]
    assert lines[:2] == [("modelsync: 1", "line 1"), ('project: "x: y"', "line 2")]
    assert lines[-5:-3] == [("max: 0.2", "default"), ("- null", "line 7, params.x")]


def test_both_are_yaml_of_the_same_values(read_short: Read) -> None:
    for tree in (TREE, resolve(read_short()), written(read_short())):
        for text in (yaml(tree), yaml_with_origins(tree)):
            found = read(Source(Path("again.yaml"), text))
            assert found.diagnostics == ()
            assert found.root is not None
            assert _plain(found.root) == plain(tree)


def test_origins_have_the_pointer_of_their_value() -> None:
    odd = Table((Entry("a/b~c", Leaf(1, on(1)), on(1, "over y.yaml:2")),), on(1))
    assert [(pointer, str(origin)) for pointer, origin in origins(odd)] == [("/a~1b~0c", "x.yaml:1, over y.yaml:2")]
    assert [pointer for pointer, _ in origins(TREE)][2:4] == ["/gates/one/words/0", "/gates/one/words/1"]


def _plain(node: object) -> object:
    from modelsync.language.text.nodes import Mapping, Scalar, Sequence

    match node:
        case Mapping():
            return {item.key.text: _plain(item.value) for item in node.items}
        case Sequence():
            return [_plain(each) for each in node.items]
        case Scalar():
            return node.value
    raise AssertionError(node)
