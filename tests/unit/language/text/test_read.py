"""Text to nodes: places, anchors and merges, and every limit on hostile input."""

from __future__ import annotations

from pathlib import Path

import pytest

from modelsync.core.diagnostics import Pos
from modelsync.language.text import read as reading
from modelsync.language.text.nodes import Mapping, Node, Scalar, Sequence
from modelsync.language.text.read import Read, read
from modelsync.language.text.source import Source, decode_bytes

PATH = Path("modelsync.yaml")


def reader(text: str) -> Read:
    return read(Source(PATH, text))


def plain(node: Node | None) -> object:
    match node:
        case Mapping():
            return {item.key.text: plain(item.value) for item in node.items}
        case Sequence():
            return [plain(each) for each in node.items]
        case Scalar():
            return node.value
    return None


def value(text: str) -> object:
    found = reader(text)
    assert found.diagnostics == ()
    return plain(found.root)


def fault(text: str) -> tuple[str, int, int]:
    found = reader(text)
    assert found.root is None or found.diagnostics
    first = found.diagnostics[0]
    return first.code, first.at.line, first.at.col


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a: yes\nb: 12:30:45\nc: 1.10\nd: '1.10'", {"a": "yes", "b": "12:30:45", "c": 1.1, "d": "1.10"}),
        ("a: [1, {b: null}]\nc:\n- x\n", {"a": [1, {"b": None}], "c": ["x"]}),
        ("1: a\ntrue: b", {"1": "a", "true": "b"}),
        ("a: &x {b: 1}\nc: *x", {"a": {"b": 1}, "c": {"b": 1}}),
        ("a: &x {b: 1, c: 2}\nd: {<<: *x, c: 3}", {"a": {"b": 1, "c": 2}, "d": {"c": 3, "b": 1}}),
        ("a: &x {b: 1}\nc: &y {b: 2, d: 3}\ne: {<<: [*x, *y]}", None),
        ("a: !!str 1\nb: !!int 2\nc: !!float 2\nd: !!map {}\ne: !!seq []\nf: ! 3", None),
        ('"<<": 1', {"<<": 1}),
        ("---\na: 1\n", {"a": 1}),
        ("a: 1\n...\n", {"a": 1}),
        ("# a comment\n\na: 1 # and another", {"a": 1}),
    ],
)
def test_what_a_text_says(text: str, said: object) -> None:
    found = value(text)
    assert said is None or found == said


@pytest.mark.parametrize(
    "text",
    [
        "1.10",
        "010",
        "0o10",
        "12:30:45",
        "12e34567",
        "1e999",
        ".nan",
        "9" * 5000,
        "2024-13-45",
        "yes",
        "0x1F",
        "-0",
        "+3",
    ],
)
def test_a_number_keeps_the_text_that_was_written(text: str) -> None:
    root = reader(f"a: {text}\n{text}: a\n").root
    assert isinstance(root, Mapping) or len(text) > 256
    if isinstance(root, Mapping):
        found = root.get("a")
        assert isinstance(found, Scalar) and found.text == text
        assert root.items[1].key.text == text


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("1: a\n0x1: b\n1.0: c\ntrue: d", ["1", "0x1", "1.0", "true"]),  # keys are texts: these are four
        ("? a\n: 1\n? b\n", ["a", "b"]),
        ("'a': 1\n\"b\": 2\n? |\n  c\n: 3\n", ["a", "b", "c\n"]),
        ("a: |\n  x: 1\nb: 2", ["a", "b"]),
        ("{a: 1, 'b':2, c: }", ["a", "b", "c"]),
        ("\ufeffa: 1", ["a"]),  # a byte order mark before the first character
        ("a: 1\r\nb: 2\rc: 3", ["a", "b", "c"]),
    ],
)
def test_keys_are_texts(text: str, keys: list[str]) -> None:
    source = decode_bytes(PATH, text.encode())
    assert isinstance(source, Source)
    root = read(source).root
    assert isinstance(root, Mapping)
    assert [item.key.text for item in root.items] == keys


def test_earlier_merges_win() -> None:
    assert value("a: &x {b: 1}\nc: &y {b: 2, d: 3}\ne: {<<: [*x, *y]}") == {
        "a": {"b": 1},
        "c": {"b": 2, "d": 3},
        "e": {"b": 1, "d": 3},
    }


def test_tags_of_the_core_schema() -> None:
    found = value("a: !!str 1\nb: !!int 2\nc: !!float 2\nd: !!map {}\ne: !!seq []\nf: ! 3")
    assert found == {"a": "1", "b": 2, "c": 2.0, "d": {}, "e": [], "f": "3"}


def test_places_are_those_of_the_text() -> None:
    root = reader("ab: &x\n  c: 'de'\nf: {<<: *x}\n").root
    assert isinstance(root, Mapping)
    inner, merged = root.items[0].value, root.items[1].value
    assert isinstance(inner, Mapping)
    assert isinstance(merged, Mapping)
    at = inner.items[0].value.at
    assert (at.line, at.col, at.end_line, at.end_col) == (2, 6, 2, 10)
    assert merged.items[0].value.at == at  # what is merged keeps its place


def test_an_alias_remembers_where_it_stands() -> None:
    root = reader("a: &x {b: 1}\nc: *x\nd: &y [1]\ne: *y\nf: &z text\ng: [*z]\n*z : 1\n").root
    assert isinstance(root, Mapping)
    defined, used = root.get("a"), root.get("c")
    assert isinstance(defined, Mapping) and isinstance(used, Mapping)
    assert defined.via is None
    assert used.at == defined.at and used == defined  # what it says, and where: unchanged
    assert _span(used.via) == (2, 4, 2, 6)
    assert used.items[0].value.via is None  # what stands below keeps its own places only
    assert _span(root.items[3].value.via) == (4, 4, 4, 6)
    listed = root.items[5].value
    assert isinstance(listed, Sequence)
    assert _span(listed.items[0].via) == (6, 5, 6, 7)
    assert _span(root.items[6].key.via) == (7, 1, 7, 3)


def test_a_merged_key_remembers_the_merge() -> None:
    text = "a: &x {b: 1}\nc: &y {<<: *x, d: 2}\ne: {<<: *y, f: 3}\ng: {<<: [*x, {h: 4}]}\n"
    root = reader(text).root
    assert isinstance(root, Mapping)
    via = {
        (item.key.text, inner.key.text): _span(inner.via)
        for item in root.items
        if isinstance(item.value, Mapping)
        for inner in item.value.items
    }
    assert via == {
        ("a", "b"): None,
        ("c", "d"): None,
        ("c", "b"): (2, 12, 2, 14),
        ("e", "f"): None,
        ("e", "d"): (3, 9, 3, 11),
        ("e", "b"): (3, 9, 3, 11),  # the merge that stands here, not the one inside `c`
        ("g", "b"): (4, 10, 4, 12),
        ("g", "h"): (4, 14, 4, 15),
    }


def _span(at: Pos | None) -> tuple[int, int, int, int] | None:
    return None if at is None else (at.line, at.col, at.end_line, at.end_col)


@pytest.mark.parametrize(
    ("text", "code", "line", "col"),
    [
        ("a: 'open\nb: 1\n", "MS001", 1, 4),
        ('a: "open\nb: 1\n', "MS001", 1, 4),
        ("a:\n\tb: 1", "MS001", 2, 1),
        ("a: b: c", "MS001", 1, 5),
        ("a: }", "MS001", 1, 4),
        ("a: @b", "MS001", 1, 4),
        ("a: [1\n", "MS001", 1, 4),
        ("- a\nb: 1", "MS001", 2, 1),
        ("%YAML 1.1\n---\na: 1", "MS004", 1, 1),
        ("# x\n\n%TAG ! x:\n---\na: 1", "MS004", 3, 1),
        ("a: 1\n---\nb: 1", "MS004", 2, 1),
        ("\r%FOO bar\n---\na: 1", "MS004", 2, 1),
        ("a: 1\n...\nb: 1", "MS004", 3, 1),
        ("a: !Path x", "MS005", 1, 4),
        ("a: !!python/object/apply:os.system [ls]", "MS005", 1, 4),
        ("a: !<tag:yaml.org,2002:binary> aa", "MS005", 1, 4),
        ("a: !!set {b}", "MS005", 1, 4),
        ("a: !!map [1]", "MS005", 1, 4),
        ("a: !!int abc", "MS005", 1, 4),
        ("a: !!float abc", "MS005", 1, 4),
        ("a: !!bool maybe", "MS005", 1, 4),
        ("a: !!timestamp 2024-13-45", "MS005", 1, 4),
        ("a: !Include x", "MS005", 1, 4),
        ("a: !Ref {b: 1}", "MS005", 1, 4),
        ("a: !<!x> 1", "MS005", 1, 4),
        ("a: !%78 1", "MS005", 1, 4),
        ("a: b\u0085c", "MS003", 1, 5),
        ("a: b\u2028c", "MS003", 1, 5),
        ("a: \ufeffb", "MS003", 1, 4),
        ("a:\n\u00a0\u00a0b: 1", "MS003", 2, 1),
        ("name:demo", "MS001", 1, 1),
        ("name:\tdemo", "MS001", 1, 6),
        ("{{ a }}", "MS007", 1, 2),
        ("a: 1\n... b", "MS001", 2, 5),
        ("%YAML 1.2\n---\na: 1", "MS004", 1, 1),
        ("a: 1\na: 2", "MS006", 2, 1),
        ("a: 1\n'a': 2", "MS006", 2, 1),
        ("1: a\n'1': b", "MS006", 2, 1),
        ("\u00e9: 1\ne\u0301: 2", "MS006", 2, 1),
        ("{{ x }}: 1", "MS007", 1, 2),
        ("? [a]\n: 1", "MS007", 1, 3),
        ("a: *x", "MS008", 1, 4),
        ("&a a: *a\nb: &x [*x]", "MS008", 2, 8),
        ("a: &x {<<: *x}", "MS008", 1, 12),
        ("a: {<<: 1}", "MS008", 1, 5),
        ("a: {<<: [1]}", "MS008", 1, 5),
        ('a: "\\0"', "MS003", 1, 4),
        ('a: "\\e[2J"', "MS003", 1, 4),
        ('a: "\\ud800"', "MS003", 1, 4),
        ('a: "\\U00110000"', "MS001", 1, 7),
        ("", "MS009", 1, 1),
        ("# only a comment\n", "MS009", 1, 1),
    ],
)
def test_what_can_not_be_read_is_placed(text: str, code: str, line: int, col: int) -> None:
    assert fault(text) == (code, line, col)


@pytest.mark.parametrize("text", ["---\n", "null\n", "~ # nothing\n"])
def test_a_document_without_a_value_says_nothing(text: str) -> None:
    (found,) = reader(text).diagnostics
    assert (found.code, found.at.line, found.at.col) == ("MS009", 1, 1)
    assert reader(text).root is None


def test_several_slips_are_told_at_once() -> None:
    assert [each.code for each in reader("a: !x 1\na: 2\nb: !!int c\n").diagnostics] == ["MS005", "MS006", "MS005"]


def test_the_place_of_a_value_is_without_its_anchor_and_tag() -> None:
    root = reader("a: &x !!str 'b'\nc: &y\nd: !!int\n  5\n").root
    assert isinstance(root, Mapping)
    assert [_span(item.value.at) for item in root.items] == [(1, 13, 1, 16), (2, 1, 2, 2), (3, 4, 4, 4)]


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("a: 1\na: 2\nb: [", ["MS006", "MS001"]),  # two faults
        ("b: [a\nc: {d, e: !x f}\ng: 1", ["MS001"]),  # what stands behind the bracket is not as it seems
        ("a: {b:&x 1}\nc: *x", ["MS001"]),  # the anchor is what could not be read
        ("a: !x 1\nb: [", ["MS005", "MS001"]),
    ],
)
def test_one_slip_is_told_once(text: str, codes: list[str]) -> None:
    assert [each.code for each in reader(text).diagnostics] == codes


def test_a_source_that_was_not_read_from_bytes_is_checked_as_well() -> None:
    assert fault("a: 1\nb: \x1b[2J") == ("MS003", 2, 4)


def test_the_size_goes_on_from_file_to_file() -> None:
    first = reader("a: &x [1, 2]\nb: *x\n").size
    assert (first.nodes, first.aliases, first.expanded) == (6, 1, 9)
    second = read(Source(PATH, "a: 1"), first)
    assert (second.size.nodes, second.size.aliases, second.size.expanded) == (9, 1, 12)
    full = reading.Size(reading.MAX_NODES - 2, 0, 0)
    over = read(Source(PATH, "a: 1"), full)
    assert [each.code for each in over.diagnostics] == ["MS002"]
    assert over.size.is_over and not first.is_over


def test_at_the_limits_a_text_is_read() -> None:
    depth = "".join(f"{' ' * n}k:\n" for n in range(reading.MAX_DEPTH))
    assert reader(depth).diagnostics == ()
    aliases = "a: &a 1\nb: [" + "*a," * reading.MAX_ALIASES + "]"
    assert reader(aliases).diagnostics == ()
