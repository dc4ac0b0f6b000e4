"""Edits of whole specs: only what is meant changes, everything else stays to the letter, and refusals say why."""

from __future__ import annotations

import random
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from modelsync.core.errors import SpecError
from modelsync.language.edit import changes as editing
from modelsync.language.edit.changes import Add, Append, Edit, Remove, Rename, Set, apply
from modelsync.language.edit.extent import Splice
from modelsync.language.edit.meaning import Keys, holds
from modelsync.language.edit.place import EditError, reach
from modelsync.language.layout.formatting import layout
from modelsync.language.text.nodes import Mapping, Node, Sequence
from modelsync.language.text.read import read
from modelsync.language.text.source import Source, decode_bytes
from modelsync.language.text.syntax import parse
from modelsync.language.text.writing import Data

ROOT = Path(__file__).parents[4]
PATH = Path("modelsync.yaml")
REFERENCE = (ROOT / "specs/credit/modelsync.yaml").read_text(encoding="utf-8")


def after(text: str, *edits: Edit) -> str:
    return apply(Source(PATH, text), edits)


def root(text: str) -> Node | None:
    found = read(Source(PATH, text))
    return None if found.diagnostics else found.root


def texts() -> list[str]:
    """The specs that can be read, some laid out in other ways."""
    found = []
    for path in sorted([*ROOT.glob("specs/**/*.yaml"), *ROOT.glob("examples/**/*.yaml")]):
        source = decode_bytes(path, path.read_bytes())
        if isinstance(source, Source) and isinstance(root(source.text), Mapping):
            found.append(source.text)
    wide = [text.replace("\n  ", "\n    ") for text in found]
    wide = [text.replace("\n", "\r\n") for text in wide if isinstance(root(text), Mapping)]
    return [*found, *wide, *(text.rstrip("\n") for text in found), *COMMENTED]


COMMENTED = [
    """\
# head

modelsync: 1   # one
# before two
project: x     # two
               # goes on

# before params
params:
  # before a
  a: {type: int, default: 1}  # of a
  # between
  b:
    type: int   # int
    # in b
  # end of params

datasets:
    # d: soon
gates:
- x    # first
# before y
- y: 1
  z: [1,  # in brackets
      2]
  # end of y
# end of gates
stages: {a: {}, b: [], # last
}
text: |  # header
  one
   two

  three
quoted: "a
  b"   # behind
# the end
""",
    "a: &x {b: 1}\nc:\n  <<: *x  # merged\n  d: *x\ne: &unused [1, 2]\n",
    "? a\n: 1\n? b\n: - 1\n  - 2\n",
]
TEXTS = texts()

DATA = st.recursive(
    st.none() | st.booleans() | st.integers(-99, 10**12) | st.floats(allow_nan=False, allow_infinity=False)
    | st.sampled_from(["", "a", "true", "1", "datasets.x", "x in [1]", "a: b", "# no", "${{ params.x }}", "a\nb", "é"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["k", "k l", "1", "<<"]), inner),
    max_leaves=8,
)  # fmt: skip


def paths(node: Node, path: Keys = ()) -> list[tuple[Keys, Node]]:
    found: list[tuple[Keys, Node]] = [(path, node)]
    if isinstance(node, Mapping):
        for item in node.items:
            found += paths(item.value, (*path, item.key.text))
    elif isinstance(node, Sequence):
        for number, each in enumerate(node.items):
            found += paths(each, (*path, number))
    return found


@st.composite
def edits(draw: st.DrawFn, text: str) -> Edit:
    node = root(text)
    assert node is not None
    there = paths(node)
    path, found = draw(st.sampled_from(there[1:]))
    kind = draw(st.sampled_from([Set, Add, Append, Remove, Rename]))
    if kind is Set:
        return Set(path, draw(DATA))
    if kind is Remove:
        return Remove(path)
    if kind is Rename:
        return Rename(path, draw(st.sampled_from(["new", "a b", "1"])))
    if kind is Append:
        return Append(path, draw(DATA))
    if not isinstance(found, Mapping):
        path = ()
    more = draw(st.lists(st.sampled_from(["new1", "new2"]), max_size=2, unique=True))
    return Add((*path, *more), draw(st.sampled_from(["new", "notify", "engine"])), draw(DATA))


def comments(text: str) -> Counter[str]:
    return Counter(each.text for each in parse(text).comments)


@settings(deadline=None, max_examples=250)
@given(st.data())
def test_a_random_edit_changes_what_it_means_and_no_other_line(data: st.DataObject) -> None:
    text = data.draw(st.sampled_from(TEXTS))
    edit = data.draw(edits(text))
    try:
        new = after(text, edit)
    except EditError as error:
        said = error.message
    else:
        check(text, new, edit)
        return
    assert "something else" not in said or not text.endswith("\n")  # its block scalar would get a line end


def check(text: str, new: str, edit: Edit) -> None:
    node = root(new)
    assert node is not None
    assert_says(node, edit, root(text))
    if isinstance(edit, Remove):
        assert comments(new) <= comments(text)
    else:
        assert comments(new) == comments(text)
    assert len(touched(text, new)) <= lines_of(text, edit)
    if "\r\n" in text:
        assert "\n" not in new.replace("\r\n", "")


def touched(before: str, after: str) -> list[str]:
    """The lines of the old text without those at the start and at the end that are in the new one too."""
    old, new = before.splitlines(), after.splitlines()
    start = 0
    while start < min(len(old), len(new)) and old[start] == new[start]:
        start += 1
    end = 0
    while end < min(len(old), len(new)) - start and old[-1 - end] == new[-1 - end]:
        end += 1
    return old[start : len(old) - end]


def lines_of(text: str, edit: Edit) -> int:
    """How many lines of the old text an edit may touch."""
    found = reach(editing._read(Source(PATH, text)), edit.path)[0]
    document = parse(text)
    if not found.around:
        return 1
    entry = found.holder[1]
    own = document.line(found.tree.span.end) - document.line(entry.start) + 1
    if isinstance(edit, Remove):
        return own + 8  # with its comments and a blank line
    if isinstance(edit, Set | Append) or found.in_brackets:
        return own + 1
    return 2


def assert_says(node: Node, edit: Edit, before: Node | None) -> None:
    """The value at the path, looked up in another way than the edit itself does."""
    there = {path: found for path, found in paths(node)}
    match edit:
        case Set():
            assert holds(there[edit.path], edit.value)
        case Add():
            assert holds(there[(*edit.path, edit.key)], edit.value)
        case Append():
            found = there[edit.path]
            assert isinstance(found, Sequence)
            assert holds(found.items[-1], edit.value)
        case Rename():
            assert (*edit.path[:-1], edit.key) in there
        case Remove() if isinstance(edit.path[-1], str):
            assert edit.path not in there
    if before is not None and not isinstance(edit, Rename | Remove):
        gone = [path for path, _ in paths(before) if path not in there and path[: len(edit.path)] != edit.path]
        assert gone == []


@settings(deadline=None, max_examples=6)
@given(st.integers(0, 2**32))
def test_many_edits_one_after_the_other(seed: int) -> None:
    chance = random.Random(seed)
    text = REFERENCE
    done: list[Edit] = []
    for _ in range(4):
        node = root(text)
        assert node is not None
        path, _ = chance.choice(paths(node)[1:])
        choices: list[Edit] = [Set(path, 1), Remove(path), Add((), f"new{len(done)}", {"a": [1]})]
        edit = chance.choice(choices)
        try:
            text = after(text, edit)
        except EditError:
            continue
        done.append(edit)
    assert after(REFERENCE, *done) == text


@pytest.mark.parametrize(
    "edit",
    [
        Set(("params", "seed", "default"), 9),
        Set(("root",), "."),
        Set(("gates", "input_drift", "reference"), "datasets.applications"),
        Add(("datasets",), "customers", {"source": "data/c.csv", "contract": {"columns": {"id": {"type": "int"}}}}),
        Add(("gates",), "g", {"kind": "quality", "checks": [{"expect_x": {"column": "a"}}], "when": "x in [1]"}),
        Add((), "engine", {"runner": "threads", "concurrency": 2}),
        Add((), "secrets", {"chat": {"env": "X"}}),
        Append(("gates", "fair", "checks"), {"metric": "recall", "min": 0.5}),
        Append(("stages", "development", "gates"), "new"),
        Remove(("gates", "recall_floor")),
        Remove(("deploy",)),
        Remove(("params",)),
        Rename(("gates", "fair"), "fairness"),
    ],
)
def test_what_was_in_the_one_layout_stays_in_it(edit: Edit) -> None:
    text = layout(Source(PATH, REFERENCE))
    new = after(text, edit)
    assert layout(Source(PATH, new)) == new


@pytest.mark.parametrize(
    ("edit", "message", "help"),
    [
        (Set((), 1), "the spec as a whole can't be changed", "name a key of it"),
        (Remove(()), "the spec as a whole can't be changed", "name a key of it"),
        (Set(("c",), 1), "`c` does not exist", "keys here: a, b"),
        (Append(("c",), 1), "`c` does not exist", "keys here"),
        (Remove(("a", "d")), "`a.d` does not exist", "keys here: c"),
        (Add((), "a", 1), "`a` exists already", "set it, or choose another name"),
        (Add(("b", 7), "x", 1), "`b` has no item 7: it has 2 items", "items count from 0"),
        (Add(("c", 0), "x", 1), "`c[0]` does not exist", "an item is appended to a list, not added by number"),
        (Rename(("a",), "b"), "`b` exists already", "choose another name"),
        (Rename(("b", 0), "x"), "`b[0]` is an item of a list: it has no key", "set or remove the item"),
        (Set(("a",), float("inf")), "`a` can't hold that: a number in a spec is finite", ""),
        (Set(("a",), "x\x00y"), "with this change of `a` the spec could not be read: the character U+0000", ""),
    ],
)
def test_what_can_not_be_done_is_said_with_a_way_out(edit: Edit, message: str, help: str) -> None:
    with pytest.raises(EditError) as caught:
        after("a: {c: 1}\nb: [1, 2]\n", edit)
    assert message in caught.value.message
    assert help in caught.value.help


def test_a_side_effect_is_refused() -> None:
    with pytest.raises(EditError, match="would change something else too, so nothing was changed") as caught:
        after("a: |\n  x", Add((), "b", 1))
    assert caught.value.help == "end the last line of the file first"


@pytest.mark.parametrize("edit", [Remove(("c", "b")), Rename(("c", "b"), "d")])
def test_a_key_that_a_merge_would_bring_back_does_not_go(edit: Edit) -> None:
    with pytest.raises(EditError, match=r"`c.b` would still be there: `<<` brings it in from line 1"):
        after("a: &x {b: 1}\nc: {<<: *x, b: 2}\n", edit)


def test_aliases_and_merges_are_refused_where_they_are_defined_elsewhere() -> None:
    text = "a: &x\n  b: 1\nc: *x\nd: {<<: *x, e: 2}\n"
    cases: list[tuple[Edit, str]] = [
        (Set(("c", "b"), 2), "`c` is `*x`, which is defined in line 1"),
        (Append(("c",), 2), "`c` is `*x`"),
        (Set(("a", "b"), 2), "`a` is used in lines 3 and 4"),
        (Add(("a",), "f", 2), "`a` is used in lines 3 and 4"),
        (Set(("a",), 2), "`a` is used in lines 3 and 4"),
        (Remove(("a",)), "`a` is used in lines 3 and 4"),
        (Set(("d", "b"), 2), "`d.b` comes from the `<<` of `d`"),
        (Rename(("d", "e"), "b"), "`d.b` exists already"),
    ]
    for edit, said in cases:
        with pytest.raises(EditError) as caught:
            after(text, edit)
        assert said in caught.value.message
    assert after(text, Set(("c",), 5), Set(("d", "e"), 3)) == "a: &x\n  b: 1\nc: 5\nd: {<<: *x, e: 3}\n"
    assert after(text, Rename(("a",), "z")) == text.replace("a: &x", "z: &x")


def test_a_text_that_can_not_be_read_is_refused() -> None:
    with pytest.raises(SpecError):
        after("a: [1\n", Set(("a",), 1))
    with pytest.raises(SpecError):
        after("a: 1\na: 2\n")


def test_without_edits_nothing_changes() -> None:
    assert after(REFERENCE) == REFERENCE


@pytest.mark.parametrize(
    "splice",
    [
        Splice(0, 0, "x: 1\n"),
        Splice(len("a: 1  # c\n"), len("a: 1  # c\nb: 2"), "b: 3"),
        Splice(4, 9, ""),
        Splice(0, 0, "["),
    ],
)
def test_a_splice_that_does_something_else_is_found_out(splice: Splice, monkeypatch: pytest.MonkeyPatch) -> None:
    right = editing._splices
    monkeypatch.setattr(editing, "_splices", lambda text, edit: [*right(text, edit), splice])
    with pytest.raises(EditError):
        after("a: 1  # c\nb: 2\nc: 3\n", Set(("c",), 4))


def test_values_may_be_tuples_and_other_mappings() -> None:
    value: Data = {"b": (1, 2), "c": ({"d": 1},)}
    assert after("a: 1\n", Set(("a",), value)) == "a:\n  b: [1, 2]\n  c:\n    - {d: 1}\n"
