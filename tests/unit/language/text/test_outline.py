"""The lines of a broken text as keys and dashes, and the slip that explains them best."""

from __future__ import annotations

import time

import pytest

from modelsync.language.text.outline import Slip, masked, outline, slip, unspaced

KEYS = "a: 1\nb:\n  c: 2\n  d:\n    - e\n    - f: 3\n      g: 4\n"


def shown(text: str, row: int = 0) -> list[str]:
    signs = {"dash": "-", "key": ":", "text": "t", "value": "v"}
    lines = text.splitlines()
    return [f"{each.line}.{each.col}{signs[each.kind]}{'>' * each.is_open}" for each in outline(lines, row)]


def found(text: str, row: int) -> str:
    """The slip of a text, in short."""
    said = slip(outline(text.splitlines(), row), row)
    return "" if said is None else _short(said)


def _short(said: Slip) -> str:
    cols = " or ".join(map(str, said.cols)) if said.kind == "shift" else said.kind
    return f"{said.entry.line}.{said.entry.col} {cols}"


@pytest.mark.parametrize(
    ("text", "entries"),
    [
        (KEYS, ["0.0:", "1.0:>", "2.2:", "3.2:>", "4.4->", "4.6t", "5.4->", "5.6:", "6.6:"]),
        ("- - a: b", ["0.0->", "0.2->", "0.4:"]),
        ("-\n  a: b", ["0.0->", "1.2:"]),
        ("a b\n'c'\n[d]\n{e: f}", ["0.0t", "1.0v", "2.0v", "3.0v"]),
        ("# x\n\n  # y\na: b # z\n---\n...", ["3.0:"]),
        ("a: &x\n  b: !!str c\n", ["0.0:>", "1.2:"]),
        ("!!map\na: b", ["1.0:"]),
        ("'a: b': c\n\"d\": e: f", ["0.0:", "1.0:"]),
        ("a: 'b # c'\n", ["0.0:"]),
        ("a: |\n  b: c\n    - d\ne: >-\n  f: g\nh: i", ["0.0:", "3.0:", "5.0:"]),
        ("- |\n  a: b\n- c", ["0.0->", "0.2v", "2.0->", "2.2t"]),
        ("a:\n  b: |\n    c: d\n  e: f", ["0.0:>", "1.2:", "3.2:"]),
        ("a: [b,\n  c: d,\n]\ne: f", ["0.0:", "3.0:"]),  # what stands in brackets over several lines is left out
        ("a: http://b\nc: d:e", ["0.0:", "1.0:"]),
        ("? a\n: b", ["0.0:", "1.0t"]),
    ],
)
def test_entries(text: str, entries: list[str]) -> None:
    assert shown(text) == entries


def test_only_the_lines_around_a_place_are_read_and_what_holds_them() -> None:
    text = "a:\n  b:\n" + "    c: 1\n" * 1000
    around = outline(text.splitlines(), 900)
    assert [(each.line, each.col) for each in around[:3]] == [(0, 0), (1, 2), (499, 4)]
    assert around[-1].line < 1000


def test_masked() -> None:
    assert masked("a: 'b: c' # d") == "a: " + "\0" * 6
    assert masked("a: {b: [c]} d") == "a: " + "\0" * 8 + " d"
    assert masked("don't: x # y") == "don't: x"  # an apostrophe begins no text
    assert masked("a: b#c") == "a: b#c"


@pytest.mark.parametrize(
    ("text", "row", "said"),
    [
        ("a: 1\n b: 2\nc: 3", 1, "1.1 0"),
        ("a:\n  b: 1\n   c: 2\n  d: 3", 2, "2.3 2"),
        ("a:\n  b: 1\n c: 2\n  d: 3", 2, "2.1 2"),
        ("a:\n   b: 1\n  c: 2\n  d: 3", 2, "1.3 2"),  # the line above the one where it shows
        ("a:\n   b:\n    x: 1\n    y: 1\n  c: 2\n  d: 3", 4, "1.3 2"),  # and lines further up
        (" a: 1\nb: 2", 1, "0.1 0"),
        ("a:\n  - b\n   - c\n  - d", 2, "2.3 2"),
        ("a:\n  - b: 1\n     c: 2\n    d: 3", 2, "2.5 4"),
        ("a:\n   - b: 1\n    c: 2\n  - d: 3", 2, "1.3 2"),  # the dash moved, and its keys with it
        ("a:\n  b: 1\n c: 2\nd: 3", 2, "2.1 2 or 0"),  # both fit
        ("a:\n  b:\n    c: 1\n   d:\n    e: 1\n  f: 1", 3, "3.3 4 or 2"),
        ("a:\n  b:\n    x: 1\n    y: 2\n   x: 3\nc: 1", 4, "4.3 2"),  # in column 4 it would stand twice
        ("a: 1\nb 2\nc: 3", 1, "1.0 colon"),
        ("a: 1\nb\n  c: 3", 2, "1.0 colon"),
        ("a: 1\nb:2\nc: 3", 1, "1.0 space"),
        ("a:\n  - b\n  -c", 2, "2.2 gap"),
        ("a: 1\nb: 2\nc: 3", 1, ""),
        ("a: b: c", 0, ""),
        ("", 0, ""),
    ],
)
def test_the_slip_that_explains_most(text: str, row: int, said: str) -> None:
    assert found(text, row) == said


@pytest.mark.parametrize(
    ("line", "kind"),
    [("a:b", "space"), ("a b", "colon"), ("'a' b", "colon"), ("-a", "gap"), ("a: b", ""), ("12:30", ""), ("[a]", "")],
)
def test_what_one_line_shows(line: str, kind: str) -> None:
    said = unspaced(outline([line], 0), 0)
    assert ("" if said is None else said.kind) == kind


def test_a_long_text_takes_no_long_time() -> None:
    text = "".join(f"k{number}:\n  a: 1\n   b: 2\n  c: 3\n" for number in range(20_000))
    started = time.process_time()
    assert found(text, 40_002)
    assert time.process_time() - started < 10  # not a speed test: without its window it takes minutes
