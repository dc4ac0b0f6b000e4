"""The label of a table against that of its reference."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from modelsync.core.checks import DriftCheck, Label
from modelsync.core.verdict import Outcome, Verdict
from modelsync.gates.judging import judge
from modelsync.gates.profile import Profile
from modelsync.gates.question import Question


def _judge(before: Any, now: Any, *checks: DriftCheck, **more: Any) -> Verdict:
    given = {"label": Label("y"), **more}
    return judge(
        Question(
            "t",
            "target_drift",
            table=pd.DataFrame({"y": now, "x": range(len(now))}),
            reference=pd.DataFrame({"y": before, "x": range(len(before))}),
            checks=checks,
            **given,
        )
    )


@pytest.mark.parametrize(("share", "expected"), [(0.3, Outcome.PASS), (0.6, Outcome.FAIL)])
def test_classes(share: float, expected: Outcome) -> None:
    before, now = [1] * 300 + [0] * 700, [1] * int(share * 1000) + [0] * int(1000 - share * 1000)
    verdict = _judge(before, now, DriftCheck("tvd", 0.1), DriftCheck("chi2", 0.1), label=Label("y", 1))
    assert verdict.outcome is expected
    assert [check.id for check in verdict.checks] == ["tvd.y", "chi2.y"]


def test_numbers() -> None:
    random = np.random.default_rng(0)
    one, two = random.normal(size=1000), random.normal(1, 1, size=1000)
    assert _judge(one, one, DriftCheck("ks", 0.1)).outcome is Outcome.PASS
    verdict = _judge(one, two, DriftCheck("ks", 0.1), DriftCheck("wasserstein", 0.2))
    assert [check.outcome for check in verdict.checks] == [Outcome.FAIL] * 2


def test_a_label_that_is_declared_a_class_is_one() -> None:
    columns = {"y": {"type": "category", "role": "label"}}
    assert _judge([1, 2] * 100, [1, 2] * 100, DriftCheck("chi2", 0.1), columns=columns).outcome is Outcome.PASS
    verdict = _judge([1, 2] * 100, [1, 2] * 100, DriftCheck("ks", 0.1), columns=columns)
    assert verdict.outcome is Outcome.ERROR
    assert "compares numbers" in verdict.reason


def test_missing_labels_are_told() -> None:
    verdict = _judge(["a", "b"] * 200, ["a", "b"] * 150 + [None] * 100, DriftCheck("tvd", 0.1))
    assert verdict.outcome is Outcome.FAIL
    assert "missing share" in verdict.reason


def test_a_profile_will_do() -> None:
    frame = pd.DataFrame({"y": ["a", "b"] * 200})
    verdict = judge(
        Question(
            "t",
            "target_drift",
            table=frame,
            reference_profile=Profile.of_table(frame),
            label=Label("y"),
            checks=(DriftCheck("tvd", 0.1),),
        )
    )
    assert verdict.outcome is Outcome.PASS


def test_what_is_not_there() -> None:
    assert "knows no label" in _judge([1], [1], DriftCheck("ks", 0.1), label=None).reason
    assert "no column `z`" in _judge([1], [1], DriftCheck("ks", 0.1), label=Label("z")).reason
    alone = judge(Question("t", "target_drift", table=pd.DataFrame({"y": [1]}), label=Label("y")))
    assert alone.outcome is Outcome.FAIL
    assert "no reference" in alone.reason
