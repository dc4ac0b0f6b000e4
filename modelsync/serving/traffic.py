"""The arms of the routing table at work: whose turn it is, what is under way, what was counted."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from modelsync.core.traffic import Arm, RoutingTable
from modelsync.serving.upstream import Upstream


@dataclass(slots=True)
class LiveArm:
    """One arm with its connections and the requests it is answering."""

    arm: Arm
    upstreams: tuple[Upstream, ...]
    in_flight: int = 0
    _turns: count[int] = field(default_factory=count)

    def turn(self) -> tuple[Upstream, Upstream]:
        """The replica whose turn it is, and the one to ask when it fails."""
        place = next(self._turns)
        return self.upstreams[place % len(self.upstreams)], self.upstreams[(place + 1) % len(self.upstreams)]

    def close(self) -> None:
        """Let go of idle connections."""
        for upstream in self.upstreams:
            upstream.close()


@dataclass(slots=True)
class Traffic:
    """The present table; an arm that left it is kept until it has answered what it took."""

    table: RoutingTable = field(default_factory=RoutingTable)
    requests: Counter[str] = field(default_factory=Counter)  # by version
    errors: Counter[str] = field(default_factory=Counter)  # by version; answers of 500 and above
    _live: dict[str, LiveArm] = field(default_factory=dict)

    def follow(self, table: RoutingTable) -> None:
        """Take a new table: from here on every request is given by it."""
        before, self.table = self._live, table
        self._live = {}
        for arm in table.arms:
            known = before.pop(arm.id, None)
            if known is None or known.arm.sockets != arm.sockets:
                known = LiveArm(arm, tuple(map(Upstream, arm.sockets)))
            known.arm = arm
            self._live[arm.id] = known
        for gone in before.values():
            gone.close()
            if gone.in_flight > 0:
                self._live[gone.arm.id] = gone

    @property
    def arms(self) -> tuple[LiveArm, ...]:
        """What is in the table, in its order."""
        return tuple(self._live[arm.id] for arm in self.table.arms)

    def choose(self, model: str, version: str | None) -> LiveArm | None:
        """The arm for a request: the one of that version, or by weight; None when there is none."""
        fitting = [a for a in self.arms if a.arm.model == model and version in (None, a.arm.version) and a.upstreams]
        if len(fitting) <= 1:
            return fitting[0] if fitting else None
        return random.choices(fitting, [a.arm.weight for a in fitting])[0]  # noqa: S311 - a share, not a secret

    def begin(self, live: LiveArm) -> None:
        """A request goes to an arm."""
        live.in_flight += 1

    def end(self, live: LiveArm, status: int) -> None:
        """Its answer is there."""
        live.in_flight -= 1
        self.requests[live.arm.version] += 1
        if status >= 500:
            self.errors[live.arm.version] += 1
        if live.in_flight == 0 and all(arm.id != live.arm.id for arm in self.table.arms):
            live.close()
            self._live.pop(live.arm.id, None)

    def counts(self) -> dict[str, Any]:
        """All counts as plain values."""
        return {
            "generation": self.table.generation,
            "in_flight": {name: live.in_flight for name, live in self._live.items()},
            "requests": dict(self.requests),
            "errors": dict(self.errors),
        }
