"""Missing: shares of absent values, of named columns and of all."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from modelsync.core.checks import MissingCheck
from modelsync.core.verdict import Outcome, Verdict
from modelsync.gates.judging import judge
from modelsync.gates.question import Question

PASS, FAIL, ERROR = Outcome.PASS, Outcome.FAIL, Outcome.ERROR

TABLE = pd.DataFrame(
    {
        "number": [1.0, np.nan, 3.0, 4.0],
        "text": ["a", None, "", "b"],
        "whole": pd.array([1, 2, None, None], dtype="Int64"),
        "day": [pd.Timestamp("2026-01-01"), pd.NaT, pd.NaT, pd.NaT],
        "full": [1, 2, 3, 4],
        "infinite": [np.inf, 1.0, 2.0, 3.0],
    }
)


def _judge(*checks: MissingCheck, table: pd.DataFrame | None = TABLE) -> Verdict:
    return judge(Question("m", "missing", table=table, checks=checks))


def test_every_column_and_every_way_of_being_missing() -> None:
    verdict = _judge(MissingCheck(0.25))
    assert {check.subject: check.value for check in verdict.checks} == {
        "number": 0.25,
        "text": 0.25,  # the empty text is a value
        "whole": 0.5,
        "day": 0.75,
        "full": 0.0,
        "infinite": 0.0,  # infinity is no number that is missing
    }
    assert [check.subject for check in verdict.checks if check.outcome is FAIL] == ["whole", "day"]
    assert verdict.reason == (
        "missing share of whole is 0.5, must be <= 0.25 (2 of 4 values); "
        "missing share of day is 0.75, must be <= 0.25 (3 of 4 values)"
    )


def test_every_field_of_a_check() -> None:
    verdict = _judge(MissingCheck(0.0, ("full",)), MissingCheck(0.6, ("whole", "full")))
    assert [(check.id, check.asked, check.outcome) for check in verdict.checks] == [
        ("missing.full", 0, PASS),
        ("missing.whole", 1, PASS),
        ("missing.full[2]", 1, PASS),
    ]
    whole = verdict.checks[1]
    assert (whole.n, whole.n_missing, whole.value, whole.threshold, whole.direction) == (4, 2, 0.5, 0.6, "<=")
    assert verdict.params["checks"][0] == {"columns": ["full"], "max_share": 0.0}
    assert verdict.engine.startswith("pandas ")
    assert verdict.libraries == {"pandas": pd.__version__}


@pytest.mark.parametrize(("name", "said"), [("ful", "did you mean `full`?"), ("zzz", "has no column `zzz`")])
def test_a_column_that_is_not_there(name: str, said: str) -> None:
    verdict = _judge(MissingCheck(1.0, (name,)))
    assert verdict.outcome is ERROR
    assert said in verdict.reason
    assert verdict.checks[0].asked == 0


def test_nothing_to_look_at() -> None:
    assert _judge(MissingCheck(1.0), table=TABLE.head(0)).outcome is ERROR
    assert _judge(MissingCheck(1.0), table=None).outcome is ERROR
    assert "nothing to check" in _judge(MissingCheck(1.0), table=pd.DataFrame(index=range(3))).reason


def test_names_of_columns() -> None:
    numbers = pd.DataFrame({0: [1.0, 2, 3, 4, 5], "a": [1.0, 2, 3, 4, 5]})
    verdict = judge(Question("g", "missing", table=numbers, checks=(MissingCheck(0.5),)))
    assert verdict.outcome is Outcome.PASS
    assert [check.subject for check in verdict.checks] == ["0", "a"]
    twice = judge(Question("g", "missing", table=numbers.set_axis(["a", "a"], axis=1), checks=(MissingCheck(0.5),)))
    assert twice.outcome is Outcome.ERROR
    assert twice.reason == "the table has two columns `a`: rename or drop one of them"
