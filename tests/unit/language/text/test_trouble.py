"""What the YAML parser says, in plain words, on the right line, with a mend that is right."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import pytest
from ruamel.yaml.error import MarkedYAMLError

from modelsync.core.diagnostics import Diagnostic
from modelsync.language.text.nodes import Mapping, Node, Scalar, Sequence
from modelsync.language.text.read import read
from modelsync.language.text.scanner import Events
from modelsync.language.text.source import Source
from modelsync.language.text.trouble import explain

SPECS = Path(__file__).parents[4] / "specs"


def plain(node: Node | None) -> object:
    match node:
        case Mapping():
            return {item.key.text: plain(item.value) for item in node.items}
        case Sequence():
            return [plain(each) for each in node.items]
        case Scalar():
            return node.value
    return None


def only(text: str) -> Diagnostic:
    (found,) = read(Source(Path("modelsync.yaml"), text)).diagnostics
    return found


def marked(text: str, found: Diagnostic) -> str:
    """The text with the place of a finding between angle brackets."""
    lines = text.splitlines()
    line = lines[found.at.line - 1]
    lines[found.at.line - 1] = f"{line[: found.at.col - 1]}<{line[found.at.col - 1 : found.at.end_col - 1]}>"
    return lines[found.at.line - 1].strip()


def mended(text: str, found: Diagnostic) -> str:
    assert found.fix is not None
    lines = text.splitlines()
    row, fix = found.fix.at.line - 1, found.fix
    lines[row] = lines[row][: fix.at.col - 1] + fix.replacement + lines[row][fix.at.end_col - 1 :]
    return "\n".join(lines)


QUOTE = "the quote that opens here is never closed"
BRACKET = "the bracket that opens here is never closed"


@pytest.mark.parametrize(
    ("text", "at", "said"),
    [
        # quotes
        ("a: 'open", "a: <'>", QUOTE),
        ('a: "open\nb: "c"\n', 'a: <">', QUOTE),  # the next quote closes it, and all goes wrong behind that
        ("a: {b: 'c, d: 1}\ne: 'f'\n", "a: {b: <'>", QUOTE),
        ("a: 'b\n---\n", "a: <'>", QUOTE),
        ("a: 'b' c\nd: e", "a: 'b' <c>", "nothing may follow the closing quote"),
        ('a: ""b c"\nd: e', 'a: <"">', "two quotes stand here where one belongs"),
        ('a: "b c""\nd: "e"', 'a: "b c<"">', "two quotes stand here where one belongs"),
        ('a: {b: ""c", d: 1}', 'a: {b: <"">', "two quotes stand here where one belongs"),
        # brackets
        ("a: [1\n", "a: <[>", BRACKET),
        ("a: [1, 2\nb: c\nd: e", "a: <[>", BRACKET),
        ("a:\n  b: {c: d\n  e: {f: g}\n", "b: <{>", BRACKET),
        ("a: {\n  b: 1,\n  c: 2\nd: 3\n", "a: <{>", BRACKET),
        ("a: {\n  b: 1\n  c: 2\n}\n", "<c>", "a `,` is missing before this"),  # several lines are meant
        ("a: [1 {2}]", "a: [1 <{>", "a `,` is missing before this"),
        ("a: {b: 1 c: 2}", "a: {b: 1 <c>", "a `,` is missing before this"),
        ("a: {b: [1, 2}", "a: {b: [1, 2<}>", "`}` can't close the `[` that is open here"),
        ("a: ]", "a: <]>", "this `]` closes nothing that is open"),
        ("a: {b: 1}}", "a: {b: 1}<}>", "this `}` closes nothing that is open"),
        ("a: b: 1, c: 2}", "a: <b>", "a `{` is missing here"),
        ("x:\n- b: 1, c: 2}", "- <b>", "a `{` is missing here"),
        ("a: {b: 1} c", "a: {b: 1} <c>", "nothing may follow the closing bracket"),
        ("a: [b,, c]", "a: [b,<,>", "a value is missing here"),
        # colons, dashes, spaces
        ("name:demo\nb: 1", "<name:>", "there is no space after this colon"),
        ("a: 1\nb:2\nc: 3", "<b:>", "there is no space after this colon"),
        ("a:{b: 1}\nc: 2", "<a:>", "there is no space after this colon"),
        ('a: {b:"${{ c }}"}', "a: {<b:>", "there is no space after this colon"),
        ("a: 1\nb\nc: 2", "<b>", "a `:` is missing after `b`"),
        ("a: 1\nb 2\nc: 3", "<b>", "a `:` is missing after `b`"),
        ("a\n  b: 1", "<a>", "a `:` is missing after `a`"),
        ("a: 1\nb {c: 2}", "<b>", "a `:` is missing after `b`"),
        ('a: {b "c"}', 'a: {<b "c">', '`b "c"` is a key without a value'),
        ("a:\n  - b\n  -c\n", "<->", "there is no space after this dash"),
        ("a:\n  -b: 1\n  - c: 2\n", "<->", "there is no space after this dash"),
        ("a: b: c", "a: b<:>", "a value can't hold `: `"),
        ("a: - b", "a: <->", "a list can't begin here"),
        ("a: ? b", "a: <?>", "a value can't begin with `? `"),
        # indentation
        ("a:\n  b: 1\n   c: 2\n", "<c>", "`c` stands in column 4, the lines around it in column 3"),
        ("a:\n  b: 1\n c: 2\n  d: 3\n", "<c>", "`c` stands in column 2, the lines around it in column 3"),
        ("a:\n   b: 1\n  c: 2\n  d: 3\n", "<b>", "`b` stands in column 4, the lines around it in column 3"),
        (" a: 1\nb: 2\n", "<a>", "`a` stands in column 2, the lines around it in column 1"),
        ("a:\n  - b\n   - c\n", "<->", "`-` stands in column 4, the lines around it in column 3"),
        ("a:\n  b: 1\n c: 2\nd: 3\n", "<c>", "`c` stands in column 2, the lines around it in column 3 or 1"),
        # signs that begin something
        ("a: %x", "a: <%>", "a plain value can't start with this character"),
        ("a: @x", "a: <@>", "a plain value can't start with this character"),
        ("a: *\n", "a: <*>", "`*` begins a reference to an anchor, and no name follows"),
        ("a: & b", "a: <&>", "`&` begins an anchor, and no name follows"),
        ("a: > 0.8", "a: <>>", "`>` begins a text on the lines below"),
        ("a: |x", "a: <|>", "`|` begins a text on the lines below"),
        ("a: !x!y z", "a: <!>", "`!` begins a tag, and this is none"),
        ('a: "\\q"', 'a: "\\<q>', "this escape does not exist"),
        ('a: "\\xg"', 'a: "\\x<g>', "this escape has too few digits"),
        # tabs
        ("a:\n\tb: 1", "<\t>b: 1", "a tab can't stand here"),
        ("a:\tb", "a:<\t>", "a tab can't stand here"),
    ],
)
def test_slips_have_their_own_words_at_their_own_place(text: str, at: str, said: str) -> None:
    found = only(text)
    assert found.message == said
    assert marked(text, found).startswith(at.strip() if at[0] != "<" or at[1] != "\t" else "<\t>")
    assert found.code == "MS001"
    assert found.help or said == "a value is missing here"
    assert "yaml" not in found.message.lower()


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("a:\n  b: 1\n   c: 2", "a:\n  b: 1\n  c: 2"),
        ("a:\n  b: 1\n c:\n    e: 1\n  d: 3", "a:\n  b: 1\n  c:\n    e: 1\n  d: 3"),
        (" a: 1\nb: 2", "a: 1\nb: 2"),
        ("a: 1\nb:2\nc: 3", "a: 1\nb: 2\nc: 3"),
        ("a: 1\nb 2\nc: 3", "a: 1\nb: 2\nc: 3"),
        ("a\n  b: 1", "a:\n  b: 1"),
        ("a:\n  - b\n  -c", "a:\n  - b\n  - c"),
        ("a: b: 1, c: 2}", "a: {b: 1, c: 2}"),
        ("x:\n- b: 1, c: 2}", "x:\n- {b: 1, c: 2}"),
        ("a: {b: 1}}", "a: {b: 1}"),
        ('a: ""b c"\nd: e', 'a: "b c"\nd: e'),
        ("a:\tb", "a: b"),
        ("a: b\t# c", "a: b # c"),
        ('a: {b:"${{ c }}"}', 'a: {b: "${{ c }}"}'),
    ],
)
def test_a_safe_mend_is_offered(text: str, right: str) -> None:
    assert mended(text, only(text)) == right


@pytest.mark.parametrize(
    "text",
    [
        "a:\n  b: 1\n c: 2\nd: 3\n",  # two columns fit
        "a:\n    b: 1\n  c: 2\n  d: 3\n",  # more than one space is no slip of the pen
        "a:\n\tb: 1",  # how wide was the tab?
        "a: 'open",
        "a: [1\n",
        "a: {b: 1 c: 2}",
        "a: b: c",
        'a 1\nb: "\\U01000100"\n',  # with the mend, the text can't be read either
    ],
)
def test_what_the_writer_must_decide_is_not_mended(text: str) -> None:
    found = read(Source(Path("modelsync.yaml"), text)).diagnostics[0]
    assert found.fix is None


def test_an_unclosed_bracket_inside_another_shows_where_it_opens() -> None:
    (related,) = only("a: {b: [1, 2}").related
    assert (related.at.line, related.at.col) == (1, 8)


def test_what_has_no_words_of_its_own_says_what_the_parser_said() -> None:
    source = Source(Path("modelsync.yaml"), "a: 1")
    found = explain(MarkedYAMLError(problem="something new\nand more"), source, Events("a: 1"))
    assert found.message.endswith(": something new")
    found = explain(MarkedYAMLError(), source, Events("a: 1"))
    assert found.message.endswith("no reason given")
    assert (found.at.line, found.at.col) == (1, 1)


# -- every one-edit slip of a kind: the right line, one finding, and a mend that is right ------------------------------

SIGNS = {
    "colon": re.compile(r":(?= |$)"),
    "space": re.compile(r"(?<=[:-]) (?=\S)"),
    "quote": re.compile(r"[\"']"),
    "bracket": re.compile(r"[\[\]{}]"),
    "comma": re.compile(r",(?= )"),
}


def slips(kind: str, text: str) -> Iterator[tuple[int, int, str]]:
    """Each way to spoil one line: its row, the column of the slip (both from 1), and the text."""
    lines = text.split("\n")
    for row, line in enumerate(lines):
        code = re.sub(r"(?:^|\s)#.*", "", line)
        indent = len(line) - len(line.lstrip())
        spoilt: list[tuple[int, str]] = []
        if kind == "indentation" and code.strip():
            spoilt = [(indent + 1, " " + line)] + ([(indent - 1, line[1:])] if indent else [])
        elif kind.startswith("doubled "):
            found = SIGNS[kind.removeprefix("doubled ")].finditer(code)
            spoilt = [(each.start(), line[: each.end()] + line[each.start() :]) for each in found]
        elif kind in SIGNS:
            spoilt = [(each.start(), line[: each.start()] + line[each.end() :]) for each in SIGNS[kind].finditer(code)]
        for col, new in spoilt:
            yield row + 1, col + 1, "\n".join([*lines[:row], new, *lines[row + 1 :]])


def judged(kind: str, text: str, step: int = 1) -> Iterator[tuple[str, str]]:
    """What was wrong with the answer to a slip (nothing, if it was right), and the answer; of every `step`th slip.

    Slips that leave a text which can be read are left out: what it says then is for the decoder to judge.
    """
    wanted = plain(read(Source(Path("modelsync.yaml"), text)).root)
    for row, col, spoilt in islice(slips(kind, text), None, None, step):
        found = read(Source(Path("modelsync.yaml"), spoilt)).diagnostics
        if not found:
            continue
        at, wrong = found[0].at, ""
        if len(found) > 1:
            wrong = "several findings"
        elif at.line != row:
            wrong = "another line"
        elif kind == "indentation" and at.col != col:
            wrong = "another column"
        elif found[0].fix is not None and (again := read(Source(Path("modelsync.yaml"), mended(spoilt, found[0])))):
            wrong = "" if plain(again.root) == wanted else "a wrong mend"
        yield wrong, f"{row}:{col} {spoilt.splitlines()[row - 1]!r}: {at.line}:{at.col} {found[0].message}"


KINDS = ("indentation", *SIGNS, *(f"doubled {kind}" for kind in ("colon", "quote", "bracket")))


@pytest.mark.parametrize("kind", KINDS)
def test_every_slip_in_a_spec_is_placed(kind: str) -> None:
    text = (SPECS / "conformance/ok/everything.yaml").read_text(encoding="utf-8")
    assert [said for wrong, said in judged(kind, text, 5) if wrong] == []
