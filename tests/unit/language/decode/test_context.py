"""What a load remembers: faults, the ways that led to them, members, paths inside the root."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from modelsync.language.decode.context import MAX_FAULTS, UNKNOWN, Context, TooManyError
from modelsync.language.names import Names
from modelsync.language.text.source import Source

Spoil = Callable[..., list[str]]


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        (["source: data/customers.csv", "source: /etc/x.csv"], ["MS601 /etc/x.csv"]),
        (["source: data/customers.csv", "source: ~/x.csv"], ["MS601 ~/x.csv"]),
        (["source: data/customers.csv", "source: data\\x.csv"], ["MS601 data\\x.csv"]),
        (["source: data/customers.csv", "source: data/../../x.csv"], ["MS601 data/../../x.csv"]),
        (["source: data/customers.csv", "source: data/../data/customers.csv"], []),
    ],
)
def test_the_good_spec_spoilt(spoil: Spoil, changes: list[str], found: list[str]) -> None:
    assert spoil(*changes) == found


@pytest.mark.parametrize("path", ["x" * 300 + ".csv", "x/" * 600 + "a.csv"])
def test_a_path_longer_than_file_systems_take_is_refused(spoil: Spoil, path: str) -> None:
    assert spoil("source: data/customers.csv", f"source: {path}") == [f"MS104 {path}"]


def test_a_link_that_leads_out_is_refused(spoil: Spoil, project: Path) -> None:
    (project / "data/out").symlink_to("/")
    assert spoil("source: data/customers.csv", "source: data/out/x.csv") == ["MS601 data/out/x.csv"]


def test_a_circle_of_links_is_refused(spoil: Spoil, project: Path) -> None:
    (project / "data/a").symlink_to(project / "data/b")
    (project / "data/b").symlink_to(project / "data/a")
    assert spoil("source: data/customers.csv", "source: data/a/x.csv")[0][:5] in ("MS601", "MS205")


@pytest.fixture
def context(tmp_path: Path) -> Context:
    source = Source(tmp_path / "modelsync.yaml", "a: 1\nb: 2\nc: 3\n")
    return Context(source, {source.path: source}, Names(), tmp_path, {})


def told(context: Context) -> list[str]:
    return [
        f"{each.message} {each.at.line}" + "".join(f" <- {r.at.line}" for r in each.related) for each in context.faults
    ]


def test_a_fault_behind_an_alias_names_the_place_of_its_use(context: Context) -> None:
    at, way = context.source.at(1, 4), context.source.at(3, 4)
    with context.through(way):
        context.fault("MS103", at, "first")
        context.fault("MS103", at, "second")
    with context.through(None):
        context.fault("MS103", context.source.at(2, 1), "third")
    assert told(context) == ["first 1 <- 3", "second 1 <- 3", "third 2"]


def test_what_is_used_where_it_is_written_names_no_other_place(context: Context) -> None:
    with context.through(context.source.at(1, 9)):
        context.fault("MS103", context.source.at(1, 4), "first")
    assert told(context) == ["first 1"]


def test_the_same_fault_by_another_way_is_told_once(context: Context) -> None:
    at = context.source.at(1, 4)
    context.fault("MS103", at, "in a")
    with context.through(context.source.at(2, 4)):
        context.fault("MS103", at, "in b")
        context.fault("MS104", at, "another code")
    with context.through(context.source.at(3, 4)):
        context.fault("MS104", at, "another code in c")
    assert told(context) == ["in a 1", "another code 1 <- 2"]


def test_what_is_found_quietly_is_told_where_it_is_read_again(context: Context) -> None:
    at = context.source.at(1, 4)
    with context.quietly():
        context.fault("MS103", at, "quiet")
    with context.through(context.source.at(2, 4)):
        context.fault("MS103", at, "aloud")
    assert told(context) == ["aloud 1 <- 2"]


def test_enough_is_enough(context: Context) -> None:
    for n in range(MAX_FAULTS):
        context.fault("MS103", context.source.at(n + 1, 1), "one more")
    with pytest.raises(TooManyError):
        context.fault("MS103", context.source.at(1, 1), "one too many")
    assert len(context.faults) == MAX_FAULTS


def test_a_member_is_only_known_inside(context: Context) -> None:
    with context.member({"seed": 7}, ("seed", "deep")):
        assert (context.matrix, context.axes) == ({"seed": 7}, ("seed", "deep"))
        with context.member(UNKNOWN):
            assert (context.matrix, context.axes) == (UNKNOWN, ())
        assert context.matrix == {"seed": 7}
    assert [context.matrix, context.axes] == [None, ()]


def test_an_unknown_name_is_told_with_the_nearest(context: Context) -> None:
    context.unknown("MS503", context.source.at(1, 1), "no such column", "pln", ["plan", "churned"], "columns")
    context.unknown("MS503", context.source.at(2, 1), "no such column", "zzz", [], "columns")
    near, far = context.faults
    assert (near.help, near.notes, near.fix and near.fix.replacement) == (
        "did you mean `plan`?",
        ("columns: churned, plan",),
        "plan",
    )
    assert (far.help, far.notes, far.fix) == ("", ("columns: none",), None)
