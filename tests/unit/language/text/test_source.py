"""The text of a file and places in it."""

from __future__ import annotations

from pathlib import Path

import pytest

from modelsync.core.diagnostics import Diagnostic
from modelsync.language.text.nodes import Mapping, Node, Scalar
from modelsync.language.text.read import read
from modelsync.language.text.source import MAX_BYTES, Source, decode_bytes

PATH = Path("modelsync.yaml")


@pytest.mark.parametrize(
    ("data", "code", "line", "col"),
    [
        (b"a: " + b"x" * MAX_BYTES, "MS002", 1, 1),
        (b"a: 1\nb: \xff", "MS003", 2, 4),
        ("a: 1\n".encode("utf-16"), "MS003", 1, 1),
        (b"a: 1\nb: \x00", "MS003", 2, 4),
        (b"a: \x1b[2J", "MS003", 1, 4),
        (b"a: 1\r\nbc\x0bd", "MS003", 2, 3),
        ("a: b\u2028c".encode(), "MS003", 1, 5),
        ("a: b\x85c".encode(), "MS003", 1, 5),
        ("a: b\ufeffc".encode(), "MS003", 1, 5),
        ("a: \u202ecba".encode(), "MS003", 1, 4),
    ],
)
def test_bytes_that_are_no_text_of_a_spec(data: bytes, code: str, line: int, col: int) -> None:
    found = decode_bytes(PATH, data)
    assert isinstance(found, Diagnostic)
    assert (found.code, found.at.line, found.at.col) == (code, line, col)


@pytest.mark.parametrize("data", [b"\xef\xbb\xbfa: 1\n", b"a: 1\n", "a: \u00e9\u65e5\U0001f600\n".encode()])
def test_text_with_or_without_a_byte_order_mark(data: bytes) -> None:
    found = decode_bytes(PATH, data)
    assert isinstance(found, Source)
    assert found.text.startswith("a: ")


def test_offsets_become_places() -> None:
    source = Source(PATH, "ab\ncd\r\nef")
    places = [(source.at_offset(offset).line, source.at_offset(offset).col) for offset in (0, 1, 3, 4, 7, 8)]
    assert places == [(1, 1), (1, 2), (2, 1), (2, 2), (3, 1), (3, 2)]


@pytest.mark.parametrize(
    ("text", "part", "line", "col"),
    [
        ("when: a or bcd", "bcd", 1, 12),
        ('when: "a or bcd"', "bcd", 1, 13),
        ("when: bcd or bcd", "bcd", 1, 7),
        ("when: >\n  a or\n  bcd", "bcd", 3, 3),
        ("when: |\n  a or\n  bcd\n", "bcd", 3, 3),
        ('when: "a \\u006fr bcd"', "bcd", 1, 18),
        ('when: !!str "a or bcd"', "bcd", 1, 19),
    ],
)
def test_a_part_of_a_scalar_has_its_own_place(text: str, part: str, line: int, col: int) -> None:
    source = Source(PATH, text)
    node = _only_value(read(source).root)
    start = node.text.index(part)
    at = source.within(node, start, start + len(part))
    assert (at.line, at.col, at.end_col - at.col) == (line, col, len(part))


def test_a_part_hidden_by_escapes_has_the_place_of_the_whole() -> None:
    source = Source(PATH, 'when: "a or \\u0062cd"')
    node = _only_value(read(source).root)
    assert source.within(node, 5, 8) == node.at


def test_a_second_same_word_on_one_line_is_found_at_its_own_column() -> None:
    source = Source(PATH, "when: bcd or bcd")
    assert source.within(_only_value(read(source).root), 7, 10).col == 14


def _only_value(root: Node | None) -> Scalar:
    assert isinstance(root, Mapping)
    value = root.items[0].value
    assert isinstance(value, Scalar)
    return value
