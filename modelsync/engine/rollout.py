"""Drives one rollout: shows the strategy what the target sees, and has the target do what the strategy asks."""

from __future__ import annotations

import sys
import time as real
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import assert_never

from modelsync.core.errors import ModelSyncError, UsageError
from modelsync.core.nearest import nearest
from modelsync.core.traffic import Side
from modelsync.rollout import STRATEGIES
from modelsync.rollout.base import (
    Action,
    Done,
    Drain,
    Observation,
    Progress,
    RollBack,
    Route,
    StartReplicas,
    Stop,
    Strategy,
    Terms,
    WaitReady,
    WarmUp,
    advance,
)
from modelsync.targets.base import Release, Target
from modelsync.targets.local import LocalTarget

_REPLICA = (sys.executable, "-P", "-m", "modelsync.server.replica")  # -P: no code from the folder they work in
_ROUTER = (sys.executable, "-P", "-m", "modelsync.serving.router")
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


def local_target(state_dir: Path, name: str, *, host: str, port: int, replicas: int) -> LocalTarget:
    """The deployment of that name on this machine; its files stand in `state_dir/name`."""
    return LocalTarget(state_dir / name, host, port, replicas, _REPLICA, _ROUTER)


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
    while not isinstance(progress.action, Done | RollBack):
        try:
            seen = Observation(time.now(), target.observe(Side.OLD), target.observe(Side.NEW), failure)
            before, progress = progress, advance(strategy, progress, seen)
            _tell(progress, before, seen, release, on_event)
            failure = _failure(target, progress.action, release, time)
        except ModelSyncError:
            raise  # nothing can be seen any more
        except BaseException as error:
            # Ctrl-C, or a fault of ours: first back to what served before, then on with it. A second one ends it here.
            if interruption is not None:
                raise
            interruption, failure = error, f"interrupted ({type(error).__name__})"
    if interruption is not None:
        raise interruption
    return progress.action


def _failure(target: Target, action: Action | None, release: Release, time: Time) -> str:
    """Have the target do it; what went wrong, or nothing."""
    try:
        _perform(target, action, release, time)
    except (ModelSyncError, OSError) as error:
        return str(error)
    return ""


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
            pass
        case _:
            assert_never(action)


def _tell(
    progress: Progress, before: Progress, seen: Observation, release: Release, on_event: Callable[[str], None]
) -> None:
    if progress.reason and not before.reason:
        on_event(f"going back: {progress.reason}")
    if progress.action != before.action:
        on_event(_sentence(progress.action, seen, release))


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
        case RollBack() | None:
            return "rolled back"
        case _:
            assert_never(action)
