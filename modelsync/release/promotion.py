"""May a version enter a stage: every gate of the stage is looked at, then the stage's own condition."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from modelsync.core.expression import Expression
from modelsync.core.verdict import Outcome, Verdict


class Permission(StrEnum):
    """The answer: `held` waits for a person or for better numbers, `blocked` is a failed gate."""

    ALLOWED = "allowed"
    HELD = "held"
    BLOCKED = "blocked"


@dataclass(frozen=True, slots=True)
class Promotion:
    """The answer, why, and what it was judged on."""

    permission: Permission
    reasons: tuple[str, ...] = ()
    evidence: tuple[tuple[str, Any], ...] = ()


def decide(
    gates: Sequence[str],
    verdicts: Mapping[str, Verdict],
    when: Expression | None,
    facts: Mapping[str, Any],
) -> Promotion:
    """All gates are looked at before any of them blocks; a gate that was not judged blocks like a failed one."""
    blocked, held = [], []
    for name in gates:
        verdict = verdicts.get(name)
        if verdict is None:
            blocked.append(f"gate {name} was not judged")
        elif verdict.blocks:
            ended = "failed" if verdict.outcome is Outcome.FAIL else "broke"
            blocked.append(f"gate {name} {ended}: {verdict.reason}")
        elif verdict.holds:
            held.append(f"gate {name} is inconclusive: {verdict.reason}")
    evidence: dict[str, Any] = {}
    if when is not None:
        answer = when.evaluate({**facts, **{f"gate({name})": str(v.outcome) for name, v in verdicts.items()}})
        evidence = answer.evidence
        if not answer.value:
            held.append(f"`{when}` does not hold: {say_evidence(evidence)}")
    permission = Permission.BLOCKED if blocked else Permission.HELD if held else Permission.ALLOWED
    return Promotion(permission, (*blocked, *held), tuple(evidence.items()))


def say_evidence(evidence: Mapping[str, Any]) -> str:
    """Facts for people: `metrics.roc_auc = 0.7893, champion.metrics.roc_auc: none`."""
    return ", ".join(
        f"{name}: none" if value is None else f"{name} = {_say(value)}" for name, value in evidence.items()
    )


def _say(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return f"{value:.4g}" if isinstance(value, float) else str(value)
