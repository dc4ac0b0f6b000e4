from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from modelsync.core.digest import of_bytes
from modelsync.store.folders import Entry, Manifest
from modelsync.store.merging import UNSETTLED, ConflictKind, merge, merge_bases


def files(text: str) -> Manifest:
    """`a=1 b/c=2!`: path and content, `!` for a file that may run."""
    entries = []
    for item in text.split():
        path, _, content = item.partition("=")
        entries.append(Entry(path, content.endswith("!"), 1, of_bytes(content.rstrip("!").encode())))
    return Manifest(tuple(sorted(entries)))


@pytest.mark.parametrize(
    ("base", "ours", "theirs", "result"),
    [
        ("a=1", "a=1", "a=1", "a=1"),
        ("a=1", "a=2", "a=1", "a=2"),
        ("a=1", "a=1", "a=2", "a=2"),
        ("a=1", "a=2", "a=2", "a=2"),
        ("a=1", "", "a=1", ""),
        ("a=1", "a=1", "", ""),
        ("a=1", "", "", ""),
        ("", "a=1", "b=2", "a=1 b=2"),
        ("", "a=1", "a=1", "a=1"),
        ("", "a=1!", "a=1", "a=1!"),
        ("a=1 b=1", "a=2 b=1", "a=1 b=2", "a=2 b=2"),
        ("a=1", "a=1!", "a=2", "a=2!"),
        ("a=1!", "a=2!", "a=1", "a=2"),
        ("a=1", "a=2!", "a=2", "a=2!"),
        ("a=1", "b=1", "a=1", "b=1"),
        ("a=1", "a/b=1", "a=1", "a/b=1"),
        ("a/b=1", "a=1", "a/b=1", "a=1"),
    ],
)
def test_what_one_side_did_is_taken(base: str, ours: str, theirs: str, result: str) -> None:
    for one, other in ((ours, theirs), (theirs, ours)):
        merged = merge(files(base), files(one), files(other))
        assert merged.manifest == files(result)
        assert merged.conflicts == ()


@pytest.mark.parametrize(
    ("base", "ours", "theirs", "result", "path", "kind"),
    [
        ("a=1", "a=2", "a=3", "a=2", "a", ConflictKind.BOTH_CHANGED),
        ("", "a=2", "a=3", "a=2", "a", ConflictKind.BOTH_ADDED),
        ("a=1", "", "a=3", "", "a", ConflictKind.OURS_REMOVED),
        ("a=1", "a=2", "", "a=2", "a", ConflictKind.THEIRS_REMOVED),
        ("a=1", "a=2!", "a=3", "a=2!", "a", ConflictKind.BOTH_CHANGED),
        ("", "a=1", "a/b=1", "a=1", "a", ConflictKind.CLASH),
        ("", "a/b=1 a/c/d=1", "a=1", "a/b=1 a/c/d=1", "a", ConflictKind.CLASH),
        ("a=1", "a=2", "a/b=1", "a=2", "a", ConflictKind.CLASH),
        ("a=1", "a/b=1", "a=2", "a/b=1", "a", ConflictKind.OURS_REMOVED),
        ("x=1 a=1", "x=2 a=2", "x=2 a=3", "x=2 a=2", "a", ConflictKind.BOTH_CHANGED),
    ],
)
def test_what_both_did_differently_is_a_conflict(
    base: str, ours: str, theirs: str, result: str, path: str, kind: ConflictKind
) -> None:
    merged = merge(files(base), files(ours), files(theirs))
    assert merged.manifest == files(result)
    (conflict,) = merged.conflicts
    assert (conflict.path, conflict.kind) == (path, kind)
    sides = ({entry.path: entry for entry in files(text).entries} for text in (base, ours, theirs))
    assert [conflict.base, conflict.ours, conflict.theirs] == [side.get(path) for side in sides]


def test_a_base_of_two_settles_what_it_can() -> None:
    base = merge_bases(files("a=1 b=1 c=1"), files("a=2 b=1 c=2"), files("a=1 b=2 c=3"))
    assert [(entry.path, entry.digest == UNSETTLED) for entry in base.entries] == [
        ("a", False),
        ("b", False),
        ("c", True),
    ]
    merged = merge(base, files("a=2 b=2 c=4"), files("a=2 b=2 c=4"))
    assert (merged.manifest, merged.conflicts) == (files("a=2 b=2 c=4"), ())
    merged = merge(base, files("a=2 b=2 c=2"), files("a=2 b=2 c=3"))
    assert [conflict.path for conflict in merged.conflicts] == ["c"]
    merged = merge(base, files("a=2 b=2"), files("a=2 b=2 c=3"))
    assert [(each.path, each.kind) for each in merged.conflicts] == [("c", ConflictKind.OURS_REMOVED)]


def trees() -> st.SearchStrategy[Manifest]:
    entry = st.tuples(st.sampled_from("abc"), st.sampled_from(["", "/x", "/y", "/x/z"]), st.sampled_from("123"))

    def made(found: list[tuple[str, str, str]]) -> Manifest:
        taken: dict[str, str] = {}
        for top, rest, content in found:
            path = top + rest
            if not any(each != path and (each.startswith(f"{path}/") or path.startswith(f"{each}/")) for each in taken):
                taken[path] = content
        return files(" ".join(f"{path}={content}" for path, content in taken.items()))

    return st.lists(entry, max_size=6).map(made)


@given(trees(), trees(), trees())
@settings(max_examples=50, deadline=None)
def test_a_merge_is_a_folder_and_both_sides_see_the_same_conflicts(
    base: Manifest, one: Manifest, other: Manifest
) -> None:
    merged, mirrored = merge(base, one, other), merge(base, other, one)
    assert Manifest.decode(merged.manifest.encode()) == merged.manifest  # no file is a folder
    assert {each.path for each in merged.conflicts} == {each.path for each in mirrored.conflicts}
    if not merged.conflicts:
        assert merged.manifest == mirrored.manifest


@given(trees(), trees())
@settings(max_examples=30, deadline=None)
def test_a_side_that_did_nothing_changes_nothing(base: Manifest, side: Manifest) -> None:
    for merged in (merge(base, side, base), merge(base, base, side), merge(base, side, side)):
        assert merged.manifest == side
        assert merged.conflicts == ()
