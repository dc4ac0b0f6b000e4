"""The words of a rollout: what a strategy sees, what it may ask for, and how one turn becomes the next."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Protocol

from modelsync.core.traffic import ArmState, Side
from modelsync.core.units import say_seconds


@dataclass(frozen=True, slots=True)
class Terms:
    """What a rollout may take: bounds in seconds."""

    ready_within: float = 60.0  # importing a learning library alone takes seconds on a busy machine
    drain_within: float = 10.0  # a prediction that takes longer is cut when its replica stops
    deadline: float = 180.0  # from the first turn to the switch


@dataclass(frozen=True, slots=True)
class Observation:
    """All that a strategy may know: the time, both sides, and what went wrong in the last action."""

    at: float  # seconds on a clock that never goes back
    old: ArmState | None = None
    new: ArmState | None = None
    failure: str = ""

    def side(self, side: Side) -> ArmState | None:
        """One of the two sides."""
        return self.old if side is Side.OLD else self.new


@dataclass(frozen=True, slots=True)
class StartReplicas:
    """Start every wanted replica of a side."""

    side: Side


@dataclass(frozen=True, slots=True)
class WaitReady:
    """Look again in a moment: replicas of a side are loading."""

    side: Side


@dataclass(frozen=True, slots=True)
class WarmUp:
    """Ask every replica of a side for a prediction on the model's example."""

    side: Side


@dataclass(frozen=True, slots=True)
class Route:
    """Share the traffic in one atomic write: `new` percent to the new side, the rest to the old one."""

    new: int


@dataclass(frozen=True, slots=True)
class Drain:
    """Look again in a moment: a side that gets no more traffic is still answering."""

    side: Side


@dataclass(frozen=True, slots=True)
class Stop:
    """Stop every replica of a side."""

    side: Side


@dataclass(frozen=True, slots=True)
class Done:
    """The new side serves, nothing is left to do."""


@dataclass(frozen=True, slots=True)
class RollBack:
    """The new side is gone and what served before serves again, as far as `reason` does not say otherwise."""

    reason: str


Action = StartReplicas | WaitReady | WarmUp | Route | Drain | Stop | Done | RollBack


class Strategy(Protocol):
    """One way from the old side to the new one, and back; both methods are pure.

    `waited` is how long the previous action has been asked for, in seconds.
    """

    @property
    def terms(self) -> Terms:
        """The bounds it was made with."""
        ...

    def forward(self, seen: Observation, waited: float) -> Action:
        """The next action while all goes well."""
        ...

    def back(self, seen: Observation, waited: float, reason: str) -> Action:
        """The next action once something went wrong; ends in `RollBack`."""
        ...


@dataclass(frozen=True, slots=True)
class Progress:
    """Where a rollout stands: all that is remembered between two turns."""

    began: float
    action: Action | None = None
    since: float = 0.0  # when this action was first asked for
    reason: str = ""  # why it goes back; empty while it goes forward


def advance(strategy: Strategy, progress: Progress, seen: Observation) -> Progress:
    """The next turn; once a rollout goes back it never goes forward again."""
    if isinstance(progress.action, Done | RollBack):
        return progress
    waited = seen.at - progress.since if progress.action is not None else 0.0
    if progress.reason and seen.failure:
        # Going back failed as well: stop here rather than try the same thing for ever.
        return _turn(progress, RollBack(f"{progress.reason}; and on the way back: {seen.failure}"), seen)
    reason = progress.reason or _trouble(strategy.terms, progress, seen, waited)
    if reason:
        turned = progress if progress.reason else replace(progress, action=None, reason=reason)
        return _turn(turned, strategy.back(seen, waited if progress.reason else 0.0, reason), seen)
    return _turn(progress, strategy.forward(seen, waited), seen)


def first_steps(side: Side, arm: ArmState | None) -> Action | None:
    """What every strategy asks of a side before traffic may reach it; None when it is ready and warm."""
    if arm is None or arm.started == 0:
        return StartReplicas(side)
    if arm.ready < arm.wanted:
        return WaitReady(side)
    if arm.warm < arm.wanted:
        return WarmUp(side)
    return None


def _turn(progress: Progress, action: Action, seen: Observation) -> Progress:
    since = progress.since if action == progress.action else seen.at
    return replace(progress, action=action, since=since)


def _trouble(terms: Terms, progress: Progress, seen: Observation, waited: float) -> str:
    if seen.failure:
        return seen.failure
    new = seen.new
    if new is not None and new.trouble:
        return new.trouble
    if isinstance(progress.action, WaitReady) and waited > terms.ready_within:
        ready, wanted = (new.ready, new.wanted) if new is not None else (0, 0)
        return f"only {ready} of {wanted} replicas were ready after {say_seconds(waited)}"
    switched = new is not None and new.routed
    if not switched and seen.at - progress.began > terms.deadline:
        return f"the rollout did not reach its switch within {say_seconds(terms.deadline)}"
    return ""
