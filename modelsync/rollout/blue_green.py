"""Blue-green: the new release starts beside the old one, and traffic moves in one step when it has proved itself."""

from __future__ import annotations

from dataclasses import dataclass, field

from modelsync.core.traffic import Side
from modelsync.rollout.base import Action, Done, Drain, Observation, RollBack, Route, Stop, Terms, first_steps


@dataclass(frozen=True, slots=True)
class BlueGreen:
    """No request is lost: the old release is drained before it stops, and kept until then."""

    terms: Terms = field(default_factory=Terms)

    def forward(self, seen: Observation, waited: float) -> Action:
        """Start, wait, warm up, switch, drain the old side, stop it."""
        new, old = seen.new, seen.old
        if new is None or not new.routed:
            return first_steps(Side.NEW, new) or Route(new=100)
        if old is None or old.started == 0:
            return Done()
        if old.in_flight > 0 and waited <= self.terms.drain_within:
            return Drain(Side.OLD)
        return Stop(Side.OLD)

    def back(self, seen: Observation, waited: float, reason: str) -> Action:
        """Give the traffic back while the old side lives, then stop the new one."""
        new, old = seen.new, seen.old
        if new is None or new.started == 0:
            return RollBack(reason)
        if new.routed and old is not None and old.alive > 0:
            return Route(new=0)
        if new.routed and old is not None and new.alive > 0:
            return Done()  # the old side is gone for good, and a new one that still answers is better than nothing
        if new.in_flight > 0 and new.alive > 0 and waited <= self.terms.drain_within:
            return Drain(Side.NEW)
        return Stop(Side.NEW)
