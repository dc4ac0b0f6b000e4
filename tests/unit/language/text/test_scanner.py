"""The quick events are those of the library: same events, same errors, same places."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError

from modelsync.language.text.scanner import Events
from modelsync.language.text.source import FORBIDDEN

SPECS = Path(__file__).parents[4] / "specs"
CORPUS = [path.read_text(encoding="utf-8", errors="replace") for path in sorted(SPECS.rglob("*.yaml"))]


def library(text: str) -> Iterator[Any]:
    _, parser = YAML(typ="safe", pure=True).get_constructor_parser(text)
    while parser.check_event():
        yield parser.get_event()


def told(events: Iterator[Any]) -> list[object]:
    """Each event, or the error, as plain values."""
    said: list[object] = []
    try:
        said.extend(_event(event) for event in events)
    except MarkedYAMLError as error:
        marks = (_mark(error.context_mark), _mark(error.problem_mark))
        said.append((type(error).__name__, error.context, error.problem, *marks))
    except Exception as error:  # the library's own slips
        said.append(type(error).__name__)
    return said


def _event(event: Any) -> tuple[object, ...]:
    said = (
        getattr(event, name, None) for name in ("value", "anchor", "tag", "style", "implicit", "flow_style", "explicit")
    )
    return (type(event).__name__, *said, _mark(event.start_mark), _mark(event.end_mark))


def _mark(mark: Any) -> tuple[int, int, int] | None:
    return None if mark is None else (mark.line, mark.column, mark.index)


def same(text: str) -> None:
    if FORBIDDEN.search(text):
        return  # refused before it is read
    assert told(iter(Events(text))) == told(library(text)), text


@pytest.mark.parametrize("text", CORPUS)
def test_the_specs(text: str) -> None:
    same(text)
    same(text.replace("\n", "\r\n"))
    same(text.replace("\n", "\r"))


CASES = [
    "",
    "a",
    "\n\n",
    "a: b",
    "a: b c  d \n  e\n\n  f #x\n",
    "a: b#c #d",
    "a:b: c",
    "a: b:c:",
    "{a: b:c, d:e, f}",
    "{a:, b:c,d}",
    "[a:, :b, a::b, a: b, ?c]",
    "{a: b\n c\n\n d, e: 'f\n g'}",
    "[a\n---\n]",
    "a\n---\nb",
    "a\n...\nb",
    "a\n--- b",
    "'a\n---\n'",
    "a: |\n  b\n\n  c\nd: >-\n  e\n  f\n",
    "a: |2\n  b\n",
    "a: >+\n\n\n# x\nb",
    "- a\n- - b\n  - c\n-\n- ? d\n  : e\n",
    "- a\n-b",
    "-a\n--- \n-",
    "? a\n: b\n? c\n",
    "a: &x !!str b\nc: *x\n*x : d\n",
    "&x a: &y\n  b: *y",
    "!t {a: 1}",
    'a: "b\\n\\x41\\\n  c"',
    "'it''s'",
    "''",
    '""',
    "'a' b",
    "'a': b",
    "'a\nb': c",
    '"a\tb"',
    "a\tb",
    "a:\tb",
    "\ta: b",
    "a: [\tb,\n\tc]",
    "a: b\n c: d",
    "a: b\n  - c",
    "a:\n - b\nc",
    "a:\n  b: c\n d: e",
    "[a",
    "{a: [b}",
    "]",
    "a: }",
    "a: @b",
    "a: `b",
    "a: %b",
    "%b",
    "a: b: c",
    "a:  b: c",
    "a:  - b",
    "-  - a:  b",
    "a: 'b'  # c\nd: e",
    "a: -",
    "a: - b",
    "a: ?",
    "a: :",
    ": a",
    "? ",
    "{? a : b, ? c}",
    "[? a : b]",
    "{: a}",
    "[: a]",
    "[, a]",
    "{,}",
    "[a,,b]",
    "[[[[a]]], {b: {c: [d]}}]",
    '{"a":b, "c":[d]}',
    '["a":b]',
    "{'a' :b}",
    "{a : b}",
    "{a, b: }",
    "x" * 1030 + ": a",
    "{" + "x" * 1030 + ": a}",
    "a " * 600 + ": b",
    "[" * 20 + "]" * 20,
    "a: 'b\n\n\n c'",
    "a # b\n# c\n: d",
    "# a",
    "#a\n#b\na: b\n#c",
    "a: b # c\r\nd: e\r\n",
    "a: b\rc: d\r\r e",
    "...",
    "---",
    "--- a\n...\n--- b",
    "--- |\n a\n---\n b",
    "....",
    "----",
    ".a: -b",
    "a: <<",
    "<<: *a",
    "a: !<x> b",
    "a: !e!x b",
    "a: !%41 b",
    "a: *",
    "a: &",
    "a: &b &c d",
    "a: *b c",
    "é: ü\n日本: 語 # 😀\n",
]


@pytest.mark.parametrize("text", CASES)
def test_every_sign(text: str) -> None:
    same(text)
    same(text + "\n")
    same("k:\n  " + text.replace("\n", "\n  "))


PIECES = [
    *"ab:-?,[]{}&*!|>'\"%#@`.\n \t\r\\~0",
    "\n  ",
    ": ",
    "- ",
    "? ",
    "---",
    "...",
    "\n- ",
    "a: ",
    "&a ",
    "*a",
    " #",
    "''",
    "\\n",
    "!!str ",
    "|-\n",
    "\r\n",
    "  ",
    "é",
]


@given(st.lists(st.sampled_from(PIECES), max_size=40).map("".join))
def test_random_text(text: str) -> None:
    same(text)


@given(st.text(alphabet=st.characters(codec="utf-8", exclude_characters="\ufeff"), max_size=60))
def test_any_text(text: str) -> None:
    same(text)


@given(st.integers(0, 2**32))
def test_spoilt_specs(seed: int) -> None:
    dice = random.Random(seed)
    text = dice.choice(CORPUS)
    for _ in range(dice.randint(1, 3)):
        text = spoilt(text, dice)
    same(text)


def spoilt(text: str, dice: random.Random) -> str:
    """A text with one slip: a sign left out, doubled or put in, or a line indented anew."""
    at = dice.randrange(len(text) + 1)
    lines = text.splitlines(keepends=True)
    row = dice.randrange(len(lines)) if lines else 0
    match dice.randrange(5):
        case 0:
            return text[:at] + text[at + 1 :]
        case 1:
            return text[:at] + text[at : at + 1] + text[at:]
        case 2:
            return text[:at] + str(dice.choice(PIECES)) + text[at:]
        case 3:
            return "".join([*lines[:row], " " * dice.randint(1, 3), *lines[row:]])
    return "".join([*lines[:row], *(line[dice.randint(1, 2) :] for line in lines[row : row + 1]), *lines[row + 1 :]])
