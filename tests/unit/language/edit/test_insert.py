"""How new text is put in: each case is the text before, what is put where, and the text after."""

from __future__ import annotations

from pathlib import Path

import pytest

from modelsync.language.edit.changes import Add, Append, Edit, Rename, Set, apply
from modelsync.language.edit.insert import SECTIONS
from modelsync.language.edit.place import EditError
from modelsync.language.text.source import Source
from modelsync.language.text.writing import Data

BIG: Data = {"b": {"c": 1}}
X, Y = "x" * 50, "y" * 50


def after(text: str, *edits: Edit) -> str:
    return apply(Source(Path("modelsync.yaml"), text), edits)


def refused(text: str, edit: Edit) -> str:
    with pytest.raises(EditError) as caught:
        after(text, edit)
    assert caught.value.help
    return caught.value.message


@pytest.mark.parametrize(
    ("before", "edit", "result"),
    [
        ("a: 1", Set(("a",), 2), "a: 2"),
        ("a: 'x'  # c\n", Set(("a",), "y"), "a: y  # c\n"),
        ('a: "x"\n', Set(("a",), "1"), 'a: "1"\n'),
        ("a: [1, {b: 2}]\n", Set(("a", 1, "b"), "x, y"), 'a: [1, {b: "x, y"}]\n'),
        ("a: x\n", Set(("a",), "x, [y]"), "a: x, [y]\n"),
        ("a:\n", Set(("a",), 1), "a: 1\n"),
        ("a:   # c\nb: 1\n", Set(("a",), 1), "a: 1   # c\nb: 1\n"),
        ("a:\n- 1\n-\n- 3\n", Set(("a", 1), 2), "a:\n- 1\n- 2\n- 3\n"),
        ("a: {b: , c: 1}\n", Set(("a", "b"), 2), "a: {b: 2 , c: 1}\n"),
        ('a: {"b":1}\n', Set(("a", "b"), 2), 'a: {"b": 2}\n'),
        ("a:\n  1\nb: 2\n", Set(("a",), 3), "a:\n  3\nb: 2\n"),
        ("a: x\n  y\nb: 2\n", Set(("a",), 3), "a: 3\nb: 2\n"),
        ("a: |  # c\n  x\n\n  y\n\nb: 2\n", Set(("a",), 3), "a: 3  # c\n\nb: 2\n"),
        ("a: |+\n  x\n\nb: 2\n", Set(("a",), 3), "a: 3\nb: 2\n"),
        ("a: &x 1\nb: 2\n", Set(("a",), 3), "a: &x 3\nb: 2\n"),
        ("a: !!str 1\n", Set(("a",), 3), "a: 3\n"),
        ("a: &x !!str 1\n", Set(("a",), 3), "a: &x 3\n"),
        ("a: &x {b: 1}\nc: *x\n", Set(("c",), 3), "a: &x {b: 1}\nc: 3\n"),
        ("? a\n: 1\n", Set(("a",), 3), "? a\n: 3\n"),
        # small values in brackets, others below
        ("a: 1\n", Set(("a",), {"b": 1, "c": ["x"]}), "a: {b: 1, c: [x]}\n"),
        ("a: 1  # c\nd: 1\n", Set(("a",), BIG), "a:  # c\n  b: {c: 1}\nd: 1\n"),
        ("a: 1\n", Set(("a",), [X, Y]), f"a:\n  - {X}\n  - {Y}\n"),
        ("a:\n", Set(("a",), BIG), "a:\n  b: {c: 1}\n"),
        ("a:\n  # c\nd: 1\n", Set(("a",), BIG), "a:\n  # c\n  b: {c: 1}\nd: 1\n"),
        ("a: &x 1\n", Set(("a",), BIG), "a: &x\n  b: {c: 1}\n"),
        ("a: {b: 1}\n", Set(("a", "b"), BIG), "a: {b: {b: {c: 1}}}\n"),
        ("? a\n: 1\n", Set(("a",), BIG), "? a\n:\n  b: {c: 1}\n"),
        # a block goes
        ("a:  # c\n  b: 1\n  d: 2\n\ne: 3\n", Set(("a",), 1), "a: 1  # c\n\ne: 3\n"),
        ("a:\n- 1\n- 2\nb: 1\n", Set(("a",), [3]), "a: [3]\nb: 1\n"),
        ("a:  # c\n  b: 1\n", Set(("a",), BIG), "a:  # c\n  b: {c: 1}\n"),
        ("a: &x\n  b: 1\n", Set(("a",), 2), "a: &x 2\n"),
        ("a: !!map\n  b: 1\n", Set(("a",), 2), "a: 2\n"),
        ("a:\n  &x\n  b: 1\n", Set(("a",), 2), "a: &x 2\n"),
        # items
        ("a:\n- b: 1\n  c: 2\n- 3\n", Set(("a", 0), 1), "a:\n- 1\n- 3\n"),
        ("a:\n- 1  # c\n", Set(("a", 0), {"b": {"c": 1}, "d": 2}), "a:\n- b: {c: 1}\n  d: 2  # c\n"),
        ("a:\n- b: 1\n  c: 2\n", Set(("a", 0), {"b": {"c": 1}, "d": 2}), "a:\n- b: {c: 1}\n  d: 2\n"),
        ("a:\n- &x b: 1\n- &y\n  c: 1\n", Set(("a", 1), BIG), "a:\n- &x b: 1\n- &y\n  b: {c: 1}\n"),
        # Windows, and no last line end
        ("a: 1\r\nb: 2\r\n", Set(("a",), BIG), "a:\r\n  b: {c: 1}\r\nb: 2\r\n"),
        ("a: 1", Set(("a",), BIG), "a:\n  b: {c: 1}"),
    ],
)
def test_a_value_in_the_place_of_another(before: str, edit: Edit, result: str) -> None:
    assert after(before, edit) == result


@pytest.mark.parametrize(
    ("before", "edit", "result"),
    [
        ("a:\n  b: 1\n", Add(("a",), "c", 2), "a:\n  b: 1\n  c: 2\n"),
        ("a:\n  b: 1", Add(("a",), "c", 2), "a:\n  b: 1\n  c: 2"),
        ("a:\n  b: 1  # x\n  # y\nd: 3\n", Add(("a",), "c", 2), "a:\n  b: 1  # x\n  c: 2\n  # y\nd: 3\n"),
        (
            "a:\n  b:\n    c: 1\n    # in b\n\nd: 3\n",
            Add(("a",), "c", 2),
            "a:\n  b:\n    c: 1\n    # in b\n  c: 2\n\nd: 3\n",
        ),
        ("a:\n  b: 1  # x\n        # y\n", Add(("a",), "c", 2), "a:\n  b: 1  # x\n        # y\n  c: 2\n"),
        ("a:\n  b: 1\n\n  c: 2\n", Add(("a",), "d", 3), "a:\n  b: 1\n\n  c: 2\n\n  d: 3\n"),
        ("a:\n    b:\n        c: 1\n", Add(("a",), "d", BIG), "a:\n    b:\n        c: 1\n    d:\n        b: {c: 1}\n"),
        ("a:\n- b: 1\n", Add(("a", 0), "c", 2), "a:\n- b: 1\n  c: 2\n"),
        ("a:\n-   b: 1\n", Add(("a", 0), "c", 2), "a:\n-   b: 1\n    c: 2\n"),
        ("a:\n- 1\nb:\n- x\n", Add((), "c", [{"d": {"e": 1}}]), "a:\n- 1\nb:\n- x\nc:\n- d: {e: 1}\n"),
        ("a:\n  b: |\n    x\n\nc: 1\n", Add(("a",), "d", 2), "a:\n  b: |\n    x\n  d: 2\n\nc: 1\n"),
        ("a:\n  b: |+\n    x\n\nc: 1\n", Add(("a",), "d", 2), "a:\n  b: |+\n    x\n\n  d: 2\nc: 1\n"),
        ("? a\n: b: 1\n", Add(("a",), "c", 2), "? a\n: b: 1\n  c: 2\n"),
        ("a:\r\n  b: 1\r\n", Add(("a",), "c", 2), "a:\r\n  b: 1\r\n  c: 2\r\n"),
        ("a:\n  b: 1\n...\n", Add((), "c", 2), "a:\n  b: 1\nc: 2\n...\n"),
        # in brackets
        ("a: {b: 1}  # x\n", Add(("a",), "c", BIG), "a: {b: 1, c: {b: {c: 1}}}  # x\n"),
        ("a: {b: 1, }\n", Add(("a",), "c", 2), "a: {b: 1, c: 2, }\n"),
        ("a: {b: }\n", Add(("a",), "c", 2), "a: {b: , c: 2 }\n"),
        ("a: {\n  b: 1\n}\n", Add(("a",), "c", 2), "a: {\n  b: 1,\n  c: 2\n}\n"),
        ("a: {\n  b: 1,  # x\n}\n", Add(("a",), "c", 2), "a: {\n  b: 1,  # x\n  c: 2,\n}\n"),
        ("a: {\n  b: 1  # x\n}\n", Add(("a",), "c", 2), "a: {\n  b: 1,  # x\n  c: 2\n}\n"),
        ("a: {\n  b: 1}\n", Add(("a",), "c", 2), "a: {\n  b: 1,\n  c: 2}\n"),
        ("a: [b: 1]\n", Add(("a", 0), "c", 2), "a: [{b: 1, c: 2}]\n"),
        ("{a: 1}\n", Add((), "c", 2), "{a: 1, c: 2}\n"),
        ("{}\n", Add((), "c", 2), "{c: 2}\n"),
        # in nothing
        ("a:\nb: 1\n", Add(("a",), "c", 2), "a:\n  c: 2\nb: 1\n"),
        ("a:  # x\n  # y\nb: 1\n", Add(("a",), "c", 2), "a:  # x\n  # y\n  c: 2\nb: 1\n"),
        ("a: ~\n", Add(("a",), "c", BIG), "a:\n  c:\n    b: {c: 1}\n"),
        ("a: {}\n", Add(("a",), "c", 2), "a: {c: 2}\n"),
        ("a: {}  # x\n", Add(("a",), "c", BIG), "a:  # x\n  c:\n    b: {c: 1}\n"),
        ("a:\n-\n", Add(("a", 0), "c", 2), "a:\n- c: 2\n"),
        ("a: {b: }\n", Add(("a", "b"), "c", 2), "a: {b: {c: 2} }\n"),
        # parents that are missing
        ("a:\n  b: 1\n", Add(("a", "x", "y"), "c", 2), "a:\n  b: 1\n  x:\n    y:\n      c: 2\n"),
        ("a: {b: 1}\n", Add(("a", "x"), "c", 2), "a: {b: 1, x: {c: 2}}\n"),
        ("a:\n", Add(("a", "x"), "c", 2), "a:\n  x:\n    c: 2\n"),
        # a merged key is overridden by an own one
        ("a: &x {b: 1}\nc:\n  <<: *x\n", Add(("c",), "b", 2), "a: &x {b: 1}\nc:\n  <<: *x\n  b: 2\n"),
    ],
)
def test_a_new_key(before: str, edit: Edit, result: str) -> None:
    assert after(before, edit) == result


@pytest.mark.parametrize(
    ("before", "edit", "result"),
    [
        ("modelsync: 1\nproject: x\n", Add((), "root", ".."), "modelsync: 1\nproject: x\nroot: ..\n"),
        ("modelsync: 1\ngates: {}\n", Add((), "project", "x"), "modelsync: 1\nproject: x\ngates: {}\n"),
        ("# head\ngates: {}\n", Add((), "modelsync", 1), "# head\nmodelsync: 1\ngates: {}\n"),
        ("project: x\n\ngates:\n  g: 1\n", Add((), "modelsync", 1), "modelsync: 1\nproject: x\n\ngates:\n  g: 1\n"),
        ("gates:\n  g: 1\n", Add((), "params", BIG), "params:\n  b: {c: 1}\n\ngates:\n  g: 1\n"),
        (
            "params:\n  a: 1\nstages:\n  s: 1\n",
            Add((), "gates", BIG),
            "params:\n  a: 1\ngates:\n  b: {c: 1}\nstages:\n  s: 1\n",
        ),
        (
            "params:\n  a: 1\n\nstages:\n  s: 1\n",
            Add((), "gates", BIG),
            "params:\n  a: 1\n\ngates:\n  b: {c: 1}\n\nstages:\n  s: 1\n",
        ),
        ("params:\n  a: 1\n", Add((), "gates", BIG), "params:\n  a: 1\n\ngates:\n  b: {c: 1}\n"),
        ("root: x\nstages:\n  s: 1\n", Add((), "gates", BIG), "root: x\ngates:\n  b: {c: 1}\n\nstages:\n  s: 1\n"),
        (
            "params:\n  a: 1\n  # a\n\n# s\nstages:\n  s: 1\n",
            Add((), "gates", BIG),
            "params:\n  a: 1\n  # a\n\ngates:\n  b: {c: 1}\n\n# s\nstages:\n  s: 1\n",
        ),
        ("gates: {}\nother: 1\n", Add((), "engine", 1), "gates: {}\nengine: 1\nother: 1\n"),
        ("gates: {}\n", Add((), "other", 1), "gates: {}\nother: 1\n"),
        (
            "modelsync: 1\n",
            Add(("schedules", "nightly"), "cron", "15 2 * * *"),
            "modelsync: 1\nschedules:\n  nightly:\n    cron: 15 2 * * *\n",
        ),
    ],
)
def test_a_new_section_has_its_place(before: str, edit: Edit, result: str) -> None:
    assert after(before, edit) == result


def test_sections_can_be_added_in_any_order() -> None:
    text = "modelsync: 1\n"
    for section in reversed(SECTIONS[1:]):
        text = after(text, Add((), section, {"b": {"c": 1}, "d": 1}))
    keys = [line.split(":")[0] for line in text.splitlines() if line and not line.startswith(" ")]
    assert keys == list(SECTIONS)


@pytest.mark.parametrize(
    ("before", "edit", "result"),
    [
        ("a: [1]\n", Append(("a",), "x y"), "a: [1, x y]\n"),
        ("a: []  # c\n", Append(("a",), 1), "a: [1]  # c\n"),
        ("a: []\n", Append(("a",), {"b": 1}), "a:\n  - {b: 1}\n"),
        ("a: [\n  1,\n]\n", Append(("a",), 2), "a: [\n  1,\n  2,\n]\n"),
        ("a: [1,\n    2]\n", Append(("a",), 3), "a: [1,\n    2,\n    3]\n"),
        ("a:\n- 1  # c\n# d\n", Append(("a",), 2), "a:\n- 1  # c\n- 2\n# d\n"),
        ("a:\n  - 1\n\n  - 2\n", Append(("a",), 3), "a:\n  - 1\n\n  - 2\n\n  - 3\n"),
        ("a:\n  - {b: 1}\n", Append(("a",), {"b": 2}), "a:\n  - {b: 1}\n  - {b: 2}\n"),
        ("a:\n  - {b: 1}\n", Append(("a",), {"b": [X, Y]}), f"a:\n  - {{b: 1}}\n  - b:\n      - {X}\n      - {Y}\n"),
        ("a:\n", Append(("a",), 1), "a: [1]\n"),
        ("a:\n", Append(("a",), {"b": 1}), "a:\n  - {b: 1}\n"),
        ("a: fit\n", Append(("a",), "split"), "a: [fit, split]\n"),
        ("a: 'fit'  # c\n", Append(("a",), 1), "a: ['fit', 1]  # c\n"),
        ("a: 0x10\n", Append(("a",), 1), "a: [0x10, 1]\n"),
        ("a: x, y\n", Append(("a",), 1), 'a: ["x, y", 1]\n'),
        ("a: x\n  y\n", Append(("a",), 1), "a: [x y, 1]\n"),
        ("a: |\n  x\nb: 1\n", Append(("a",), 1), 'a: ["x\\n", 1]\nb: 1\n'),
        ("a: fit\n", Append(("a",), {"b": 1}), "a:\n  - fit\n  - {b: 1}\n"),
        ("a: {b: fit}\n", Append(("a", "b"), 1), "a: {b: [fit, 1]}\n"),
        ("- 1\n", Append((), 2), "- 1\n- 2\n"),
        ("[]\n", Append((), 2), "[2]\n"),
        ("a:\n- - 1\n", Append(("a", 0), 2), "a:\n- - 1\n  - 2\n"),
    ],
)
def test_a_new_item(before: str, edit: Edit, result: str) -> None:
    assert after(before, edit) == result


@pytest.mark.parametrize(
    ("before", "edit", "result"),
    [
        ("a: 1  # x\n", Rename(("a",), "b c"), "b c: 1  # x\n"),
        ("'a': 1\n", Rename(("a",), "1"), '"1": 1\n'),
        ('a: {"b":1, c: 2}\n', Rename(("a", "b"), "d"), "a: {d: 1, c: 2}\n"),
        ("? a\n: 1\n", Rename(("a",), "b"), "? b\n: 1\n"),
        ("&x a: 1\n", Rename(("a",), "b"), "&x b: 1\n"),
        ("a:\n- b: 1\n  c: 2\n", Rename(("a", 0, "b"), "d"), "a:\n- d: 1\n  c: 2\n"),
        ("x: &k a\n*k : 1\n", Rename(("a",), "b"), "x: &k a\nb : 1\n"),
        ("a: 1   # x\nbc: 1  # y\n", Rename(("a",), "abc"), "abc: 1  # x\nbc: 1  # y\n"),
        ("a: 1\n", Rename(("a",), "a"), "a: 1\n"),
        (": 1\n", Rename(("",), "a"), "a: 1\n"),
    ],
)
def test_another_name(before: str, edit: Edit, result: str) -> None:
    assert after(before, edit) == result


@pytest.mark.parametrize(
    ("text", "edit", "message"),
    [
        ("a:\n  b: 1  # x\n", Set(("a",), 2), "setting `a` as a whole would drop the comment in line 2"),
        ("a: {b: 1, # x\n  c: 2}\n", Set(("a",), 2), "would drop the comment in line 1"),
        ("a:  # x\n  1\n", Set(("a",), BIG), "would drop the comment in line 1"),
        ("a:\n- b: 1  # x\n", Set(("a", 0), 2), "would drop the comment in line 2"),
        ("? a\n? b\n", Set(("a",), 2), "`a` is a key without a `:`"),
        ("a: x\n", Add(("a",), "b", 1), "`a` is the text `x`: it can't hold the key `b`"),
        ("a: [1]\n", Add(("a",), "b", 1), "`a` is a list: it can't hold the key `b`"),
        ("a: {b: 1}\n", Append(("a",), 1), "`a` is a mapping: it can't hold an item"),
        ("a\n", Append((), 1), "`the spec` is the text `a`: it can't hold an item"),
        ("&k a: 1\nb: *k\n", Rename(("a",), "c"), "the key `a` is used elsewhere through its anchor"),
    ],
)
def test_what_is_refused(text: str, edit: Edit, message: str) -> None:
    assert message in refused(text, edit)
