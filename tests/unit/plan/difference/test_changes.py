from __future__ import annotations

from pathlib import Path

from modelsync.core.diagnostics import Pos
from modelsync.plan.difference.changes import Change, Class, Difference


def test_every_class_has_a_mark_and_the_dangerous_ones_come_first() -> None:
    marks = [each.mark for each in Class]
    assert set(marks) <= set("!?-~+=")
    assert [each.rank for each in Class] == list(range(len(Class)))
    assert max(each.rank for each in Class if each.mark == "!") < min(
        each.rank for each in Class if each.mark in "-~+="
    )
    assert {each for each in Class if each.alarms} == {each for each in Class if each.mark in "!?"}
    assert all(each.mark == "!" for each in Class if "weakened" in each or "widened" in each)
    assert all(each.mark == "+" for each in Class if "tightened" in each or "narrowed" in each)


def test_a_change_is_a_sentence_with_its_thing() -> None:
    at = Pos(Path("x.yaml"), 3, 1, 3, 2)
    change = Change(Class.CHANGED, "step `fit`", "`timeout` 1 -> 2", at, None)
    assert str(change) == "step `fit`: `timeout` 1 -> 2"
    assert str(Change(Class.CHANGED, "", "said")) == "said"
    assert change.order == (Class.CHANGED.rank, at)


def test_a_difference_is_cosmetic_when_all_of_it_is() -> None:
    words, real = Change(Class.COSMETIC, "", "layout"), Change(Class.LOOK, "gate `x`", "target")
    assert Difference(()).is_cosmetic
    assert Difference((words,)).is_cosmetic
    assert not Difference((real, words)).is_cosmetic
    assert Difference((real, words)).alarms
    assert not Difference((words,)).alarms
