"""What a question knows of its columns."""

from __future__ import annotations

import pandas as pd
import pytest

from modelsync.core.checks import DriftCheck, Label, PerformanceCheck
from modelsync.gates.question import GateError, Question, first_line, need_table, numbered


def test_features() -> None:
    question = Question(
        "g",
        "drift",
        label=Label("y"),
        columns={"id": {"type": "int", "role": "id"}, "z": {"type": "int", "role": "label"}, "a": {"type": "int"}},
        key=("k",),
    )
    assert [name for name in ("y", "id", "z", "k", "a", "other") if question.is_feature(name)] == ["a", "other"]
    assert question.declared("a") == {"type": "int"}
    assert question.declared("other") == {}
    assert Question("g", "drift").is_feature("anything")


def test_what_is_asked_has_its_place_among_all() -> None:
    same = PerformanceCheck("f1", min=0.5)
    question = Question("g", "performance", checks=(same, DriftCheck("psi", 0.1), same))
    assert question.asked(PerformanceCheck) == [(0, same), (2, same)]


def test_a_table_is_needed() -> None:
    with pytest.raises(GateError, match="gate `g` was given no table; a drift gate needs one"):
        need_table(Question("g", "drift"))
    with pytest.raises(GateError, match="without rows"):
        need_table(Question("g", "drift", table=pd.DataFrame({"a": []})))
    frame = pd.DataFrame({"a": [1]})
    assert need_table(Question("g", "drift", table=frame)) is frame


def test_numbered() -> None:
    assert numbered(["a", "b", "a", "a"]) == ["a", "b", "a[2]", "a[3]"]


def test_first_line() -> None:
    assert first_line(ValueError("one\ntwo")) == "ValueError: one"
    assert first_line(ValueError()) == "ValueError: (no message)"
    assert len(first_line(ValueError("x" * 999))) < 330


def test_an_exception_that_can_not_be_asked_is_still_named() -> None:
    class MuteError(Exception):
        def __str__(self) -> str:
            raise RuntimeError

    assert first_line(MuteError()) == "MuteError: ..."
