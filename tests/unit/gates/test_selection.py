"""Which columns can be measured, and what they hold."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from modelsync.gates import selection
from modelsync.gates.question import GateError, Question


def _question(**columns: dict[str, Any]) -> Question:
    return Question("g", "outliers", columns=columns)


def test_a_column_that_is_not_there() -> None:
    frame = pd.DataFrame({"income": [1]})
    assert selection.absent(frame, "income") == ""
    assert selection.absent(frame, "incom") == "the table has no column `incom`; did you mean `income`?"
    assert selection.absent(frame, "zzz", "the reference") == "the reference has no column `zzz`"


@pytest.mark.parametrize(
    ("values", "declared", "said"),
    [
        ([1, 2], "", ""),
        ([1.5], "float", ""),
        (pd.array([1, None], dtype="Int64"), "int", ""),
        ([1, 2], "category", "the contract says category"),
        ([True], "", "it holds no numbers"),
        (["a"], "", "it holds no numbers"),
        (["a"], "int", "the contract says int, the table holds text"),
        (pd.to_datetime(["2026-01-01"]), "", "it holds times"),
    ],
)
def test_what_can_be_measured(values: Any, declared: str, said: str) -> None:
    question = _question(**({"a": {"type": declared}} if declared else {}))
    found = selection.not_a_number(question, pd.Series(values, name="a"))
    assert found.startswith(said)
    assert bool(found) == bool(said)


def test_numbers() -> None:
    values, missing = selection.numbers(pd.Series([1.0, np.nan, np.inf]))
    assert values.tolist() == [1.0, np.inf]
    assert missing == 1
    values, missing = selection.numbers(pd.Series(pd.array([1, None, 3], dtype="Int64")))
    assert (values.tolist(), missing) == ([1.0, 3.0], 1)


def test_tables_have_names_of_text_and_no_name_twice() -> None:
    frame = pd.DataFrame({0: [1.0], "a": [2.0]})
    table, reference = selection.tables(Question("g", "drift", table=frame, reference=frame))
    assert reference is not None
    assert [*table.columns] == [*reference.columns] == ["0", "a"]
    twice = frame.set_axis(["a", "a"], axis=1)
    with pytest.raises(GateError, match="the reference has two columns `a`"):
        selection.tables(Question("g", "drift", table=frame, reference=twice))
