"""Drives one rollout: shows the strategy what the target sees, and has the target do what the strategy asks."""

from __future__ import annotations

import time as real
from collections.abc import Callable
from dataclasses import dataclass

from modelsync.core.traffic import Side
from modelsync.rollout.base import (
    Terms,
)
from modelsync.targets.base import Release, Target

_PAUSE = 0.05  # seconds between two looks while waiting


@dataclass(frozen=True, slots=True)
class RolloutResult:
    """How a rollout ended; `version` is what serves now, empty when nothing does."""

    outcome: str  # live | rolled_back
    url: str
    reason: str
    version: str
    seconds: float


@dataclass(frozen=True, slots=True)
class Time:
    """A clock that never goes back and a way to let time pass; a simulation brings its own."""

    now: Callable[[], float] = real.monotonic
    sleep: Callable[[float], None] = real.sleep


_REAL = Time()


def roll_out(
    target: Target,
    strategy_name: str,
    release: Release,
    *,
    on_event: Callable[[str], None],
    deadline: float = Terms().deadline,
    time: Time = _REAL,
) -> RolloutResult:
    """Bring a release to serve by a strategy, or back to what served before; `deadline` in seconds, up to the switch.

    Nothing changes when exactly this release serves already. UsageError for an unknown strategy, SurroundingsError for
    an address that can't be had (before anything changes), LockedError while another command changes this deployment.
    An interruption is carried on only after the way back.
    """
    strategy = _strategy(strategy_name, Terms(deadline=deadline))
    began = time.now()
    with target.hold():
        if target.serves(release):
            on_event(f"{release.model} {release.version} serves already, nothing to do")
            return RolloutResult("live", target.url, "", release.version, time.now() - began)
        target.check()
        old = target.observe(Side.OLD)
        end = _drive(target, strategy, release, on_event, time)
    seconds = time.now() - began
    if isinstance(end, Done):
        return RolloutResult("live", target.url, "", release.version, seconds)
    return RolloutResult("rolled_back", target.url, end.reason, old.version if old is not None else "", seconds)


def _strategy(name: str, terms: Terms) -> Strategy:
    if name not in STRATEGIES:
        meant = nearest(name, STRATEGIES)
        hint = f"did you mean `{meant}`?" if meant else f"known strategies: {', '.join(STRATEGIES)}"
        raise UsageError(f"there is no strategy `{name}`", help=hint)
    return STRATEGIES[name](terms)


def _drive(
    target: Target, strategy: Strategy, release: Release, on_event: Callable[[str], None], time: Time
) -> Done | RollBack:
    """Turn by turn until the strategy has come to an end; every failure of the target is for the strategy to judge."""
    progress, failure, interruption = Progress(began=time.now()), "", None
    while True:
        seen = _observed(target, time.now(), failure)
        before, progress, failure = progress, advance(strategy, progress, seen), ""
        action = progress.action
        if action != before.action or progress.reason != before.reason:
            _tell(progress, before, seen, release, on_event)
        if isinstance(action, Done | RollBack):
            if interruption is not None:
                raise interruption
            return action
        try:
            _perform(target, action, release, time)
        except (ModelSyncError, OSError) as error:
            failure = str(error)
        except BaseException as error:
            # Ctrl-C, or a fault of ours: first back to what served before, then on with it. A second one ends it here.
            if interruption is not None:
                raise
            interruption, failure = error, f"interrupted ({type(error).__name__})"


def _observed(target: Target, at: float, failure: str) -> Observation:
    return Observation(at, target.observe(Side.OLD), target.observe(Side.NEW), failure)


def _perform(target: Target, action: Action | None, release: Release, time: Time) -> None:
    match action:
        case StartReplicas(side):
            target.start(side, release)
        case WarmUp(side):
            target.warm_up(side)
        case Route(new):
            target.route(new)
        case Stop(side):
            target.stop(side)
        case WaitReady() | Drain():
            time.sleep(_PAUSE)
        case Done() | RollBack() | None:
            raise AssertionError(f"{action} is not for a target")
        case _:
            assert_never(action)


def _tell(
    progress: Progress, before: Progress, seen: Observation, release: Release, on_event: Callable[[str], None]
) -> None:
    if progress.reason and not before.reason:
        on_event(f"going back: {progress.reason}")
    said = _sentence(progress.action, seen, release)
    if said:
        on_event(said)


def _sentence(action: Action | None, seen: Observation, release: Release) -> str:
    def name(side: Side) -> str:
        arm = seen.side(side)
        return f"{release.model} {release.version if arm is None or side is Side.NEW else arm.version}"

    match action:
        case StartReplicas(side):
            return f"starting {name(side)}"
        case WaitReady(side):
            return f"waiting until {name(side)} is ready"
        case WarmUp(side):
            return f"warming {name(side)} up"
        case Route(new):
            return f"{name(Side.NEW if new else Side.OLD)} gets {new or 100} % of the traffic"
        case Drain(side):
            return f"{name(side)} finishes its last requests"
        case Stop(side):
            return f"stopping {name(side)}"
        case Done():
            return f"{name(Side.NEW)} is live"
        case RollBack():
            return "rolled back"
        case _:
            return ""
