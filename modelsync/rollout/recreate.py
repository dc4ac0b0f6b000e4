"""Recreate: the old release stops before the new one starts; nothing answers in between, and only one is in memory."""

from __future__ import annotations

from dataclasses import dataclass, field

from modelsync.core.traffic import Side
from modelsync.rollout.base import Action, Done, Observation, RollBack, Route, Stop, Terms, WaitReady, first_steps


@dataclass(frozen=True, slots=True)
class Recreate:
    """Stop, start, switch; when the new release fails the old one is started again."""

    terms: Terms = field(default_factory=Terms)

    def forward(self, seen: Observation, waited: float) -> Action:
        """Stop the old side, then start, wait, warm up and route the new one."""
        new, old = seen.new, seen.old
        if new is None and old is not None and old.started > 0:
            return Stop(Side.OLD)
        if new is None or not new.routed:
            return first_steps(Side.NEW, new) or Route(new=100)
        return Done()

    def back(self, seen: Observation, waited: float, reason: str) -> Action:
        """Stop the new side, then bring the old one up again."""
        new, old = seen.new, seen.old
        if new is not None and new.started > 0:
            return Stop(Side.NEW)
        if old is None:
            return RollBack(reason)
        if old.trouble:
            return RollBack(f"{reason}; and the old release did not come back: {old.trouble}")
        step = first_steps(Side.OLD, old)
        if isinstance(step, WaitReady) and waited > self.terms.ready_within:
            return RollBack(f"{reason}; and the old release was not ready again in time")
        return step or (RollBack(reason) if old.routed else Route(new=0))
