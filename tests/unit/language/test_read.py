"""Text to nodes: places, anchors and merges, and every limit on hostile input."""

from __future__ import annotations

import re
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modelsync.cli.faces.text import render
from modelsync.core.diagnostics import Diagnostic, Pos
from modelsync.language import read as reading
from modelsync.language.include import expand
from modelsync.language.nodes import Mapping, Node, Scalar, Sequence
from modelsync.language.read import Read, read
from modelsync.language.source import Source, decode_bytes

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


# -- hostile input: the traps that were tried on the library itself ---------------------------------------------------

BOMB = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 9)
)
MERGES = "a0: &a0 {k0: 1, k1: 1, k2: 1, k3: 1}\n" + "".join(
    f"a{n}: &a{n} {{<<: [{', '.join([f'*a{n - 1}'] * 9)}]}}\n" for n in range(1, 9)
)
NESTED_BLOCKS = "".join(f"{' ' * n}k:\n" for n in range(250))
DEEP_ALIASES = "a0: &a0 [[[[[[[[x]]]]]]]]\n" + "".join(f"a{n}: &a{n} [[[[[[[[*a{n - 1}]]]]]]]]\n" for n in range(1, 20))
HOSTILE = {
    "alias bomb": (BOMB, "MS002"),
    "merge bomb": (MERGES, "MS002"),
    "list holding itself": ("&a [*a]", "MS008"),
    "mapping merged into itself": ("&a {<<: *a}", "MS008"),
    "nested block maps": (NESTED_BLOCKS, "MS002"),
    "open brackets": ("[" * 10_000, "MS002"),
    "open braces": ("{a: " * 10_000, "MS002"),
    "depth through aliases": (DEEP_ALIASES, "MS002"),
    "many nodes": ("a: [" + "1," * 21_000 + "]", "MS002"),
    "many keys": ("".join(f"k{n}: 1\n" for n in range(12_000)), "MS002"),
    "many aliases": ("a: &a 1\nb: [" + "*a," * 101 + "]", "MS002"),
    "one huge value": ("a: " + "x" * 70_000, "MS002"),
    "a long key": ("k" * 300 + ": 1", "MS002"),
    "a long tag": ("a: !" + "t" * 100_000 + " 1", "MS005"),
    "many question marks": ("? " * 5_000, "MS002"),
    "many dashes": ("- " * 5_000, "MS002"),
}


@pytest.mark.parametrize(("text", "code"), HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_input_is_refused_with_a_place(text: str, code: str) -> None:
    started = time.process_time()
    found = reader(text)
    assert [each.code for each in found.diagnostics] == [code]
    assert found.diagnostics[0].at.line <= len(text.splitlines()) + 1
    assert time.process_time() - started < 20  # not a speed test: without the limits these take minutes or for ever


def test_at_the_limits_a_text_is_read() -> None:
    depth = "".join(f"{' ' * n}k:\n" for n in range(reading.MAX_DEPTH))
    assert reader(depth).diagnostics == ()
    aliases = "a: &a 1\nb: [" + "*a," * reading.MAX_ALIASES + "]"
    assert reader(aliases).diagnostics == ()


# -- any bytes: an answer with places, never an exception -------------------------------------------------------------

CORPUS = [path.read_bytes() for path in sorted((Path(__file__).parents[3] / "specs").rglob("*.yaml"))]
SIGNS = [
    *"ab: -[]{}&*!|>'\"%#,?\n\t\r@`~.0",
    "<<",
    "---",
    "...",
    "\\",
    "*a",
    "&a ",
    "- ",
    ": ",
    "\n  ",
    "a: ",
    "a:b",
    "include: ",
]


@given(st.binary(max_size=80))
def test_any_bytes_have_an_answer(data: bytes) -> None:
    assert complaint(data) == ""


@given(st.text(max_size=80))
def test_any_text_has_an_answer(text: str) -> None:
    assert complaint(text.encode("utf-8", errors="surrogatepass")) == ""


@given(st.lists(st.sampled_from(SIGNS), max_size=40))
def test_any_text_of_the_signs_of_yaml_has_an_answer(parts: list[str]) -> None:
    assert complaint("".join(parts).encode()) == ""


@given(st.sampled_from(CORPUS), st.lists(st.tuples(st.floats(0, 1), st.sampled_from("+-="), st.binary(max_size=2))))
def test_any_spoilt_spec_has_an_answer(data: bytes, edits: list[tuple[float, str, bytes]]) -> None:
    for share, how, put in edits:
        at = int(share * len(data))
        data = data[:at] + (b"" if how == "-" else put) + data[at + (how != "+") :]
    assert complaint(data) == ""


def complaint(data: bytes) -> str:
    """What is wrong with the answer to a file: a place outside of the text, a raw control character; or nothing."""
    source = decode_bytes(PATH, data)
    findings = (source,) if isinstance(source, Diagnostic) else _answer(source)
    lines = re.split(r"\r\n|\r|\n", data.decode("utf-8-sig", errors="replace"))
    for found in findings:
        places = [found.at, *(other.at for other in found.related), *([found.fix.at] if found.fix else [])]
        for at in places:
            if at.file == PATH and not (1 <= at.line <= len(lines) and 1 <= at.col <= len(lines[at.line - 1]) + 1):
                return f"{at} is outside of the text: {found.message}"
            if (at.end_line, at.end_col) < (at.line, at.col) or at.end_line > len(lines) + 1:
                return f"{at} ends at {at.end_line}:{at.end_col}: {found.message}"
        if not found.message:
            return f"{found.at} has no message"
    shown = render(findings, {PATH: data.decode("utf-8-sig", errors="replace")}, colour=False)
    raw = next((each for each in shown if not each.isprintable() and each != "\n"), "")
    return f"a raw {raw!r} is shown" if raw else ""


def _answer(source: Source) -> tuple[Diagnostic, ...]:
    found = read(source)
    assert found.root is not None or found.diagnostics
    return found.diagnostics if found.root is None else expand(source, found.root, found.size).diagnostics
