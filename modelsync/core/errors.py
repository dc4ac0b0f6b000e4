"""What stops the program: one family per exit code, data as fields, the sentence made in one place."""

from __future__ import annotations

from collections.abc import Sequence
from enum import IntEnum

from modelsync.core.diagnostics import Diagnostic


class ExitCode(IntEnum):
    """The frozen exit codes of the command line."""

    DONE = 0
    STEP_FAILED = 1
    USAGE = 2
    SPEC = 3
    GATE_FAILED = 4
    HELD = 5
    STALE_PLAN = 6
    LOCKED = 7
    ROLLED_BACK = 8
    SURROUNDINGS = 9
    INTERNAL = 70
    INTERRUPTED = 130


class ModelSyncError(Exception):
    """The base: `message` says what happened, `help` names a way out."""

    exit_code = ExitCode.INTERNAL

    def __init__(self, message: str, *, help: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.help = help


class UsageError(ModelSyncError):
    """The command was given something that does not exist or does not fit."""

    exit_code = ExitCode.USAGE


class SpecError(ModelSyncError):
    """The spec has faults; `diagnostics` holds every one of them."""

    exit_code = ExitCode.SPEC

    def __init__(self, diagnostics: Sequence[Diagnostic]) -> None:
        count = len(diagnostics)
        super().__init__(f"{count} fault{'s' if count != 1 else ''} in the spec")
        self.diagnostics = tuple(diagnostics)


class StepError(ModelSyncError):
    """A step's own code raised, timed out, or gave back something else than it declared."""

    exit_code = ExitCode.STEP_FAILED

    def __init__(self, message: str, *, help: str = "", reason: str = "error", detail: str = "") -> None:
        super().__init__(message, help=help)
        self.reason = reason  # error | timeout, the words of `retries.on`
        self.detail = detail  # the traceback inside the user's own files


class LockedError(ModelSyncError):
    """Another run holds the lease."""

    exit_code = ExitCode.LOCKED


class SurroundingsError(ModelSyncError):
    """A port, a disk or a service outside ModelSync failed."""

    exit_code = ExitCode.SURROUNDINGS


class DamageError(SurroundingsError):
    """Stored bytes are not what their name says."""


class InterruptedRunError(ModelSyncError):
    """The person stopped it."""

    exit_code = ExitCode.INTERRUPTED
