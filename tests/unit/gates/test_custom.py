"""Custom gates: a team's function is called with what it names, and what it returns is taken at its word or refused."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import Any

import pandas as pd
import pytest

from modelsync.core.checks import Label
from modelsync.core.errors import DamageError, ModelSyncError, StepError
from modelsync.core.findings import Finding, Heard
from modelsync.core.verdict import Outcome, Verdict
from modelsync.gates.custom import TIMEOUT
from modelsync.gates.judging import judge
from modelsync.gates.question import Question

PASS, FAIL, ERROR = Outcome.PASS, Outcome.FAIL, Outcome.ERROR
TABLE = pd.DataFrame({"a": [1, 2, 3]})


def _judge(function: Any, **arguments: Any) -> Verdict:
    return judge(
        Question("c", "custom", table=TABLE, model="model", function=function, label=Label("y", 1), arguments=arguments)
    )


def _returning(value: Any) -> Verdict:
    def check(data: pd.DataFrame) -> Any:
        return value

    return _judge(check)


@pytest.mark.parametrize(
    ("value", "expected"), [(True, PASS), ({"passed": False}, FAIL), (({"passed": True}, False), FAIL)]
)
def test_what_a_check_may_return(value: Any, expected: Outcome) -> None:
    assert _returning(value).outcome is expected


@pytest.mark.parametrize(("value", "said"), [(None, "returned 'None' (NoneType)"), ([], "an empty list")])
def test_what_means_nothing(value: Any, said: str) -> None:
    verdict = _returning(value)
    assert verdict.outcome is ERROR
    assert "`check`" in verdict.reason
    assert said in verdict.reason


@dataclass
class Spoken:
    """A validator that says what it is told to, and remembers how long it was given."""

    heard: Heard | ModelSyncError
    label: str = "validators/v.py:check"
    given: float = 0

    def examine(self, timeout: float) -> Heard:
        self.given = timeout
        if isinstance(self.heard, ModelSyncError):
            raise self.heard
        return self.heard


def test_a_validators_findings_are_checks() -> None:
    findings = (
        Finding(False, 0.4, 0.5, ">=", "few\x1b[31m rows\n here", "recall", "young"),
        Finding(True, statistic="recall", subject="young"),
        Finding(True),
    )
    spoken = Spoken(Heard(findings, "\n".join(f"line {number}\a" for number in range(50))))
    verdict = _judge(spoken, floor=0.5)
    assert [check.id for check in verdict.checks] == ["recall.young", "recall.young[2]", "c"]
    assert verdict.reason == "recall of young is 0.4, must be >= 0.5 (few?[31m rows here)"
    assert verdict.engine == "validators/v.py:check"
    assert verdict.params["with"] == {"floor": 0.5}
    assert verdict.params["printed"] == [f"line {number}?" for number in range(30, 50)]
    assert "printed" not in _judge(Spoken(Heard((Finding(True),)))).params


def test_the_time_limit() -> None:
    spoken = Spoken(Heard((Finding(True),)))
    _judge(spoken)
    assert spoken.given == TIMEOUT == 600
    judge(Question("c", "custom", function=spoken, timeout=0.5))
    assert spoken.given == 0.5


@pytest.mark.parametrize("kind", [StepError, DamageError])
def test_a_validator_that_fails_is_an_error_with_a_way_out(kind: type[ModelSyncError]) -> None:
    verdict = _judge(Spoken(kind("`validators/v.py:check` was stopped after 10.0 s", help="raise `timeout`")))
    assert verdict.outcome is ERROR
    assert verdict.reason == "`validators/v.py:check` was stopped after 10.0 s: raise `timeout`"
    assert _judge(Spoken(StepError("it raised"))).reason == "it raised"


def test_numbers_reach_the_verdict() -> None:
    verdict = _returning(
        [
            {"passed": False, "value": 0.4, "threshold": 0.5, "direction": ">=", "note": "few rows"},
            {"passed": True, "statistic": "recall", "subject": "young", "value": 1},
            {"passed": True, "statistic": "recall", "subject": "young"},
        ]
    )
    assert [check.id for check in verdict.checks] == ["c", "recall.young", "recall.young[2]"]
    assert verdict.reason == "c is 0.4, must be >= 0.5 (few rows)"


def test_it_is_given_what_it_names() -> None:
    def check(model: Any, data: Any, label: str, positive: Any, champion: Any, reference: Any, *, floor: float) -> bool:
        return (model, len(data), label, positive, champion, reference, floor) == ("model", 3, "y", 1, None, None, 0.5)

    verdict = _judge(check, floor=0.5)
    assert verdict.outcome is PASS
    assert verdict.params["with"] == {"floor": 0.5}


def test_with_wins_over_what_is_offered() -> None:
    def check(label: str) -> bool:
        return label == "mine"

    assert _judge(check, label="mine").outcome is PASS


def test_arguments_that_do_not_fit() -> None:
    def check(data: Any, *, floor: float) -> bool:
        return True

    assert "missing a required argument: 'floor'; given were data" in _judge(check).reason
    assert "unexpected keyword argument 'top'" in _judge(check, floor=1, top=2).reason
    assert "given were no arguments" in _judge(lambda floor: True).reason


def test_it_works_on_a_copy() -> None:
    def check(data: pd.DataFrame) -> bool:
        data["a"] = 0
        return True

    assert _judge(check).outcome is PASS
    assert TABLE["a"].tolist() == [1, 2, 3]


def test_what_it_raises() -> None:
    def check(data: pd.DataFrame) -> bool:
        return bool(data["nope"].any())

    verdict = _judge(check)
    assert verdict.outcome is ERROR
    assert verdict.reason.startswith("`check` raised KeyError: 'nope' at ")

    def leave() -> bool:
        sys.exit(3)

    assert "`leave` raised SystemExit: 3" in _judge(leave).reason

    class Odd(BaseException):
        def __str__(self) -> str:
            raise ValueError("not even this")

    def oddly() -> bool:
        raise Odd

    assert "`oddly` raised Odd: ... at " in _judge(oddly).reason

    def interrupted() -> bool:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):  # Ctrl-C belongs to the caller, in whose process it runs
        _judge(interrupted)
    assert "was given no function" in _judge(None).reason


def test_an_object_may_be_the_function() -> None:
    class Check:
        def __call__(self, data: Any) -> bool:
            return True

    verdict = _judge(Check())
    assert verdict.checks[0].statistic == "c"  # the name of the gate
    assert verdict.engine.endswith("Check")


def test_a_real_model(cancer: Any) -> None:
    def recall_floor(model: Any, data: pd.DataFrame, label: str, positive: str, *, floor: float) -> dict[str, Any]:
        ill = data[data[label] == positive]
        recall = float((model.predict(ill[list(model.feature_names_in_)]) == positive).mean())
        return {"passed": recall >= floor, "value": recall, "threshold": floor, "direction": ">="}

    verdict = judge(
        Question(
            "c",
            "custom",
            table=cancer.test,
            model=cancer.model,
            label=Label("diagnosis", "malignant"),
            function=recall_floor,
            arguments={"floor": 0.9},
        )
    )
    assert verdict.outcome is PASS
    assert verdict.engine.endswith("recall_floor")
