"""The one layout: what it does to a text, that it never changes what the text says, and that doing it twice is once."""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from modelsync.core.errors import SpecError
from modelsync.language.layout import formatting as layouts
from modelsync.language.layout.formatting import LayoutError, layout
from modelsync.language.text.alike import alike
from modelsync.language.text.read import read
from modelsync.language.text.source import Source, decode_bytes
from modelsync.language.text.syntax import parse

ROOT = Path(__file__).parents[4]
PATH = Path("modelsync.yaml")
SPECS = sorted([*ROOT.glob("specs/**/*.yaml"), *ROOT.glob("examples/**/*.yaml")])


def laid_out(text: str) -> str:
    """The text in the one layout, after it was seen to be stable."""
    once = layout(Source(PATH, text))
    assert layout(Source(PATH, once)) == once
    return once


def is_readable(text: str) -> bool:
    found = read(Source(PATH, text))
    return found.root is not None and not found.diagnostics


def readable() -> list[Path]:
    found = []
    for path in SPECS:
        source = decode_bytes(path, path.read_bytes())
        if isinstance(source, Source) and is_readable(source.text):
            found.append(path)
    return found


READABLE = readable()
STANDS = """\
modelsync: 1
project: churn
root: ../..                    # where paths start
include: [team.yaml]

# What can be given.
params:
  learner: {type: enum, values: [gbm, logistic], default: gbm}  # alone in its column
  rate: {type: float}
  # horizon: {type: int}

datasets:
  customers: &customers
    source: data/customers.csv # not: a comment in its own column
    tags:
      - training               # one of two
      # about the second
      - v1

      - v2
    contract:
      columns: {id: int}
  same: *customers
  # nothing below
pipelines: {train: {steps: {}}}

gates:
  g:
    checks:
      - expect_x: {column: a}
      - {metric: roc_auc, min: 0.8}
      - - nested
        - list
    note: |
      text  with   spaces

        and more
    folded: >-
      a
      b
    plain: one
      two
    quoted: "one
      two"
    ? explicit
    : value

stages:
  # development: {}
"""
STANDS = STANDS.replace("csv # not: a comment in its own column", "csv")


def test_a_text_in_the_layout_stays_as_it_is() -> None:
    assert laid_out(STANDS) == STANDS


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("a:   1\nb:  [1,2 ,  3]\n", "a: 1\nb: [1, 2, 3]\n"),
        ("b: { a: 1,b: {c: d} , e: [ ] , }\n", "b: {a: 1, b: {c: d}, e: []}\n"),
        ('b: {"a":1, "c" :d}\n', 'b: {"a": 1, "c": d}\n'),
        ("a:\n    b:\n        c: 1\n", "a:\n  b:\n    c: 1\n"),
        ("a:\n b:\n  c: 1\n", "a:\n  b:\n    c: 1\n"),
        ("a:\n- 1\n-   b: 2\n    c: 3\n", "a:\n  - 1\n  - b: 2\n    c: 3\n"),
        ("a:\n  -\n    b: 1\n  -\n    - 2\n", "a:\n  - b: 1\n  - - 2\n"),
        ("a:\n  1\nb:\n  [1]\n", "a: 1\nb: [1]\n"),
        ("\n\n# x\n\n\n\na: 1   \n\n\n", "# x\n\na: 1\n"),
        ("a:\n\n  b: 1\n\n\n\n  c: 2\n", "a:\n  b: 1\n\n  c: 2\n"),
        ("a: 1\r\nb: 'x\r\n  y'\r\n", "a: 1\nb: 'x\n  y'\n"),
        ("a: 1\rb: 2", "a: 1\nb: 2\n"),
        ("a: 'x' # y\n", "a: 'x'  # y\n"),
        ("a: yes\nb: \"no\"\nc: '1'\n", "a: yes\nb: \"no\"\nc: '1'\n"),
        ("a: {b: , c: 1, d: }\n", "a: {b: , c: 1, d: }\n"),
        ("a: [&x , !!str , *x ]\n", "a: [&x , !!str , *x]\n"),
        ("a: &x\n    {b: 1}\nc:   *x\n*x : d\n", None),
        ("a: &x 1\n*x : d\n", "a: &x 1\n*x : d\n"),
        ("a: !!map\n  b: 1\n", "a: !!map\n  b: 1\n"),
        ("- &x\n  b: 1\n- &y b: 1\n", "- &x\n  b: 1\n- &y b: 1\n"),
        ("? a\n:   b\n? c\n", "? a\n: b\n? c\n"),
        ("?   a\n: b: 1\n  c: 2\n", "? a\n: b: 1\n  c: 2\n"),
        ("? - x\n", None),
        ("a: [b: 1, ? c : d]\n", "a: [b: 1, ? c: d]\n"),
        ("--- # x\na: 1\n...\n", "---  # x\na: 1\n...\n"),
        ("---\n\na: 1\n...\n# end\n", "---\na: 1\n...\n# end\n"),
        ("{a: 1,   b: 2}", "{a: 1, b: 2}\n"),
        ("[a,\nb]", "[a, b]\n"),
        ("  a: 1\n  b: 2\n", "a: 1\nb: 2\n"),
    ],
)
def test_spaces_and_lines(before: str, after: str | None) -> None:
    if after is None:
        assert not is_readable(before)
    else:
        assert laid_out(before) == after


@pytest.mark.parametrize(
    ("before", "after"),
    [
        # begun on a line of its own behind the bracket: one item a line
        ("a: [\n  1, 2\n]\n", "a:\n  - 1\n  - 2\n"),
        ("a: {\n  b: 1,\n  c: {\n    d: 2}}\n", "a:\n  b: 1\n  c:\n    d: 2\n"),
        ("- {\n  a: 1,\n  b: 2}\n", "- a: 1\n  b: 2\n"),
        ("- &x {\n  a: 1}\n", "- &x\n  a: 1\n"),
        # wrapped, but it fits
        ("a: [1,\n    2]\n", "a: [1, 2]\n"),
        # too long
        (f"a: [{'x' * 58}, {'y' * 55}]\n", f"a: [{'x' * 58}, {'y' * 55}]\n"),
        (f"a: [{'x' * 58}, {'y' * 56}]\n", f"a:\n  - {'x' * 58}\n  - {'y' * 56}\n"),
        (f"a: {{b: [{'x' * 99}], cdef: 1}}\n", f"a: {{b: [{'x' * 99}], cdef: 1}}\n"),
        (f"a: {{b: [{'x' * 99}, 1], cdef: 1}}\n", f"a:\n  b: [{'x' * 99}, 1]\n  cdef: 1\n"),
        (f"a: {{? b : {'x' * 120}}}\n", f"a:\n  b: {'x' * 120}\n"),
        (f"a: [b: {'x' * 120}]\n", f"a:\n  - b: {'x' * 120}\n"),
        (f"{{a: 1, b: {'x' * 120}}}\n", f"a: 1\nb: {'x' * 120}\n"),
        # comments inside
        (
            "a: [ # why\n  1,  # one\n  # before two\n  2\n  # end\n] # all\n",
            "a:  # why\n  - 1  # one\n  # before two\n  - 2\n  # end\n  # all\n",
        ),
        ("a: {b: 1, # one\n    c: 2} # all\n", "a:  # all\n  b: 1  # one\n  c: 2\n"),
        ("- {b: 1, # one\n    c: 2} # all\n", "# all\n- b: 1  # one\n  c: 2\n"),
        (f"a: [{'x' * 120}]  # long\n         {' ' * 115}# goes on\n", None),
        ("a: [ # nothing\n]\nb: 1\n", "a: []  # nothing\nb: 1\n"),
        ("# x\n{ # y\n  a: 1 }\n", "# x\n# y\na: 1\n"),
        # a value of several lines
        ("a: {b: 'x\n  y', c: 1}\n", "a:\n  b: 'x\n    y'\n  c: 1\n"),
        ("a: {b: x\n  y}\n", "a:\n  b: x\n    y\n"),
    ],
)
def test_brackets(before: str, after: str | None) -> None:
    text = laid_out(before)
    assert after is None or text == after


def test_a_comment_behind_brackets_that_go_stands_where_the_collection_begins() -> None:
    before = f"a: [{'x' * 60}, {'y' * 60}]  # one\n{' ' * 129}# two\nb: 1\n"
    after = laid_out(before)
    assert after == f"a:  # one\n    # two\n  - {'x' * 60}\n  - {'y' * 60}\nb: 1\n"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        # on lines of their own: the column of what follows
        ("a:\n# x\n    b: 1\n      # y\n    c: 2\n", "a:\n  # x\n  b: 1\n  # y\n  c: 2\n"),
        ("a:\n  - 1\n# x\n  - 2\n", "a:\n  - 1\n  # x\n  - 2\n"),
        # where a collection ends, their own column decides
        (
            "a:\n    b:\n        c: 1\n        # c\n    # b\n# a\nd: 2\n",
            "a:\n  b:\n    c: 1\n    # c\n  # b\n# a\nd: 2\n",
        ),
        (
            "a:\n    b:\n        c: 1\n          # c\n      # b\n # a\nd: 2\n",
            "a:\n  b:\n    c: 1\n    # c\n  # b\n# a\nd: 2\n",
        ),
        ("a:\n    b: 1\n    # end\n", "a:\n  b: 1\n  # end\n"),
        ("a:\n- 1\n# x\nb: 2\n", "a:\n  - 1\n# x\nb: 2\n"),
        # below a key without a value
        ("a:\n    # b: 1\nc: 2\n", "a:\n  # b: 1\nc: 2\n"),
        ("a:\n-\n    # b: 1\n- 2\n", "a:\n  -\n    # b: 1\n  - 2\n"),
        # between a sign and its value
        ("a: # x\n  1\n", "a:  # x\n  1\n"),
        ("a:\n   # x\n   1\n", "a:\n  # x\n  1\n"),
        ("- # x\n  a: 1\n", "-  # x\n  a: 1\n"),
        ("a: &x # y\n   b: 1\n", "a: &x  # y\n  b: 1\n"),
        ("? # x\n   a\n: # y\n   b\n", "?  # x\n  a\n:  # y\n  b\n"),
        # at the end of the text
        ("a: 1\n\n\n# x", "a: 1\n\n# x\n"),
        ("#x\n#  y  \na: 1", "#x\n#  y\na: 1\n"),
    ],
)
def test_comments(before: str, after: str) -> None:
    assert laid_out(before) == after


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("a: 1 # x\n", "a: 1  # x\n"),
        ("a: 1        # x\n", "a: 1  # x\n"),
        # shared columns stay, wherever in the file
        ("a: 1     # x\nbb: 2    # y\n", "a: 1     # x\nbb: 2    # y\n"),
        ("a: 1     # x\nc: 3\nbb: 2    # y\n", "a: 1     # x\nc: 3\nbb: 2    # y\n"),
        ("a: 1     # x\nbb: 2      # y\n", "a: 1  # x\nbb: 2  # y\n"),
        # at least two spaces
        ("a: 1   # x\nbbb: 2 # y\n", "a: 1    # x\nbbb: 2  # y\n"),
        # as far behind the longest line as before, when lines change their length
        ("a:\n    b: 1       # x\n    ccc: 2     # y\n", "a:\n  b: 1       # x\n  ccc: 2     # y\n"),
        ("a: [1,2]  # x\nb: 1      # y\n", "a: [1, 2]  # x\nb: 1       # y\n"),
        # one that goes on below
        ("a: 1     # x\n         # y\nb: 2\n", "a: 1  # x\n      # y\nb: 2\n"),
        ("a: 1  # x\n  # y\nb: 2\n", "a: 1  # x\n# y\nb: 2\n"),
        # a line that was joined says nothing about columns
        ("a: [1,\n  2]  # x\nb: 111  # y\n", "a: [1, 2]  # x\nb: 111  # y\n"),
    ],
)
def test_columns_of_comments(before: str, after: str) -> None:
    assert laid_out(before) == after


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("a:\n  b: 1\nc:\n  d: 2\n", "a:\n  b: 1\n\nc:\n  d: 2\n"),
        ("a:\n  b: 1\n# c\nc:\n  d: 2\n", "a:\n  b: 1\n\n# c\nc:\n  d: 2\n"),
        ("a:\n  b: 1\n  # b\n# c\nc:\n  d: 2\n", "a:\n  b: 1\n  # b\n\n# c\nc:\n  d: 2\n"),
        ("a:\n  b: 1\n\n# x\nc:\n  d: 2\n", "a:\n  b: 1\n\n# x\nc:\n  d: 2\n"),
        ("a: 1\nc:\n  d: 2\n", "a: 1\nc:\n  d: 2\n"),
        ("a:\n  b: 1\nc: {d: 2}\n", "a:\n  b: 1\nc: {d: 2}\n"),
        ("a:\n  b: 1\n\nc: {d: 2}\n", "a:\n  b: 1\n\nc: {d: 2}\n"),
        # a blank line would be part of the value
        ("a:\n  b: |+\n    x\nc:\n  d: 2\n", "a:\n  b: |+\n    x\nc:\n  d: 2\n"),
    ],
)
def test_one_blank_line_between_long_sections(before: str, after: str) -> None:
    assert laid_out(before) == after


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("a: |\n    x  \n      y\n\n    z\n\n\nb: 1\n", "a: |\n  x  \n    y\n\n  z\n\nb: 1\n"),
        ("a:  >-   # why\n x\n\n y\n", "a: >-  # why\n  x\n\n  y\n"),
        ("a: |+\n x\n\n\nb: 1\n", "a: |+\n  x\n\n\nb: 1\n"),
        ("a: |+\n x\n\n# c\nb: 1\n", "a: |+\n  x\n\n# c\nb: 1\n"),
        ("a:\n    b: |4-\n          x\n        y\n", "a:\n  b: |2-\n      x\n    y\n"),
        ("a:\n- |1\n   x\n  y\n", "a:\n  - |2\n      x\n     y\n"),
        ("a:\n- - |\n     x\n", "a:\n  - - |\n      x\n"),
        ("a: |\n  x\n# c\n  # d\nb: 1\n", "a: |\n  x\n# c\n# d\nb: 1\n"),
        ("a: |", "a: |\n"),
        ("a: |\n  x", "a: |\n  x"),  # a line end would be one more in the value
        ("a: |-\n  x", "a: |-\n  x\n"),
        ("? |\n  x\n: y\n", "? |\n  x\n: y\n"),
        ("a: x\n   y\n\n\n   z # c\n", "a: x\n  y\n\n\n  z  # c\n"),
        ("a:\n  x\n   y\n", "a:\n  x\n  y\n"),
        ('a: "x  \n\n   y \\\n    z\\ \n  "\n', None),
    ],
)
def test_values_of_several_lines(before: str, after: str | None) -> None:
    text = laid_out(before)
    assert after is None or text == after


def test_a_text_that_is_one_value_has_no_layout() -> None:
    assert laid_out("  'x'  ") == "  'x'  "


def test_what_can_not_be_read_is_refused_with_every_fault() -> None:
    with pytest.raises(SpecError) as caught:
        layout(Source(PATH, "a: 1\na: 2\nb: !x 3\n"))
    assert [each.code for each in caught.value.diagnostics] == ["MS006", "MS005"]


@pytest.mark.parametrize(
    "spoilt",
    [
        lambda text: text.replace("1", "2"),
        lambda text: text.replace("'x'", "x"),
        lambda text: text.replace("# c", ""),
        lambda text: text.replace("&n ", "").replace("*n", "1"),
        lambda text: text + "\n]",
    ],
)
def test_a_result_that_says_something_else_is_never_given(
    spoilt: Callable[[str], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    right = layouts._Printer.text
    monkeypatch.setattr(layouts._Printer, "text", lambda self: spoilt(right(self)))
    with pytest.raises(LayoutError, match="left as it is"):
        layout(Source(PATH, "a:  &n 1\nb: *n # c\nc: 'x'\n"))


@pytest.mark.parametrize("path", READABLE, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_spec_of_the_project_keeps_its_comments_and_meaning(path: Path) -> None:
    text = path.read_text(encoding="utf-8-sig")
    assert comments(laid_out(text)) == comments(text)


SHOWN = [path for path in READABLE if "conformance" not in path.parts]  # the corpus has every layout on purpose


@pytest.mark.parametrize("path", SHOWN, ids=lambda path: str(path.relative_to(ROOT)))
def test_the_specs_that_people_read_are_in_the_layout_but_for_long_lines_and_lonely_comments(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    lines = {re.sub(r" +#", "  #", line) for line in text.splitlines()}
    after = [re.sub(r" +#", "  #", line) for line in layout(Source(path, text)).splitlines()]
    strange = [line for line in after if line and line not in lines]
    long = sum(len(line.split("  #")[0]) > layouts.WIDTH for line in lines)
    assert len(strange) <= 2 * long


def comments(text: str) -> Counter[str]:
    return Counter(each.text for each in parse(text.replace("\r\n", "\n")).comments)


PLAIN = re.compile(r"[\"'(|>]|\$\{\{")


class Noise:
    """Other layouts of a spec that is in the layout: the same values, otherwise indented and spaced."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)

    def spaces(self, text: str) -> str:
        """Indentation, spaces, blank lines and line ends."""
        step = self._random.choice([2, 3, 4])
        lines = [self._line(line, step) for line in text.splitlines()]
        end = self._random.choice(["\n", "\r\n"])
        return end.join(lines) + self._random.choice(["", end, end * 3])

    def comments(self, text: str) -> str:
        """Comments anywhere between the lines and behind them."""
        lines = []
        for line in text.splitlines():
            while self._random.random() < 0.2:
                lines.append(" " * self._random.randint(0, 9) + f"# {self._random.randint(0, 99)}")
            is_marked = self._random.random() < 0.1 and line.strip() and "#" not in line
            lines.append(line + " " * self._random.randint(1, 9) + "# end" if is_marked else line)
        return "\n".join([*lines, "   # last"])

    def _line(self, line: str, step: int) -> str:
        body = line.lstrip(" ")
        indent = (len(line) - len(body)) // 2 * step
        if body.startswith("- "):
            return " " * indent + "-" + " " * (step - 1) + self._line(body[2:], step)
        if not PLAIN.search(body) and "#" not in body and body.endswith(("}", "]")):
            body = re.sub(r", ?", lambda _: self._random.choice([",", ", ", " ,  "]), body)
            body = re.sub(r": ", lambda _: self._random.choice([": ", ":  "]), body)
            body = re.sub(r"([\[{])", lambda found: found.group() + self._random.choice(["", " "]), body)
        return " " * indent + body + self._tail()

    def _tail(self) -> str:
        return self._random.choice(["", "", " ", "   "])


@settings(deadline=None, max_examples=40)
@given(path=st.sampled_from(READABLE), seed=st.integers(0, 2**32))
def test_every_layout_of_a_spec_becomes_the_one(path: Path, seed: int) -> None:
    clean = laid_out(path.read_text(encoding="utf-8-sig"))
    if re.search(r"[|>][-+0-9]*( +#.*)?$", clean, re.MULTILINE):
        return  # the lines of block scalars are values: other spaces are other values
    noisy = Noise(seed).spaces(clean)

    def bare(text: str) -> str:
        return re.sub(r" +#", " #", text)

    assert bare(laid_out(noisy)) == bare(clean)


@settings(deadline=None, max_examples=40)
@given(path=st.sampled_from(READABLE), seed=st.integers(0, 2**32))
def test_comments_anywhere_are_kept(path: Path, seed: int) -> None:
    noise = Noise(seed)
    noisy = noise.comments(noise.spaces(laid_out(path.read_text(encoding="utf-8-sig"))).replace("\r\n", "\n"))
    if is_readable(noisy):  # a comment can end a value of several lines
        assert comments(laid_out(noisy)) == comments(noisy)


WORDS = [
    "a", "bb", "c d", "x-y", "1", "1.5", "true", "~", "a#b", "é", "${{ p.x }}", "- z", "key: v", "# no", '"q"', "it's",
    "*x", "{a}", "[b", "@", "  pad ", "", "a long text that goes on and on", "0x1F", "end\\", "tab\there", "two\nlines",
    "-", "?", "a:b", ":c", "trail \n x",
]  # fmt: skip
KEYS = ["a", "b", "key", "k 2", '"q k"', "'s'", "1", "a-b", "x.y", "é", '"a: b"', "~", '""']


class Scribe:
    """Writes random YAML in every style there is."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)
        self._anchors: list[str] = []

    def document(self) -> str:
        body = self._block(self._random.choice([1, 2, 3, 4]), 0, self._random.random() < 0.85, "")
        start = "---" + self._comment(0.3) + "\n" if self._likely(0.05) else ""
        text = self._between(0) + start + body + self._between(0) + ("...\n" if self._likely(0.03) else "")
        text = text.rstrip("\n") if self._likely(0.1) else text
        return text.replace("\n", "\r\n") if self._likely(0.1) else text

    def _likely(self, chance: float) -> bool:
        return self._random.random() < chance

    def _comment(self, chance: float = 0.08) -> str:
        return " " * self._random.choice([1, 2, 7]) + f"# {self._random.randint(0, 9)}" if self._likely(chance) else ""

    def _between(self, column: int) -> str:
        text = ""
        while self._likely(0.12):
            own = " " * max(0, column + self._random.choice([-9, -1, 0, 0, 1, 3])) + "# own\n"
            text += self._random.choice(["\n", "\n\n", "   \n", own, own])
        return text

    def _anchor(self) -> str:
        if not self._likely(0.05):
            return ""
        self._anchors.append(f"n{len(self._anchors)}")
        return f"&{self._anchors[-1]} "

    def _quoted(self, text: str, column: int) -> str:
        single = self._likely(0.4) and text.isprintable()
        escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\t", "\\t").replace("\n", "\\n")
        body = text.replace("'", "''") if single else escaped
        places = [found.start() for found in re.finditer(r"(?<=[a-z]) (?=[a-z])", body)]
        if places and self._likely(0.3):
            at = self._random.choice(places)
            breaks = ["\n", "  \n", "\n\n"] + ([] if single else [" \\\n"])
            body = body[:at] + self._random.choice(breaks) + " " * (column + 1) + body[at + 1 :]
        return f"'{body}'" if single else f'"{body}"'

    def _scalar(self, column: int) -> str:
        text = self._random.choice(WORDS)
        if self._anchors and self._likely(0.06):
            return f"*{self._random.choice(self._anchors)}"
        if re.fullmatch(r"[a-z0-9][\w .é#-]*(?<! )", text) and self._likely(0.5):
            return text.replace(" ", "\n" + " " * (column + 1), 1) if self._likely(0.2) else text
        return self._quoted(text, column)

    def _flow(self, depth: int, column: int) -> str:
        def space() -> str:
            line = "\n" + " " * (column + 1)
            wide = self._random.choice([line, self._comment(1) + line])
            return wide if self._likely(0.07) else self._random.choice(["", " ", "  "])

        if depth <= 0 or self._likely(0.4):
            text = self._scalar(column)
            return text if text.startswith("*") else self._anchor() + text
        count, anchor = self._random.randint(0, 4), self._anchor()
        if self._likely(0.5):
            inner = [("k: " if self._likely(0.08) else "") + self._flow(depth - 1, column) for _ in range(count)]
        else:
            colons = [": ", " : ", ":  "]
            inner = [
                ("? " if self._likely(0.05) else "") + key + self._random.choice(colons) + self._flow(depth - 1, column)
                for key in self._random.sample(KEYS, count)
            ]
            inner = [
                f"{{{space()}{(space() + ',' + space()).join(inner)}{',' if inner and self._likely(0.1) else ''} }}"
            ]
            return anchor + inner[0]
        return f"{anchor}[{space()}{(space() + ',' + space()).join(inner)}{space()}]"

    def _block_scalar(self, column: int) -> str:
        inset = self._random.choice([1, 2, 3, 4])
        choices = ["text", "# no comment", "  more", "", "a: b", "- x", "trail  "]
        lines = [self._random.choice(choices) for _ in range(self._random.randint(0, 4))]
        head = self._random.choice("|>") + self._random.choice(["", "-", "+"])
        if next((line for line in lines if line), "").startswith(" ") or self._likely(0.1):
            head += str(inset)
        head += "  # head" if self._likely(0.1) else ""
        spaces = " " * (column + inset)
        return head + "\n" + "".join((spaces + line if line or self._likely(0.1) else "") + "\n" for line in lines)

    def _value(self, depth: int, column: int, sign: str) -> str:
        chance, anchor = self._random.random(), self._anchor()
        if chance < 0.08:
            return (f" {anchor}" if anchor else "") + self._comment() + "\n"
        below = self._comment(0.3) + "\n" + " " * (column + self._random.choice([1, 2, 3]))
        gap = " " if self._likely(0.93) else below
        if depth <= 0 or chance < 0.35:
            text = self._scalar(column + 1)
            return gap + ("" if text.startswith("*") else anchor) + text + self._comment() + "\n"
        if chance < 0.45:
            return " " + anchor + self._block_scalar(column)
        if chance < 0.65:
            return gap + anchor + self._flow(depth - 1, column + 1) + self._comment() + "\n"
        is_mapping = self._likely(0.6)
        if sign == "-" and not anchor and self._likely(0.8):
            spaces = self._random.choice([1, 1, 2, 3])
            return " " * spaces + self._block(depth - 1, column + 1 + spaces, is_mapping, "hangs")
        further = column + self._random.choice([1, 2, 2, 3, 4])
        further = column if sign == ":" and not is_mapping and self._likely(0.4) else further
        head = (f" {anchor}" if anchor else "") + self._comment() + "\n"
        return head + self._block(depth - 1, further, is_mapping, "")

    def _block(self, depth: int, column: int, is_mapping: bool, hangs: str) -> str:
        text = ""
        for number, key in enumerate(self._random.sample(KEYS, self._random.randint(1, 4))):
            text += "" if number == 0 and hangs else self._between(column) + " " * column
            if not is_mapping:
                text += "-" + self._value(depth, column, "-")
            elif self._likely(0.05):
                text += f"? {key}{self._comment()}\n{' ' * column}:" + self._value(depth, column, "-")
            else:
                colon = self._random.choice([":", ":", " :"])
                text += (self._anchor() if self._likely(0.3) else "") + key + colon + self._value(depth, column, ":")
        return text


@settings(deadline=None, max_examples=200)
@given(st.integers(0, 2**32))
def test_any_yaml_says_the_same_in_the_layout(seed: int) -> None:
    text = Scribe(seed).document()
    if not is_readable(text):
        return
    after = laid_out(text)
    before_root, after_root = read(Source(PATH, text)).root, read(Source(PATH, after)).root
    assert before_root is not None and after_root is not None
    assert alike(before_root, after_root)
    assert comments(after) == comments(text)
    if not re.search("[|>]", after):
        assert not [line for line in after.splitlines() if line != line.rstrip() or "\t" in line]


def test_most_random_yaml_can_be_read() -> None:
    texts = [Scribe(seed).document() for seed in range(200)]
    assert sum(map(is_readable, texts)) > 150
