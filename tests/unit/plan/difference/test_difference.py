"""What holds of every difference: nothing of nothing, nothing missed, no weakening that passes for something else."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from enum import Enum
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from modelsync.core.diagnostics import Pos
from modelsync.core.expression import Expression, parse
from modelsync.core.version import Version
from modelsync.language.edit.changes import Add, Edit, Remove, Set
from modelsync.language.edit.meaning import Keys
from modelsync.language.layout.formatting import layout
from modelsync.language.text.source import Source
from modelsync.plan.difference import KINDS, compare
from modelsync.plan.difference.changes import Class, Difference
from tests.unit.plan.difference.conftest import Desk

_QUIET = settings(deadline=None, database=None, suppress_health_check=list(HealthCheck))
_ROWS = ("gates", "data_quality", "checks")
_GOOD = ("gates", "good_enough", "checks")


def below(limit: float) -> st.SearchStrategy[float]:
    return st.floats(limit - 0.5, limit - 0.001).map(lambda value: round(value, 4))


def above(limit: float, most: float) -> st.SearchStrategy[float]:
    return st.floats(limit + 0.001, most).map(lambda value: round(value, 4))


@dataclass(frozen=True)
class Weakening:
    """Some edits of the credit spec that make it guard less."""

    edits: tuple[Edit, ...]
    kind: Class


def weakening(*edits: Edit, kind: Class = Class.GATE_WEAKENED) -> Weakening:
    return Weakening(edits, kind)


def setting(path: Keys, values: st.SearchStrategy[Any]) -> st.SearchStrategy[Weakening]:
    return values.map(lambda value: weakening(Set(path, value)))


def adding(path: Keys, key: str, values: st.SearchStrategy[Any]) -> st.SearchStrategy[Weakening]:
    return values.map(lambda value: weakening(Add(path, key, value)))


def _without_gate(name: str, stage: str, left: list[str]) -> Weakening:
    return weakening(Set(("stages", stage, "gates"), left), Remove(("gates", name)))


_COLUMNS = st.sampled_from([["credit_amount"], ["age_years", "credit_amount"], ["duration_months"]])
_MILD = st.sampled_from(["warning", "info"])
_WHEN = ("stages", "production", "when")

WEAKENINGS: list[st.SearchStrategy[Weakening]] = [
    setting((*_GOOD, 0, "min"), below(0.74)),
    setting((*_GOOD, 1, "max"), above(0.2, 0.9)),
    setting((*_GOOD, 2, "min_delta"), below(-0.05)),
    setting((*_GOOD, 2, "confidence"), st.sampled_from([0.5, 0.8, 0.9, 0.94])),
    st.integers(0, 2).map(lambda index: weakening(Remove((*_GOOD, index)))),
    st.just(weakening(Set((*_GOOD, 2, "method"), "point"), Remove((*_GOOD, 2, "confidence")))),
    setting(("gates", "good_enough", "inconclusive"), st.just("pass")),
    setting(("gates", "split_alike", "checks", 0, "max"), above(0.2, 5)),
    setting(("gates", "split_alike", "checks", 0, "failing_share"), above(0.1, 1)),
    setting(("gates", "split_alike", "checks", 1, "columns"), _COLUMNS),
    setting(("gates", "input_drift", "checks", 0, "columns"), _COLUMNS),
    setting(("gates", "fair", "slices", "min_rows"), st.integers(41, 10_000)),
    setting(("gates", "fair", "slices", "by"), st.sampled_from([["sex"], ["age_group"]])),
    setting(("gates", "fair", "checks", 0, "worst_to_best"), below(0.8)),
    setting((*_ROWS, 0, "expect_table_row_count_to_be_between", "min_value"), st.integers(0, 799)),
    setting((*_ROWS, 2, "expect_column_values_to_be_between", "max_value"), st.integers(50_001, 10**9)),
    adding((*_ROWS, 4, "expect_column_values_to_be_unique"), "mostly", st.sampled_from([0.5, 0.9, 0.999])),
    st.integers(0, 5).map(lambda index: weakening(Remove((*_ROWS, index)))),
    *(adding(("gates", name), "severity", _MILD) for name in ("data_quality", "split_alike", "good_enough", "fair")),
    st.just(weakening(Set(("stages", "staging", "gates"), ["input_drift", "fair"]))),
    st.just(weakening(Remove(("stages", "production", "gates")))),
    st.just(_without_gate("fair", "staging", ["input_drift", "good_enough"])),
    st.just(_without_gate("split_alike", "development", ["data_quality"])),
    below(0.75).map(lambda value: weakening(Set(_WHEN, f"metrics.roc_auc >= {value}"), kind=Class.STAGE_WEAKENED)),
    st.just(weakening(Remove(_WHEN), kind=Class.STAGE_WEAKENED)),
    st.just(weakening(Set(_WHEN, "metrics.roc_auc >= 0.75 or params.seed == 7"), kind=Class.STAGE_WEAKENED)),
    st.just(
        weakening(
            Set(("stages", "production", "after"), "development"),
            Remove(("stages", "staging")),
            kind=Class.STAGE_WEAKENED,
        )
    ),
    st.just(weakening(Set(("deploy", "live", "strategy"), "recreate"), kind=Class.ROLLOUT_WEAKENED)),
]
_REVERSE = {each: Class(each.replace("weakened", "tightened")) for each in Class if "weakened" in each}


@pytest.mark.parametrize("kind", WEAKENINGS, ids=range(len(WEAKENINGS)))
def test_every_weakening_is_found_and_its_reverse_is_a_tightening(
    credit: Desk, kind: st.SearchStrategy[Weakening]
) -> None:
    @settings(_QUIET, max_examples=2)
    @given(weakening=kind)
    def holds(weakening: Weakening) -> None:
        weak = credit.edited(*weakening.edits)
        there, back = credit.diff(weak), credit.diff(credit.text, weak)
        kinds = [change.kind for change in there.changes]
        assert there.alarms
        assert weakening.kind in kinds
        assert not [kind for kind in kinds if kind.mark == "+"]
        kinds = [change.kind for change in back.changes]
        assert not back.alarms
        assert _REVERSE[weakening.kind] in kinds

    holds()


@settings(_QUIET, max_examples=12)
@given(one=st.one_of(WEAKENINGS), other=st.one_of(WEAKENINGS))
def test_a_weakening_is_found_beside_a_tightening(credit: Desk, one: Weakening, other: Weakening) -> None:
    before, after = credit.edited(*one.edits), credit.edited(*other.edits)
    changes = credit.diff(before, after).changes  # what weakened the first is gone, and the second is weakened
    assert before == after or {change.kind.mark for change in changes} - {"="}
    assert [change.kind.rank for change in changes] == sorted(change.kind.rank for change in changes)


def test_nothing_differs_from_itself_and_fmt_is_cosmetic(desk: Desk, credit: Desk) -> None:
    for each in (desk, credit):
        assert each.diff(each.text).changes == ()
        spread = each.text.replace(": [", ":   [ ").replace("\n\n", "\n# a comment\n\n\n\n")
        assert spread != each.text
        for text in (spread, layout(Source(each.path, spread))):
            (change,) = each.diff(text).changes
            assert change.kind is Class.COSMETIC


# Parts of a Spec that follow from others, which are compared: no text can change them alone.
FOLLOWS = (
    r"datasets\.\w+\.kind",  # from the source
    r".*\.(code|uses)\.text",  # how the function is written; file and name count
    r".*\.written\.\w+",  # a value without a param is in the arguments as well
    r"gates\.\w+\.champion_of",
    r"gates\.good\.checks\.(min_delta|method|confidence|decide_on)",  # of a check that compares or bounds nothing
    r"gates\.drifted\.checks\.correction",  # of a check without p values
    r"gates\.steady\.checks\.(repeats|splitter)",  # of a check without folds
    r"stages\.\w+\.after",  # the order of the stages counts
)


def test_no_part_of_a_spec_changes_in_silence(desk: Desk) -> None:
    subject = desk.subject()
    missed = []
    for path, spec in _mutated(subject.spec, ()):
        found = compare(subject, replace(subject, spec=spec))
        if found.is_cosmetic:
            missed.append(".".join(path))
    assert [path for path in missed if not any(re.fullmatch(form, path) for form in FOLLOWS)] == []


def test_every_kind_of_thing_has_its_comparison() -> None:
    assert list(KINDS) == ["datasets", "steps", "gates", "models", "stages", "deploy", "around"]
    assert Difference(()).is_cosmetic


_OUTSIDE = {"path", "root", "files", "name", "pipeline", "at"}  # where it lies, and names: those are renamed


def _mutated(value: Any, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Any]]:
    """The value with one of its leaves changed, each in turn, and the way to that leaf."""
    match value:
        case Expression():
            yield path, parse(f"({value.text}) and metrics.more > 0")
        case Mapping():
            for key, each in value.items():
                yield from ((way, {**value, key: found}) for way, found in _mutated(each, (*path, str(key))))
        case tuple() if value:
            head, *rest = value
            yield from ((way, (found, *rest)) for way, found in _mutated(head, path))
        case Version():
            yield path, replace(value, major=value.major + 1)
        case _ if is_dataclass(value) and not isinstance(value, Pos | type):
            for part in (each for each in fields(value) if each.compare and each.name not in _OUTSIDE):
                inner = _mutated(getattr(value, part.name), (*path, part.name))
                yield from ((way, replace(value, **{part.name: found})) for way, found in inner)
        case _:
            yield from ((path, leaf) for leaf in _leaf(value))


def _leaf(value: Any) -> Iterator[Any]:
    match value:
        case Enum():
            yield next(each for each in type(value) if each is not value)
        case bool():
            yield not value
        case int() | float():
            yield value + 1
        case str() if value:
            yield value + "x"
