"""A deployment on paper that does what a strategy asks, with failures on demand; time passes only here."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from modelsync.core.traffic import ArmState, Side
from modelsync.rollout.base import (
    Action,
    Done,
    Observation,
    Progress,
    RollBack,
    Route,
    StartReplicas,
    Stop,
    Strategy,
    WarmUp,
    advance,
)

TICK = 1.0
READY_AFTER = 3.0
ANSWERING = ArmState("1.0.0", 2, started=2, alive=2, ready=2, warm=2, routed=True, in_flight=1)


@dataclass
class World:
    """Two sides; `fails` names the actions that do not work, `never_ready` and `dies_after` what the new side does."""

    old: ArmState | None = None
    new: ArmState | None = None
    fails: frozenset[type] = frozenset()
    never_ready: bool = False
    old_returns: bool = True  # ready again once it was stopped and started
    dies_after: type | None = None
    stuck: bool = False  # requests that never end
    now: float = 0.0
    failure: str = ""
    started_at: dict[Side, float] = field(default_factory=dict)
    story: list[Action] = field(default_factory=list)
    gaps: int = 0  # moments in which clients reached nothing that answers

    def run(self, strategy: Strategy, turns: int = 1000) -> Action:
        progress = Progress(began=self.now)
        for _ in range(turns):
            progress = advance(strategy, progress, Observation(self.now, self.old, self.new, self.failure))
            action = progress.action
            assert action is not None
            if not self.story or self.story[-1] != action:
                self.story.append(action)
            if isinstance(action, Done | RollBack):
                return action
            self.failure = ""
            self.do(action)
            self.now += TICK
            self.live()
        raise AssertionError(f"no end: {self.story}")

    def do(self, action: Action) -> None:
        if type(action) in self.fails and not (isinstance(action, Stop) and action.side is Side.NEW):
            self.failure = f"{type(action).__name__} failed"
            return
        match action:
            case StartReplicas(side):
                known = self.side(side) or ArmState("2.0.0", 2)
                self.put(side, replace(known, started=2, alive=2, ready=0, warm=0))
                self.started_at[side] = self.now
            case WarmUp(side):
                self.put(side, replace(self.known(side), warm=2))
            case Route(new):
                for side, share in ((Side.NEW, new), (Side.OLD, 100 - new)):
                    if (arm := self.side(side)) is not None:
                        self.put(side, replace(arm, routed=share > 0))
            case Stop(side):
                arm = self.known(side)
                kept = arm.routed and side is Side.OLD  # as a target does: what there is to go back to stays written
                self.put(side, replace(arm, started=0, alive=0, ready=0, warm=0, in_flight=0, routed=kept, trouble=""))
        if self.dies_after is type(action) and self.new is not None and self.new.started:
            self.new = replace(self.new, alive=0, ready=0, warm=0, trouble="a replica ended")

    def live(self) -> None:
        for side in Side:
            arm = self.side(side)
            if arm is None:
                continue
            loading = self.never_ready if side is Side.NEW else not self.old_returns
            if arm.alive and not loading and self.now - self.started_at.get(side, -99) >= READY_AFTER:
                arm = replace(arm, ready=arm.alive)
            if not arm.routed and not self.stuck:
                arm = replace(arm, in_flight=0)
            self.put(side, arm)
        if not any(arm is not None and arm.routed and arm.ready for arm in (self.old, self.new)):
            self.gaps += 1

    def side(self, side: Side) -> ArmState | None:
        return self.old if side is Side.OLD else self.new

    def known(self, side: Side) -> ArmState:
        arm = self.side(side)
        assert arm is not None
        return arm

    def put(self, side: Side, arm: ArmState) -> None:
        if side is Side.OLD:
            self.old = arm
        else:
            self.new = arm
