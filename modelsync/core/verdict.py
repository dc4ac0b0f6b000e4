"""What a gate says: one outcome, one sentence, and every check with its numbers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, field
from enum import StrEnum
from typing import Any

from modelsync.core.records import record


class Outcome(StrEnum):
    """Three-valued, and two more: `error` (the check itself broke) is never a pass and is told apart from `fail`."""

    PASS = "pass"
    FAIL = "fail"
    INCONCLUSIVE = "inconclusive"
    SKIPPED = "skipped"
    ERROR = "error"


class GateSeverity(StrEnum):
    """`critical` blocks; `warning` and `info` record and go on."""

    CRITICAL = "critical"
    WARNING = "warning"
    INFO = "info"


# The worst outcome of the checks is the outcome of the gate, in this order.
_RANK = [Outcome.SKIPPED, Outcome.PASS, Outcome.INCONCLUSIVE, Outcome.FAIL, Outcome.ERROR]


def worst(outcomes: Iterable[Outcome]) -> Outcome:
    """The outcome of a whole from those of its parts; nothing at all is `skipped`."""
    return max(outcomes, key=_RANK.index, default=Outcome.SKIPPED)


@record
class Check:
    """One comparison: what was measured on what, against which threshold, and how it came out."""

    id: str
    subject: str  # the column, metric or group
    statistic: str  # psi, ks, roc_auc, null share ...
    outcome: Outcome
    value: float | None = None
    threshold: float | None = None
    direction: str = ""  # "<=" or ">=": how the value must stand to the threshold
    note: str = ""
    interval: tuple[float, float] | None = None
    p_value: float | None = None
    n: int | None = None
    n_reference: int | None = None
    n_missing: int | None = None
    effect: float | None = None  # the size of what a p value speaks of, when `value` is not that itself
    p_adjusted: float | None = None  # corrected over what was tested together
    bins: int | None = None
    noise: float | None = None  # what chance alone shows on so few rows; `threshold` asks no more than it
    bound: str = ""  # the key of the spec that the threshold comes from: max, min_delta, max_share ...
    asked: int | None = None  # which entry of the gate's `checks` this answers
    decides: bool = True  # False: shown, and part of no verdict by itself

    def sentence(self) -> str:
        """The check in words, with its numbers."""
        said = f"{self.statistic} of {self.subject}" if self.subject else self.statistic
        if self.value is not None and self.threshold is not None:
            said += f" is {self.value:.4g}, must be {self.direction} {self.threshold:.4g}"
        elif self.value is not None:
            said += f" is {self.value:.4g}"
        return f"{said} ({self.note})" if self.note else said


@record
class Verdict:
    """The answer of one gate on one target."""

    gate: str
    kind: str
    severity: GateSeverity
    outcome: Outcome
    reason: str
    checks: tuple[Check, ...] = ()
    params: dict[str, Any] = field(default_factory=dict)
    data: dict[str, Any] = field(default_factory=dict)  # role -> {ref, digest, rows}
    seconds: float = 0.0
    engine: str = ""  # the library that decided, with its version
    seed: int | None = None
    libraries: dict[str, str] = field(default_factory=dict)  # name -> version of what computed the numbers

    @property
    def blocks(self) -> bool:
        """Whether nothing downstream may run."""
        return self.severity is GateSeverity.CRITICAL and self.outcome in (Outcome.FAIL, Outcome.ERROR)

    @property
    def holds(self) -> bool:
        """Whether what is downstream waits for a person."""
        return self.severity is GateSeverity.CRITICAL and self.outcome is Outcome.INCONCLUSIVE

    def to_json(self) -> dict[str, Any]:
        """Plain values for the journal."""
        return asdict(self)

    @classmethod
    def from_json(cls, value: dict[str, Any]) -> Verdict:
        """The verdict that `to_json` described."""
        checks = tuple(
            Check(**{**check, "outcome": Outcome(check["outcome"]), "interval": _pair(check.get("interval"))})
            for check in value["checks"]
        )
        return cls(
            **{
                **value,
                "checks": checks,
                "severity": GateSeverity(value["severity"]),
                "outcome": Outcome(value["outcome"]),
            }
        )


def _pair(value: Any) -> tuple[float, float] | None:
    return None if value is None else (float(value[0]), float(value[1]))
