"""Rows by the values of a column: every row is in one group, and a missing value is a group too."""

from __future__ import annotations

import pandas as pd
import pytest

from modelsync.gates.groups import MISSING, groups
from modelsync.gates.question import GateError


def test_every_row_is_in_one_group() -> None:
    frame = pd.DataFrame({"plan": ["b", None, "a", "b", float("nan")]})
    found = groups(frame, "plan")
    assert {name: rows.tolist() for name, rows in found.items()} == {
        MISSING: [False, True, False, False, True],
        "a": [False, False, True, False, False],
        "b": [True, False, False, True, False],
    }
    assert list(found) == sorted(found)


def test_values_of_other_types_by_their_text() -> None:
    frame = pd.DataFrame({"flag": [True, False, True], "mixed": pd.Series([1, "1", 2], dtype=object)})
    assert list(groups(frame, "flag")) == ["False", "True"]
    assert groups(frame, "mixed")["1"].tolist() == [True, True, False]
    categories = frame.assign(c=pd.Categorical(["x", None, "x"], categories=["unused", "x"]))
    assert list(groups(categories, "c")) == [MISSING, "x"]


def test_what_makes_no_groups() -> None:
    frame = pd.DataFrame({"number": range(101)})
    with pytest.raises(GateError, match="`number` has 101 different values; cut it into groups"):
        groups(frame, "number")
    with pytest.raises(GateError, match="no column `numbr`; did you mean `number`"):
        groups(frame, "numbr")
