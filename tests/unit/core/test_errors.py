from __future__ import annotations

from pathlib import Path

from modelsync.core.diagnostics import Diagnostic, Pos
from modelsync.core.errors import (
    DamageError,
    ExitCode,
    LockedError,
    ModelSyncError,
    SpecError,
    StepError,
    SurroundingsError,
    UsageError,
)


def test_each_family_has_its_frozen_exit_code() -> None:
    codes = {
        ModelSyncError: 70, UsageError: 2, StepError: 1, LockedError: 7, SurroundingsError: 9,
        DamageError: 9,
    }  # fmt: skip
    assert {family: int(family("x").exit_code) for family in codes} == codes


def test_a_spec_error_counts_its_faults() -> None:
    fault = Diagnostic("MS101", Pos(Path("x"), 1, 1, 1, 2), "unknown key")
    assert SpecError([fault]).message == "1 fault in the spec"
    assert SpecError([fault, fault]).message == "2 faults in the spec"
    assert SpecError([fault]).exit_code is ExitCode.SPEC


def test_a_step_error_says_whether_a_retry_may_help() -> None:
    assert StepError("x").reason == "error"
    assert StepError("x", reason="timeout", detail="trace").detail == "trace"
