from __future__ import annotations

from pathlib import Path

import pytest

from modelsync.language.edit.meaning import Keys
from modelsync.language.edit.place import EditError, Text, find, own_keys, reach, refuse_needed, refuse_shared, said
from modelsync.language.text.read import read
from modelsync.language.text.source import Source
from modelsync.language.text.syntax import parse, start_of

SPEC = """\
a: &x
  b: [1, {c: d}]
e: *x
f:
  <<: *x
  g: *x
  'h i': 1
j:
k: &unused 5
"""


def text(written: str = SPEC) -> Text:
    found = read(Source(Path("modelsync.yaml"), written))
    assert found.root is not None and not found.diagnostics
    return Text(parse(written), found.root)


@pytest.mark.parametrize(
    ("path", "value"),
    [((), SPEC.rstrip()), (("k",), "5"), (("f", "h i"), "1"), (("e",), "*x"), (("f", "g"), "*x"), (("j",), "")],
)
def test_what_stands_at_a_path(path: Keys, value: str) -> None:
    there = text()
    place = find(there, path)
    assert there.document.of(place.tree.span) == value
    assert place.path == path
    assert len(place.around) == len(path)
    assert not place.in_brackets


def test_lists_and_brackets() -> None:
    there = text("a: [1, {c: d}]\nb:\n  - x\n")
    place = find(there, ("a", 1, "c"))
    assert there.document.of(place.tree.span) == "d"
    assert place.in_brackets
    branch, entry = place.holder
    assert there.document.of(branch.span) == "{c: d}"
    assert there.document.text[entry.start : entry.end] == "c: d"
    assert not find(there, ("a",)).in_brackets
    assert there.document.of(find(there, ("b", 0)).tree.span) == "x"


@pytest.mark.parametrize(
    ("path", "message", "help"),
    [
        (("m",), "`m` does not exist", "keys here: a, e, f, j, k"),
        (("f", "h j"), "`f.h j` does not exist", "did you mean `h i`?"),
        (("j", "x"), "`j.x` does not exist", "add it first"),
        (("k", "x"), "`k` is the number `5`: it has no key `x`", "set `k` as a whole"),
        (("f", 0), "`f` is a mapping: it has no item `0`", "set `f` as a whole"),
        (("e", "b"), "`e` is `*x`, which is defined in line 1: a change there would change other places too", ""),
        (("f", "g", "b"), "`f.g` is `*x`, which is defined in line 1", ""),
        (("f", "b"), "`f.b` comes from the `<<` of `f` and is defined in line 2", "add the key `b` to `f` itself"),
        (("a", "b"), "`a` is used in lines 3, 5 and 6 as `*x`, which would change too", "values of their own"),
    ],
)
def test_what_can_not_be_reached(path: Keys, message: str, help: str) -> None:
    with pytest.raises(EditError) as caught:
        find(text(), path)
    assert message in caught.value.message
    assert help in caught.value.help


@pytest.mark.parametrize(("index", "count"), [(1, "1 item"), (-1, "1 item"), (7, "1 item")])
def test_items_count_from_zero(index: int, count: str) -> None:
    with pytest.raises(EditError, match=f"`a` has no item {index}: it has {count}$"):
        find(text("a: [1]"), ("a", index))


def test_the_keys_that_are_missing() -> None:
    place, rest = reach(text(), ("f", "x", "y"))
    assert place.path == ("f",)
    assert rest == ("x", "y")
    assert reach(text(), ("f",))[1] == ()


def test_own_keys() -> None:
    there = text()
    assert own_keys(there, find(there, ("f",))) == ["g", "h i"]
    assert own_keys(there, find(there, ("k",))) == []


def test_the_aliases_of_a_value() -> None:
    there = text("&k a: &x {b: 1}\nc: [*x, *k]\nd: &x 2\ne: *x\n")
    whole, a, d = (find(there, path) for path in ((), ("a",), ("d",)))
    assert len(there.aliases(a.tree)) == len(there.aliases(d.tree)) == 1
    assert there.aliases(whole.tree) == []


def test_shared_values_are_refused() -> None:
    there = text()
    refuse_shared(there, find(there, ("k",)))
    with pytest.raises(EditError, match="`a` is used in lines 3, 5 and 6"):
        refuse_shared(there, find(there, ("a",)))
    with pytest.raises(EditError, match="`e` is `\\*x`"):
        refuse_shared(there, find(there, ("e",)))


def test_what_others_need_is_not_replaced() -> None:
    there = text("a:\n  b: &x 1\n  c: *x\nd: &y 2\ne: *y\n&k f: 1\ng: *k\n")
    for path in (("a",), ("a", "c")):
        place = find(there, path)
        refuse_needed(there, place, start_of(place.tree))
    for path in (("a", "b"), ("d",)):
        place = find(there, path)
        with pytest.raises(EditError, match="which would change too"):
            refuse_needed(there, place, start_of(place.tree))
    place = find(there, ("f",))
    refuse_needed(there, place, start_of(place.tree))
    with pytest.raises(EditError, match="`f` is used in line 7 as `\\*k`"):
        refuse_needed(there, place, place.holder[1].start)


def test_how_a_path_is_said() -> None:
    assert said(("gates", "fair", "checks", 0, "metric")) == "gates.fair.checks[0].metric"
    assert said((0, "a")) == "[0].a"
    assert said(()) == "the spec"


def test_an_accent_in_two_ways_is_one() -> None:
    there = text("e\u0301: 1\n")
    assert there.document.of(find(there, ("é",)).tree.span) == "1"
