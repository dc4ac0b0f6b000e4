from __future__ import annotations

import pytest

from modelsync.core.errors import ExitCode
from modelsync.engine.results import NodeResult, Status, exit_of
from modelsync.plan.model import NodeKind, Task

TASK = Task(NodeKind.STEP, "train.fit", "fit")


@pytest.mark.parametrize(
    ("codes", "whole"),
    [
        ([], ExitCode.DONE),
        ([ExitCode.DONE, ExitCode.HELD], ExitCode.HELD),
        ([ExitCode.HELD, ExitCode.GATE_FAILED], ExitCode.GATE_FAILED),
        ([ExitCode.GATE_FAILED, ExitCode.STEP_FAILED], ExitCode.STEP_FAILED),
        ([ExitCode.STEP_FAILED, ExitCode.SURROUNDINGS], ExitCode.SURROUNDINGS),
        ([ExitCode.SURROUNDINGS, ExitCode.INTERNAL], ExitCode.INTERNAL),
    ],
)
def test_the_ending_that_a_person_must_look_at_first_names_the_exit_code(
    codes: list[ExitCode], whole: ExitCode
) -> None:
    assert exit_of([NodeResult(TASK, Status.DONE, exit=code) for code in codes]) is whole


@pytest.mark.parametrize("code", list(ExitCode))
def test_every_code_survives_beside_what_went_well(code: ExitCode) -> None:
    nodes = [NodeResult(TASK, Status.DONE), NodeResult(TASK, Status.FAILED, exit=code)]
    assert exit_of(nodes) is (ExitCode.INTERNAL if code is ExitCode.DONE else code)
